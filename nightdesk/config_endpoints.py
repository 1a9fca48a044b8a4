"""``[[endpoint]]``, the models to probe and where they are served, and ``[probe]``, what a probe may take."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from core.errors import ConfigError
from core.written_path import written_path
from nightdesk.config_tables import Table

OnRelease = Literal["smoke", "full", "off"]


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """One way to a model; without ``model`` it is a host, of which any model may be asked.

    ``provider`` pins who serves it on OpenRouter, ``parameters`` go into every request (sampling), ``family`` names who
    made the model. ``price`` is in dollars a million tokens. ``releases`` are patterns of the releases that are probed
    here when they appear.
    """

    name: str
    wire: str
    base_url: str
    model: str
    api_key: str = field(repr=False)
    price: Mapping[str, float] | None = None
    provider: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    family: str = ""
    concurrency: int = 16
    releases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseSettings:
    """What is asked of a release that appears, and what that may take: the dollars of a day, the minutes of each."""

    tier: OnRelease = "smoke"
    usd_a_day: float = 5.0
    max_minutes: float = 12.0


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    """What a probe asks and may take: ``stacks`` are a team's own folders of questions; None is no cap."""

    stacks: tuple[Path, ...] = ()
    max_usd: float | None = 20.0
    max_tokens: int | None = 50_000_000
    max_minutes: float | None = 240.0
    release: ReleaseSettings = ReleaseSettings()


class ProviderTable(Table):
    """Who serves a model on OpenRouter, in its own words."""

    order: list[str] | None = None
    only: list[str] | None = None
    allow_fallbacks: bool | None = None
    quantizations: list[str] | None = None


class PriceTable(Table):
    """Dollars a million tokens; what is not stated for the cache costs as much as other input."""

    input: float = Field(ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)
    cache_read: float | None = Field(None, ge=0, allow_inf_nan=False)
    cache_write: float | None = Field(None, ge=0, allow_inf_nan=False)


class EndpointTable(Table):
    """``[[endpoint]]``."""

    name: str = Field(min_length=1)
    wire: Literal["anthropic", "openai"] = "openai"
    base_url: str = Field(min_length=1)
    model: str = ""
    api_key_env: str | None = None
    price: PriceTable | None = None
    provider: ProviderTable = ProviderTable()
    parameters: dict[str, Any] = {}
    family: str = ""
    concurrency: int = Field(16, ge=1, le=256)
    releases: list[str] = []


class ProbeTable(Table):
    """``[probe]``."""

    stacks: list[str] = []
    max_usd: float | None = Field(20.0, ge=0)
    max_tokens: int | None = Field(50_000_000, ge=1)
    max_minutes: float | None = Field(240.0, gt=0)
    on_release: OnRelease = "smoke"
    release_usd_a_day: float = Field(5.0, ge=0, allow_inf_nan=False)
    release_minutes: float = Field(12.0, gt=0, allow_inf_nan=False)


def endpoints_of(tables: Sequence[EndpointTable]) -> tuple[EndpointSettings, ...]:
    """Return the endpoints.

    Raises ConfigError when two have one name.
    """
    names = [table.name for table in tables]
    repeated = next((name for name in names if names.count(name) > 1), None)
    if repeated:
        raise ConfigError(f"[[endpoint]] name {repeated!r} occurs twice")
    return tuple(_endpoint(table) for table in tables)


def _endpoint(table: EndpointTable) -> EndpointSettings:
    return EndpointSettings(
        name=table.name,
        wire=table.wire,
        base_url=table.base_url,
        model=table.model,
        api_key=os.environ.get(table.api_key_env or "", "").strip(),
        price=None if table.price is None else table.price.model_dump(exclude_none=True),
        provider=table.provider.model_dump(exclude_none=True),
        parameters=table.parameters,
        family=table.family,
        concurrency=table.concurrency,
        releases=tuple(table.releases),
    )


def probe_of(table: ProbeTable, folder: Path) -> ProbeSettings:
    """Return what a probe may take; folders are seen from that of the configuration. Raises ConfigError."""
    stacks = tuple(written_path(stack, folder) for stack in table.stacks)
    release = ReleaseSettings(table.on_release, table.release_usd_a_day, table.release_minutes)
    return ProbeSettings(stacks, table.max_usd, table.max_tokens, table.max_minutes, release)


def idle_releases(tables: Sequence[EndpointTable], probe: ProbeTable, *, told: bool) -> Iterator[str]:
    """Tell which endpoints wait for releases in vain, or for more money than can be counted.

    ``told`` says whether any source tells of releases.
    """
    for table in tables:
        if table.releases and probe.on_release != "off" and not told:
            yield f"[[endpoint]] {table.name}: releases has no effect: no [[source]] tells of releases"
        elif table.releases and probe.on_release != "off" and table.price is None:
            yield f"[[endpoint]] {table.name}: without a price, release_usd_a_day is not counted there, but tokens are"


def unset_keys(tables: Sequence[EndpointTable]) -> Iterator[str]:
    """Tell which keys are named and not set."""
    for table in tables:
        if table.api_key_env and not os.environ.get(table.api_key_env):
            yield (
                f"[[endpoint]] {table.name}: the environment variable {table.api_key_env} is not set; no key is sent"
            )
