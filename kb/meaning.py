"""Search by meaning: the vector of a question against those of the items.

Up to some hundred thousand vectors are compared exactly, from a matrix that a process loads once; beyond that the
index answers, and what it does not know yet, or a filter leaves, is compared exactly.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from kb.embedding import EmbeddingModel, Embeds, Vectors
from kb.filters import Seqs
from kb.index import Index
from kb.query import Query
from kb.schema import changes, items
from kb.vectors import current_model, last_change, matrix

EXACT = 150_000
_PASSAGE_WORDS = 160
_PASSAGES = 6
_WIDENED = 3
_MOST = 5000


@dataclass(frozen=True, slots=True)
class ByMeaning:
    """The cosine similarity of items, by ``items.seq``, ascending, and their vectors, shape (seqs, dimensions)."""

    seqs: Seqs
    cosines: NDArray[np.float32]
    vectors: Vectors


def question_vector(embedder: Embeds, query: Query) -> Vectors:
    """Return the unit vector of a question; a long one is read in passages, the beginning counting most."""
    words = query.text.split()
    passages = [" ".join(words[start : start + _PASSAGE_WORDS]) for start in range(0, len(words), _PASSAGE_WORDS)]
    read = embedder.embed(passages[:_PASSAGES] or [""])
    mean: Vectors = read[0] + read.mean(axis=0)
    return mean / np.linalg.norm(mean)


class Meaning:
    """Compares questions with items; made once a process, so that the vectors are loaded once."""

    def __init__(self, index: Index) -> None:
        """Answer from the index where the base is large; the store is read through the caller's connection."""
        self._index = index
        self._loaded: tuple[tuple[EmbeddingModel, int], Seqs, Vectors] | None = None

    def nearest(
        self, connection: Connection, vector: Vectors, among: Seqs | None, *, limit: int, also: Seqs
    ) -> ByMeaning:
        """Return the ``limit`` closest items, of those ``among`` where given, and those ``also`` that have a vector.

        Raises StoreError when the base is too large to do without the index, and that cannot be used.
        """
        model = current_model(connection)
        if model is None:
            return _compared(np.zeros(0, np.int64), np.zeros((0, len(vector)), np.float32), vector)
        if among is not None and len(among) <= EXACT // 10 and not self._is_fresh(connection, model):
            found = _compared(*_vectors_of(connection, model, np.union1d(among, also)), vector)
        elif size(connection) <= EXACT:
            found = _compared(*self._matrix(connection, model), vector)
        else:
            found = self._by_index(connection, model, vector, among, limit=limit, also=also)
        return _best(found, among, limit=limit, also=also)

    def _is_fresh(self, connection: Connection, model: EmbeddingModel) -> bool:
        return self._loaded is not None and self._loaded[0] == (model, last_change(connection))

    def _matrix(self, connection: Connection, model: EmbeddingModel) -> tuple[Seqs, Vectors]:
        if self._loaded is None or not self._is_fresh(connection, model):
            self._loaded = None
            key = (model, last_change(connection))
            self._loaded = (key, *_vectors_of(connection, model, None))
        return self._loaded[1], self._loaded[2]

    def _by_index(
        self,
        connection: Connection,
        model: EmbeddingModel,
        vector: Vectors,
        among: Seqs | None,
        *,
        limit: int,
        also: Seqs,
    ) -> ByMeaning:
        """Ask the index for more where a filter will leave less; what changed since it was drained is compared here."""
        asked = limit if among is None else min(limit * _WIDENED * size(connection) // max(len(among), 1), _MOST)
        ids = [item_id for item_id, _ in self._index.nearest(vector, max(asked, limit))]
        changed = connection.execute(select(changes.c.item_id).distinct().limit(_MOST)).scalars()
        seqs = _seqs_of(connection, [*ids, *changed])
        return _compared(*_vectors_of(connection, model, np.union1d(seqs, also)), vector)


def size(connection: Connection) -> int:
    """Return how many items there are, at once: the number of the last one."""
    return int(connection.execute(select(func.max(items.c.seq))).scalar() or 0)


def _seqs_of(connection: Connection, ids: Sequence[str]) -> Seqs:
    told = connection.exec_driver_sql(
        "SELECT group_concat(seq) FROM items WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
    ).scalar()
    return np.fromstring(told, np.int64, sep=",") if told else np.zeros(0, np.int64)


def _vectors_of(connection: Connection, model: EmbeddingModel, seqs: Seqs | None) -> tuple[Seqs, Vectors]:
    """Return the items' ``seq``, ascending, and vectors; by the driver's own cursor, for there may be many rows."""
    statement = "SELECT items.seq, vectors.vector FROM vectors JOIN items ON items.id = vectors.item_id WHERE model = ?"
    values: tuple[str, ...] = (model.name,)
    if seqs is not None:
        statement += " AND items.seq IN (SELECT value FROM json_each(?))"
        values += (json.dumps(seqs.tolist()),)
    rows = connection.connection.cursor().execute(statement, values).fetchall()
    found = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    order = np.argsort(found)
    return found[order], matrix([rows[place][1] for place in order], model.dimensions)


def _compared(seqs: Seqs, rows: Vectors, vector: Vectors) -> ByMeaning:
    return ByMeaning(seqs, rows @ vector if len(seqs) else np.zeros(0, np.float32), rows)


def _best(found: ByMeaning, among: Seqs | None, *, limit: int, also: Seqs) -> ByMeaning:
    """Return the closest of those allowed, and those asked for by name."""
    cosines = found.cosines
    if among is not None:
        cosines = np.where(np.isin(found.seqs, among, assume_unique=True), cosines, -np.inf)
    count = min(limit, len(cosines))
    best = np.argpartition(-cosines, count - 1)[:count] if count else np.zeros(0, np.int64)
    best = best[np.isfinite(cosines[best])]
    rows = np.union1d(best, np.flatnonzero(np.isin(found.seqs, also)))
    return ByMeaning(found.seqs[rows], found.cosines[rows], found.vectors[rows])
