"""The values between a poll of a source and what is remembered of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from core.types import Item, PollOutcome, SourceSpec

Novelty = Literal["news", "backlog", "changed", "known"]


@dataclass(frozen=True, slots=True)
class Validators:
    """What tells whether a document has changed since it was last read, exactly as the server gave it."""

    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None


@dataclass(frozen=True, slots=True)
class SourceMemory:
    """What is known of a source from earlier polls; ``validators`` by address.

    ``caught_up_to`` is the last night of which everything was told, missed nights before it included.
    """

    last_success: datetime | None = None
    last_polled: datetime | None = None
    caught_up_to: date | None = None
    throttled_until: datetime | None = None
    gone_since: datetime | None = None
    why: str = ""
    validators: Mapping[str, Validators] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Poll:
    """What one poll brought: an outcome, items to decide on, and what to remember for the next one.

    ``outcome`` is ``new`` when there is something to decide on; whether any of it is news is decided later. ``first``
    tells that the source never answered before; ``is_past`` that it was polled later than this already, so that this
    poll tells nothing of its present state.
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

    @property
    def succeeded(self) -> bool:
        """Whether the source gave a true answer."""
        return self.outcome not in ("throttled", "gone", "failed")


@dataclass(frozen=True, slots=True)
class Known:
    """What is stored of an item: ``told_hash`` is that of its content as this source told it last, if it ever did."""

    told_hash: str | None


@dataclass(frozen=True, slots=True)
class Decided:
    """An item and what it is to us; ``hash`` is that of its content as it was told now."""

    item: Item
    novelty: Novelty
    hash: str
