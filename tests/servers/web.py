"""A web server on loopback whose answers a test writes down, path by path."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    host: str
    target: str
    headers: "Message[str, str]"

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))


@dataclass(frozen=True, slots=True)
class Scripted:
    """An answer; it comes after ``delay`` seconds, and breaks off in the middle of the body when ``cut``."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    cut: bool = False


Script = Scripted | Callable[[Asked], Scripted]


@dataclass
class Web:
    """What the server answers, by ``/path`` or ``//host/path``, with or without query, and what it was asked."""

    port: int
    answers: dict[str, Script] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    closing: Event = field(default_factory=Event)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def says(self, path: str, body: bytes = b"", /, status: int = 200, **headers: str) -> str:
        """Script an answer and return its address; ``content_type="text/html"`` sets the header Content-Type."""
        named = tuple((name.replace("_", "-").title(), value) for name, value in headers.items())
        self.answers[path] = Scripted(body, status, named)
        return self.url(path)

    def answer_to(self, asked: Asked) -> Scripted:
        keys = (f"//{asked.host}{asked.target}", asked.target)
        script = next((self.answers[key] for key in _widened(keys) if key in self.answers), Scripted(b"nothing", 404))
        answer = script if isinstance(script, Scripted) else script(asked)
        return Scripted(b"", 304, answer.headers) if _is_known(asked, answer) else answer


def _widened(keys: tuple[str, ...]) -> Iterator[str]:
    for key in keys:
        yield key
        yield key.split("?", 1)[0]


def _is_known(asked: Asked, answer: Scripted) -> bool:
    """Compare byte for byte, as the strictest servers do; If-None-Match goes before If-Modified-Since."""
    has = {name.lower(): value for name, value in answer.headers}
    for condition, validator in (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified")):
        if condition in asked.headers:
            return answer.status == 200 and asked.headers[condition] == has.get(validator)
    return False


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        asked = Asked(self.headers.get("Host", ""), self.path, self.headers)
        self.server.web.asked.append(asked)
        answer = self.server.web.answer_to(asked)
        self.server.web.closing.wait(answer.delay)
        self.send_response_only(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2] if answer.cut else answer.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    web: Web

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients here hang up on purpose."""


@contextmanager
def open_web() -> Iterator[Web]:
    """Serve on a free port of loopback for as long as the context lasts."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.web = Web(server.server_address[1])
        thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01))
        thread.start()
        try:
            yield server.web
        finally:
            server.web.closing.set()
            server.shutdown()
            thread.join()


class ToLoopback(httpx.BaseTransport):
    """Carries requests for any host to a server on loopback, which sees the host by its name."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._onward = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        address = self._web.url(request.url.raw_path.decode())
        there = httpx.Request(request.method, address, headers=request.headers, extensions=request.extensions)
        return self._onward.handle_request(there)

    def close(self) -> None:
        self._onward.close()
