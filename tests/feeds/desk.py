"""Values that the tests of feeds share: one night, and how to make documents, items and polls."""

from datetime import UTC, date, datetime

from core.polls import Poll, Validators
from core.sources import SourceSpec
from core.types import Item, Night
from feeds.answer import Document

NOW = datetime(2031, 3, 14, 6, 0, tzinfo=UTC)
FRIDAY = Night(date(2031, 3, 14), datetime(2031, 3, 13, 6, 0, tzinfo=UTC), NOW)


def night_of(day: date) -> Night:
    now = datetime(day.year, day.month, day.day, 6, 0, tzinfo=UTC)
    return Night(day, now.replace(hour=0), now)


def document(body: bytes | str, url: str = "https://lantern.example/feed.xml", content_type: str = "") -> Document:
    return Document(url, content_type, body if isinstance(body, bytes) else body.encode(), Validators())


def item(key: str, title: str = "A lantern", text: str = "", announced: datetime | None = None) -> Item:
    return Item(id=key, kind="post", title=title, url=f"https://lantern.example/{key}", text=text, announced=announced)


def poll_of(*items: Item, first: bool = False) -> Poll:
    return Poll(SourceSpec("rss", "Lantern Labs", None), "new" if items else "unchanged", items=items, first=first)
