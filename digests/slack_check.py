"""Is Slack set up? Tokens, scopes, channels, people, clock and socket, each with what to do where it is not.

Nothing is posted but where ``try_posting`` is asked to.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Literal

from core.ports import Clock, system_clock
from digests.slack_workspace import INSTALL, NOT_JOINED, Refused, Workspace

if TYPE_CHECKING:
    from slack_sdk.web import SlackResponse

State = Literal["ok", "warning", "failed"]

SCOPES: Mapping[str, str] = {
    "channels:history": "look whether a message has arrived whose answer was lost",
    "channels:read": "find channels by their names",
    "chat:write": "post",
    "commands": "take /nightdesk",
    "groups:history": "look into private channels for a message whose answer was lost",
    "groups:read": "find private channels by their names",
    "im:history": "look into direct messages for one whose answer was lost",
    "im:read": "read direct messages to it",
    "im:write": "write to people",
    "reactions:read": "count thumbs as answers",
    "users:read": "name those who answered",
    "users:read.email": "find people by their mail addresses",
}
"""Every scope of the manifest, and what nightdesk cannot do without it."""

_MOST_SKEW = 30.0
_PERSON = re.compile(r"[UW][A-Z0-9]{6,}|[^@]+@.+")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check saw, and what to do where that is not as it should be."""

    name: str
    state: State
    what: str


def check(workspace: Workspace, clock: Clock = system_clock) -> Iterator[Finding]:
    """Yield what each check found; where Slack lets nobody in, the rest is not asked."""
    yield from _shapes(workspace)
    try:
        answer = workspace.ask("auth.test")
    except Refused as refused:
        yield Finding("bot token", "failed", str(refused))
    else:
        yield Finding("bot token", "ok", f"{answer['user']} in {answer['team']}")
        yield from _scopes(answer)
        yield _clock(answer, clock())
        yield from (_reader(workspace, name) for name in dict.fromkeys(workspace.readers))
    yield _socket(workspace)


def try_posting(workspace: Workspace) -> Iterator[Finding]:
    """Post a line to every reader, and yield whether it arrived."""
    for name in dict.fromkeys(workspace.readers):
        try:
            said = "nightdesk can post here. This is a test that `nightdesk doctor --slack --post` asked for."
            workspace.ask("chat.postMessage", {"channel": workspace.place(name), "text": said})
        except Refused as refused:
            yield Finding(f"post to {name}", "failed", str(refused))
        else:
            yield Finding(f"post to {name}", "ok", "a test message is there")


def _shapes(workspace: Workspace) -> Iterator[Finding]:
    tokens = (
        ("bot token", workspace.bot_token, "xoxb-", "Bot User OAuth Token, under OAuth & Permissions"),
        ("app token", workspace.app_token, "xapp-", "App-Level Token, under Basic Information"),
    )
    for name, token, start, where in tokens:
        if token and not token.startswith(start):
            yield Finding(name, "failed", f"begins with {token[:5]!r}, not with {start!r}: it is the {where}")


def _scopes(answer: "SlackResponse") -> Iterator[Finding]:
    held = {scope.strip() for scope in _header(answer, "X-OAuth-Scopes").split(",")} - {""}
    missing = [scope for scope in SCOPES if scope not in held]
    for scope in missing:
        yield Finding("scopes", "failed", f"without {scope} nightdesk cannot {SCOPES[scope]}; {INSTALL}")
    if not missing:
        yield Finding("scopes", "ok", f"all {len(SCOPES)} are there")
    if unneeded := sorted(held - SCOPES.keys()):
        yield Finding("scopes", "warning", f"not needed: {', '.join(unneeded)}; they can be taken away")


def _clock(answer: "SlackResponse", now: datetime) -> Finding:
    try:
        theirs = parsedate_to_datetime(_header(answer, "Date"))
    except ValueError:
        return Finding("clock", "warning", "Slack did not say what time it is")
    skew = (now - theirs).total_seconds()
    if abs(skew) > _MOST_SKEW:
        side = "ahead of" if skew > 0 else "behind"
        return Finding("clock", "failed", f"{abs(skew):,.0f} s {side} Slack's; set it, or digests come at a wrong hour")
    return Finding("clock", "ok", f"within {_MOST_SKEW:.0f} s of Slack's")


def _reader(workspace: Workspace, name: str) -> Finding:
    kind = f"{'person' if _PERSON.fullmatch(name) else 'channel'} {name}"
    try:
        place = workspace.place(name)
        channel = workspace.ask("conversations.info", {"channel": place})["channel"]
    except Refused as refused:
        return Finding(kind, "failed", str(refused))
    if channel.get("is_archived"):
        return Finding(kind, "failed", "is archived; unarchive it, or name another in the configuration")
    if not channel.get("is_im") and not channel.get("is_member"):
        return Finding(kind, "failed", NOT_JOINED)
    return Finding(kind, "ok", "can be written to" if channel.get("is_im") else f"{place}, joined")


def _socket(workspace: Workspace) -> Finding:
    if not workspace.app_token:
        what = "no app token: digests are posted, but nobody's clicks arrive; set [slack] app_token_env"
        return Finding("socket", "warning", what)
    try:
        opened = workspace.ask("apps.connections.open", token=workspace.app_token)
    except Refused as refused:
        return Finding(
            "socket", "failed", f"{refused}; the app token needs the scope connections:write, the app Socket Mode"
        )
    if not str(opened.get("url", "")).startswith(("ws://", "wss://")):
        return Finding("socket", "failed", "Slack gave no address to listen at; switch Socket Mode on")
    return Finding("socket", "ok", "clicks, reactions and /nightdesk can arrive")


def _header(answer: "SlackResponse", name: str) -> str:
    """Return a header, however Slack writes its name."""
    found = (value for key, value in answer.headers.items() if key.lower() == name.lower())
    return str(next(found, ""))
