"""The items of a search's hits and what they are of, in plain SQL."""

import json
from collections.abc import Sequence
from datetime import datetime
from sqlite3 import Connection
from typing import Any

from core.types import Item

_ITEMS = (
    "SELECT seq, id, kind, title, url, text, authors, published, version, categories, links, facts FROM items"
    " WHERE seq IN (SELECT value FROM json_each(?))"
)
_SUBJECTS = (
    "SELECT item_id, subject FROM matches WHERE item_id IN (SELECT value FROM json_each(?)) AND band != 'out'"
    " ORDER BY score DESC, subject"
)


def items_at(connection: Connection, seqs: Sequence[int]) -> dict[int, Item]:
    """Return items by the number under which they came."""
    return {seq: _item(*columns) for seq, *columns in connection.execute(_ITEMS, (json.dumps(seqs),))}


def _item(*columns: Any) -> Item:
    item_id, kind, title, url, text, authors, published, version, categories, links, facts = columns
    told = datetime.fromisoformat(published) if published else None
    return Item(
        id=item_id,
        kind=kind,
        title=title,
        url=url,
        text=text,
        authors=tuple(json.loads(authors)),
        published=told,
        announced=told,
        version=version,
        categories=tuple(json.loads(categories)),
        links=tuple(json.loads(links)),
        facts=tuple((label, value) for label, value in json.loads(facts)),
    )


def subjects_of(connection: Connection, ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the subjects that items fit, or may fit, the best first."""
    found: dict[str, list[str]] = {}
    for item_id, subject in connection.execute(_SUBJECTS, (json.dumps(ids),)):
        found.setdefault(item_id, []).append(subject)
    return found
