"""What a hit must be, decided in SQL: Chroma's own filters cost with the size of the base, not with the matches."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from core.types import Decision, ItemKind
from kb.query import Query, words_of
from kb.unchanged import Unchanged

Seqs = NDArray[np.int64]
Condition = tuple[str, tuple[object, ...]]
"""A condition in SQL, and the values in it."""

_KEPT = 8
_OF_SUBJECT = "id IN (SELECT item_id FROM matches WHERE subject = ? AND band != 'out')"
_MATCHING = "seq IN (SELECT rowid FROM items_fts WHERE items_fts MATCH ?)"
_IN_PASSAGE = (
    "id IN (SELECT item_id FROM passages WHERE seq IN (SELECT rowid FROM passages_fts WHERE passages_fts MATCH ?))"
)
# One string of all numbers: a row each would take ten times as long to hand over.
_ALLOWED = "SELECT group_concat(seq) FROM items WHERE {}"


@dataclass(frozen=True, slots=True)
class Filter:
    """What a hit must be: of a subject, of a kind, published from ``since`` up to and including ``until`` (UTC).

    ``source`` told of it, ``author`` wrote it (words of a name, in order), ``decision`` was once taken on it.
    """

    subject: str | None = None
    kind: ItemKind | None = None
    since: date | None = None
    until: date | None = None
    source: str | None = None
    author: str | None = None
    decision: Decision | None = None

    def conditions(self) -> list[Condition]:
        """Return the conditions on the ``items`` table, all of which hold; none when everything may be found."""
        asked = (
            (self.subject, _OF_SUBJECT, self.subject),
            (self.kind, "kind = ?", self.kind),
            (self.since, "published >= ?", self.since and _moment(self.since, time.min)),
            (self.until, "published <= ?", self.until and _moment(self.until, time.max)),
            (self.source, "id IN (SELECT item_id FROM sightings WHERE source = ?)", self.source),
            (self.author, _MATCHING, self.author and _within("authors", self.author)),
            (self.decision, "id IN (SELECT item_id FROM verdicts WHERE decision = ?)", self.decision),
        )
        return [(condition, (value,)) for wish, condition, value in asked if wish]


ANYTHING = Filter()


def allowed(connection: Connection, wanted: Filter, query: Query) -> Seqs | None:
    """Return the ``seq`` of the items that filter, phrases and exclusions let through, ascending; None for all."""
    parts = wanted.conditions()
    parts += [(f"NOT {_MATCHING}", (_within("title text", word),)) for word in query.excluded]
    having = f"({_MATCHING} OR {_IN_PASSAGE})"
    parts += [(having, (_within("title text", phrase), quoted(phrase))) for phrase in query.phrases]
    if not parts:
        return None
    statement = _ALLOWED.format(" AND ".join(condition for condition, _ in parts))
    told = connection.execute(statement, [value for _, values in parts for value in values]).fetchone()[0]
    return np.sort(np.fromstring(told, np.int64, sep=",")) if told else np.zeros(0, np.int64)


class Sieve:
    """Lets items through, and keeps what it let through while nobody writes: who searches on keeps the filters."""

    def __init__(self) -> None:
        """Keep nothing yet."""
        self._kept: Unchanged[Hashable, Seqs | None] = Unchanged(_KEPT)

    def allowed(self, connection: Connection, wanted: Filter, query: Query) -> Seqs | None:
        """Return what ``allowed`` returns."""
        kept, key = self._kept.of(connection), (wanted, query.phrases, query.excluded)
        if key not in kept:
            kept[key] = allowed(connection, wanted, query)
        return kept[key]


def latest(connection: Connection, among: Seqs | None, limit: int) -> Seqs:
    """Return the ``seq`` of the items that were told last, of those ``among`` where given, the last first."""
    if among is not None:
        return among[::-1][:limit]
    last = connection.execute("SELECT seq FROM items ORDER BY seq DESC LIMIT ?", (limit,)).fetchall()
    return np.fromiter((seq for (seq,) in last), np.int64, len(last))


def quoted(words: str) -> str:
    """Return words as one string of the full-text query language, in which nothing has a meaning of its own."""
    return '"' + " ".join(words_of(words)) + '"'


def _within(columns: str, phrase: str) -> str:
    return f"{{{columns}}} : {quoted(phrase)}"


def _moment(day: date, of_day: time) -> str:
    """Return a moment of a day in UTC, as the store writes it."""
    return datetime.combine(day, of_day, UTC).isoformat(timespec="seconds")
