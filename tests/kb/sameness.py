"""Whether all that is derived from a store is what the store says: words, the file of vectors, and Chroma."""

from collections.abc import Iterator, Sequence
from hashlib import sha256

import numpy as np
from sqlalchemy import Connection, select

from kb.embedding import EmbeddingModel, Vectors
from kb.engine import driver_of
from kb.index import Index
from kb.schema import collections, items, vectors
from kb.store import Store
from kb.vector_rows import count_pending, current_model, vectors_of

_LOOKED_UP = 20


class Sums:
    """A model that is quick: a text's vector is random numbers, of which the text and the model's name are the seed."""

    def __init__(self, name: str = "sums", dimensions: int = 24) -> None:
        self.name, self.dimensions = name, dimensions

    def embed(self, texts: Sequence[str], /) -> Vectors:
        seeds = [int.from_bytes(sha256(f"{self.name} {text}".encode()).digest()[:8], "little") for text in texts]
        rows = [np.random.default_rng(seed).normal(size=self.dimensions) for seed in seeds]
        unit = np.array(rows, np.float32).reshape(len(texts), self.dimensions)
        return np.asarray(unit / np.linalg.norm(unit, axis=1, keepdims=True), np.float32)


def differences(store: Store, index: Index, model: str) -> list[str]:
    """Return in words what is not as the store says; an empty list where all is."""
    with store.reading() as connection:
        return list(_differences(connection, index, model))


def _differences(connection: Connection, index: Index, model: str) -> Iterator[str]:
    if (told := connection.exec_driver_sql("PRAGMA integrity_check").scalar()) != "ok":
        yield f"the store is damaged: {told}"
    current, known = (
        current_model(driver_of(connection)),
        connection.execute(select(collections.c.model)).scalars().all(),
    )
    if current is None or current.name != model or list(known) != [model]:
        yield f"the collections are {known}, not {model}"
        return
    if waiting := count_pending(driver_of(connection)):
        yield f"{waiting} items wait"
    if set(connection.execute(select(vectors.c.item_id)).scalars()) != set(
        connection.execute(select(items.c.id)).scalars()
    ):
        yield "the items with vectors are others than the items"
    if left := connection.exec_driver_sql("SELECT count(*) FROM changes").scalar():
        yield f"{left} changes are not drained"
    yield from _word_differences(connection)
    yield from _file_differences(connection, index, current)
    yield from _chroma_differences(connection, index, current)


def _word_differences(connection: Connection) -> Iterator[str]:
    for table in ("items_fts", "passages_fts"):
        try:
            connection.exec_driver_sql(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")  # noqa: S608 - two names
        except Exception as error:  # noqa: BLE001 - whatever it raises is told
            yield f"{table}: {error}"
    connection.rollback()


def _file_differences(connection: Connection, index: Index, model: EmbeddingModel) -> Iterator[str]:
    near = index.vectors.open(driver_of(connection), model)
    if near is None:
        yield "the file of vectors is not to be trusted"
        return
    seqs, rows = vectors_of(driver_of(connection), model, None)
    found = near.of(seqs, rows[0].astype(np.float32)) if len(seqs) else None
    if found and not (np.array_equal(found.seqs, seqs) and np.array_equal(found.vectors, rows.astype(np.float32))):
        yield "the file of vectors differs from the store"


def _chroma_differences(connection: Connection, index: Index, model: EmbeddingModel) -> Iterator[str]:
    if (state := index.state(driver_of(connection))) != "whole":
        yield f"the index is {state}"
        return
    told = connection.execute(select(vectors.c.item_id, vectors.c.vector).where(vectors.c.model == model.name))
    kept = {row.item_id: np.frombuffer(row.vector, np.float16).astype(np.float32) for row in told}
    if index.count() != len(kept):
        yield f"the index holds {index.count()} vectors, the store {len(kept)}"
    for item_id in sorted(kept)[:: max(len(kept) // _LOOKED_UP, 1)]:
        found = dict(index.nearest(kept[item_id], 3))
        if abs(found.get(item_id, 0.0) - 1) > 1e-2:
            yield f"the index does not find {item_id}"
