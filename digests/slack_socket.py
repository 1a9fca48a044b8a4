"""Hears what people do in Slack over Socket Mode: the only module that uses slack_sdk.socket_mode.

An envelope is acknowledged before anything else is done with it; one whose acknowledgement is lost is left to Slack,
which sends it again. Connections end every few hours, at Slack's wish or without a word, and are made anew.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import http.client
import logging
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from digests.slack_events import Event, event_of

if TYPE_CHECKING:
    from slack_sdk.errors import SlackApiError
    from slack_sdk.socket_mode.builtin import SocketModeClient
    from slack_sdk.socket_mode.client import BaseSocketModeClient
    from slack_sdk.socket_mode.request import SocketModeRequest

Tell = Callable[[str], None]

_LOOK = 0.5
_WAITS = (1.0, 2.0, 5.0, 15.0, 60.0)
# The SDK would write every step to stderr; what matters is told once.
_QUIET = logging.getLogger("nightdesk.slack_socket")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False
_CLOSED = {
    "not_authed": "no app token is sent",
    "invalid_auth": "the app token is not valid; make one under Basic Information, App-Level Tokens",
    "token_revoked": "the app token was revoked; make one under Basic Information, App-Level Tokens",
    "account_inactive": "the app was removed from the workspace; install it again",
    "not_allowed_token_type": "this is no app token; use the one that begins with xapp-",
    "missing_scope": "the app token lacks the scope connections:write; make one that has it",
    "forbidden_team": "the workspace does not let this app in",
}


@dataclass(frozen=True, slots=True)
class SocketOptions:
    """The app's token, and where the Web API is."""

    token: str = field(repr=False)
    base_url: str = "https://slack.com/api/"


class Socket:
    """A connection that is kept open in threads of its own until it is closed.

    ``take`` gets each event, in any of several threads, and must not wait long; ``tell`` gets a line where the
    connection is made, lost, or cannot be made.
    """

    def __init__(self, options: SocketOptions, take: Callable[[Event], None], tell: Tell) -> None:
        """Keep how to connect; nothing is opened yet."""
        self._options, self._take, self._tell = options, take, tell
        self._stop = threading.Event()
        self._was_open = False
        self._keeper = threading.Thread(target=self._keep_open, name="slack-socket", daemon=True)

    def open(self) -> None:
        """Begin to connect, and return at once."""
        self._keeper.start()

    def stop(self) -> None:
        """Take nothing any more; the connection closes by itself."""
        self._stop.set()

    def close(self, seconds: float) -> bool:
        """Stop, and wait for the connection's end; return whether it came in time."""
        self._stop.set()
        self._keeper.join(seconds)
        return not self._keeper.is_alive()

    def _keep_open(self) -> None:
        client = self._client()
        try:
            failures = 0
            while not self._stop.is_set():
                failures = 0 if _is_alive(client) else self._connect(client, failures)
                self._stop.wait(_WAITS[min(failures, len(_WAITS)) - 1] if failures else _LOOK)
        finally:
            _hang_up(client)

    def _client(self) -> "SocketModeClient":
        from slack_sdk import WebClient
        from slack_sdk.socket_mode.builtin import SocketModeClient

        web = WebClient(base_url=self._options.base_url, timeout=20, retry_handlers=[], logger=_QUIET)
        # Its own way of connecting anew asks with a bad token for ever.
        client = SocketModeClient(self._options.token, _QUIET, web, auto_reconnect_enabled=False)
        client.socket_mode_request_listeners.append(self._hear)
        return client

    def _connect(self, client: "SocketModeClient", failures: int) -> int:
        """Try to connect; return how often in a row that has failed."""
        why = self._why_not(client)
        if not why:
            if failures or not self._was_open:
                self._tell("hearing clicks from Slack")
            self._was_open = True
            return 0
        if failures == 0:
            self._tell(f"clicks from Slack are not heard: {why}")
        return failures + 1

    def _why_not(self, client: "SocketModeClient") -> str:
        """Connect; return what keeps it from being done, or ""."""
        from slack_sdk.errors import SlackApiError, SlackClientError

        try:
            client.connect_to_new_endpoint()
        except SlackApiError as error:
            return self._refused(error)
        except (OSError, http.client.HTTPException, ValueError, SlackClientError) as error:
            return f"Slack is not reached ({error}); tried again"
        return "" if client.is_connected() else "Slack takes no connection; tried again"

    def _refused(self, error: "SlackApiError") -> str:
        name = str(error.response.get("error", ""))
        if name in _CLOSED:
            self._stop.set()
            return _CLOSED[name]
        return f"Slack refuses it: {name or error.response.status_code}; tried again"

    def _hear(self, client: "BaseSocketModeClient", request: "SocketModeRequest") -> None:
        from slack_sdk.errors import SlackClientError
        from slack_sdk.socket_mode.response import SocketModeResponse

        if self._stop.is_set():
            return  # nobody would work it any more; Slack sends it again to whoever listens next
        try:
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id))
        except (OSError, SlackClientError):
            return
        try:
            event = event_of(request.type, request.payload)
        except ValueError as error:
            self._tell(f"Slack sent what cannot be read, {request.type}: {error}")
            return
        if event is not None:
            self._take(event)


def _is_alive(client: "SocketModeClient") -> bool:
    """Tell whether the connection carries anything; the client alone notices a broken one after half a minute."""
    session = client.current_session
    if session is None or not session.is_active():
        return False
    try:
        session.ping("nightdesk")
    except OSError:
        session.disconnect()
    return session.is_active()


def _hang_up(client: "SocketModeClient") -> None:
    """End the connection; the client alone would first wait for three seconds whether more is read."""
    session = client.current_session
    if session is not None and session.sock is not None:
        with suppress(OSError):
            session.sock.shutdown(socket.SHUT_RDWR)
    client.close()
