"""The menu that asks under which subject a story belongs, shown to whoever said that it is not of this one.

It is not kept anywhere. So its ``block_id`` tells which message and row it asks about, to be looked up there, and what
is chosen is the subject's slug.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.delivery import Post, Receipt
from digests.outside import plain_title
from digests.slack_actions import Told
from digests.slack_elements import actions, line, rich, select, text
from digests.slack_text import shortened

CHOOSE = "choose_subject"
_MOST_OPTIONS, _LONGEST_VALUE, _LONGEST_LABEL = 100, 150, 70
_ASKS_ABOUT = re.compile(r"move-([A-Z0-9]+)-([0-9.]+)-(story-[0-9a-f]+)")
_QUESTION = "Noted. Under which subject does it belong?"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen: the subject for the story whose row of buttons is ``row`` in a message."""

    message: Receipt
    row: str
    subject: str


def asked(told: Told, message: Receipt, subjects: Iterable[tuple[str, str]]) -> Post | None:
    """Return the question, or None where there is no other subject; ``subjects`` are slugs and names."""
    others = [(shortened(plain_title(name), _LONGEST_LABEL), slug) for slug, name in subjects if slug != told.subject]
    options = [(name, slug) for name, slug in others if len(slug) <= _LONGEST_VALUE][:_MOST_OPTIONS]
    if not options:
        return None
    row = actions(f"move-{message.place}-{message.id}-{told.block_id}", [select(CHOOSE, "Subject", options)])
    return Post(_QUESTION, (rich(line(text(_QUESTION))), row))


def chosen(action: Mapping[str, Any]) -> Chosen | None:
    """Return what was chosen in the menu, or None where something else was pressed."""
    about = _ASKS_ABOUT.fullmatch(str(action.get("block_id", "")))
    option = action.get("selected_option") or {}
    if about is None or action.get("action_id") != CHOOSE or not isinstance(option.get("value"), str):
        return None
    place, ts, row = about.groups()
    return Chosen(Receipt(place, ts), row, option["value"])
