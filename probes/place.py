"""What environments of plain data share: tools that are methods, arguments checked, bounds, a snapshot."""

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, ClassVar

from core.lm import Tool
from probes.world import Effect, ToolFailed

LONGEST = 20_000
MOST = 1000
_LARGEST: Mapping[type, int] = {str: LONGEST, dict: LONGEST, int: 10**9}
_KINDS: Mapping[str, type] = {"string": str, "integer": int, "object": dict}
Schema = Mapping[str, Any]


def text(description: str) -> Schema:
    """Return the schema of a text."""
    return {"type": "string", "description": description}


def number(description: str) -> Schema:
    """Return the schema of a whole number."""
    return {"type": "integer", "description": description}


def tool(name: str, description: str, **properties: Schema) -> Tool:
    """Return a tool all of whose arguments are required."""
    return Tool(name, description, {"type": "object", "properties": properties, "required": list(properties)})


class Place:
    """An environment whose tool ``read_mail`` is its method ``_read_mail``, and whose whole state is ``now``."""

    offers: ClassVar[tuple[Tool, ...]] = ()

    def __init__(self, now: Mapping[str, Any]) -> None:
        """Begin with a copy of a state, of JSON values."""
        self.now: dict[str, Any] = _copied(now)
        self._effects: list[Effect] = []

    @property
    def tools(self) -> tuple[Tool, ...]:
        """What is offered."""
        return self.offers

    def call(self, tool: str, arguments: Mapping[str, Any], /) -> str:
        """Do what is asked. Raises ToolFailed."""
        properties = next(one for one in self.offers if one.name == tool).parameters["properties"]
        given = {name: _checked(name, arguments.get(name), schema) for name, schema in properties.items()}
        does: Callable[..., str] = getattr(self, f"_{tool}")
        return does(**given)

    def snapshot(self) -> object:
        """Return the state and what was done."""
        return _copied(self.now), tuple(self._effects)

    def restore(self, snapshot: Any, /) -> None:
        """Come back to a snapshot."""
        now, effects = snapshot
        self.now, self._effects = _copied(now), list(effects)

    def state(self) -> Mapping[str, Any]:
        """Return a copy of the state."""
        return _copied(self.now)

    def effects(self) -> Sequence[Effect]:
        """Return what was done."""
        return self._effects

    def did(self, kind: str, target: str, detail: str = "") -> str:
        """Note a difference and return its verb, which is what most tools answer."""
        self._effects.append(Effect(kind, target, detail))
        return kind

    def known(self, what: str, key: str) -> Any:
        """Return the record of a key. Raises ToolFailed when there is none."""
        if key not in self.now[what]:
            raise ToolFailed(f"{key!r:.80} is not among the {what}")
        return self.now[what][key]

    def room(self, what: str) -> None:
        """Raise ToolFailed when there are as many records as may be."""
        if len(self.now[what]) >= MOST:
            raise ToolFailed(f"there is no room for more {what}")


def _checked(name: str, value: Any, schema: Schema) -> Any:
    kind = _KINDS[schema["type"]]
    if not isinstance(value, kind) or isinstance(value, bool):
        raise ToolFailed(f"{name} has to be of the type {schema['type']}")
    if (abs(value) if isinstance(value, int) else len(str(value))) > _LARGEST[kind]:
        raise ToolFailed(f"{name} is too long or too large")
    return value


def _copied(data: Mapping[str, Any]) -> dict[str, Any]:
    return deepcopy(dict(data))
