"""A server on loopback that writes whatever a test wants to each connection, valid HTTP or not."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

Script = Callable[[socket.socket, Event], None]


def dripping(start: bytes, again: bytes, pause: float) -> Script:
    """Write ``start``, then ``again`` for as long as the client listens, ``pause`` seconds apart."""

    def write(connection: socket.socket, closing: Event) -> None:
        connection.recv(65536)
        connection.sendall(start)
        while not closing.wait(pause):
            connection.sendall(again)

    return write


@contextmanager
def open_raw(script: Script) -> Iterator[str]:
    """Serve on a free port of loopback for as long as the context lasts; yields the address."""
    closing = Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        thread = Thread(target=_serve, args=(server, script, closing))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.getsockname()[1]}/"
        finally:
            closing.set()
            thread.join()


def _serve(server: socket.socket, script: Script, closing: Event) -> None:
    while not closing.is_set():
        with suppress(OSError):
            connection, _ = server.accept()
            with connection:
                script(connection, closing)
