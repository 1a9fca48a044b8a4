"""The ways to readers, one module each, found by its name.

A module of this package defines

- ``Options``, a frozen dataclass: what the configuration says of it;
- ``open_sink(options) -> Sink``.

A sink sends one post at a time and raises a ``DeliveryError`` where it did not go out: which one decides what is done
about it. It keeps nothing: what was sent is the outbox's to know.
"""

import pkgutil
from datetime import datetime
from typing import Any, Literal, Protocol, cast

from core.delivery import Addressed, Receipt

InDoubt = Literal["look", "repeat", "ask"]


class Sink(Protocol):
    """A way to readers.

    ``in_doubt`` is what to do about a post that may have arrived: look whether it has, send it again because that does
    no harm, or ask a person. ``pace`` is how many seconds to leave between two posts to one place.
    """

    in_doubt: InDoubt
    pace: float

    def place_of(self, reader: str) -> str:
        """Return where a reader is written to."""
        ...

    def send(self, addressed: Addressed) -> Receipt:
        """Send a post."""
        ...

    def find(self, addressed: Addressed, since: datetime) -> Receipt | None:
        """Return the receipt of a post that arrived, or None; asked only where ``in_doubt`` is "look"."""
        ...


class SinkModule(Protocol):
    """What every module of this package offers."""

    Options: type

    def open_sink(self, options: Any, /) -> Sink:
        """Return the sink."""
        ...


def kinds() -> tuple[str, ...]:
    """Return the names of all sinks, in alphabetical order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


def sink_module(kind: str) -> SinkModule:
    """Return the module of a sink."""
    return cast("SinkModule", pkgutil.resolve_name(f"{__name__}.{kind}"))
