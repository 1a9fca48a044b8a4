"""What a hit must be, decided in SQL: Chroma's own filters cost with the size of the base, not with the matches."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Column, ColumnElement, Connection, Integer, MetaData, Select, Table, Text, and_, func, select

from core.types import Decision, ItemKind
from kb.judgements import fitting
from kb.query import Query, words_of
from kb.schema import items, matches, passages, sightings, verdicts

Seqs = NDArray[np.int64]


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

    def condition(self) -> ColumnElement[bool] | None:
        """Return the condition on the ``items`` table, or None when everything may be found."""
        parts: list[ColumnElement[bool]] = []
        if self.subject:
            of_subject = select(matches.c.item_id).where(matches.c.subject == self.subject, fitting())
            parts.append(items.c.id.in_(of_subject))
        if self.kind:
            parts.append(items.c.kind == self.kind)
        if self.since:
            parts.append(items.c.published >= datetime.combine(self.since, time.min, UTC))
        if self.until:
            parts.append(items.c.published <= datetime.combine(self.until, time.max, UTC))
        if self.source:
            told = select(sightings.c.item_id).where(sightings.c.source == self.source)
            parts.append(items.c.id.in_(told))
        if self.author:
            parts.append(items.c.seq.in_(_matching("authors", self.author)))
        if self.decision:
            decided = select(verdicts.c.item_id).where(verdicts.c.decision == self.decision)
            parts.append(items.c.id.in_(decided))
        return and_(*parts) if parts else None


ANYTHING = Filter()
_words = Table("items_fts", MetaData(), Column("rowid", Integer), Column("items_fts", Text))
_passage_words = Table("passages_fts", MetaData(), Column("rowid", Integer), Column("passages_fts", Text))


def allowed(connection: Connection, wanted: Filter, query: Query) -> Seqs | None:
    """Return the ``seq`` of the items that filter, phrases and exclusions let through, ascending; None for all."""
    parts = [_having(phrase) for phrase in query.phrases]
    parts += [~items.c.seq.in_(_matching("title text", word)) for word in query.excluded]
    condition = wanted.condition()
    parts += [] if condition is None else [condition]
    if not parts:
        return None
    # One string of all numbers: a row each would take ten times as long to hand over.
    let_through = select(items.c.seq).where(and_(*parts)).subquery()
    told = connection.execute(select(func.group_concat(let_through.c.seq))).scalar()
    return np.sort(np.fromstring(told, np.int64, sep=",")) if told else np.zeros(0, np.int64)


def latest(connection: Connection, among: Seqs | None, limit: int) -> Seqs:
    """Return the ``seq`` of the items that were told last, of those ``among`` where given, the last first."""
    if among is not None:
        return among[::-1][:limit]
    last = select(items.c.seq).order_by(items.c.seq.desc()).limit(limit)
    return np.array(connection.execute(last).scalars().all(), np.int64)


def quoted(words: str) -> str:
    """Return words as one string of the full-text query language, in which nothing has a meaning of its own."""
    return '"' + " ".join(words_of(words)) + '"'


def _matching(columns: str, phrase: str) -> Select[tuple[int]]:
    return select(_words.c.rowid).where(_words.c.items_fts.op("MATCH")(f"{{{columns}}} : {quoted(phrase)}"))


def _having(phrase: str) -> ColumnElement[bool]:
    found = select(_passage_words.c.rowid).where(_passage_words.c.passages_fts.op("MATCH")(quoted(phrase)))
    in_passage = select(passages.c.item_id).where(passages.c.seq.in_(found))
    return items.c.seq.in_(_matching("title text", phrase)) | items.c.id.in_(in_passage)
