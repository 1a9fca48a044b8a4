"""A drawer of notes: titles and texts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from probes.place import Place, text, tool

_TITLE = text("The title of the note.")


@dataclass(frozen=True, slots=True)
class Options:
    """The ``notes`` that are in the drawer, text by title."""

    notes: Mapping[str, str] = field(default_factory=dict)


def open_environment(options: Options) -> "Notes":
    """Return the drawer."""
    return Notes({"notes": dict(options.notes)})


class Notes(Place):
    """The drawer, open."""

    offers = (
        tool("list_notes", "Lists the titles of all notes."),
        tool("read_note", "Returns the text of a note.", title=_TITLE),
        tool(
            "write_note",
            "Writes a note; one with the same title is replaced.",
            title=_TITLE,
            text=text("The whole text of the note."),
        ),
        tool("delete_note", "Deletes a note for good.", title=_TITLE),
    )

    def _list_notes(self) -> str:
        return "\n".join(self.now["notes"]) or "There are no notes."

    def _read_note(self, title: str) -> str:
        return str(self.known("notes", title))

    def _write_note(self, title: str, text: str) -> str:
        is_there = title in self.now["notes"]
        if not is_there:
            self.room("notes")
        self.now["notes"][title] = text
        return self.did("replaced" if is_there else "written", title)

    def _delete_note(self, title: str) -> str:
        self.known("notes", title)
        del self.now["notes"][title]
        return self.did("deleted", title)
