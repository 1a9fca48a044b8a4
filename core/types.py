"""What the knowledge base holds of the night's works, and what it tells of them.

With those of ``core.sources``, ``core.judged`` and ``core.digest`` they are the values that travel through a night; the
type names the stage: ``SourceSpec → Reading → Item → (stored, embedded) → Verdict → Story → Brief → Digest``.
Every datetime is aware and in UTC; every tuple is in reading order. A search loads these alone: making a frozen
dataclass takes more than a millisecond.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

ItemKind = Literal["paper", "post", "release"]
Decision = Literal["kept", "dropped"]
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
class Sighting:
    """A source that told of an item, when, where and with what facts of its own (votes)."""

    source: str
    url: str
    announced: datetime | None
    announce_type: str = "new"
    facts: tuple[tuple[str, str], ...] = ()


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
