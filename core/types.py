"""The values that travel through a night; the type names the stage.

``SourceSpec → Reading → Item → (stored, embedded) → Verdict → Story → Brief → Digest``.
Every datetime is aware and in UTC; every tuple is in reading order.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

ItemKind = Literal["paper", "post", "release"]
PollOutcome = Literal["new", "unchanged", "not_modified", "empty_by_schedule", "throttled", "gone", "failed"]
Standing = Literal["news", "backlog"]
Decision = Literal["kept", "dropped"]
Band = Literal["clear", "uncertain", "out"]
Opinion = Literal["useful", "not_useful", "wrong_subject"]
BriefOrigin = Literal["local", "model"]
PointKind = Literal["new", "shown", "limits", "matters"]
FoundIn = Literal["title", "text", "full text", "brief"]
TextOrigin = Literal["html", "pdf", "article", "card", "readme", "told"]


@dataclass(frozen=True, slots=True)
class Subject:
    """A field of research that someone follows, as the configuration states it."""

    slug: str
    name: str
    description: str = ""
    keywords: tuple[str, ...] = ()
    not_words: tuple[str, ...] = ()
    arxiv: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    max_items: int = 10


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
class Night:
    """One night and its window: a first poll calls news what was announced from ``opens`` on."""

    date: date
    opens: datetime
    now: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One paper, post or release, as one source told of it.

    ``published`` is when the work appeared; ``announced`` is when this source told of it. Both may be unknown.
    ``url`` is the work's own page, ``told_at`` the page where this source tells of it, when that is another one.
    ``links`` are the canonical ids of other works that the text links to. ``facts`` are labelled details
    (licence, context length, votes) in the order in which a reader wants them. ``guid`` is the source's own id for it,
    where the source gives each entry one.
    """

    id: str
    kind: ItemKind
    title: str
    url: str
    text: str
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    announced: datetime | None = None
    announce_type: str = "new"
    version: int | None = None
    categories: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    told_at: str = ""
    guid: str = ""


@dataclass(frozen=True, slots=True)
class FullText:
    """The whole of a work as plain text, one heading or paragraph a line, read from ``url``.

    Where ``origin`` is ``told`` it is what the item's source told; ``why`` then names what failed, and is empty where
    nothing did and there is no more to be had.
    """

    item_id: str
    url: str
    text: str
    origin: TextOrigin
    why: str = ""


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


@dataclass(frozen=True, slots=True)
class Sighting:
    """A source that told of an item, when, where and with what facts of its own (votes)."""

    source: str
    url: str
    announced: datetime | None
    announce_type: str = "new"
    facts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """How well an item fits one subject: ``score`` is a probability, ``evidence`` says why in words.

    ``band`` is clear where matches of that score are right as often as was asked for, uncertain where it takes a
    reader to tell. An item that fits no subject keeps its best match, as ``out``, to tell how near it came.
    """

    subject: str
    score: float
    evidence: str
    band: Band = "clear"

    @property
    def fits(self) -> bool:
        """Whether the item is, or may be, of the subject."""
        return self.band != "out"


@dataclass(frozen=True, slots=True)
class Vote:
    """What a reader thinks of an item under a subject; a reader's later vote on the two takes the earlier's place."""

    item_id: str
    subject: str
    opinion: Opinion
    voter: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one item is worth reading under one subject; ``subject`` is None when none fits."""

    item_id: str
    subject: str | None
    decision: Decision
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Story:
    """Items that report the same thing; the first is the one that leads."""

    id: str
    item_ids: tuple[str, ...]

    @property
    def lead(self) -> str:
        """The id of the item that tells the story."""
        return self.item_ids[0]


@dataclass(frozen=True, slots=True)
class BriefPoint:
    """One thing that a brief says; ``quote`` is the sentence of the source that it rests on.

    ``unsupported`` names what of it the check did not find in the source; a point without is supported.
    """

    kind: PointKind
    text: str
    quote: str
    unsupported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Brief:
    """What a story says: ``summary`` holds whole sentences; ``origin`` tells who wrote them.

    A model's brief has ``points``; ``why`` tells why there is none where a model was to write it, or only a short one.
    """

    story_id: str
    summary: str
    origin: BriefOrigin
    key: str
    points: tuple[BriefPoint, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the analyst found out about a story: Markdown of its own, each claim with the id of what it rests on.

    ``ended`` is why it came to its end; ``turns`` counts the model's turns.
    """

    story_id: str
    key: str
    new: str
    contradicts: str
    try_this: tuple[str, ...]
    sources: tuple[str, ...]
    ended: str
    turns: int


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a model decided on an item that may be of a subject; ``belongs`` is None when it gave no valid answer.

    ``score`` is how much it is worth reading, 0 to 10; ``prompt`` is the version of the prompt, ``model`` its name.
    """

    item_id: str
    subject: str
    belongs: bool | None
    score: int
    reason: str
    model: str
    prompt: str


@dataclass(frozen=True, slots=True)
class History:
    """What became of an item; ``digests`` are the nights in whose digest its story was told."""

    sightings: tuple[Sighting, ...] = ()
    decisions: tuple[tuple[date, Verdict], ...] = ()
    brief: Brief | None = None
    digests: tuple[date, ...] = ()
    votes: tuple[Vote, ...] = ()


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One answer of a search, and why it is one.

    ``score`` in (0, 1) orders the hits of one search and says nothing across searches; ``closeness`` is the cosine
    similarity to the question, None where meaning was not asked. ``snippet`` is the telling part of what ``found_in``
    names; ``marks`` and ``title_marks`` are where it and the title have words of the question: (start, end) of each.
    """

    item: Item
    score: float
    subjects: tuple[str, ...]
    snippet: str
    marks: tuple[tuple[int, int], ...] = ()
    title_marks: tuple[tuple[int, int], ...] = ()
    found_in: FoundIn = "text"
    closeness: float | None = None
    history: History = History()


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
