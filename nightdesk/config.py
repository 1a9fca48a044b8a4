"""The configuration: the one module that reads the file and the environment.

Text becomes data through pydantic and is converted at once to the dataclasses that the rest works with.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import time, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from core.errors import ConfigError
from core.sources import SourceSpec
from core.toml_file import read_toml
from core.types import Subject
from feeds.sources import source, tells_releases
from nightdesk.config_base import FILE_NAME, BaseSettings, check_subject, find_config
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
    EndpointSettings,
    EndpointTable,
    ProbeSettings,
    ProbeTable,
    endpoints_of,
    idle_releases,
    probe_of,
    unset_keys,
)
from nightdesk.config_kb import unset_embedder_key
from nightdesk.config_schedule import Schedule, ScheduleTable, schedule_of
from nightdesk.config_subjects import BaseTables, SubjectTable, base_settings, subject_of
from nightdesk.config_tables import Table, first_problem, nearest, unknown_key
from nightdesk.durations import parse_duration
from nightdesk.recipients import SubjectDelivery, unreached

__all__ = ["FILE_NAME", "Settings", "check_subject", "find_config", "load_config"]

_SOURCE_KEYS = ("kind", "name", "subjects", "every", "replacements")


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
class Settings(BaseSettings):
    """What the configuration says, ready for use; ``unused`` names what is set and has no effect yet."""

    subjects: tuple[Subject, ...]
    timezone: ZoneInfo
    sources: tuple[SourceSpec, ...]
    contact: str
    allow_hosts: tuple[str, ...]
    unused: tuple[str, ...]
    delivery: DeliverySettings
    told: tuple[SubjectDelivery, ...]
    schedule: Schedule
    llm: LlmSettings | None = None
    endpoints: tuple[EndpointSettings, ...] = ()
    probe: ProbeSettings = field(default_factory=ProbeSettings)


class _Source(Table):
    kind: str
    name: str = Field(min_length=1)
    subjects: list[str] = []
    every: str | None = None
    replacements: bool = False


class _Model(Table):
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


class _Fetch(Table):
    contact: str = ""
    allow_hosts: list[str] = []


class _File(BaseTables):
    model_config = ConfigDict(extra="forbid")

    timezone: str = "UTC"
    source: list[dict[str, Any]] = []
    llm: _Llm = _Llm()
    endpoint: list[EndpointTable] = []
    probe: ProbeTable = ProbeTable()
    slack: SlackTable | None = None
    mail: MailTable | None = None
    atom: AtomTable | None = None
    person: list[PersonTable] = []
    schedule: ScheduleTable = ScheduleTable()
    fetch: _Fetch = _Fetch()

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        return known_zone(name)


def load_config(path: Path) -> Settings:
    """Read and check a configuration file.

    Raises ConfigError, naming the file and the key.
    """
    table = read_toml(path)
    try:
        file = _File.model_validate(table)
        sources = tuple(_source_spec(entry, place) for place, entry in enumerate(file.source, 1))
        _check_names(file, sources)
        base = base_settings(path, file)
        llm = _llm(file.llm)
        endpoints = endpoints_of(file.endpoint)
        delivery = delivery_settings(file, base.data_dir / "digests")
        schedule = schedule_of(file.schedule, ZoneInfo(file.timezone))
        probe = probe_of(file.probe, path.parent)
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error, table, _File)}") from error
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    told = tuple(_told(table) for table in file.subject)
    return Settings(
        path=path,
        data_dir=base.data_dir,
        slugs=base.slugs,
        embedder=base.embedder,
        subjects=tuple(map(subject_of, file.subject)),
        timezone=ZoneInfo(file.timezone),
        sources=sources,
        contact=file.fetch.contact,
        allow_hosts=tuple(file.fetch.allow_hosts),
        unused=(*_unused(file), *unreached(told, delivery)),
        delivery=delivery,
        told=told,
        schedule=schedule,
        llm=llm,
        endpoints=endpoints,
        probe=probe,
    )


def _told(table: SubjectTable) -> SubjectDelivery:
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
        raise ConfigError(f"{where}: {first_problem(error, entry, _Source)}") from error
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from error


def _options(kind: str, own: dict[str, Any]) -> object:
    options = source(kind).Options
    secrets = {field.name: field.metadata["from_env"] for field in fields(options) if "from_env" in field.metadata}
    allowed = [field.name for field in fields(options) if field.name not in secrets]
    unknown = next((key for key in own if key not in allowed), None)
    if unknown:
        raise ConfigError(unknown_key(unknown, [*_SOURCE_KEYS, *allowed]))
    held = {name: os.environ.get(str(own.get(key, "")), "").strip() for name, key in secrets.items()}
    return TypeAdapter(options).validate_python(own | held)


def _duration(text: str | None) -> timedelta:
    return parse_duration(text) if text else timedelta(0)


def _check_names(file: _File, sources: tuple[SourceSpec, ...]) -> None:
    slugs = [subject.slug for subject in file.subject]
    people = [reader.name for reader in file.person]
    names = {"[[subject]] slug": slugs, "[[source]] name": [spec.name for spec in sources], "[[person]] name": people}
    for what, given in names.items():
        repeated = next((name for name in given if given.count(name) > 1), None)
        if repeated:
            raise ConfigError(f"{what} {repeated!r} occurs twice")
    for spec in sources:
        _check_known(f"[[source]] {spec.name}: there is no subject", spec.subjects, slugs)
    for reader in file.person:
        _check_known(f"[[person]] {reader.name}: there is no subject", reader.subjects, slugs)
    for subject in file.subject:
        _check_known(f"[[subject]] {subject.slug}: there is no [[person]]", subject.people, people)


def _check_known(what: str, named: Iterable[str], known: list[str]) -> None:
    for name in named:
        if name not in known:
            raise ConfigError(f"{what} {name!r}{nearest(name, known)}")


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
