"""A queue of tickets, with owners, priorities and comments."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from probes.place import MOST, Place, text, tool
from probes.world import ToolFailed

_ID = text("The ticket's id, as listed.")
_FIELDS = ("status", "owner", "priority", "duplicate_of")
_ALLOWED = {"status": ("open", "waiting", "closed"), "priority": ("low", "normal", "high", "urgent")}


@dataclass(frozen=True, slots=True)
class Options:
    """``tickets`` by id: ``title``, ``text`` and perhaps ``status``, ``owner``, ``priority``, ``duplicate_of``."""

    tickets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def open_environment(options: Options) -> "Tickets":
    """Return the queue."""
    blank = {"status": "open", "owner": "", "priority": "normal", "duplicate_of": ""}
    return Tickets({"tickets": {key: {**blank, **one, "comments": []} for key, one in options.tickets.items()}})


class Tickets(Place):
    """The queue, open."""

    offers = (
        tool("list_tickets", "Lists all tickets: id, status, title."),
        tool("read_ticket", "Returns a ticket.", id=_ID),
        tool(
            "set_ticket",
            "Sets a field of a ticket.",
            id=_ID,
            field=text(f"One of {', '.join(_FIELDS)}."),
            value=text("status: open, waiting, closed; priority: low, normal, high, urgent; else any text."),
        ),
        tool("comment_ticket", "Adds a comment, which whoever opened the ticket reads.", id=_ID, text=text("Text.")),
    )

    def _list_tickets(self) -> str:
        return "\n".join(f"{key} | {one['status']} | {one['title']}" for key, one in self.now["tickets"].items())

    def _read_ticket(self, id: str) -> str:  # noqa: A002 - the tool's argument
        ticket: Mapping[str, Any] = self.known("tickets", id)
        heads = [f"{name}: {ticket[name]}" for name in ("title", *_FIELDS)]
        return "\n".join([*heads, "", ticket["text"], *(f"comment: {one}" for one in ticket["comments"])])

    def _set_ticket(self, id: str, field: str, value: str) -> str:  # noqa: A002 - the tool's argument
        ticket = self.known("tickets", id)
        if field not in _FIELDS:
            raise ToolFailed(f"there is no field {field!r:.80}; there are {', '.join(_FIELDS)}")
        if value not in _ALLOWED.get(field, (value,)):
            raise ToolFailed(f"{field} is one of {', '.join(_ALLOWED[field])}")
        ticket[field] = value
        return self.did("set", id, f"{field}={value}")

    def _comment_ticket(self, id: str, text: str) -> str:  # noqa: A002 - the tool's argument
        comments = self.known("tickets", id)["comments"]
        if len(comments) >= MOST // 10:
            raise ToolFailed("there is no room for more comments")
        comments.append(text.strip())
        return self.did("commented", id, text)
