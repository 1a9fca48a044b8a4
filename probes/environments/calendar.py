"""A calendar of one team: events on days, which may overlap; whoever plans has to look."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from probes.place import Place, text, tool
from probes.world import ToolFailed

_ID = text("The event's id, as listed.")
_TIMES = {"day": text("The day's name."), "begins": text("HH:MM"), "ends": text("HH:MM")}
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Options:
    """``events`` by id, each with ``title``, ``day``, ``begins`` and ``ends``."""

    events: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def open_environment(options: Options) -> "Calendar":
    """Return the calendar."""
    return Calendar({"events": {key: dict(event) for key, event in options.events.items()}, "added": 0})


class Calendar(Place):
    """The calendar, open."""

    offers = (
        tool("list_events", "Lists the events of a day, in no order.", day=_TIMES["day"]),
        tool("add_event", "Adds an event.", title=text("Its title."), **_TIMES),
        tool("move_event", "Gives an event another time.", id=_ID, **_TIMES),
        tool("cancel_event", "Deletes an event for good.", id=_ID),
    )

    def _list_events(self, day: str) -> str:
        there = [(key, one) for key, one in self.now["events"].items() if one["day"] == day]
        return "\n".join(f"{key} | {one['begins']}-{one['ends']} | {one['title']}" for key, one in there) or "nothing"

    def _add_event(self, title: str, day: str, begins: str, ends: str) -> str:
        self.room("events")
        _check(begins, ends)
        self.now["added"] += 1
        key = f"new-{self.now['added']}"
        self.now["events"][key] = {"title": title, "day": day, "begins": begins, "ends": ends}
        return f"{self.did('added', key, title)} {key}"

    def _move_event(self, id: str, day: str, begins: str, ends: str) -> str:  # noqa: A002 - the tool's argument
        _check(begins, ends)
        self.known("events", id).update(day=day, begins=begins, ends=ends)
        return self.did("moved", id, f"{day} {begins}-{ends}")

    def _cancel_event(self, id: str) -> str:  # noqa: A002 - the tool's argument
        self.known("events", id)
        del self.now["events"][id]
        return self.did("deleted", id)


def _check(begins: str, ends: str) -> None:
    if not (_TIME.fullmatch(begins) and _TIME.fullmatch(ends) and begins < ends):
        raise ToolFailed("an event begins before it ends; times are written HH:MM")
