"""What is typed into the list: words, phrases, ``-word``, and the command's options as ``kind:paper since:2026-06-01``.

A value that holds spaces stands in quotation marks. Where a value is not, or not yet, one that can be, nothing is
filtered by it and a line says what it may be.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, get_args

from core.types import Decision, ItemKind
from kb.filters import ANYTHING, Filter

NAMES = tuple(field.name for field in fields(Filter))
_FILTER = re.compile(rf'-?"[^"]*"|(?<!\S)({"|".join(NAMES)}):(?:"([^"]*)"?|(\S*))')
_CHOICES: dict[str, tuple[str, ...]] = {"kind": get_args(ItemKind), "decision": get_args(Decision)}
_DATES = ("since", "until")


@dataclass(frozen=True, slots=True)
class Typed:
    """A question, what its hits must be, and what is wrong with the filters."""

    query: str
    wanted: Filter = ANYTHING
    problems: tuple[str, ...] = ()


def read_typed(typed: str, subjects: Collection[str]) -> Typed:
    """Return what was typed; of a filter that is typed twice the last one counts."""
    wanted, problems = ANYTHING, []
    for match in _FILTER.finditer(typed):
        name, value = match[1], (match[2] if match[2] is not None else match[3] or "").strip()
        if name is None:
            continue
        try:
            wanted = _with(wanted, name, value, subjects)
        except ValueError as error:
            problems.append(str(error))
    query = _FILTER.sub(lambda match: " " if match[1] else match[0], typed)
    return Typed(" ".join(query.split()), wanted, tuple(problems))


def as_typed(wanted: Filter) -> str:
    """Return filters as they would be typed, with a space behind each."""
    return "".join(f"{name}:{_quoted(str(value))} " for name, value in _set(wanted))


def _set(wanted: Filter) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name in NAMES if (value := getattr(wanted, name)) is not None)


def _quoted(value: str) -> str:
    return f'"{value}"' if " " in value else value


def _with(wanted: Filter, name: str, value: str, subjects: Collection[str]) -> Filter:
    """Return the filter with one more value; raises ValueError, saying what it may be."""
    choices = tuple(subjects) if name == "subject" else _CHOICES.get(name)
    if choices is not None and value not in choices:
        raise ValueError(f"{name}: {', '.join(choices) or 'there is none'}")
    if not value:
        raise ValueError(f"{name}: whose?" if name == "author" else f"{name}: which?")
    checked: Any = _day(name, value) if name in _DATES else value
    return replace(wanted, **{name: checked})


def _day(name: str, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"{name}: a day such as 2026-06-01") from error
