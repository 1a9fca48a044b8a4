"""One vector an item, kept as float16 beside it; what has none yet, or one of another text, is pending."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from core.identity import text_hash
from core.ports import Progress
from kb.embedder import Embedder, Vectors
from kb.schema import changes, items, vectors
from kb.store import Store

# The portions are cut from the head of each source's order, each stored whole: a run that was killed goes on with the
# same portions, and so with the same vectors to the last bit.
_PORTION = 128
_CHUNK = 500


def embedded_text(title: str, text: str) -> str:
    """Return the text that stands for an item's meaning: the title, then what it says."""
    return f"{title}. {text}" if text else title


def embed_pending(store: Store, embedder: Callable[[], Embedder], progress: Progress, source: str | None = None) -> int:
    """Embed every item, or every one of a source, that has no vector of its present text; return how many.

    ``embedder`` is asked only when there is something to embed.
    """
    with store.reading() as connection:
        pending = _pending(connection, source)
    done, count = 0, sum(map(len, pending))
    for portion in pending:
        progress(f"embedding {done + 1}–{done + len(portion)} of {count} items")
        model = embedder()
        new = model.embed([text for _, text in portion])
        with store.writing() as connection:
            _keep(connection, portion, new, model.name)
        done += len(portion)
    return count


def _pending(connection: Connection, source: str | None) -> list[list[tuple[str, str]]]:
    """Return the ids and texts to embed, in portions of one source each."""
    statement = select(items.c.id, items.c.source, items.c.title, items.c.text, vectors.c.text_hash).outerjoin(vectors)
    if source is not None:
        statement = statement.where(items.c.source == source)
    of_source: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(statement.order_by(items.c.seq)):
        text = embedded_text(row.title, row.text)
        if row.text_hash != text_hash(text):
            of_source.setdefault(row.source, []).append((row.id, text))
    return [
        waiting[start : start + _PORTION]
        for waiting in of_source.values()
        for start in range(0, len(waiting), _PORTION)
    ]


def _keep(connection: Connection, portion: Sequence[tuple[str, str]], new: Vectors, model: str) -> None:
    rows = [
        {
            "item_id": item_id,
            "text_hash": text_hash(text),
            "model": model,
            "vector": vector.astype(np.float16).tobytes(),
        }
        for (item_id, text), vector in zip(portion, new, strict=True)
    ]
    statement = upsert(vectors)
    kept = {name: statement.excluded[name] for name in ("text_hash", "model", "vector")}
    connection.execute(statement.on_conflict_do_update(index_elements=["item_id"], set_=kept), rows)
    connection.execute(insert(changes), [{"item_id": item_id} for item_id, _ in portion])


def load_vectors(connection: Connection, ids: Sequence[str]) -> tuple[list[str], Vectors]:
    """Return the ids that have a vector, in the given order, and their vectors, shape (ids, dimensions)."""
    found: dict[str, bytes] = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = select(vectors).where(vectors.c.item_id.in_(ids[start : start + _CHUNK]))
        found |= {row.item_id: row.vector for row in connection.execute(chunk)}
    present = [item_id for item_id in ids if item_id in found]
    return present, _matrix([found[item_id] for item_id in present])


def load_vectors_where(connection: Connection, condition: ColumnElement[bool]) -> tuple[list[str], Vectors]:
    """Return the ids and vectors of the items that meet a condition on the ``items`` table."""
    rows = list(connection.execute(select(vectors.c.item_id, vectors.c.vector).join(items).where(condition)))
    return [row.item_id for row in rows], _matrix([row.vector for row in rows])


def _matrix(blobs: Sequence[bytes]) -> NDArray[np.float32]:
    flat = np.frombuffer(b"".join(blobs), np.float16).astype(np.float32)
    return flat.reshape(len(blobs), -1) if blobs else np.zeros((0, Embedder.dimensions), np.float32)
