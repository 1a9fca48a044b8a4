"""RIS, the tagged lines of reference managers; a record that is not closed is named."""

import re
from typing import Any

import rispy

from core.sources import Reading
from core.types import Item
from feeds.bibliography._work import Work, day, item_of

ENDINGS = (".ris",)
_RECORD = re.compile(r"^TY  ?-", re.MULTILINE)


def read(text: str) -> Reading:
    """Return one paper a record."""
    items: list[Item] = []
    problems: list[str] = []
    for number, record in enumerate(_records(text), 1):
        try:
            items.append(item_of(_work(_fields(record))))
        except ValueError as error:
            problems.append(f"record {number}: {error}")
    if not items and not problems and text.strip():
        problems.append("there is no RIS record in it")
    return Reading(tuple(items), tuple(problems))


def _records(text: str) -> list[str]:
    """Return the records one by one, so that one which is broken costs only itself."""
    starts = [match.start() for match in _RECORD.finditer(text)]
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=False)]


def _fields(record: str) -> dict[str, Any]:
    if not re.search(r"^ER  ?-", record, re.MULTILINE):
        raise ValueError("it does not end with ER")
    try:
        (fields,) = rispy.loads(record)
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise ValueError(f"not readable: {error}") from error
    return dict(fields)


def _work(fields: dict[str, Any]) -> Work:
    date = re.split(r"[/-]", str(fields.get("date") or fields.get("year") or fields.get("publication_year") or ""))
    return Work(
        title=str(fields.get("title") or fields.get("primary_title") or ""),
        text=str(fields.get("abstract") or fields.get("notes_abstract") or ""),
        authors=fields.get("authors") or fields.get("first_authors") or (),
        doi=str(fields.get("doi", "")),
        addresses=tuple(fields.get("urls", ())),
        published=day(date[0], "".join(date[1:2]), "".join(date[2:3])),
    )
