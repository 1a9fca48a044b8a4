"""A mailbox: letters in folders, and what is sent from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from probes.place import Place, text, tool
from probes.world import ToolFailed

_ID = text("The letter's id, as listed.")
_FOLDERS = ("inbox", "archive", "spam", "trash")


@dataclass(frozen=True, slots=True)
class Options:
    """``letters`` by id, each with ``from``, ``subject``, ``text`` and perhaps a ``folder``, the inbox if not."""

    letters: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def open_environment(options: Options) -> "Mail":
    """Return the mailbox."""
    letters = {key: {"folder": "inbox", **letter} for key, letter in options.letters.items()}
    return Mail({"letters": letters, "sent": []})


class Mail(Place):
    """The mailbox, open."""

    offers = (
        tool("list_mail", "Lists a folder: id, sender, subject.", folder=text(f"One of {', '.join(_FOLDERS)}.")),
        tool("read_mail", "Returns a letter.", id=_ID),
        tool("send_mail", "Sends a letter.", to=text("One address."), subject=text("Subject."), text=text("The text.")),
        tool("file_mail", "Moves a letter to a folder.", id=_ID, folder=text(f"One of {', '.join(_FOLDERS)}.")),
        tool("delete_mail", "Deletes a letter for good.", id=_ID),
    )

    def _list_mail(self, folder: str) -> str:
        inside = {key: one for key, one in self.now["letters"].items() if one["folder"] == _folder(folder)}
        return "\n".join(f"{key} | {one['from']} | {one['subject']}" for key, one in inside.items()) or "empty"

    def _read_mail(self, id: str) -> str:  # noqa: A002 - the tool's argument
        letter: Mapping[str, Any] = self.known("letters", id)
        return f"From: {letter['from']}\nSubject: {letter['subject']}\n\n{letter['text']}"

    def _send_mail(self, to: str, subject: str, text: str) -> str:
        self.room("sent")
        if "@" not in to or "," in to or " " in to.strip():
            raise ToolFailed(f"{to!r:.80} is not one address")
        self.now["sent"].append({"to": to.strip().lower(), "subject": subject.strip(), "text": text.strip()})
        return self.did("sent", to.strip().lower(), f"{subject}\n{text}")

    def _file_mail(self, id: str, folder: str) -> str:  # noqa: A002 - the tool's argument
        self.known("letters", id)["folder"] = _folder(folder)
        return self.did("filed", id, folder)

    def _delete_mail(self, id: str) -> str:  # noqa: A002 - the tool's argument
        self.known("letters", id)
        del self.now["letters"][id]
        return self.did("deleted", id)


def _folder(name: str) -> str:
    if name not in _FOLDERS:
        raise ToolFailed(f"there is no folder {name!r:.80}; there are {', '.join(_FOLDERS)}")
    return name
