"""The kinds of source, one module each, found by its name.

A module of this package defines

- ``Options``, a frozen dataclass: the kind's own configuration keys;
- ``addresses(spec, night) -> tuple[str, ...]``: what to ask for;
- ``read(document, spec, night) -> Reading``: what one answer holds, raising ``Unreadable`` when it holds nothing
  that this kind knows;
- optionally ``missed(spec, caught_up_to, night, api) -> Reading``: what was announced on nights that were not polled.
"""

import pkgutil
from datetime import date
from types import ModuleType
from typing import Protocol, cast

from core.errors import ConfigError
from core.types import Night, Reading, SourceSpec
from feeds.http import Document


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


def catch_up(kind: str) -> Missed | None:
    """Return the kind's way to read what was missed, or None when its sources keep their past themselves."""
    return getattr(_module(kind), "missed", None)
