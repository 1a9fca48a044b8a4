"""The exact text of a value inside a JSON document: what is to be replayed must never be parsed and written anew."""

import re
from json import JSONDecoder

_DECODE = JSONDecoder().raw_decode
_SPACE = re.compile(r"[ \t\n\r]*")


def member(document: str, *path: str | int) -> str | None:
    """Return the text of the value at a path of names and places, or None where there is none.

    The document must be valid JSON. Of a name that occurs twice the last one counts, as in every parser we meet.
    """
    start: int | None = _after_space(document, 0)
    for step in path:
        start = _found(document, start, step) if start is not None else None
    return None if start is None else document[start : _DECODE(document, start)[1]]


def _found(document: str, start: int, step: str | int) -> int | None:
    """Return where the value of a name or place begins within the object or list that begins at ``start``."""
    if document[start] != ("{" if isinstance(step, str) else "["):
        return None
    found, place, at = None, 0, _after_space(document, start + 1)
    while document[at] not in "}]":
        name: str | int = place
        if isinstance(step, str):
            name, at = _DECODE(document, at)
            at = _after_space(document, _after_space(document, at) + 1)
        found = at if name == step else found
        at = _after_space(document, _DECODE(document, at)[1])
        at = _after_space(document, at + 1) if document[at] == "," else at
        place += 1
    return found


def _after_space(document: str, at: int) -> int:
    space = _SPACE.match(document, at)
    return space.end() if space else at
