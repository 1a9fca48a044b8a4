"""Search by meaning: the vector of a question against those of the items.

Up to two million vectors are compared here, from a file that is mapped into memory; beyond that the index answers, and
what it does not know yet, or a filter leaves, is compared exactly.
"""

import json
from collections.abc import Sequence
from sqlite3 import Connection

import numpy as np

from kb.embedding import EmbeddingModel, Embeds, Vectors
from kb.filters import Seqs
from kb.index import Index
from kb.nearness import Block, ByMeaning, Nearness, united
from kb.query import Query
from kb.vector_rows import changed_since, current_model, last_change, vectors_of
from kb.words import base_size

EXACT = 2_000_000
_PASSAGE_WORDS = 160
_PASSAGES = 6
_WIDENED = 3
_MOST = 5000


def question_vector(embedder: Embeds, query: Query) -> Vectors:
    """Return the unit vector of a question; a long one is read in passages, the beginning counting most."""
    words = query.text.split()
    passages = [" ".join(words[start : start + _PASSAGE_WORDS]) for start in range(0, len(words), _PASSAGE_WORDS)]
    read = embedder.embed(passages[:_PASSAGES] or [""])
    mean: Vectors = read[0] + read.mean(axis=0)
    return mean / np.linalg.norm(mean)


class Meaning:
    """Compares questions with items; made once a process, so that the vectors are opened once."""

    def __init__(self, index: Index) -> None:
        """Answer from the index where the base is large; the store is read through the caller's connection."""
        self._index = index
        self._opened: tuple[tuple[EmbeddingModel, int], Nearness] | None = None

    def nearest(
        self, connection: Connection, vector: Vectors, among: Seqs | None, *, limit: int, also: Seqs
    ) -> ByMeaning:
        """Return the ``limit`` closest items, of those ``among`` where given, and those ``also`` that have a vector.

        Raises StoreError when the base is too large to do without the index, and that cannot be used.
        """
        model = current_model(connection)
        if model is None:
            return Nearness([]).of(also, vector)
        near = self.every(connection, model)
        if near is None:
            near = self._by_index(connection, model, vector, among, limit=limit, also=also)
        found = near.nearest(vector, among, limit)
        return near.of(united(found.seqs, also), vector)

    def every(self, connection: Connection, model: EmbeddingModel) -> Nearness | None:
        """Return all vectors: from the file, or where that is not to be trusted from the store.

        None where they are too many to be compared.
        """
        if base_size(connection) > EXACT:
            return None
        key = (model, last_change(connection))
        if self._opened is None or self._opened[0] != key:
            self._opened = None
            near = self._index.vectors.open(connection, model)
            self._opened = (key, near or Nearness([Block.of(*vectors_of(connection, model, None))]))
        return self._opened[1]

    def _by_index(
        self,
        connection: Connection,
        model: EmbeddingModel,
        vector: Vectors,
        among: Seqs | None,
        *,
        limit: int,
        also: Seqs,
    ) -> Nearness:
        """Ask the index for more where a filter will leave less; what changed since it was drained is compared here."""
        asked = limit if among is None else min(limit * _WIDENED * base_size(connection) // max(len(among), 1), _MOST)
        ids = [item_id for item_id, _ in self._index.nearest(vector, max(asked, limit))]
        seqs = np.concatenate([_seqs_of(connection, ids), changed_since(connection, 0, _MOST), also])
        return Nearness([Block.of(*vectors_of(connection, model, np.unique(seqs)))])


def _seqs_of(connection: Connection, ids: Sequence[str]) -> Seqs:
    statement = "SELECT seq FROM items WHERE id IN (SELECT value FROM json_each(?))"
    found = connection.execute(statement, (json.dumps(ids),)).fetchall()
    return np.fromiter((seq for (seq,) in found), np.int64, len(found))
