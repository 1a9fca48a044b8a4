"""What Slack answers about a workspace, asked once, with what to do where it refuses."""

import http.client
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from core.errors import DeliveryError
from digests.sinks.slack import Options, Slack, open_sink

if TYPE_CHECKING:
    from slack_sdk import WebClient
    from slack_sdk.web import SlackResponse

INSTALL = "add it under OAuth & Permissions and install the app again"
NOT_JOINED = "nightdesk is not in the channel; type /invite @nightdesk there"
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_WHY: Mapping[str, str] = {
    "invalid_auth": "the token is not valid; install the app again and set its new token",
    "not_authed": "no token was sent",
    "account_inactive": "the app was removed from the workspace; install it again",
    "token_revoked": "the token was revoked; install the app again",
    "token_expired": "the token has expired; install the app again",
    "not_allowed_token_type": "this is the wrong kind of token",
    "ratelimited": "Slack asks to be asked later; try again in a minute",
    "not_in_channel": NOT_JOINED,
}
# The SDK would write every failure to stderr; the check says it once.
_QUIET = logging.getLogger("nightdesk.slack_workspace")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False


class Refused(Exception):
    """Slack said no, or nothing; the text says what to do."""


@dataclass(frozen=True)
class Workspace:
    """What is known of a workspace; ``readers`` are who gets digests: channels and people, as the sink takes them."""

    bot_token: str = field(repr=False)
    app_token: str = field(repr=False)
    readers: Sequence[str] = ()
    base_url: str = "https://slack.com/api/"

    @cached_property
    def client(self) -> "WebClient":
        """A client that asks once."""
        from slack_sdk import WebClient

        return WebClient(self.bot_token, base_url=self.base_url, timeout=20, retry_handlers=[], logger=_QUIET)

    @cached_property
    def _sink(self) -> Slack:
        return open_sink(Options(self.bot_token, self.base_url))

    def place(self, reader: str) -> str:
        """Return the id of the conversation with a reader, found as the sink finds it. Raises Refused."""
        try:
            return self._sink.place_of(reader)
        except DeliveryError as error:
            raise Refused(str(error)) from error

    def ask(self, method: str, arguments: Mapping[str, Any] = _NOTHING, token: str = "") -> "SlackResponse":
        """Call a method, with another token than the bot's where one is given. Raises Refused."""
        from slack_sdk.errors import SlackApiError, SlackClientError

        headers = {"Authorization": f"Bearer {token}"} if token else None
        try:
            return self.client.api_call(method, params=dict(arguments), headers=headers)
        except SlackApiError as error:
            raise Refused(_meaning(error)) from error
        except (OSError, http.client.HTTPException, ValueError, SlackClientError) as error:
            raise Refused(f"{self.base_url} cannot be reached ({error})") from error


def _meaning(error: Any) -> str:
    name = str(error.response.get("error", "")) or f"HTTP {error.response.status_code}"
    if name == "missing_scope":
        return f"the app lacks the scope {error.response.get('needed')}; {INSTALL}"
    return _WHY.get(name, f"Slack refuses it: {name}")
