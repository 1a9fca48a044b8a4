"""The values between a poll of a source and what is remembered of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from core.sources import ANY_TIME, Cadence, PollOutcome, SourceSpec
from core.types import Item

Novelty = Literal["news", "backlog", "changed", "known"]


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells whether a document has changed since it was last read, exactly as the server gave it.

    ``url`` is the address that gave it, where that is not the one that was asked.
    """

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """Where an address said that it has moved for good, and in how many polls in a row it said so."""

    target: str
    times: int = 1


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """What is known of a source from earlier polls; ``validators`` and ``moves`` by address.

    ``polled_night`` is the night it was asked for last, ``caught_up_to`` the last one of which everything was told,
    missed nights before it included. ``failures`` are those in a row.
    """

    last_success: datetime | None = None
    last_polled: datetime | None = None
    polled_night: date | None = None
    caught_up_to: date | None = None
    throttled_until: datetime | None = None
    gone_since: datetime | None = None
    next_due: datetime | None = None
    failures: int = 0
    why: str = ""
    cadence: Cadence = ANY_TIME
    validators: Mapping[str, Validators] = field(default_factory=dict)
    moves: Mapping[str, Move] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source has been: ``failures`` are those in a row, ``next_due`` is None when it is not asked again."""

    last_success: datetime | None = None
    last_polled: datetime | None = None
    next_due: datetime | None = None
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll brought: an outcome, items to decide on, and what to remember for the next one.

    ``outcome`` is ``new`` when there is something to decide on; whether any of it is news is decided later. ``first``
    tells that the source never answered before; ``is_past`` that it was polled later than this already, so that this
    poll tells nothing of its present state; ``is_spared`` that it was not asked at all; ``is_whole`` that
    what the source told before and is not among the items is gone. ``unfamiliar`` are the ids told at an address that
    never answered before, though another of the source's did.
    """

    spec: SourceSpec
    outcome: PollOutcome
    why: str = ""
    items: tuple[Item, ...] = ()
    validators: Mapping[str, Validators] = field(default_factory=dict)
    throttled_until: datetime | None = None
    caught_up_to: date | None = None
    first: bool = False
    is_past: bool = False
    moves: Mapping[str, Move] = field(default_factory=dict)
    cadence: Cadence = ANY_TIME
    next_due: datetime | None = None
    failures: int = 0
    polled_night: date | None = None
    is_spared: bool = False
    is_whole: bool = False
    unfamiliar: frozenset[str] = frozenset()

    @property
    def succeeded(self) -> bool:
        """Whether the source gave a true answer."""
        return self.outcome not in ("throttled", "gone", "failed")


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of an item: ``told_hash`` is that of its content as this source told it last, if it ever did.

    ``changes`` is how often this source has told it differently.
    """

    told_hash: str | None
    changes: int = 0


@dataclass(frozen=True, slots=True)
class Decided:
    """An item and what it is to us; ``hash`` is that of its content as it was told now."""

    item: Item
    novelty: Novelty
    hash: str
