"""The kinds of source, one module each, found by its name.

A module of this package defines

- ``Options``, a frozen dataclass: the kind's own configuration keys;
- ``addresses(spec, night) -> tuple[str, ...]``: what to ask for;
- ``read(document, spec, night) -> Reading``: what one answer holds, raising ``Unreadable`` when it holds nothing
  that this kind knows;
- optionally ``missed(spec, caught_up_to, night, api) -> Reading``: what was announced on nights that were not polled;
- optionally ``headers(spec, url) -> Mapping[str, str]``: what to send along with a request for an address;
- optionally ``missed_addresses(spec, caught_up_to, night) -> tuple[str, ...]``: what else to ask for then;
- optionally ``TELLS_RELEASES = True``: it is watched through the day, because models come at any hour;
- optionally ``rest(spec, night, api) -> Reading``: what stands behind a list that was cut.
"""

import pkgutil
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from types import ModuleType
from typing import Protocol, cast

from core.errors import ConfigError
from core.sources import Reading, SourceSpec
from core.types import Night
from feeds.answer import Document


class Source(Protocol):
    """What every module of this package offers."""

    Options: type

    def addresses(self, spec: SourceSpec, night: Night, /) -> tuple[str, ...]:
        """Return the addresses to ask for."""
        ...

    def read(self, document: Document, spec: SourceSpec, night: Night, /) -> Reading:
        """Return what one answer holds."""
        ...


def kinds() -> tuple[str, ...]:
    """Return the names of all kinds of source, in alphabetical order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def source(kind: str) -> Source:
    """Return the module of a kind.

    Raises ConfigError when there is none.
    """
    if kind not in kinds():
        raise ConfigError(f"unknown kind of source {kind!r}; there are {', '.join(kinds())}")
    return cast("Source", _module(kind))


def _module(kind: str) -> ModuleType:
    return cast("ModuleType", pkgutil.resolve_name(f"{__name__}.{kind}"))


class Missed(Protocol):
    """Reads what was announced on nights that were not polled."""

    def __call__(self, spec: SourceSpec, caught_up_to: date, night: Night, api: object, /) -> Reading:
        """Return the items of the gap."""
        ...


def missed_addresses(spec: SourceSpec, caught_up_to: date | None, night: Night) -> tuple[str, ...]:
    """Return what else to ask for after nights that were not polled; nothing where a source keeps its past itself."""
    missed = getattr(_module(spec.kind), "missed_addresses", None)
    return missed(spec, caught_up_to, night) if missed and caught_up_to else ()


class Rest(Protocol):
    """Reads what stands behind a list that was cut."""

    def __call__(self, spec: SourceSpec, night: Night, api: object, /) -> Reading:
        """Return the items of the night, those of the list among them."""
        ...


def rest_of(kind: str) -> Rest | None:
    """Return the kind's way to read behind a list that was cut, or None when its lists are whole."""
    return getattr(_module(kind), "rest", None)


def tells_releases(kind: str) -> bool:
    """Tell whether a kind's sources are where models are released."""
    return getattr(_module(kind), "TELLS_RELEASES", False)


def catch_up(kind: str) -> Missed | None:
    """Return the kind's way to read what was missed, or None when its sources keep their past themselves."""
    return getattr(_module(kind), "missed", None)


def headers_of(specs: Iterable[SourceSpec]) -> Callable[[str], Mapping[str, str]]:
    """Return what these sources send along with a request for an address; a token reaches only whom it is for."""
    senders = [(spec, send) for spec in specs if (send := getattr(_module(spec.kind), "headers", None))]

    def headers(url: str) -> Mapping[str, str]:
        return next((sent for spec, send in senders if (sent := send(spec, url))), {})

    return headers
