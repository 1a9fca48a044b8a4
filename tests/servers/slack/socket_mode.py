"""Socket Mode: envelopes to whoever listens, acknowledged or sent again, over a WebSocket that Slack renews at will."""

import asyncio
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from tests.servers.slack.methods import BOT


@dataclass
class Envelope:
    """What was sent, and when and with what payload it was acknowledged."""

    id: str
    type: str
    payload: dict[str, Any]
    accepts_response: bool
    sent: list[float] = field(default_factory=list)
    acknowledged: float | None = None
    response: dict[str, Any] | None = None

    @property
    def seconds(self) -> float | None:
        """How long the first acknowledgement took."""
        return None if self.acknowledged is None else self.acknowledged - self.sent[0]

    def written(self) -> dict[str, Any]:
        """Return it as it travels."""
        again = {"retry_attempt": len(self.sent) - 1, "retry_reason": "timeout"} if len(self.sent) > 1 else {}
        names = {"envelope_id": self.id, "type": self.type, "accepts_response_payload": self.accepts_response}
        return {**names, "payload": self.payload, **again}


@dataclass
class Sockets:
    """The open connections and the envelopes of a workspace; used within the server's loop only."""

    tickets: set[str] = field(default_factory=set)
    open: list[web.WebSocketResponse] = field(default_factory=list)
    envelopes: dict[str, Envelope] = field(default_factory=dict)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def new_ticket(self) -> str:
        """Return what one connection is opened with."""
        ticket = f"ticket-{next(self._numbers)}"
        self.tickets.add(ticket)
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Speak with one client until either side leaves."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=404, text="ticket unknown or used")
        self.tickets.remove(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.open.append(socket)
        await socket.send_json({"type": "hello", "connection_info": {"app_id": BOT["app_id"]}, **self._told()})
        for envelope in [one for one in self.envelopes.values() if one.acknowledged is None]:
            await self._give(envelope, socket)
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(message.json())
        finally:
            self.open.remove(socket)
        return socket

    def _told(self) -> dict[str, Any]:
        debug = {"host": "loopback", "approximate_connection_time": 18060}
        return {"num_connections": len(self.open), "debug_info": debug}

    def _acknowledge(self, told: dict[str, Any]) -> None:
        envelope = self.envelopes.get(str(told.get("envelope_id")))
        if envelope and envelope.acknowledged is None:
            envelope.acknowledged, envelope.response = time.monotonic(), told.get("payload")

    async def send(self, kind: str, payload: dict[str, Any], *, accepts_response: bool = False) -> Envelope:
        """Send an envelope to one of the connections; while there is none it waits for the next."""
        envelope = Envelope(f"envelope-{next(self._numbers)}", kind, payload, accepts_response)
        self.envelopes[envelope.id] = envelope
        if self.open:
            await self._give(envelope, self.open[0])
        return envelope

    async def again(self, envelope: Envelope) -> None:
        """Send an envelope once more, as Slack does when no acknowledgement reached it."""
        await self._give(envelope, self.open[0])

    async def _give(self, envelope: Envelope, socket: web.WebSocketResponse) -> None:
        envelope.sent.append(time.monotonic())
        await socket.send_json(envelope.written())

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every client to connect anew, and leave."""
        for socket in list(self.open):
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "loopback"}})
            await socket.close()

    async def drop(self) -> None:
        """Leave every client without a word."""
        for socket in list(self.open):
            transport = socket.get_extra_info("socket") and socket._req and socket._req.transport
            if transport:
                transport.abort()
        await asyncio.sleep(0)
