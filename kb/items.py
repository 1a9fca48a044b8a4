"""Items and who told of them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from core.polls import Decided, Known
from core.types import Item, ItemKind, Sighting
from kb.schema import changes, items, sightings

_CHUNK = 500
_LISTS = ("authors", "categories", "links", "facts")


def known_items(connection: Connection, ids: Iterable[str], source: str) -> dict[str, Known]:
    """Return what is stored of the items with these ids, as far as ``source`` is concerned."""
    joined = items.outerjoin(sightings, (sightings.c.item_id == items.c.id) & (sightings.c.source == source))
    statement = select(items.c.id, sightings.c.told_hash, sightings.c.changes).select_from(joined)
    return {row.id: Known(row.told_hash, row.changes or 0) for row in _by_ids(connection, statement, ids)}


def ids_of_guids(connection: Connection, source: str, guids: Iterable[str]) -> dict[str, str]:
    """Return the ids of the items that a source told of under its own ids."""
    wanted = sorted(set(guids) - {""})
    told: dict[str, str] = {}
    for start in range(0, len(wanted), _CHUNK):
        own = (sightings.c.source == source) & sightings.c.guid.in_(wanted[start : start + _CHUNK])
        told |= {row.guid: row.item_id for row in connection.execute(select(sightings).where(own))}
    return told


def _by_ids(connection: Connection, statement: Select[Any], ids: Iterable[str]) -> Iterable[Row[Any]]:
    wanted = list(ids)
    for start in range(0, len(wanted), _CHUNK):
        yield from connection.execute(statement.where(items.c.id.in_(wanted[start : start + _CHUNK])))


def remember_items(connection: Connection, decided: Sequence[Decided], source: str, night: date) -> None:
    """Store the items that a source told of on a night, and that it did.

    A change is taken over from the source that the item came from; another source's words are only a sighting.
    """
    unseen = [one for one in decided if one.novelty in ("news", "backlog")]
    if unseen:
        # What another process stored since it was decided is known by now: here it is a sighting.
        rows = [_new_row(one, source, night) for one in unseen]
        connection.execute(upsert(items).on_conflict_do_nothing(["id"]), rows)
    changed = [one for one in decided if one.novelty == "changed"]
    for one in changed:
        own = (items.c.id == one.item.id) & (items.c.source == source)
        connection.execute(update(items).where(own).values(_content(one.item) | {"matched_key": None}))
    touched = [{"item_id": one.item.id} for one in (*unseen, *changed)]
    if touched:
        connection.execute(insert(changes), touched)
    _remember_sightings(connection, decided, source, night)


def mark_gone(connection: Connection, listed: Iterable[str], source: str, night: date) -> tuple[str, ...]:
    """Mark what a source told before and no longer lists; return the titles, in the order of their first telling."""
    still = frozenset(listed)
    told = select(items.c.id, items.c.title).join(sightings, sightings.c.item_id == items.c.id)
    before = connection.execute(
        told.where(sightings.c.source == source, sightings.c.gone.is_(None)).order_by(items.c.seq)
    ).all()
    gone = [row for row in before if row.id not in still]
    for row in gone:
        own = (sightings.c.item_id == row.id) & (sightings.c.source == source)
        connection.execute(update(sightings).where(own).values(gone=night))
    return tuple(row.title for row in gone)


def _new_row(one: Decided, source: str, night: date) -> dict[str, Any]:
    news_night = night if one.novelty == "news" else None
    own = {"id": one.item.id, "source": source, "first_seen": night, "news_night": news_night}
    return own | _content(one.item)


def _content(item: Item) -> dict[str, Any]:
    names = ("kind", "title", "url", "text", "published", "version")
    return {name: getattr(item, name) for name in names} | {name: list(getattr(item, name)) for name in _LISTS}


def _remember_sightings(connection: Connection, decided: Sequence[Decided], source: str, night: date) -> None:
    rows = [
        {
            "item_id": one.item.id,
            "source": source,
            "url": one.item.told_at or one.item.url,
            "announced": one.item.announced,
            "announce_type": one.item.announce_type,
            "facts": list(one.item.facts),
            "told_hash": one.hash,
            "night": night,
            "changes": int(one.novelty == "changed"),
            "gone": None,
            "guid": one.item.guid or None,
        }
        for one in decided
    ]
    if rows:
        statement = upsert(sightings)
        names = ("url", "announced", "announce_type", "facts", "told_hash", "gone", "guid")
        told = {name: statement.excluded[name] for name in names}
        edited = {"changes": sightings.c.changes + statement.excluded.changes}
        connection.execute(
            statement.on_conflict_do_update(index_elements=["item_id", "source"], set_={**told, **edited}), rows
        )


def get_items(connection: Connection, ids: Iterable[str]) -> dict[str, Item]:
    """Return the items with these ids that are stored."""
    return {row.id: _item(row) for row in _by_ids(connection, select(items), ids)}


def seen_before(connection: Connection, ids: Iterable[str], night: date) -> tuple[str, ...]:
    """Return those of the items that were stored before a night, in the order in which they came."""
    came = select(items.c.id).where(items.c.first_seen < night).order_by(items.c.seq)
    return tuple(row.id for row in _by_ids(connection, came, ids))


def news_of(connection: Connection, night: date, kind: ItemKind | None = None) -> tuple[Item, ...]:
    """Return the items that were news on a night, perhaps those of one kind, in the order in which they came."""
    statement = select(items).where(items.c.news_night == night).order_by(items.c.seq)
    of_kind = statement if kind is None else statement.where(items.c.kind == kind)
    return tuple(_item(row) for row in connection.execute(of_kind))


def all_items(connection: Connection) -> tuple[Item, ...]:
    """Return every stored item, newest first."""
    return tuple(_item(row) for row in connection.execute(select(items).order_by(items.c.seq.desc())))


def _item(row: Row[Any]) -> Item:
    return Item(
        id=row.id,
        kind=row.kind,
        title=row.title,
        url=row.url,
        text=row.text,
        authors=tuple(row.authors),
        published=row.published,
        announced=row.published,
        version=row.version,
        categories=tuple(row.categories),
        links=tuple(row.links),
        facts=tuple((label, value) for label, value in row.facts),
    )


def sightings_of(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[Sighting, ...]]:
    """Return who told of each item, the first one first."""
    joined = select(sightings).join(items).order_by(sightings.c.seq)
    told: dict[str, list[Sighting]] = {}
    for row in _by_ids(connection, joined, ids):
        facts = tuple((label, value) for label, value in row.facts)
        told.setdefault(row.item_id, []).append(Sighting(row.source, row.url, row.announced, row.announce_type, facts))
    return {item_id: tuple(sightings) for item_id, sightings in told.items()}


def count_items(connection: Connection) -> int:
    """Return how many items are stored."""
    return connection.execute(select(func.count()).select_from(items)).scalar_one()


def news_ids(connection: Connection) -> frozenset[str]:
    """Return the ids of everything that was ever news."""
    return frozenset(connection.execute(select(items.c.id).where(items.c.news_night.is_not(None))).scalars())
