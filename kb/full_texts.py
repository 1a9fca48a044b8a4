"""The whole text of items, one row each, so that a work is fetched once."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from core.identity import content_hash
from core.types import FullText, Item
from kb.passages import cut
from kb.schema import full_texts, passages


def find_full_text(connection: Connection, item: Item) -> FullText | None:
    """Return what was read for the item as it is now, or None; what was read for an older version does not count."""
    current = (full_texts.c.item_id == item.id) & (full_texts.c.content_hash == content_hash(item))
    row = connection.execute(select(full_texts).where(current)).one_or_none()
    return FullText(row.item_id, row.url, row.text, row.origin, row.why) if row else None


def remember_full_text(connection: Connection, item: Item, read: FullText, now: datetime) -> None:
    """Store what was read for a stored item at ``now`` (aware, UTC), in place of what was before.

    A failure takes the place of an earlier failure only: it is no reason to forget a text.
    """
    row = {name: getattr(read, name) for name in ("item_id", "url", "origin", "text", "why")}
    statement = upsert(full_texts).values(row | {"content_hash": content_hash(item), "fetched": now})
    replaced = {column.name: statement.excluded[column.name] for column in full_texts.c if not column.primary_key}
    no_loss = (statement.excluded.why == "") | (full_texts.c.why != "")
    connection.execute(statement.on_conflict_do_update(index_elements=["item_id"], set_=replaced, where=no_loss))
    if read.origin != "told":
        _keep_passages(connection, item.id, read.text)


def _keep_passages(connection: Connection, item_id: str, text: str) -> None:
    """Store a text's passages in place of those that the item had of one; they are indexed by trigger."""
    own = (passages.c.item_id == item_id) & (passages.c.origin == "full text")
    connection.execute(delete(passages).where(own))
    parts = {"item_id": item_id, "origin": "full text"}
    rows = [{**parts, "place": place, "text": part} for place, part in enumerate(cut(text))]
    if rows:
        connection.execute(insert(passages), rows)
