"""The loopback Slack: its Web API and Socket Mode on one port, in a thread of this process.

It enforces what the real one does, keeps history with metadata, and fails where a script says so.
"""

import asyncio
import json
import time
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Any, TypeVar

from aiohttp import web

from tests.servers.slack.faults import Fault, Script
from tests.servers.slack.methods import BOT, METHODS, ApiError, check_scope
from tests.servers.slack.schema import interactive
from tests.servers.slack.socket_mode import Envelope, Sockets
from tests.servers.slack.workspace import APP_TOKEN, BOT_TOKEN, Workspace

T = TypeVar("T")
Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True)
class Call:
    """A call as it came: its method, arguments, and what became of it (an error's name, or "")."""

    method: str
    arguments: Mapping[str, Any]
    error: str
    fault: Fault | None


@dataclass
class Slack:
    """The running server. ``faults`` may be set at any time; ``calls`` is everything that was asked."""

    workspace: Workspace = field(default_factory=Workspace)
    faults: Script | None = None
    calls: list[Call] = field(default_factory=list)
    sockets: Sockets = field(default_factory=Sockets)
    port: int = 0
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _late: set["asyncio.Task[None]"] = field(default_factory=set)

    @property
    def base_url(self) -> str:
        """What a client is given in the place of https://slack.com/api/."""
        return f"http://127.0.0.1:{self.port}/api/"

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """Return what stands in a conversation, the oldest first, threads included."""
        return self._within(self._copied(channel))

    async def _copied(self, channel: str) -> list[dict[str, Any]]:
        return list(self.workspace.channels[channel].messages)

    def settle(self) -> None:
        """Wait until everything has taken effect that a fault put off."""
        self._within(self._settled())

    async def _settled(self) -> None:
        await asyncio.gather(*self._late)

    def send(self, kind: str, payload: dict[str, Any]) -> Envelope:
        """Send an envelope with any payload."""
        return self._within(self.sockets.send(kind, payload))

    def press(self, user: str, message: tuple[str, str], action_id: str, option: str = "") -> Envelope:
        """Press a button of a message (channel, ts), or choose an option of a menu by its value; sent over the socket.

        Raises LookupError when the message has no such element.
        """
        return self._within(self._press(user, message, action_id, option))

    async def _press(self, user: str, message: tuple[str, str], action_id: str, option: str) -> Envelope:
        channel, ts = message
        told = self.workspace.find(channel, ts)
        if told is None:
            raise LookupError(f"there is no message {ts} in {channel}")
        action = _pressed(told.get("blocks", ()), action_id, option)
        payload = {
            "type": "block_actions",
            "user": {"id": user, "username": getattr(self.workspace.members.get(user), "name", "stranger")},
            "api_app_id": BOT["app_id"],
            "team": {"id": BOT["team_id"]},
            "container": {"type": "message", "message_ts": ts, "channel_id": channel},
            "channel": {"id": channel},
            "message": told,
            "trigger_id": self.workspace.new_trigger(),
            "response_url": f"http://127.0.0.1:{self.port}/respond/{channel}/{ts}",
            "actions": [action | {"action_ts": self.workspace.new_ts()}],
        }
        return await self.sockets.send("interactive", payload)

    def choose(self, user: str, answer: Mapping[str, Any], action_id: str, option: str) -> Envelope:
        """Choose an option in an answer that one person saw, an entry of ``workspace.responses``."""
        return self._within(self._choose(user, answer, action_id, option))

    async def _choose(self, user: str, answer: Mapping[str, Any], action_id: str, option: str) -> Envelope:
        channel, ts = answer["channel"], self.workspace.new_ts()
        payload = {
            "type": "block_actions",
            "user": {"id": user},
            "container": {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": True},
            "channel": {"id": channel},
            "response_url": f"http://127.0.0.1:{self.port}/respond/{channel}/{ts}",
            "actions": [_pressed(answer["blocks"], action_id, option) | {"action_ts": self.workspace.new_ts()}],
        }
        return await self.sockets.send("interactive", payload)

    def react(self, user: str, message: tuple[str, str], reaction: str, kind: str = "reaction_added") -> Envelope:
        """Put a reaction under a message, or take it away (``reaction_removed``); told over the socket."""
        item = {"type": "message", "channel": message[0], "ts": message[1]}
        event = {"type": kind, "user": user, "reaction": reaction, "item": item, "item_user": BOT["user_id"]}
        return self._within(self._tell(event))

    async def _tell(self, event: dict[str, Any]) -> Envelope:
        event = {**event, "event_ts": self.workspace.new_ts()}
        names = {"type": "event_callback", "team_id": BOT["team_id"], "api_app_id": BOT["app_id"]}
        return await self.sockets.send("events_api", {**names, "event": event, "event_id": f"Ev{event['event_ts']}"})

    def command(self, user: str, channel: str, text: str) -> Envelope:
        """Type ``/nightdesk`` and a text into a conversation."""
        return self._within(self._command(user, channel, text))

    async def _command(self, user: str, channel: str, text: str) -> Envelope:
        payload = {
            "command": "/nightdesk",
            "text": text,
            "user_id": user,
            "channel_id": channel,
            "team_id": BOT["team_id"],
            "api_app_id": BOT["app_id"],
            "trigger_id": self.workspace.new_trigger(),
            "response_url": f"http://127.0.0.1:{self.port}/respond/{channel}/command",
        }
        return await self.sockets.send("slash_commands", payload, accepts_response=True)

    def send_again(self, envelope: Envelope) -> None:
        """Send an envelope a second time."""
        self._within(self.sockets.again(envelope))

    def refresh(self) -> None:
        """Ask the clients to connect anew, as Slack does every few hours."""
        self._within(self.sockets.refresh())

    def drop_sockets(self) -> None:
        """Break the clients' connections."""
        self._within(self.sockets.drop())

    def _within(self, work: Coroutine[Any, Any, T]) -> T:
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return future.result(10)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            arguments = await _arguments(request)
        except ConnectionError:  # who asked was killed in the middle
            return web.Response()
        fault = self.faults(method, arguments) if self.faults else None
        if fault is None:
            return self._written(request, self._call(method, arguments, request, None))
        return await self._broken(request, method, arguments, fault)

    async def _broken(
        self, request: web.Request, method: str, arguments: Mapping[str, Any], fault: Fault
    ) -> web.StreamResponse:
        """Fail as a fault says; what is accepted later is accepted all the same."""
        answer: Answer = (200, {"ok": True})
        if fault.accepts == "before":
            answer = self._call(method, arguments, request, fault)
        else:
            self.calls.append(Call(method, arguments, "", fault))
        if fault.accepts == "after":
            self._accept_later(method, arguments, request, fault)
        if fault.status:
            return _failed(fault)
        await asyncio.sleep(fault.hold)
        return _cut(request, self._written(request, answer), fault.cut)

    def _accept_later(self, method: str, arguments: Mapping[str, Any], request: web.Request, fault: Fault) -> None:
        async def accept() -> None:
            await asyncio.sleep(fault.delay)
            self._call(method, arguments, request, fault)

        task = self._loop.create_task(accept())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    def _call(self, method: str, arguments: Mapping[str, Any], request: web.Request, fault: Fault | None) -> Answer:
        try:
            self._check_token(method, arguments, request)
            if self._is_too_much(method, arguments):
                answer: Answer = (429, {"ok": False, "error": "ratelimited"})
            else:
                answer = (200, {"ok": True, **self._result(method, arguments)})
        except ApiError as error:
            answer = (200, error.body)
        self.calls.append(Call(method, arguments, str(answer[1].get("error", "")), fault))
        return answer

    def _result(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        if method == "apps.connections.open":
            return {"url": f"ws://127.0.0.1:{self.port}/link/?ticket={self.sockets.new_ticket()}"}
        offer = METHODS[method]
        check_scope(self.workspace, offer, arguments)
        return offer.call(self.workspace, arguments)

    def _check_token(self, method: str, arguments: Mapping[str, Any], request: web.Request) -> None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(arguments.get("token", ""))
        if not given:
            raise ApiError("not_authed")
        if given not in (BOT_TOKEN, APP_TOKEN):
            raise ApiError("invalid_auth")
        if method not in METHODS and method != "apps.connections.open":
            raise ApiError("unknown_method", req_method=method)
        if (given == APP_TOKEN) != (method == "apps.connections.open"):
            raise ApiError("not_allowed_token_type")

    def _is_too_much(self, method: str, arguments: Mapping[str, Any]) -> bool:
        """Allow a message a second in each conversation."""
        if method != "chat.postMessage":
            return False
        named, now = str(arguments.get("channel")), time.monotonic()
        channel = self.workspace.channels.get(named)
        if channel is None or now - channel.last_post < self.workspace.second:
            return channel is not None
        channel.last_post = now
        return False

    def _written(self, _request: web.Request, answer: Answer) -> web.Response:
        status, body = answer
        headers = {"X-OAuth-Scopes": ",".join(self.workspace.scopes), "X-Slack-Req-Id": f"loop{len(self.calls)}"}
        if status == 429:
            headers["Retry-After"] = "1"
        return web.json_response(body, status=status, headers=headers)

    async def _respond(self, request: web.Request) -> web.Response:
        """Take what is sent to a response_url."""
        place = {"channel": request.match_info["channel"], "ts": request.match_info["ts"]}
        self.workspace.responses.append({**place, **await request.json()})
        return web.Response(text="ok")

    def application(self) -> web.Application:
        """Return the web application."""
        application = web.Application(client_max_size=16 * 2**20)
        application.router.add_route("*", "/api/{method}", self._answer)
        application.router.add_get("/link/", self.sockets.serve)
        application.router.add_post("/respond/{channel}/{ts}", self._respond)
        return application


async def _arguments(request: web.Request) -> dict[str, Any]:
    """Return the arguments of a call: from its address, and from a form or JSON."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        return {**given, **(json.loads(await request.text() or "{}"))}
    given.update({name: value for name, value in (await request.post()).items() if isinstance(value, str)})
    nested = [name for name in ("blocks", "metadata", "view") if name in given]
    return {**given, **{name: json.loads(given[name]) for name in nested}}


def _failed(fault: Fault) -> web.Response:
    if fault.status == 429:
        headers = {"Retry-After": str(fault.retry_after)}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    return web.Response(status=fault.status, text="<html>upstream connect error</html>", content_type="text/html")


def _cut(request: web.Request, answer: web.Response, length: int) -> web.Response:
    """Write the first bytes of an answer, and leave."""
    body = answer.body if isinstance(answer.body, bytes) else b""
    lines = [f"HTTP/1.1 {answer.status} OK", f"Content-Length: {len(body)}", "Content-Type: application/json"]
    whole = "\r\n".join([*lines, "", ""]).encode() + body
    if transport := request.transport:
        transport.write(whole[: min(length, len(whole) - 1)])
        transport.close()
    return web.Response()


def _pressed(blocks: Any, action_id: str, option: str) -> dict[str, Any]:
    """Return the action that Slack would tell of; raise LookupError where no element has the id and option."""
    for block in blocks:
        for element in interactive(block):
            if element.get("action_id") != action_id:
                continue
            told = {"type": element["type"], "action_id": action_id, "block_id": block.get("block_id", "")}
            if not option:
                return told | ({"value": element["value"]} if "value" in element else {})
            chosen = [one for one in element.get("options", ()) if one["value"] == option]
            if chosen:
                return told | {"selected_option": chosen[0]}
    raise LookupError(f"no element {action_id} {option} in the message")


@contextmanager
def loopback_slack(workspace: Workspace | None = None, port: int = 0) -> Iterator[Slack]:
    """Run a Slack while the block lasts."""
    slack = Slack(workspace or Workspace())
    ready, stop = Event(), asyncio.Event()
    thread = Thread(target=lambda: slack._loop.run_until_complete(_run(slack, port, (ready, stop))))
    thread.start()
    try:
        if not ready.wait(10):
            raise RuntimeError("the loopback Slack did not start")
        yield slack
    finally:
        slack._loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        slack._loop.close()


async def _run(slack: Slack, port: int, signs: tuple[Event, asyncio.Event]) -> None:
    ready, stop = signs
    runner = web.AppRunner(slack.application(), shutdown_timeout=0.2, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    slack.port = runner.addresses[0][1]
    ready.set()
    await stop.wait()
    for late in tuple(slack._late):
        late.cancel()
    await slack.sockets.drop()
    await runner.cleanup()
