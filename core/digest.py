"""What a night tells its readers: the digest and its parts."""

from dataclasses import dataclass
from datetime import date, datetime

from core.judged import Analysis
from core.sources import PollRow
from core.types import BriefOrigin, BriefPoint, ItemKind


@dataclass(frozen=True, slots=True)
class DigestEntry:
    """One story under one subject. ``home`` is the subject that tells it in full, or None when that is this one.

    ``probes`` say in a line each what came of probing a released model.
    """

    story_id: str
    kind: ItemKind
    title: str
    url: str
    summary: str
    origin: BriefOrigin
    reason: str
    score: float
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    facts: tuple[tuple[str, str], ...] = ()
    told_by: tuple[tuple[str, str], ...] = ()
    home: str | None = None
    points: tuple[BriefPoint, ...] = ()
    mark: str = ""
    analysis: Analysis | None = None
    probes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestSection:
    """What one subject gets: the entries in reading order, and how many items were dropped.

    ``unjudged`` are the likeliest first of those that a model was to judge, did not, and that no place was left for.
    """

    subject: str
    name: str
    entries: tuple[DigestEntry, ...]
    dropped: int
    unjudged: tuple["DroppedItem", ...] = ()


@dataclass(frozen=True, slots=True)
class DroppedItem:
    """An item that no subject tells, with the reason; ``subjects`` dropped it, none where it fits none of them."""

    title: str
    url: str
    kind: ItemKind
    reason: str
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """How many items a night brought, by what they were to the knowledge base; known ones count once a source."""

    new: int = 0
    backlog: int = 0
    changed: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True)
class TrendItem:
    """One of tonight's items that carries a trend."""

    id: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Trend:
    """A term that rises: met in ``count`` of tonight's items, where ``usual`` are met on a night with as many.

    ``related`` are terms that rise in the same items. ``series`` is how many items carried it on each night that it
    is compared with, oldest first, and ends with tonight. ``items`` are a few of those that carry it.
    """

    term: str
    related: tuple[str, ...]
    count: int
    usual: float
    series: tuple[tuple[date, int], ...]
    items: tuple[TrendItem, ...]

    @property
    def nights(self) -> int:
        """How many nights tonight is compared with."""
        return max(len(self.series) - 1, 0)


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything the morning desk is told of one night, ending with the ledger.

    ``notes`` are whole sentences on what a reader should know of the night as a whole, such as a budget that ran low.
    ``is_part`` is whether sections were left out; ledger and counts are the whole night's even so.
    """

    night: date
    sections: tuple[DigestSection, ...]
    dropped: tuple[DroppedItem, ...]
    ledger: tuple[PollRow, ...]
    counts: ItemCounts
    trends: tuple[Trend, ...] = ()
    notes: tuple[str, ...] = ()
    is_part: bool = False
