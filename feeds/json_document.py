"""JSON answers of listings to items; a row that cannot be read is named and costs only itself."""

import json
from collections.abc import Callable, Iterable
from typing import Annotated, Any

from pydantic import AfterValidator, ValidationError

from core.errors import Unreadable
from core.types import Item, Reading
from feeds.http import Document
from feeds.text import collapse

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
    if not isinstance(rows, list):
        raise Unreadable("JSON, but not the list that this kind of source answers")
    items, problems = [], []
    for number, row in enumerate(rows, 1):
        try:
            items.append(read_row(row))
        except ValidationError as error:
            first = error.errors()[0]
            problems.append(f"row {number}: {'.'.join(map(str, first['loc'])) or 'it'}: {first['msg']}")
    return Reading(_present(items), tuple(problems))


def _present(items: Iterable[Item | None]) -> tuple[Item, ...]:
    return tuple(item for item in items if item is not None)
