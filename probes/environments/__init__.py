"""Environments, one module each, found by its name.

A module of this package defines

- ``Options``, a frozen dataclass: the keys that ``[environment.<name>]`` may have;
- ``open_environment(options) -> probes.world.Environment``: freshly opened, cheap enough for hundreds a second.
"""

import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol, cast

from core.errors import ConfigError
from probes.tables import read_options
from probes.world import Environment


class EnvironmentKind(Protocol):
    """What every module of this package offers."""

    Options: type

    def open_environment(self, options: Any, /) -> Environment:
        """Return a fresh environment."""
        ...


@cache
def environments() -> tuple[str, ...]:
    """Return the names of all environments, in alphabetical order."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))


@cache
def environment(name: str) -> EnvironmentKind:
    """Return the module of an environment.

    Raises ConfigError when there is none.
    """
    if name not in environments():
        raise ConfigError(f"unknown environment {name!r}; there are {', '.join(environments()) or 'none'}")
    return cast("EnvironmentKind", pkgutil.resolve_name(f"{__name__}.{name}"))


def options_of(name: str, given: Mapping[str, Any]) -> object:
    """Return an environment's options made of a table.

    Raises ConfigError that names the key.
    """
    return read_options(environment(name).Options, given, f"[environment.{name}]")
