"""From a TOML table to a dataclass or model, with errors in one line that name the key."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import fields
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.errors import ConfigError


def read_options(form: type, given: Mapping[str, Any], where: str) -> object:
    """Return the dataclass ``form`` made of a table.

    Raises ConfigError; ``where`` is the table's name, ``[scorer]``.
    """
    check_keys(given, [field.name for field in fields(form)], where)
    try:
        return _adapter(form).validate_python(dict(given))
    except ValidationError as error:
        raise ConfigError(first_problem(error, where)) from error


def check_keys(given: Iterable[str], known: Iterable[str], where: str = "") -> None:
    """Raise ConfigError when a key is not known, naming the nearest that is."""
    names = list(known)
    unknown = next((key for key in given if key not in names), None)
    if unknown is not None:
        raise ConfigError(f"{where}: unknown key {unknown!r}{nearest(unknown, names)}".removeprefix(": "))


def first_problem(error: ValidationError, where: str = "") -> str:
    """Return what is wrong first, in one line that names the key."""
    first = error.errors()[0]
    key = ".".join(str(step) for step in first["loc"])
    told = "is missing" if first["type"] in ("missing", "missing_argument") else first["msg"]
    return ": ".join(part for part in (where, key, told.removeprefix("Value error, ")) if part)


def nearest(word: str, known: list[str]) -> str:
    """Return the known word that may have been meant, or all of them, as the end of a sentence."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; there are {', '.join(known)}" if known else ""


@cache
def _adapter(form: type) -> TypeAdapter[Any]:
    return TypeAdapter(form)
