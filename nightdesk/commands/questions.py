"""``questions``: list the stack, check it, add to it."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import ConfigError
from nightdesk.config import find_config, load_config
from nightdesk.output import print_json, print_table, say
from nightdesk.probing import missing_sandbox
from probes.checks import Problem, duplicates, problems
from probes.question import Question
from probes.question_file import read_question
from probes.stack import Selection, selected, stack_folders

_SEEDS = range(8)
_FORM = "End with one line of the form\nAnswer: "


@dataclass(frozen=True, slots=True)
class Draft:
    """A question as it is added; ``folder`` is a stack's folder, or the one that the configuration names first."""

    id: str
    domain: str
    family: str
    prompt: str
    answer: str
    wrong: str
    folder: Path | None = None


def questions(config: Path | None, chosen: Selection, *, as_json: bool) -> None:
    """Print the questions of a selection."""
    found = selected(_folders(config), chosen)
    if as_json:
        print_json({"questions": [_json(one) for one in found]})
        return
    rows = [(one.id, one.domain, one.family, one.scorer, ", ".join(one.tags), one.version) for one in found]
    print_table(f"{len(found)} questions", ("question", "domain", "family", "scorer", "tags", "version"), rows)


def check(config: Path | None, stacks: tuple[str, ...], *, as_json: bool) -> int:
    """Try every question and print what is wrong; return 1 when something is.

    Every file is looked at, however many cannot be read.
    """
    folders = _folders(config)
    unreadable: list[dict[str, str]] = []
    read: list[Question] = []
    for name in stacks or tuple(folders):
        for path in sorted(_folder(folders, name).glob("*/*.toml")):
            try:
                read.append(read_question(path, name))
            except ConfigError as error:
                unreadable.append({"question": path.stem, "path": str(path), "told": str(error)})
    found = unreadable + [_problem_json(one) for question in read for one in problems(question, _SEEDS)]
    found += [_problem_json(one) for one in duplicates(read)]
    if note := missing_sandbox(read):
        say(note)
    if as_json:
        print_json({"questions": len(read) + len(unreadable), "problems": found})
    elif found:
        print_table(
            f"{len(found)} problems", ("question", "what is wrong"), [(one["question"], one["told"]) for one in found]
        )
    else:
        say(f"{len(read)} questions, and nothing is wrong with them")
    return int(bool(found))


def add(config: Path | None, draft: Draft, *, as_json: bool) -> int:
    """Write a question with a short answer and try it; return 1 when something is wrong with it."""
    folder = draft.folder or _own(config)
    path = folder / draft.domain / f"{draft.id}.toml"
    if path.exists():
        raise ConfigError(f"{path} is there already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_written(draft), "utf-8")
    try:
        found = list(problems(read_question(path, folder.name), _SEEDS))
    except ConfigError:
        path.unlink()
        raise
    if as_json:
        print_json({"path": str(path), "problems": [_problem_json(one) for one in found]})
    else:
        say(f"{path} is written")
        for one in found:
            say(f"mend it: {one.told}")
    return int(bool(found))


def _written(draft: Draft) -> str:
    """Return the file: JSON's strings are TOML's, and a prompt that tells no form gets one."""
    prompt = draft.prompt if "Answer:" in draft.prompt else f"{draft.prompt.rstrip()}\n\n{_FORM}the answer alone\n"
    prompt, answer, wrong = (
        re.sub(r"\{([a-z_]\w*)\}", r"{{\1}}", text) for text in (prompt, draft.answer, draft.wrong)
    )
    lines = [f"{key} = {_text(value)}" for key, value in (("id", draft.id), ("family", draft.family))]
    lines += [f"domain = {_text(draft.domain)}", f"prompt = {_text(prompt)}", "", "[scorer]", 'name = "exact"', ""]
    lines += ["[expected]", f"answer = {_text(answer)}", ""]
    for table, text in (("reference", answer), ("wrong", wrong)):
        lines += [f"[{table}]", f"answer = {_text(f'Answer: {text}')}", ""]
    return "\n".join(lines)


def _text(value: str) -> str:
    """Return a TOML string, of several lines where the text has them."""
    lines = [json.dumps(line, ensure_ascii=False)[1:-1].replace("\x7f", "\\u007f") for line in value.split("\n")]
    joined = "\n".join(lines)
    return f'"{joined}"' if len(lines) == 1 else f'"""\n{joined}"""'


def _own(config: Path | None) -> Path:
    """Return the first folder of a team's own. Raises ConfigError when there is none."""
    settings = load_config(find_config(config))
    if not settings.probe.stacks:
        raise ConfigError(
            f'{settings.path}: name your own folder first: [probe] stacks = ["questions"], or use --folder'
        )
    return settings.probe.stacks[0]


def _folders(config: Path | None) -> dict[str, Path]:
    """Return the stacks by name; where no configuration was named and none is found, those that come with nightdesk."""
    try:
        path = find_config(config)
    except ConfigError:
        if config is not None:
            raise
        return dict(stack_folders(()))
    return dict(stack_folders(load_config(path).probe.stacks))


def _folder(folders: dict[str, Path], name: str) -> Path:
    if name not in folders:
        raise ConfigError(f"there is no stack {name!r}; there are {', '.join(folders)}")
    return folders[name]


def _problem_json(problem: Problem) -> dict[str, str]:
    return {"question": problem.question.id, "path": str(problem.question.path), "told": problem.told}


def _json(question: Question) -> dict[str, Any]:
    return {
        "id": question.id,
        "family": question.family,
        "domain": question.domain,
        "stack": question.stack,
        "scorer": question.scorer,
        "generator": question.generator,
        "tags": list(question.tags),
        "private": question.is_private,
        "version": question.version,
        "path": str(question.path),
    }
