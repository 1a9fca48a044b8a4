"""A server on loopback that speaks the OpenAI embeddings protocol; its model counts letters."""

import json
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

LETTERS = "etaoinshrdlu"


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in place of the model's."""

    status: int
    body: bytes = b"{}"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Embeddings:
    """What the server was asked, and what it says instead of answering: ``next`` once each, in order."""

    url: str
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    next: deque[Said] = field(default_factory=deque)
    is_backwards: bool = False

    def answer(self, document: dict[str, Any]) -> Said:
        if self.next:
            return self.next.popleft()
        rows = [{"object": "embedding", "index": n, "embedding": counted(t)} for n, t in enumerate(document["input"])]
        data = rows[::-1] if self.is_backwards else rows
        return Said(200, json.dumps({"object": "list", "data": data, "model": document["model"]}).encode())


def counted(text: str) -> list[float]:
    return [3.0 * (1 + text.lower().count(letter)) for letter in LETTERS]


class _Handler(BaseHTTPRequestHandler):
    server: "_Server"

    def do_POST(self) -> None:
        told = self.server.told
        document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        told.asked.append({"path": self.path} | document)
        told.keys.append(self.headers.get("Authorization", ""))
        said = told.answer(document)
        self.send_response_only(said.status)
        for name, value in (("Content-Length", str(len(said.body))), *said.headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said.body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    told: Embeddings


@contextmanager
def open_embeddings() -> Iterator[Embeddings]:
    """Serve on a free port of loopback for as long as the context lasts."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.told = Embeddings(f"http://127.0.0.1:{server.server_address[1]}/v1")
        thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01))
        thread.start()
        try:
            yield server.told
        finally:
            server.shutdown()
            thread.join()
