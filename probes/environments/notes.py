"""A drawer of notes: titles and texts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.lm import Tool
from probes.world import Effect, ToolFailed

_MOST_NOTES = 1000
_LONGEST = 20_000
_TITLE = {"type": "string", "description": "The title of the note."}
_TEXT = {"type": "string", "description": "The whole text of the note."}


def _tool(name: str, description: str, **properties: Any) -> Tool:
    return Tool(name, description, {"type": "object", "properties": properties, "required": list(properties)})


_TOOLS = (
    _tool("list_notes", "Lists the titles of all notes."),
    _tool("read_note", "Returns the text of a note.", title=_TITLE),
    _tool("write_note", "Writes a note; one with the same title is replaced.", title=_TITLE, text=_TEXT),
    _tool("delete_note", "Deletes a note for good.", title=_TITLE),
)


@dataclass(frozen=True, slots=True)
class Options:
    """The ``notes`` that are in the drawer, text by title."""

    notes: Mapping[str, str] = field(default_factory=dict)


def open_environment(options: Options) -> "Notes":
    """Return the drawer."""
    return Notes(options.notes)


class Notes:
    """The drawer, open."""

    def __init__(self, notes: Mapping[str, str]) -> None:
        """Put the notes in."""
        self._notes = dict(notes)
        self._effects: list[Effect] = []
        self._does: dict[str, Callable[..., str]] = {
            "list_notes": self._list,
            "read_note": self._read,
            "write_note": self._write,
            "delete_note": self._delete,
        }

    @property
    def tools(self) -> tuple[Tool, ...]:
        """Four tools."""
        return _TOOLS

    def call(self, tool: str, arguments: Mapping[str, Any], /) -> str:
        """Do what is asked. Raises ToolFailed."""
        given = {
            name: arguments.get(name) for name in next(one for one in _TOOLS if one.name == tool).parameters["required"]
        }
        for name, value in given.items():
            if not isinstance(value, str):
                raise ToolFailed(f"{name} has to be a text")
        return self._does[tool](**given)

    def snapshot(self) -> object:
        """Return the notes and what was done to them."""
        return dict(self._notes), tuple(self._effects)

    def restore(self, snapshot: Any, /) -> None:
        """Come back to a snapshot."""
        notes, effects = snapshot
        self._notes, self._effects = dict(notes), list(effects)

    def state(self) -> Mapping[str, Any]:
        """Return the notes, text by title."""
        return {"notes": dict(self._notes)}

    def effects(self) -> Sequence[Effect]:
        """Return what was written and deleted."""
        return self._effects

    def _list(self) -> str:
        return "\n".join(self._notes) or "There are no notes."

    def _read(self, title: str) -> str:
        return self._notes[self._known(title)]

    def _write(self, title: str, text: str) -> str:
        if len(text) > _LONGEST or len(title) > _LONGEST or len(self._notes) >= _MOST_NOTES:
            raise ToolFailed("the drawer is full: a note has at most 20,000 characters")
        done = "replaced" if title in self._notes else "written"
        self._notes[title] = text
        self._effects.append(Effect(done, title))
        return done

    def _delete(self, title: str) -> str:
        del self._notes[self._known(title)]
        self._effects.append(Effect("deleted", title))
        return "deleted"

    def _known(self, title: str) -> str:
        if title not in self._notes:
            raise ToolFailed(f"there is no note {title!r:.80}")
        return title
