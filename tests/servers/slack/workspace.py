"""A Slack workspace in memory: who and what is in it, what was posted, and what was pressed."""

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

BOT_TOKEN, APP_TOKEN = "xoxb-loopback", "xapp-loopback"
BOT_SCOPES = (
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "reactions:read",
    "reactions:write",
    "users:read",
    "users:read.email",
)


@dataclass
class Member:
    """A person."""

    id: str
    name: str
    email: str = ""
    deleted: bool = False
    tz: str = "Europe/Paris"


@dataclass
class Channel:
    """A conversation: public (C), private (G), or a direct message (D) with one person."""

    id: str
    name: str = ""
    is_private: bool = False
    is_member: bool = True
    is_archived: bool = False
    user: str = ""
    previous_names: list[str] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    last_post: float = float("-inf")

    @property
    def prefix(self) -> str:
        """What the scopes of this kind of conversation begin with."""
        return "im" if self.user else "groups" if self.is_private else "channels"


@dataclass
class Workspace:
    """The state behind the methods; ``second`` is how long Slack's second lasts, so that tests need not wait."""

    second: float = 1.0
    scopes: tuple[str, ...] = BOT_SCOPES
    channels: dict[str, Channel] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    ephemerals: list[dict[str, Any]] = field(default_factory=list)
    views: list[dict[str, Any]] = field(default_factory=list)
    responses: list[dict[str, Any]] = field(default_factory=list)
    triggers: set[str] = field(default_factory=set)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    _last_ts: int = 0

    def add_channel(self, name: str, **state: Any) -> Channel:
        """Make a channel, public and joined unless told otherwise."""
        prefix = "G" if state.get("is_private") else "C"
        return self._keep(Channel(f"{prefix}0LOOP{next(self._numbers):04}", name.lstrip("#"), **state))

    def add_member(self, name: str, email: str = "") -> Member:
        """Make a person."""
        member = Member(f"U0LOOP{next(self._numbers):04}", name, email)
        self.members[member.id] = member
        return member

    def direct(self, user: str) -> Channel:
        """Return the direct conversation with a person, made when it is first needed."""
        found = next((channel for channel in self.channels.values() if channel.user == user), None)
        return found or self._keep(Channel(f"D0LOOP{next(self._numbers):04}", user=user))

    def _keep(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        return channel

    def rename(self, channel: Channel, name: str) -> None:
        """Give a channel another name."""
        channel.previous_names.append(channel.name)
        channel.name = name.lstrip("#")

    def new_ts(self) -> str:
        """Return the time of a message, later than that of any other."""
        self._last_ts = max(self._last_ts + 1, time.time_ns() // 1000)
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"

    def find(self, channel: str, ts: str) -> dict[str, Any] | None:
        """Return a message."""
        return next((told for told in self.channels[channel].messages if told["ts"] == ts), None)

    def new_trigger(self) -> str:
        """Return a trigger that opens one view."""
        trigger = f"{next(self._numbers)}.loopback"
        self.triggers.add(trigger)
        return trigger
