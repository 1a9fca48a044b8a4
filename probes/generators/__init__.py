"""Generators, each a function ``(random, parameters) -> Made``; modules are named ``<domain>_<what>``.

A generator draws from the ``random.Random`` that it is given and from nothing else: no clock, no environment, no order
of a set. Equal seeds give equal instances.
"""

import pkgutil
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import ConfigError
from probes.script import Script


@dataclass(frozen=True, slots=True)
class Made:
    """What a generator draws.

    ``values`` fill the ``{names}`` of the question's texts. ``expected`` is for the scorer. ``reference`` and ``wrong``
    are a text, or a script of calls. ``environment`` has options by environment, ``watch`` its keys, both beside those
    of the file.
    """

    values: Mapping[str, Any]
    expected: Mapping[str, Any]
    reference: str | Script
    wrong: str | Script
    environment: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    watch: Mapping[str, Any] = field(default_factory=dict)


Generator = Callable[[random.Random, Mapping[str, Any]], Made]


def generator(name: str) -> Generator:
    """Return the generator ``module:function`` of this package; with a dot, of any importable module.

    Raises ConfigError when there is none.
    """
    place = name if "." in name.partition(":")[0] else f"{__name__}.{name}"
    try:
        found: Generator = pkgutil.resolve_name(place)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"there is no generator {name!r} ({error})") from error
    if ":" not in name or not callable(found):
        raise ConfigError(f"the generator {name!r} is no function: write module:function")
    return found
