"""Semantic search: the meaning of a question against the meaning of every item.

Without a filter the index answers; with one, SQL picks the rows and their vectors are compared exactly: Chroma's own
filters cost with the size of the base, not with the matches.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

import numpy as np
from sqlalchemy import ColumnElement, Connection, and_, select

from core.types import Item, ItemKind, SearchHit
from kb.embedder import Embedder, Vectors
from kb.index import Index
from kb.items import get_items
from kb.judgements import fitting, matches_of
from kb.schema import items, matches
from kb.store import Store
from kb.vectors import load_vectors_where

_SNIPPET = 280
_WORD = re.compile(r"\w+")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9“\"(])|\n+")


@dataclass(frozen=True, slots=True)
class Filter:
    """What a hit must be: of a subject, of a kind, published from ``since`` up to and including ``until`` (UTC)."""

    subject: str | None = None
    kind: ItemKind | None = None
    since: date | None = None
    until: date | None = None

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
        return and_(*parts) if parts else None


def search(
    store: Store, index: Index, embedder: Embedder, query: str, *, wanted: Filter, limit: int
) -> tuple[SearchHit, ...]:
    """Return up to ``limit`` items closest in meaning to the query, the closest first."""
    index.drain(store)
    vector = embedder.embed([query])[0]
    condition = wanted.condition()
    with store.reading() as connection:
        scored = index.nearest(vector, limit) if condition is None else _exact(connection, condition, vector, limit)
        found = get_items(connection, [item_id for item_id, _ in scored])
        subjects = matches_of(connection, list(found))
    return tuple(
        SearchHit(
            found[item_id],
            round(score, 4),
            tuple(match.subject for match in subjects.get(item_id, ()) if match.fits),
            snippet(found[item_id], query),
        )
        for item_id, score in scored
        if item_id in found
    )


def _exact(
    connection: Connection, condition: ColumnElement[bool], vector: Vectors, limit: int
) -> Sequence[tuple[str, float]]:
    ids, matrix = load_vectors_where(connection, condition)
    scores = matrix @ vector
    return [(ids[i], float(scores[i])) for i in np.argsort(-scores, kind="stable")[:limit]]


def snippet(item: Item, query: str) -> str:
    """Return the sentences of an item that share most words with the query, up to 280 characters."""
    words = {word.lower() for word in _WORD.findall(query) if len(word) > 3}
    sentences = [sentence.strip() for sentence in _SENTENCE.split(item.text) if sentence.strip()]
    if not sentences:
        return ""
    best = max(sentences, key=lambda sentence: len(words & {word.lower() for word in _WORD.findall(sentence)}))
    return best if len(best) <= _SNIPPET else best[: _SNIPPET - 2].rsplit(" ", 1)[0] + " …"
