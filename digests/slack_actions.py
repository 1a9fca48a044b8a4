"""What a reader can answer to a story in Slack: the row of buttons under it, and what a press of one means.

Every button's ``value`` names the story. A choice of the menu is too short for that: its row's ``block_id`` tells.
Whoever takes a click looks the row up in the message as it was posted, so that no forged value reaches another story.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, get_args

from core.digest import DigestEntry
from digests.slack_elements import Block, actions, button, menu

Answer = Literal["useful", "not_useful", "why", "evidence", "wrong_subject", "less_of_source", "save", "take_back"]

MENU = "more"
_MOST_IN_VALUE = 2000
_IN_MENU: tuple[tuple[str, Answer], ...] = (
    ("Wrong subject…", "wrong_subject"),
    ("Less of this source", "less_of_source"),
    ("Save for later", "save"),
    ("Take back my answers", "take_back"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """Where a story was told: in which night's digest, under which subject."""

    night: date
    subject: str
    story_id: str

    @property
    def value(self) -> str:
        """What a button carries."""
        fields = {"night": self.night.isoformat(), "subject": self.subject, "story": self.story_id}
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":"))

    @property
    def block_id(self) -> str:
        """What the story's row of buttons is known by, the same in every letter."""
        return f"story-{hashlib.sha256(self.value.encode()).hexdigest()[:24]}"


def row(told: Told, entry: DigestEntry) -> list[Block]:
    """Return the row of buttons under a story; none where the story's id is too long for a button to carry."""
    if len(told.value) > _MOST_IN_VALUE:
        return []
    answers: list[tuple[str, Answer]] = [("👍 Useful", "useful"), ("👎 Not useful", "not_useful")]
    answers += [("Evidence", "evidence")] if entry.points else []
    answers += [("Why here?", "why")]
    buttons = [button(label, answer, told.value) for label, answer in answers]
    return [actions(told.block_id, [*buttons, menu(MENU, _IN_MENU)])]


def answered(posted: Iterable[Mapping[str, Any]], action: Mapping[str, Any]) -> tuple[Answer, Told] | None:
    """Return what a click says of which story, or None where the message that was posted has no such button.

    ``posted`` are the blocks of that message, ``action`` is an entry of ``actions`` in Slack's ``block_actions``.
    """
    block_id, action_id = action.get("block_id"), action.get("action_id")
    for block in posted:
        if block.get("type") == "actions" and block.get("block_id") == block_id:
            pressed = next((each for each in block["elements"] if each["action_id"] == action_id), None)
            answer = _answer(pressed, action) if pressed else None
            return (answer, _told(block["elements"][0]["value"])) if answer else None
    return None


def told_in(posted: Iterable[Mapping[str, Any]]) -> tuple[Told, ...]:
    """Return the stories that a message tells and takes answers to, in reading order."""
    return tuple(told for told in map(told_of_row, posted) if told)


def told_of_row(block: Mapping[str, Any]) -> Told | None:
    """Return the story whose row of buttons a block is, or None where it is none."""
    is_row = block.get("type") == "actions" and str(block.get("block_id", "")).startswith("story-")
    return _told(block["elements"][0]["value"]) if is_row else None


def _answer(pressed: Mapping[str, Any], action: Mapping[str, Any]) -> Answer | None:
    chosen = action.get("selected_option") or {}
    said = chosen.get("value") if pressed["type"] == "overflow" else pressed["action_id"]
    known: tuple[Answer, ...] = get_args(Answer)
    return next((answer for answer in known if answer == said), None)


def _told(value: str) -> Told:
    fields = json.loads(value)
    return Told(date.fromisoformat(fields["night"]), fields["subject"], fields["story"])
