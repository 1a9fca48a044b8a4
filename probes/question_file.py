"""A question file: TOML, one question each, at ``<stack>/<domain>/<id>.toml``."""

import hashlib
import inspect
import json
import re
import sys
from functools import cache
from importlib.util import resolve_name
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from core.errors import ConfigError
from core.toml_file import read_toml
from probes import environments, scorers
from probes.generators import generator
from probes.question import Question
from probes.script import Call, Script, does
from probes.tables import check_keys, first_problem

_SLUG = r"^[a-z0-9][a-z0-9-]*$"
_Slug = Annotated[str, StringConstraints(pattern=_SLUG, max_length=80)]
_Text = Annotated[str, StringConstraints(min_length=1)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Call(_Table):
    tool: _Text
    arguments: dict[str, Any] = {}


class _Done(_Table):
    answer: _Text | list[_Text]
    calls: list[_Call] = []


class _File(_Table):
    id: _Slug
    family: _Slug
    domain: _Slug
    prompt: _Text = "{prompt}"
    system: str = ""
    then: list[_Text] = []
    generator: str = ""
    parameters: dict[str, Any] = {}
    choices: dict[str, Annotated[list[Any], Field(min_length=2)]] = {}
    scorer: dict[str, Any]
    expected: dict[str, Any] = {}
    environment: dict[str, dict[str, Any]] = {}
    watch: dict[str, Any] = {}
    reference: _Done | None = None
    wrong: _Done | None = None
    tags: list[_Slug] = []
    private: bool = False
    max_turns: int = Field(1, ge=1, le=100)
    max_tokens: int = Field(8192, ge=1)
    max_seconds: float = Field(900.0, gt=0)


def read_question(path: Path, stack: str) -> Question:
    """Read a question file and draw it once, so that it is known to work.

    Raises ConfigError, naming the file and the key.
    """
    table = read_toml(path)
    try:
        check_keys(table, _File.model_fields)
        file = _File.model_validate(table)
        _check_place(file, path)
        _check_names(file)
        question = _question(file, path, stack, _version(table, file.generator))
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error)}") from error
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    question.instance(0)
    return question


def _question(file: _File, path: Path, stack: str, version: str) -> Question:
    given = file.model_dump(exclude={"scorer", "reference", "wrong", "private", "then", "tags"})
    return Question(
        **given,
        stack=stack,
        path=path,
        version=version,
        scorer=file.scorer["name"],
        scoring={key: value for key, value in file.scorer.items() if key != "name"},
        then=tuple(file.then),
        tags=tuple(file.tags),
        is_private=file.private,
        reference=_script(file.reference),
        wrong=_script(file.wrong),
    )


def _script(done: _Done | None) -> Script:
    if done is None:
        return ()
    texts = [done.answer] if isinstance(done.answer, str) else done.answer
    return does([Call(call.tool, call.arguments) for call in done.calls], *texts)


def _check_place(file: _File, path: Path) -> None:
    """Raise ConfigError unless the file is called as its question is, in the folder of its domain."""
    for key, said, is_called in (("id", file.id, path.stem), ("domain", file.domain, path.parent.name)):
        if said != is_called:
            raise ConfigError(f"{key}: {said!r}, but the file is at {path.parent.name}/{path.name}")


def _check_names(file: _File) -> None:
    if not isinstance(file.scorer.get("name"), str):
        raise ConfigError("[scorer]: name is missing")
    scorers.scorer(file.scorer["name"])
    for name in file.environment:
        environments.environment(name)
    if file.generator:
        generator(file.generator)
    both = sorted(set(file.parameters) & set(file.choices))
    if both:
        raise ConfigError(f"{both[0]!r} is a parameter and a choice")


def _version(table: dict[str, Any], made_by: str) -> str:
    """Return a hash of all that the model is asked: the file, and what its generator draws from."""
    drawn_by = _sources(generator(made_by).__module__) if made_by else ""
    return hashlib.sha256(f"{json.dumps(table, sort_keys=True, default=str)}{drawn_by}".encode()).hexdigest()[:12]


@cache
def _sources(module: str) -> str:
    """Return the text of a module, and of those beside it in its package that it takes something from."""
    source, package = inspect.getsource(sys.modules[module]), module.rpartition(".")[0]
    beside = re.findall(rf"^from ((?:{re.escape(package)})?\.\w+) import", source, re.MULTILINE)
    return source + "".join(_sources(resolve_name(name, package)) for name in sorted(set(beside)))
