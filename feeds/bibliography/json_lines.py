"""JSON Lines: one work a line, as ``nightdesk export`` and harvests of arXiv write them."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime

from pydantic import BaseModel, ConfigDict, ValidationError

from core.sources import Reading
from core.types import Item, ItemKind
from feeds.bibliography._work import Work, item_of
from feeds.text import collapse

ENDINGS = (".jsonl", ".ndjson")


class _Row(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id: str = ""
    kind: ItemKind = "paper"
    title: str = ""
    text: str = ""
    abstract: str = ""
    url: str = ""
    doi: str | None = None
    authors: list[str] = []
    categories: list[str] = []
    links: list[str] = []
    facts: list[tuple[str, str]] = []
    published: datetime | None = None
    created: datetime | None = None
    announced: datetime | None = None
    version: int | None = None


def read(text: str) -> Reading:
    """Return one item a line."""
    items: list[Item] = []
    problems: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            items.append(_item(_Row.model_validate_json(line)))
        except ValidationError as error:
            first = error.errors()[0]
            problems.append(f"line {number}: {'.'.join(map(str, first['loc'])) or 'it'}: {first['msg']}")
        except ValueError as error:
            problems.append(f"line {number}: {error}")
    return Reading(tuple(items), tuple(problems))


def _item(row: _Row) -> Item:
    published = _aware(row.published or row.created)
    if ":" in row.id:
        return _as_exported(row, published)
    work = Work(
        row.title, row.text or row.abstract, row.authors, row.id, row.doi or "", (row.url,), published, row.categories
    )
    return item_of(work)


def _as_exported(row: _Row, published: datetime | None) -> Item:
    """Take over what was an item before; its id says what it is."""
    if not row.id or not row.title.strip():
        raise ValueError("it has no id, or no title")
    return Item(
        id=collapse(row.id),
        kind=row.kind,
        title=collapse(row.title),
        url=collapse(row.url),
        text=row.text,
        authors=tuple(map(collapse, row.authors)),
        published=published,
        announced=_aware(row.announced) or published,
        version=row.version,
        categories=tuple(row.categories),
        links=tuple(row.links),
        facts=tuple((collapse(label), collapse(value)) for label, value in row.facts),
    )


def _aware(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def write(items: Iterable[Item]) -> str:
    """Return one item a line, with all that is known of it."""
    return "".join(f"{json.dumps(_as_row(item), ensure_ascii=False)}\n" for item in items)


def _as_row(item: Item) -> dict[str, object]:
    times = {name: moment.isoformat() if moment else None for name, moment in _times(item).items()}
    return asdict(item) | times


def _times(item: Item) -> dict[str, datetime | None]:
    return {"published": item.published, "announced": item.announced}
