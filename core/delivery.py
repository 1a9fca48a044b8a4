"""What is told to whom: a letter is all that one reader gets through one sink in one night, cut into posts.

A letter is composed once and kept; every post of it has a key that is the same in every run, so that what may have been
sent already can be recognised.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

DeliveryState = Literal["pending", "trying", "sent", "unknown"]
"""``trying`` may have arrived, and is looked for before it is sent again; ``unknown`` may have, and nobody can look."""


@dataclass(frozen=True, slots=True)
class Post:
    """One message. ``text`` alone must read well: it is what notifications and screen readers tell.

    In Slack ``blocks`` are Block Kit, and one ``in_thread`` is a reply to the letter's first post. For mail ``text`` is
    the whole message as it travels, for a feed the whole file.
    """

    text: str
    blocks: tuple[Mapping[str, Any], ...] = ()
    in_thread: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """All that one reader gets of a night, the posts in reading order; the first is the head of the thread.

    ``reader`` is who the sink sends to: a channel's or person's id or name, a mail address, a file. ``topic`` tells
    apart two letters to one reader, such as two subjects of one channel; ``title`` is what people call the letter.
    """

    sink: str
    reader: str
    night: date
    posts: tuple[Post, ...]
    topic: str = ""
    title: str = ""

    @property
    def key(self) -> str:
        """What this letter is known by, in every run."""
        return ":".join(filter(None, (self.sink, self.reader, self.night.isoformat(), self.topic)))

    def post_key(self, place: int) -> str:
        """Return what the post at a place, counted from 0, is known by."""
        return f"{self.key}:{place}"


@dataclass(frozen=True, slots=True)
class Addressed:
    """A post on its way: its key, where to, and the receipt's ``id`` of the post that it replies to."""

    key: str
    place: str
    post: Post
    thread: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Where a post arrived: for Slack the channel's id and the message's ``ts``, for mail its Message-ID."""

    place: str
    id: str


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One line of the ledger of deliveries: how far a letter has come, and what keeps the rest."""

    sink: str
    reader: str
    night: date
    title: str
    state: DeliveryState
    sent: int
    posts: int
    why: str
    at: datetime
