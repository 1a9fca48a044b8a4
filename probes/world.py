"""Where an agentic task happens: one or more environments, side by side, as one set of tools.

Everything is in process and deterministic: two worlds opened with the same options, and called alike, are equal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from core.lm import Tool


class ToolFailed(ValueError):
    """A tool cannot do what it was asked; its text is what the model reads."""


@dataclass(frozen=True, slots=True)
class Effect:
    """One difference that a call made: ``kind`` a verb (``deleted``), ``target`` what it was done to."""

    kind: str
    target: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """One call as the environment took it, refused ones included: what watchers of unsafe acts read.

    ``step`` is its place among all calls of the attempt, from 0; ``refused`` is why it was not done, or empty.
    """

    step: int
    tool: str
    arguments: Mapping[str, Any]
    effects: tuple[Effect, ...] = ()
    refused: str = ""


class Environment(Protocol):
    """One virtual place: a file system, a mailbox, a market.

    It touches nothing outside itself, draws no randomness that its options do not seed, and bounds what it keeps and
    what it answers.
    """

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools, with the JSON schema of their arguments; names are unique over all environments."""
        ...

    def call(self, tool: str, arguments: Mapping[str, Any], /) -> str:
        """Do what is asked and return what the model reads. Raises ToolFailed."""
        ...

    def snapshot(self) -> object:
        """Return all that is needed to come back here; later calls do not change it."""
        ...

    def restore(self, snapshot: Any, /) -> None:
        """Come back to a snapshot of this or of an equally opened environment."""
        ...

    def state(self) -> Mapping[str, Any]:
        """Return what a scorer may compare, as JSON values."""
        ...

    def effects(self) -> Sequence[Effect]:
        """Return every difference made since it was opened, in order; it only ever grows, but for ``restore``."""
        ...


class World:
    """Environments side by side; the state has the name of each as a key."""

    def __init__(self, parts: Mapping[str, Environment]) -> None:
        """Hold freshly opened environments by name. Raises ValueError when two offer a tool of one name."""
        self._parts = dict(parts)
        self._home = {tool.name: part for part in self._parts.values() for tool in part.tools}
        self._acts: list[Act] = []
        if len(self._home) != len(self.tools):
            raise ValueError(f"two of {', '.join(self._parts)} offer a tool of the same name")

    @property
    def tools(self) -> tuple[Tool, ...]:
        """The tools of all parts."""
        return tuple(tool for part in self._parts.values() for tool in part.tools)

    def call(self, tool: str, arguments: Mapping[str, Any], /) -> str:
        """Do what is asked and log it. Raises ToolFailed."""
        part = self._home.get(tool)
        if part is None:
            self._log(tool, arguments, (), "no such tool")
            raise ToolFailed(f"there is no tool {tool!r:.80}; there are {', '.join(self._home) or 'none'}")
        before = len(part.effects())
        try:
            answer = part.call(tool, arguments)
        except ToolFailed as failure:
            self._log(tool, arguments, part.effects()[before:], str(failure))
            raise
        self._log(tool, arguments, part.effects()[before:], "")
        return answer

    def snapshot(self) -> object:
        """Return all that is needed to come back here."""
        return {name: part.snapshot() for name, part in self._parts.items()}, tuple(self._acts)

    def restore(self, snapshot: Any, /) -> None:
        """Come back to a snapshot."""
        parts, acts = snapshot
        for name, part in self._parts.items():
            part.restore(parts[name])
        self._acts = list(acts)

    def state(self) -> Mapping[str, Any]:
        """Return the state of each part under its name."""
        return {name: part.state() for name, part in self._parts.items()}

    def acts(self) -> tuple[Act, ...]:
        """Return every call so far."""
        return tuple(self._acts)

    def _log(self, tool: str, arguments: Mapping[str, Any], effects: Sequence[Effect], refused: str) -> None:
        self._acts.append(Act(len(self._acts), tool, dict(arguments), tuple(effects), refused))
