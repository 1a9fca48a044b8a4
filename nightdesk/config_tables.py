"""What the tables of the configuration have in common: what a text in them may be, and how a mistake is told."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text that is not empty."""

ClockTime = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""A time of day."""


class Table(BaseModel):
    """A table of the file; a key that it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid")


def first_problem(error: ValidationError, table: Mapping[str, Any], model: type[BaseModel]) -> str:
    """Return the first thing that is wrong in a table that should have been a ``model``, and where it is."""
    # An unknown key is told before the missing one that it was meant to be.
    first = min(error.errors(), key=lambda problem: problem["type"] != "extra_forbidden")
    where = " ".join(_place(first["loc"], table))
    key = str(first["loc"][-1]) if first["loc"] else ""
    if first["type"] == "extra_forbidden":
        return f"{where}: {unknown_key(key, _known_keys(first['loc'], model))}".removeprefix(": ")
    if first["type"] == "missing":
        return f"{where}: the key {key!r} is missing".removeprefix(": ")
    return f"{where}: {key}: {first['msg'].removeprefix('Value error, ')}".removeprefix(": ")


def _place(location: tuple[int | str, ...], table: Mapping[str, Any]) -> Iterator[str]:
    """Name the table that a problem is in: ``[llm]``, or ``[[subject]] 2 (agents)``."""
    if len(location) < 2:
        return
    head, second = location[0], location[1]
    if isinstance(second, int):
        entry = table[str(head)][second]
        name = entry.get("slug") or entry.get("name") if isinstance(entry, dict) else None
        yield f"[[{head}]] {second + 1}" + (f" ({name})" if name else "")
    else:
        yield f"[{'.'.join(str(part) for part in location[:-1])}]"


def _known_keys(location: tuple[int | str, ...], model: type[BaseModel]) -> list[str]:
    for step in location[:-1]:
        if isinstance(step, str):
            model = _table_in(model.model_fields[step].annotation)
    return [field.alias or name for name, field in model.model_fields.items()]


def _table_in(annotation: Any) -> type[BaseModel]:
    """Return the table of ``Table``, ``Table | None`` and ``list[Table]``."""
    table: type[BaseModel] = next(one for one in (annotation, *get_args(annotation)) if hasattr(one, "model_fields"))
    return table


def unknown_key(key: str, known: list[str]) -> str:
    """Tell that there is no such key, and which may be meant."""
    return f"unknown key {key!r}{nearest(key, known)}"


def nearest(word: str, known: list[str]) -> str:
    """Return the end of a sentence about a word that is not known: which one is, or which are."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(known)}" if known else ""
