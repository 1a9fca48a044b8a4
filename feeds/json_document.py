"""JSON answers of listings to items; a row that cannot be read is named and costs only itself."""

import json
from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, ValidationError

from core.errors import Unreadable
from core.sources import Reading
from core.types import Item
from feeds.answer import Document
from feeds.text import collapse

A = TypeVar("A")

Plain = Annotated[str, AfterValidator(collapse)]
"""A field of a row that is shown as it is, without unseen characters."""


def read_json(document: Document) -> Any:
    """Return the decoded answer.

    Raises Unreadable when it is not JSON.
    """
    try:
        return json.loads(document.body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not JSON: {error}") from error


def read_rows(rows: object, read_row: Callable[[Any], Item | None]) -> Reading:
    """Return the items of a list of rows; ``read_row`` returns None for a row that is none.

    Raises Unreadable when ``rows`` is no list.
    """
    items, problems = parse_rows(rows, read_row)
    return Reading(tuple(item for item in items if item is not None), problems)


def parse_rows(rows: object, parse: Callable[[Any], A]) -> tuple[tuple[A, ...], tuple[str, ...]]:
    """Return what a list of rows holds, and the names of the rows at which ``parse`` raised ValidationError.

    Raises Unreadable when ``rows`` is no list.
    """
    if not isinstance(rows, list):
        raise Unreadable("JSON, but not the list that this kind of source answers")
    parsed, problems = [], []
    for number, row in enumerate(rows, 1):
        try:
            parsed.append(parse(row))
        except ValidationError as error:
            first = error.errors()[0]
            problems.append(f"row {number}: {'.'.join(map(str, first['loc'])) or 'it'}: {first['msg']}")
    return tuple(parsed), tuple(problems)
