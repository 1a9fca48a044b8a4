"""The hosts themselves: HTTP/1.1 on a free port of loopback, with a path for each serving.

``Hosts.script`` decides every answer: a function from the request, or a list taken from its head. A host refuses what
real ones refuse, and, being strict, any assistant's message that is not to the byte one that it sent.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any, Literal

from tests.servers.lm.asked import Asked, heard_to_the_byte, refusal_of, to_the_byte
from tests.servers.lm.spoken import SERVINGS, Serving, Spoken, counted_of, said_in, thinking_in, written

_PATHS = {"openai": "/chat/completions", "anthropic": "/v1/messages"}
_BYTES_A_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that is no message.

    ``cut`` breaks off in the middle of the body, ``hang_up`` before the first byte; ``drip`` writes a space that often,
    in seconds, and never ends.
    """

    status: int = 500
    body: Any = field(default_factory=lambda: {"error": {"message": "unknown error, 999 (1000)", "type": "api_error"}})
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    cut: bool = False
    hang_up: bool = False
    drip: float = 0.0

    @staticmethod
    def throttled(after: str = "") -> "Fault":
        """429, with Retry-After as it stands."""
        body = {"type": "error", "error": {"type": "rate_limit_error", "message": "rate limit exceeded(RPM) (1002)"}}
        return Fault(429, body, (("Retry-After", after),) if after else ())

    @staticmethod
    def no_balance(status: int) -> "Fault":
        """Code 1008, in error.message, or in base_resp under 200."""
        words = "insufficient balance"
        if status == 200:
            return Fault(200, {"base_resp": {"status_code": 1008, "status_msg": words}})
        return Fault(
            status, {"type": "error", "error": {"type": "insufficient_balance_error", "message": f"{words} (1008)"}}
        )


Said = Spoken | Fault
Script = Callable[[Asked], Said]


@dataclass
class Hosts:
    """The hosts, what they were asked, and what it costs (``bills``, as Spoken's usage).

    ``strict`` refuses what is not replayed to the byte. ``drops_thinking`` counts no tokens for thoughts that come
    back, as hosts that drop them. ``prompt_cache`` counts the longest beginning that was asked before as cached.
    """

    port: int
    script: Script | list[Said]
    model: str = "MiniMax-M2"
    answers_as: str = ""
    strict: bool = True
    drops_thinking: bool = False
    prompt_cache: bool = False
    latency: float = 0.0
    asked: list[Asked] = field(default_factory=list)
    bills: list[tuple[int, int, int]] = field(default_factory=list)
    most_at_once: int = 0
    _sent: set[str] = field(default_factory=set)
    _seen: list[str] = field(default_factory=list)
    at_once: int = 0
    _lock: Lock = field(default_factory=Lock)

    def url(self, serving: Serving) -> str:
        """Return the base_url of a serving."""
        return f"http://127.0.0.1:{self.port}/{serving}{'' if SERVINGS[serving] == 'anthropic' else '/v1'}"

    def answer(self, serving: Serving, asked: Asked) -> tuple[Fault, bytes]:
        """Return the answer to a request as a status and a body."""
        with self._lock:
            self.asked.append(asked)
            said = self._decided(asked)
        if isinstance(said, Fault):
            body = said.body if isinstance(said.body, bytes) else json.dumps(said.body).encode()
            return said, body
        counted = counted_of(said, *self._prompt(asked))
        body, message = written(said, serving, self.answers_as or self.model, None if said.usage is None else counted)
        with self._lock:
            self.bills.append(counted)
            self._sent.add(repr(to_the_byte(json.dumps(message))))
        return Fault(200, delay=said.delay, cut=said.cut), body

    def _decided(self, asked: Asked) -> Said:
        why = refusal_of(asked) or (self._altered(asked) if self.strict else "")
        if why:
            return Fault(400, {"type": "error", "error": {"type": "bad_request_error", "message": why}})
        if asked.body["model"] != self.model:
            return Fault(404, {"error": {"message": f"unknown model {asked.body['model']}", "type": "not_found_error"}})
        if callable(self.script):
            return self.script(asked)
        return self.script.pop(0) if self.script else Fault(500, {"error": {"message": "the script is at its end"}})

    def _altered(self, asked: Asked) -> str:
        for place, message in enumerate(heard_to_the_byte(asked.text, asked.protocol)):
            if repr(message) not in self._sent:
                return f"assistant message {place} is not the one that was sent: {asked.heard[place]!r:.300}"
        return ""

    def _prompt(self, asked: Asked) -> tuple[int, int]:
        """Return how many tokens were asked, and how many of them the cache had."""
        told = "\n".join(
            [json.dumps([asked.tools, asked.system]), *(self._written(asked, one) for one in asked.body["messages"])]
        )
        with self._lock:
            common = max((_common(told, earlier) for earlier in self._seen), default=0) if self.prompt_cache else 0
            self._seen = [*self._seen[-20:], told]
        return len(told) // _BYTES_A_TOKEN + 1, common // _BYTES_A_TOKEN

    def _written(self, asked: Asked, message: Any) -> str:
        """Return a message as a template writes it."""
        if message["role"] != "assistant":
            return json.dumps(message).replace(', "cache_control": {"type": "ephemeral"}', "")
        heard = message["content"] if asked.protocol == "anthropic" else message
        return ("" if self.drops_thinking else thinking_in(heard)) + said_in(heard)

    def count(self, step: Literal[1, -1]) -> None:
        """Note that a request came or went."""
        with self._lock:
            self.at_once += step
            self.most_at_once = max(self.most_at_once, self.at_once)


def _common(one: str, other: str) -> int:
    place = 0
    while place < min(len(one), len(other)) and one[place : place + 64] == other[place : place + 64]:
        place += 64
    return min(place, len(one), len(other))


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        self.server.hosts.count(1)
        try:
            self._post()
        finally:
            self.server.hosts.count(-1)

    def _post(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        due = time.monotonic() + self.server.hosts.latency
        serving, protocol = self._serving()
        if serving is None:
            return self._write(Fault(404), b'{"error": {"message": "no such path"}}')
        hosts = self.server.hosts
        fault, body = hosts.answer(serving, Asked(protocol, dict(self.headers.items()), json.loads(text), text))
        self.server.closing_wait(fault.delay + max(0.0, due - time.monotonic()))
        if fault.hang_up:
            self.close_connection = True
            return None
        return self._drip(fault) if fault.drip else self._write(fault, body)

    def _serving(self) -> tuple[Serving | None, str]:
        for serving, protocol in SERVINGS.items():
            base = f"/{serving}" if protocol == "anthropic" else f"/{serving}/v1"
            if self.path.split("?")[0] == base + _PATHS[protocol]:
                return serving, protocol
        return None, ""

    def _write(self, fault: Fault, body: bytes) -> None:
        self.send_response_only(fault.status)
        self.send_header("Date", self.date_time_string())
        self.send_header("Content-Type", "application/json")
        for name, value in fault.headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2] if fault.cut else body)
        self.close_connection = self.close_connection or fault.cut

    def _drip(self, fault: Fault) -> None:
        self.send_response_only(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while not self.server.closing_wait(fault.drip):
            self.wfile.write(b" ")
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    hosts: Hosts
    closing = False

    def closing_wait(self, seconds: float) -> bool:
        """Wait, and tell whether the server closes."""
        time.sleep(seconds)
        return self.closing

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients here hang up on purpose."""


@contextmanager
def open_hosts(script: Script | list[Said], port: int = 0, **settings: Any) -> Iterator[Hosts]:
    """Serve on loopback for as long as the context lasts; ``settings`` are those of Hosts."""
    with _Server(("127.0.0.1", port), _Handler) as server:
        server.hosts = Hosts(server.server_address[1], script, **settings)
        thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01))
        thread.start()
        try:
            yield server.hosts
        finally:
            server.closing = True
            server.shutdown()
            thread.join()
