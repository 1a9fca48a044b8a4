"""What the nights brought, for the comparison of a night with those before it."""

from datetime import date, timedelta

from sqlalchemy import Connection, select

from core.types import Item
from kb.items import get_items
from kb.schema import items

DAYS_BEFORE = 30


def news_by_night(connection: Connection, night: date) -> dict[date, tuple[tuple[str, Item], ...]]:
    """Return the news of a night and of the 30 days before it, each item with the source that told of it first.

    Background is left out: when it came says nothing about when it was told.
    """
    first = night - timedelta(days=DAYS_BEFORE)
    rows = connection.execute(
        select(items.c.id, items.c.source, items.c.news_night)
        .where(items.c.news_night.between(first, night))
        .order_by(items.c.news_night, items.c.seq)
    ).all()
    known = get_items(connection, [row.id for row in rows])
    told: dict[date, list[tuple[str, Item]]] = {}
    for row in rows:
        told.setdefault(row.news_night, []).append((row.source, known[row.id]))
    return {day: tuple(each) for day, each in told.items()}
