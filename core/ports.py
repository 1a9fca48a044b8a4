"""What one part needs of another, where more than one implementation exists."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Protocol, TypeVar

A = TypeVar("A")
B = TypeVar("B")

Clock = Callable[[], datetime]
"""Returns the present as an aware UTC datetime."""

Progress = Callable[[str], None]
"""Takes one line on what is being done now."""


class FanOut(Protocol):
    """Applies a function to many values, perhaps at once; results come in the order of the values."""

    def __call__(self, function: Callable[[A], B], values: Iterable[A], /) -> Iterator[B]:
        """Yield ``function(value)`` for each value."""
        ...


def system_clock() -> datetime:
    """Return the present in UTC."""
    return datetime.now(UTC)


def silent(_: str) -> None:
    """Report progress to nobody."""
