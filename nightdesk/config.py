"""The configuration: the one module that reads the file and the environment.

Text becomes data through pydantic and is converted at once to the dataclasses that the rest works with.
"""

import difflib
import getpass
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from platformdirs import user_cache_path, user_config_path
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, field_validator

from core.errors import ConfigError
from core.types import SourceSpec, Subject
from feeds.sources import source, tells_releases
from nightdesk.config_delivery import (
    AtomTable,
    DeliverySettings,
    MailTable,
    PersonTable,
    SlackTable,
    delivery_settings,
    known_zone,
    unset_secrets,
)
from nightdesk.config_endpoints import (
    INNER,
    EndpointSettings,
    EndpointTable,
    ProbeSettings,
    ProbeTable,
    endpoints_of,
    idle_releases,
    probe_of,
    unset_keys,
)
from nightdesk.config_kb import EmbedderSettings, EmbedderTable, KbTable, embedder_of, unset_embedder_key
from nightdesk.config_schedule import CLOCK, Schedule, ScheduleTable, schedule_of
from nightdesk.durations import parse_duration
from nightdesk.recipients import SubjectDelivery, unreached

FILE_NAME = "nightdesk.toml"
_SOURCE_KEYS = ("kind", "name", "subjects", "every", "replacements")
_SLUG = r"^[a-z0-9][a-z0-9-]*$"
_INNER: Mapping[str, type[BaseModel]] = {**INNER, "embedder": EmbedderTable}


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """The model that reads the night: where it is served, what it may cost; prices are dollars a million tokens."""

    wire: str
    base_url: str
    model: str
    api_key: str = field(repr=False)
    price: Mapping[str, float] | None = None
    nightly_budget_usd: float | None = None
    concurrency: int = 8
    analyses: int = 3
    patience_seconds: float = 900.0


@dataclass(frozen=True, slots=True)
class Settings:
    """What the configuration says, ready for use; ``unused`` names what is set and has no effect yet."""

    path: Path
    data_dir: Path
    timezone: ZoneInfo
    subjects: tuple[Subject, ...]
    sources: tuple[SourceSpec, ...]
    contact: str
    allow_hosts: tuple[str, ...]
    unused: tuple[str, ...]
    delivery: DeliverySettings
    told: tuple[SubjectDelivery, ...]
    schedule: Schedule
    llm: LlmSettings | None = None
    embedder: EmbedderSettings | None = None
    endpoints: tuple[EndpointSettings, ...] = ()
    probe: ProbeSettings = field(default_factory=ProbeSettings)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=False)


_Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class _Subject(_Table):
    slug: str = Field(pattern=_SLUG)
    name: _Said
    description: str = ""
    keywords: list[str] = []
    not_words: list[str] = Field([], alias="not")
    arxiv: list[str] = []
    examples: list[_Said] = Field([], max_length=20)
    channel: str = ""
    people: list[str] = []
    max_items: int = Field(10, ge=1)
    digest_at: str | None = Field(None, pattern=CLOCK)


class _Source(_Table):
    kind: str
    name: str = Field(min_length=1)
    subjects: list[str] = []
    every: str | None = None
    replacements: bool = False


class _Model(_Table):
    wire: Literal["anthropic", "openai", "offline"] = "offline"
    base_url: str | None = None
    model: str | None = None
    api_key_env: str | None = None


class _Llm(_Model):
    price: dict[str, float] | None = None
    nightly_budget_usd: float | None = Field(None, ge=0)
    concurrency: int = Field(8, ge=1)
    analyses: int = Field(3, ge=0)
    patience_seconds: float = Field(900.0, gt=0, allow_inf_nan=False)


class _Fetch(_Table):
    contact: str = ""
    allow_hosts: list[str] = []


class _File(_Table):
    data_dir: str = Field(min_length=1, pattern=r"^[^\x00]+$")
    timezone: str = "UTC"
    subject: list[_Subject] = []
    source: list[dict[str, Any]] = []
    llm: _Llm = _Llm()
    endpoint: list[EndpointTable] = []
    probe: ProbeTable = ProbeTable()
    slack: SlackTable | None = None
    mail: MailTable | None = None
    atom: AtomTable | None = None
    person: list[PersonTable] = []
    schedule: ScheduleTable = ScheduleTable()
    kb: KbTable = KbTable()
    fetch: _Fetch = _Fetch()

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        return known_zone(name)


def find_config(named: Path | None) -> Path:
    """Return the configuration to use: the named one, else the one here, else the user's.

    Raises ConfigError when there is none.
    """
    if named is not None:
        if not named.is_file():
            raise ConfigError(f"there is no configuration file {named}" + " (a folder)" * named.is_dir())
        return named
    candidates = (Path(FILE_NAME), user_config_path("nightdesk") / FILE_NAME)
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        places = " nor ".join(str(path) for path in candidates)
        raise ConfigError(f"no configuration: there is neither {places}; `nightdesk init` writes one")
    return found


def person() -> str:
    """Return who sits before the machine, under whose name a vote is kept."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def machine_folder() -> Path:
    """Return where a person's desks on this machine keep what they share."""
    return user_cache_path("nightdesk")


def load_config(path: Path) -> Settings:
    """Read and check a configuration file.

    Raises ConfigError, naming the file and the key.
    """
    table = _read_toml(path)
    try:
        file = _File.model_validate(table)
        sources = tuple(_source_spec(entry, place) for place, entry in enumerate(file.source, 1))
        _check_names(file, sources)
        embedder = embedder_of(file.kb)
        llm = _llm(file.llm)
        endpoints = endpoints_of(file.endpoint)
        data_dir = (path.parent / Path(file.data_dir).expanduser()).absolute()
        delivery = delivery_settings(file, data_dir / "digests")
        schedule = schedule_of(file.schedule, ZoneInfo(file.timezone))
    except ValidationError as error:
        raise ConfigError(f"{path}: {_first_problem(error, table)}") from error
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    told = tuple(_told(table) for table in file.subject)
    return Settings(
        path=path,
        data_dir=data_dir,
        timezone=ZoneInfo(file.timezone),
        subjects=tuple(_subject(table) for table in file.subject),
        sources=sources,
        contact=file.fetch.contact,
        allow_hosts=tuple(file.fetch.allow_hosts),
        unused=(*_unused(file), *unreached(told, delivery)),
        delivery=delivery,
        told=told,
        schedule=schedule,
        llm=llm,
        embedder=embedder,
        endpoints=endpoints,
        probe=probe_of(file.probe, path.parent),
    )


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error


def _subject(table: _Subject) -> Subject:
    return Subject(
        slug=table.slug,
        name=table.name,
        description=table.description,
        keywords=tuple(table.keywords),
        not_words=tuple(table.not_words),
        arxiv=tuple(table.arxiv),
        examples=tuple(table.examples),
        max_items=table.max_items,
    )


def _told(table: _Subject) -> SubjectDelivery:
    at = time.fromisoformat(table.digest_at) if table.digest_at else None
    return SubjectDelivery(table.slug, table.name, table.channel, tuple(table.people), at)


def _source_spec(entry: dict[str, Any], place: int) -> SourceSpec:
    where = f"[[source]] {place}" + (f" ({entry['name']})" if isinstance(entry.get("name"), str) else "")
    try:
        common = _Source.model_validate({key: entry[key] for key in _SOURCE_KEYS if key in entry})
        return SourceSpec(
            kind=common.kind,
            name=common.name,
            options=_options(common.kind, {key: entry[key] for key in entry if key not in _SOURCE_KEYS}),
            subjects=tuple(common.subjects),
            every=_duration(common.every),
            replacements=common.replacements,
        )
    except ValidationError as error:
        raise ConfigError(f"{where}: {_first_problem(error, entry)}") from error
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error


def _options(kind: str, own: dict[str, Any]) -> object:
    options = source(kind).Options
    secrets = {field.name: field.metadata["from_env"] for field in fields(options) if "from_env" in field.metadata}
    allowed = [field.name for field in fields(options) if field.name not in secrets]
    unknown = next((key for key in own if key not in allowed), None)
    if unknown:
        raise ConfigError(_unknown_key(unknown, [*_SOURCE_KEYS, *allowed]))
    held = {name: os.environ.get(str(own.get(key, "")), "").strip() for name, key in secrets.items()}
    return TypeAdapter(options).validate_python(own | held)


def _duration(text: str | None) -> timedelta:
    return parse_duration(text) if text else timedelta(0)


def _check_names(file: _File, sources: tuple[SourceSpec, ...]) -> None:
    slugs = [subject.slug for subject in file.subject]
    people = [person.name for person in file.person]
    names = {"[[subject]] slug": slugs, "[[source]] name": [spec.name for spec in sources], "[[person]] name": people}
    for what, given in names.items():
        repeated = next((name for name in given if given.count(name) > 1), None)
        if repeated:
            raise ConfigError(f"{what} {repeated!r} occurs twice")
    for spec in sources:
        _check_known(f"[[source]] {spec.name}: there is no subject", spec.subjects, slugs)
    for person in file.person:
        _check_known(f"[[person]] {person.name}: there is no subject", person.subjects, slugs)
    for subject in file.subject:
        _check_known(f"[[subject]] {subject.slug}: there is no [[person]]", subject.people, people)


def _check_known(what: str, named: Iterable[str], known: list[str]) -> None:
    for name in named:
        if name not in known:
            raise ConfigError(f"{what} {name!r}{_nearest(name, known)}")


def _llm(table: _Llm) -> LlmSettings | None:
    if table.wire == "offline":
        return None
    if not table.base_url or not table.model:
        missing = "base_url" if not table.base_url else "model"
        raise ConfigError(f'[llm]: wire = "{table.wire}" needs the key {missing!r}')
    return LlmSettings(
        table.wire,
        table.base_url,
        table.model,
        os.environ.get(table.api_key_env or "", "").strip(),
        table.price,
        table.nightly_budget_usd,
        table.concurrency,
        table.analyses,
        table.patience_seconds,
    )


def _unused(file: _File) -> Iterator[str]:
    for name in sorted({str(entry["token_env"]) for entry in file.source if entry.get("token_env")}):
        if not os.environ.get(name):
            yield f"[[source]] token_env: the environment variable {name} is not set; GitHub is asked without a token"
    if file.llm.wire == "offline":
        unasked = sorted(file.llm.model_fields_set - {"wire"})
        yield from (f'[llm] {key}: has no effect while wire is "offline"' for key in unasked)
    elif file.llm.api_key_env and not os.environ.get(file.llm.api_key_env):
        yield f"[llm] api_key_env: the environment variable {file.llm.api_key_env} is not set; no key is sent"
    yield from unset_embedder_key(file.kb)
    yield from unset_keys(file.endpoint)
    told = any(tells_releases(str(entry.get("kind"))) for entry in file.source)
    yield from idle_releases(file.endpoint, file.probe, told=told)
    yield from unset_secrets(file)


def _first_problem(error: ValidationError, table: Mapping[str, Any]) -> str:
    # An unknown key is told before the missing one that it was meant to be.
    first = min(error.errors(), key=lambda problem: problem["type"] != "extra_forbidden")
    where = " ".join(_place(first["loc"], table))
    key = str(first["loc"][-1]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        return f"{where}: {_unknown_key(key, _known_keys(first['loc']))}".removeprefix(": ")
    if first["type"] == "missing":
        return f"{where}: the key {key!r} is missing".removeprefix(": ")
    return f"{where}: {key}: {first['msg'].removeprefix('Value error, ')}".removeprefix(": ")


def _place(location: tuple[int | str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    """Name the table that a problem is in: ``[llm]``, or ``[[subject]] 2 (agents)``."""
    if len(location) < 2:
        return
    head, second = location[0], location[1]
    if isinstance(second, int):
        entry = table[str(head)][second]
        name = entry.get("slug") or entry.get("name") if isinstance(entry, dict) else None
        yield f"[[{head}]] {second + 1}" + (f" ({name})" if name else "")
    else:
        yield f"[{'.'.join(str(part) for part in location[:-1])}]"


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    tables: dict[int | str, type[BaseModel]] = {
        "subject": _Subject,
        "llm": _Llm,
        "endpoint": EndpointTable,
        "probe": ProbeTable,
        "slack": SlackTable,
        "mail": MailTable,
        "atom": AtomTable,
        "person": PersonTable,
        "schedule": ScheduleTable,
        "kb": KbTable,
        "fetch": _Fetch,
    }
    inner = _INNER.get(str(location[-2])) if len(location) > 2 else None
    model = inner or (tables[location[0]] if len(location) > 1 else _File)
    return [field.alias or name for name, field in model.model_fields.items()]


def _unknown_key(key: str, known: list[str]) -> str:
    return f"unknown key {key!r}{_nearest(key, known)}"


def _nearest(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(known)}" if known else ""
