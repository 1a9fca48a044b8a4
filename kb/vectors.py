"""Vectors of items, kept as float16: one an item and model; what has none of its present text waits in ``pending``.

One model is the current one, by whose vectors the base is compared. Another is built beside it: its vectors are kept
apart, and when every item has one it becomes the current one and the former's are removed, in one transaction. So two
models never meet in one comparison, and there is no moment without vectors.
"""

from collections.abc import Callable, Sequence

import numpy as np
from sqlalchemy import Connection, and_, delete, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from core.errors import EmbedderError
from core.identity import text_hash
from core.ports import Progress
from kb.embedding import EmbeddingModel, Embeds, Vectors
from kb.engine import driver_of
from kb.schema import changes, collections, items, pending, vectors
from kb.store import Store
from kb.vector_rows import count_pending, current_model, embedded_text, wanted_model

# The portions are cut from the head of each source's order, each stored whole: a run that was killed goes on with the
# same portions, and so with the same vectors to the last bit.
_PORTION = 128
# In ``collections.current``, where 1 is the current model and 0 one that was begun and left.
_BUILT = 2


def embed_pending(store: Store, embedder: Callable[[], Embeds], progress: Progress, source: str | None = None) -> int:
    """Embed every item, or every one of a source, that has no vector of its present text; return how many.

    ``embedder`` is asked only when there is something to embed. One of another model than before begins anew, beside
    the vectors that there are. Raises EmbedderError when it gives vectors of another length than it did.
    """
    with store.reading() as connection:
        is_done = not connection.execute(select(pending.c.item_id).limit(1)).first()
    if is_done:
        _take_over(store)
        return 0
    model = embedder()
    use_model(store, model)
    with store.reading() as connection:
        portions = _portions(connection, source)
    done, count = 0, sum(map(len, portions))
    for portion in portions:
        progress(f"embedding {done + 1}–{done + len(portion)} of {count} items")
        new = model.embed([text for _, text in portion])
        with store.writing() as connection:
            _keep(connection, portion, new, model.name)
        done += len(portion)
    _take_over(store)
    return count


def use_model(store: Store, model: Embeds) -> None:
    """Make a model the one that vectors are made of from now on; items that have no vector of it wait for one.

    The first becomes the current one at once, a later one when nothing waits any more. Raises EmbedderError when the
    base holds vectors of the same name and another length.
    """
    with store.searching() as connection:
        known, wanted = current_model(connection), wanted_model(connection)
    if wanted and wanted.name == model.name:
        _require_length(wanted, model.dimensions)
        return
    with store.writing() as connection:
        connection.execute(update(collections).where(collections.c.current == _BUILT).values(current=0))
        if known is None or known.name != model.name:
            _begin(connection, EmbeddingModel(model.name, model.dimensions), _BUILT if known else 1)
        _await_vectors(connection, model.name)


def _begin(connection: Connection, model: EmbeddingModel, standing: int) -> None:
    """Note a model as the current one or the one that is built; what was begun of it before is gone on with."""
    known = connection.execute(select(collections).where(collections.c.model == model.name)).one_or_none()
    if known:
        _require_length(EmbeddingModel(known.model, known.dimensions), model.dimensions)
    row = {"model": model.name, "dimensions": model.dimensions, "current": standing, "drained": -1}
    connection.execute(upsert(collections).values(row).on_conflict_do_update(["model"], set_={"current": standing}))


def _await_vectors(connection: Connection, model: str) -> None:
    """Let every item wait that has no vector of a model, or one of a text that it had before."""
    of_model = and_(vectors.c.item_id == items.c.id, vectors.c.model == model)
    rows = connection.execute(
        select(items.c.id, items.c.title, items.c.text, vectors.c.text_hash).outerjoin(vectors, of_model)
    )
    waiting = [row.id for row in rows if row.text_hash != text_hash(embedded_text(row.title, row.text))]
    connection.execute(delete(pending))
    if waiting:
        connection.execute(insert(pending), [{"item_id": item_id} for item_id in waiting])
    stale = select(pending.c.item_id)
    connection.execute(delete(vectors).where(vectors.c.model == model, vectors.c.item_id.in_(stale)))


def _take_over(store: Store) -> None:
    """Make the model that is built the current one, and forget all others, when nothing waits for it any more."""
    with store.reading() as connection:
        if len(connection.execute(select(collections)).all()) < 2:
            return
    with store.writing() as connection:
        driver = driver_of(connection)
        wanted = wanted_model(driver)
        if wanted is None or count_pending(driver):
            return
        connection.execute(delete(vectors).where(vectors.c.model != wanted.name))
        connection.execute(delete(collections).where(collections.c.model != wanted.name))
        connection.execute(update(collections).where(collections.c.current == _BUILT).values(current=1, drained=-1))


def _require_length(known: EmbeddingModel, dimensions: int) -> None:
    if known.dimensions != dimensions:
        raise EmbedderError(
            f"{known.name} gave vectors of {known.dimensions} numbers and now gives {dimensions}: it is another model"
            " under the same name; give it another name and run `nightdesk reindex`"
        )


def _portions(connection: Connection, source: str | None) -> list[list[tuple[str, str]]]:
    """Return the ids and texts to embed, in portions of one source each."""
    statement = select(items.c.id, items.c.source, items.c.title, items.c.text).join(pending)
    if source is not None:
        statement = statement.where(items.c.source == source)
    of_source: dict[str, list[tuple[str, str]]] = {}
    for row in connection.execute(statement.order_by(items.c.seq)):
        of_source.setdefault(row.source, []).append((row.id, embedded_text(row.title, row.text)))
    return [
        waiting[start : start + _PORTION]
        for waiting in of_source.values()
        for start in range(0, len(waiting), _PORTION)
    ]


def _keep(connection: Connection, portion: Sequence[tuple[str, str]], new: Vectors, model: str) -> None:
    """Store vectors; an item that says something else by now goes on waiting, and so does one of another model."""
    ids = [item_id for item_id, _ in portion]
    rows = [
        {"item_id": item_id, "model": model, "text_hash": text_hash(text), "vector": vector.tobytes()}
        for (item_id, text), vector in zip(portion, new.astype(np.float16), strict=True)
    ]
    statement = upsert(vectors)
    kept = {name: statement.excluded[name] for name in ("text_hash", "vector")}
    connection.execute(statement.on_conflict_do_update(index_elements=["item_id", "model"], set_=kept), rows)
    current, wanted = current_model(driver_of(connection)), wanted_model(driver_of(connection))
    if current and current.name == model:
        connection.execute(insert(changes), [{"item_id": item_id} for item_id in ids])
    now = select(items.c.id, items.c.title, items.c.text).where(items.c.id.in_(ids))
    present = {row.id: embedded_text(row.title, row.text) for row in connection.execute(now)}
    if wanted and wanted.name == model:
        done = [item_id for item_id, text in portion if present.get(item_id) == text]
        connection.execute(delete(pending).where(pending.c.item_id.in_(done)))
