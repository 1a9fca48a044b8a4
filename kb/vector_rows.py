"""What the store says of vectors, in plain SQL: a search asks it every time, and loads no more for it."""

import json
from collections.abc import Sequence
from sqlite3 import Connection

import numpy as np
from numpy.typing import NDArray

from kb.embedding import EmbeddingModel, Vectors
from kb.filters import Seqs

_OF_ITEMS = (
    "SELECT items.seq, vectors.vector FROM items JOIN vectors ON vectors.item_id = items.id"
    " WHERE items.seq > ? AND vectors.model = ? {} ORDER BY items.seq LIMIT ?"
)
_CHANGED = (
    "SELECT DISTINCT items.seq FROM changes JOIN items ON items.id = changes.item_id WHERE changes.seq > ? LIMIT ?"
)


def embedded_text(title: str, text: str) -> str:
    """Return the text that stands for an item's meaning: the title, then what it says."""
    return f"{title}. {text}" if text else title


def current_model(connection: Connection) -> EmbeddingModel | None:
    """Return the model whose vectors the base is compared by, or None before the first embedding."""
    row = connection.execute("SELECT model, dimensions FROM collections WHERE current = 1").fetchone()
    return EmbeddingModel(*row) if row else None


def wanted_model(connection: Connection) -> EmbeddingModel | None:
    """Return the model that vectors are made of: the one that is built beside the current one, else that."""
    row = connection.execute(
        "SELECT model, dimensions FROM collections WHERE current > 0 ORDER BY current DESC"
    ).fetchone()
    return EmbeddingModel(*row) if row else None


def count_pending(connection: Connection) -> int:
    """Return how many items wait for a vector."""
    return int(connection.execute("SELECT count(*) FROM pending").fetchone()[0])


def last_change(connection: Connection) -> int:
    """Return a number that grows whenever a vector was stored."""
    known = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'changes'").fetchone()
    return int(known[0] or 0) if known else 0


def changed_since(connection: Connection, change: int, limit: int) -> Seqs:
    """Return the ``seq`` of up to ``limit`` items that changed after a change, ascending, as far as still logged."""
    found = connection.execute(_CHANGED, (change, limit)).fetchall()
    return np.sort(np.fromiter((seq for (seq,) in found), np.int64, len(found)))


def drained_to(connection: Connection) -> int:
    """Return up to which change the index has taken the current model's vectors over; -1 before the first time."""
    row = connection.execute("SELECT drained FROM collections WHERE current = 1").fetchone()
    return int(row[0]) if row else -1


def count_vectors(connection: Connection, model: EmbeddingModel) -> int:
    """Return how many items have a vector of a model."""
    return int(connection.execute("SELECT count(*) FROM vectors WHERE model = ?", (model.name,)).fetchone()[0])


def vectors_of(
    connection: Connection, model: EmbeddingModel, seqs: Seqs | None, *, after: int = 0, limit: int = -1
) -> tuple[Seqs, NDArray[np.float16]]:
    """Return items by ``items.seq``, ascending from behind ``after``, and their vectors, shape (items, dimensions)."""
    statement = _OF_ITEMS.format("AND items.seq IN (SELECT value FROM json_each(?))" if seqs is not None else "")
    values = (after, model.name, *([json.dumps(seqs.tolist())] if seqs is not None else []), limit)
    rows = connection.execute(statement, values).fetchall()
    found = np.fromiter((row[0] for row in rows), np.int64, len(rows))
    flat = np.frombuffer(b"".join(row[1] for row in rows), np.float16)
    return found, flat.reshape(len(rows), model.dimensions)


def load_vectors(connection: Connection, ids: Sequence[str]) -> tuple[list[str], Vectors]:
    """Return the ids that have a vector of the current model, in the given order, and these, (ids, dimensions)."""
    model = current_model(connection) or EmbeddingModel("", 0)
    found: dict[str, bytes] = dict(
        connection.execute(
            "SELECT item_id, vector FROM vectors WHERE model = ? AND item_id IN (SELECT value FROM json_each(?))",
            (model.name, json.dumps(list(ids))),
        )
    )
    present = [item_id for item_id in ids if item_id in found]
    return present, matrix([found[item_id] for item_id in present], model.dimensions)


def matrix(blobs: Sequence[bytes], dimensions: int) -> Vectors:
    """Return stored vectors as rows, shape (blobs, dimensions)."""
    flat = np.frombuffer(b"".join(blobs), np.float16).astype(np.float32)
    return flat.reshape(len(blobs), dimensions)
