"""Posts to Slack: the only module that posts through slack_sdk, whose own retries are off because they post twice.

Every message carries its key as metadata (https://docs.slack.dev/messaging/message-metadata), so that one whose answer
was lost is found in the history of its conversation.
"""

import http.client
import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from core.delivery import Addressed, Receipt
from core.errors import DeliveryError, DeliveryRefused, DeliveryThrottled, DeliveryUnclear, SinkClosed
from digests.sinks import InDoubt

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackApiError

EVENT_TYPE = "nightdesk_post"
_TIMEOUT = 30
_PAGE = 200
_CONVERSATION = re.compile(r"[CGD][A-Z0-9]{6,}")
_MEMBER = re.compile(r"[UW][A-Z0-9]{6,}")
_KINDS = "public_channel,private_channel"
# The SDK would write every failure to stderr; the ledger says it once.
_QUIET = logging.getLogger("nightdesk.slack")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False
# Slack says of the first two that some of the work may have been done.
_UNCLEAR = frozenset(("fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"))
_CLOSED = {
    "not_authed": "no bot token is sent; set the environment variable that [slack] bot_token_env names",
    "invalid_auth": "the bot token is not valid; install the app again and set its new token",
    "account_inactive": "the bot token belongs to an app that was removed; install the app again",
    "token_revoked": "the bot token was revoked; install the app again",
    "token_expired": "the bot token has expired; install the app again",
    "not_allowed_token_type": "this is no bot token; use the one that begins with xoxb-",
}
_REFUSED = {
    "is_archived": "the channel is archived; unarchive it, or name another in the configuration",
    "not_in_channel": "nightdesk is not in the channel; type /invite @nightdesk there",
    "channel_not_found": "there is no such channel that nightdesk can see; if it is private, invite nightdesk",
    "users_not_found": "nobody in the workspace has this address",
    "user_not_found": "there is no such member in the workspace",
    "user_disabled": "this member has left the workspace",
    "thread_not_found": "the head of the digest was deleted, so that the rest has no thread to stand in",
    "restricted_action": "the workspace lets nobody but its admins post here",
    "msg_blocks_too_long": "Slack finds the message too long",
}


@dataclass(frozen=True, slots=True)
class Options:
    """The bot's token, and where the Web API is."""

    token: str = field(repr=False)
    base_url: str = "https://slack.com/api/"


def open_sink(options: Options) -> "Slack":
    """Return the way to a workspace; nothing is asked of it yet."""
    return Slack(options)


class Slack:
    """A workspace. Readers are channels (``#name`` or id) and people (member id or address)."""

    in_doubt: InDoubt = "look"
    pace = 1.0

    def __init__(self, options: Options) -> None:
        """Keep how to reach it."""
        self._options = options

    @cached_property
    def _client(self) -> "WebClient":
        from slack_sdk import WebClient

        return WebClient(
            self._options.token,
            base_url=self._options.base_url,
            timeout=_TIMEOUT,
            retry_handlers=[],
            logger=_QUIET,
        )

    @cached_property
    def _bot(self) -> str:
        return str(self._ask("auth.test")["bot_id"])

    @cached_property
    def _channels(self) -> list[dict[str, Any]]:
        pages = self._pages("conversations.list", types=_KINDS)
        return [channel for page in pages for channel in page["channels"]]

    def place_of(self, reader: str) -> str:
        """Return the id of the conversation with a reader."""
        if _CONVERSATION.fullmatch(reader):
            return reader
        if _MEMBER.fullmatch(reader):
            return self._direct(reader)
        if "@" in reader.lstrip("@"):
            return self._direct(self.member_of(reader))
        return self._channel(reader.lstrip("#").lower())

    def member_of(self, person: str) -> str:
        """Return the member id of a person, who is named by it or by an address."""
        return person if "@" not in person else str(self._ask("users.lookupByEmail", email=person)["user"]["id"])

    def _direct(self, member: str) -> str:
        return str(self._ask("conversations.open", users=member)["channel"]["id"])

    def _channel(self, name: str) -> str:
        found = next((one for one in self._channels if one["name"] == name), None)
        if found is not None:
            return str(found["id"])
        renamed = next((one["name"] for one in self._channels if name in one.get("previous_names", ())), None)
        if renamed:
            raise DeliveryRefused(f"the channel is called #{renamed} now; change the name in the configuration")
        raise DeliveryRefused(_REFUSED["channel_not_found"])

    def send(self, addressed: Addressed) -> Receipt:
        """Post a message; a reply goes into its thread."""
        thread = {"thread_ts": addressed.thread} if addressed.thread else {}
        links = {"unfurl_links": False, "unfurl_media": False}
        posted = self._ask("chat.postMessage", **_message(addressed), **thread, **links)
        return Receipt(str(posted["channel"]), str(posted["ts"]))

    def change(self, addressed: Addressed, ts: str) -> None:
        """Let a message that was posted say something else; it keeps its key."""
        self._ask("chat.update", ts=ts, **_message(addressed))

    def whisper(self, addressed: Addressed, user: str) -> None:
        """Show a message in a conversation to one person alone."""
        thread = {"thread_ts": addressed.thread} if addressed.thread else {}
        whole = _message(addressed)
        self._ask(
            "chat.postEphemeral", user=user, **thread, **{name: whole[name] for name in whole if name != "metadata"}
        )

    def find(self, addressed: Addressed, since: datetime) -> Receipt | None:
        """Look for a message in the history of its conversation, or of its thread."""
        where = {"channel": addressed.place, "oldest": f"{since.timestamp():.6f}", "include_all_metadata": True}
        method = "conversations.history"
        if addressed.thread:
            method, where["ts"] = "conversations.replies", addressed.thread
        told = (message for page in self._pages(method, **where) for message in page["messages"])
        found = next((message for message in told if self._is_ours(message, addressed.key)), None)
        return Receipt(addressed.place, str(found["ts"])) if found else None

    def _is_ours(self, message: dict[str, Any], key: str) -> bool:
        metadata = message.get("metadata", {})
        if metadata.get("event_type") != EVENT_TYPE or metadata.get("event_payload", {}).get("key") != key:
            return False
        return bool(message.get("bot_id") == self._bot)

    def _pages(self, method: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        page = self._ask(method, **arguments, limit=_PAGE)
        yield page
        while cursor := page.get("response_metadata", {}).get("next_cursor"):
            page = self._ask(method, **arguments, limit=_PAGE, cursor=cursor)
            yield page

    def _ask(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method once; raise the DeliveryError that says what its failure means."""
        from slack_sdk.errors import SlackApiError, SlackClientError

        form = "json" if method.startswith("chat.") else "params"
        try:
            answer = self._client.api_call(method, **{form: arguments})  # type: ignore[arg-type]
        except SlackApiError as error:
            raise _meaning(error) from error
        except (OSError, http.client.HTTPException, ValueError, SlackClientError) as error:
            raise DeliveryUnclear(f"no answer from Slack ({error})") from error
        if not isinstance(answer.data, dict):
            raise DeliveryUnclear("what Slack answered cannot be read")
        return answer.data


def _message(addressed: Addressed) -> dict[str, Any]:
    post = addressed.post
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": addressed.key}}
    blocks = {"blocks": [dict(block) for block in post.blocks]} if post.blocks else {}
    return {"channel": addressed.place, "text": post.text, **blocks, "metadata": metadata}


def _meaning(error: "SlackApiError") -> DeliveryError:
    answer = error.response
    if answer.status_code == 429:
        wait = str(answer.headers.get("Retry-After", ""))
        return DeliveryThrottled("Slack asked to come back later", wait=float(wait) if wait.isdigit() else 30.0)
    name = str(answer.get("error", ""))
    if answer.status_code != 200 or name in _UNCLEAR or not re.fullmatch(r"[a-z_0-9]+", name):
        return DeliveryUnclear(f"Slack failed ({answer.status_code}{f', {name}' if name in _UNCLEAR else ''})")
    if name == "missing_scope":
        return SinkClosed(f"the app lacks the scope {answer.get('needed')}; add it and install the app again")
    if name in _CLOSED:
        return SinkClosed(_CLOSED[name])
    return DeliveryRefused(_REFUSED.get(name) or f"Slack refuses it: {name}{_reasons(answer.data)}")


def _reasons(body: Any) -> str:
    told = body.get("response_metadata", {}).get("messages", []) if isinstance(body, dict) else []
    return f" ({'; '.join(map(str, told[:3]))})" if told else ""
