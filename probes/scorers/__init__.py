"""Scorers, one module each, found by its name.

A module of this package defines

- ``Options``, a frozen dataclass: the keys that ``[scorer]`` may have beside ``name``;
- ``score(answer, instance, options) -> Grade``: pure and deterministic, in bounded time whatever the answer is. It is
  called for ended answers only: what was refused by the host, truncated, timed out or empty never comes here.

A scorer that cannot tell says so by a state without a score; it never guesses.
"""

import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol, cast

from core.errors import ConfigError
from probes.attempt import Answer, Grade
from probes.instance import Instance
from probes.tables import read_options


class Scorer(Protocol):
    """What every module of this package offers."""

    Options: type

    def score(self, answer: Answer, instance: Instance, options: Any, /) -> Grade:
        """Return the grade of an answer."""
        ...


@cache
def scorers() -> tuple[str, ...]:
    """Return the names of all scorers, in alphabetical order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


@cache
def scorer(name: str) -> Scorer:
    """Return the module of a scorer.

    Raises ConfigError when there is none.
    """
    if name not in scorers():
        raise ConfigError(f"unknown scorer {name!r}; there are {', '.join(scorers())}")
    return cast("Scorer", pkgutil.resolve_name(f"{__name__}.{name}"))


def options_of(name: str, given: Mapping[str, Any]) -> object:
    """Return a scorer's options made of a table.

    Raises ConfigError that names the key.
    """
    return read_options(scorer(name).Options, given, "[scorer]")


def graded(answer: Answer, instance: Instance) -> Grade:
    """Return the grade that the instance's scorer gives."""
    return scorer(instance.scorer).score(answer, instance, instance.options)
