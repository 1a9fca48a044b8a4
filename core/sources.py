"""What a source is, and what one answer of it holds."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from core.types import Item

PollOutcome = Literal["new", "unchanged", "not_modified", "empty_by_schedule", "throttled", "gone", "failed"]
Standing = Literal["news", "backlog"]


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One source to poll. ``options`` is the dataclass that the module of ``kind`` defines."""

    kind: str
    name: str
    options: object
    subjects: tuple[str, ...] = ()
    every: timedelta = timedelta(0)
    replacements: bool = False


@dataclass(frozen=True, slots=True)
class Cadence:
    """When a feed wants to be asked: after ``ttl`` at the earliest, not in these hours (UTC) and days (Monday is 0)."""

    ttl: timedelta = timedelta(0)
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()


ANY_TIME = Cadence()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one answer of a source holds.

    ``problems`` name entries that could not be read; ``empty_why`` is set when an answer without items is what the
    source's schedule promises for this night; ``is_cut`` tells that the source lists no more than it did, and that
    there may be more to tell; ``is_whole`` that it lists all there is, so that what it no longer lists is gone.
    """

    items: tuple[Item, ...]
    problems: tuple[str, ...] = ()
    empty_why: str | None = None
    cadence: Cadence = ANY_TIME
    is_cut: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class PollRow:
    """The ledger's line on one source in one run."""

    source: str
    kind: str
    outcome: PollOutcome
    why: str
    new: int = 0
    backlog: int = 0
    known: int = 0
    changed: int = 0
