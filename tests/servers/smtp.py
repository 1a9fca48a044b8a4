"""A mail server on loopback that takes, refuses and hangs up as a test says."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread


@dataclass
class MailServer:
    """A server: ``answers`` replaces what it says to a command (END is the message's own), "" hangs up.

    ``mailbox`` is what it took.
    """

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    mailbox: list[bytes] = field(default_factory=list)


@contextmanager
def mail_server() -> Iterator[MailServer]:
    post = MailServer()

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 loopback\r\n")
            while line := self.rfile.readline():
                if not self._answer(line.decode().split()[0].upper()):
                    return

        def _answer(self, verb: str) -> bool:
            usual = {"EHLO": "250 loopback", "DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 ok")
            answer = post.answers.get(verb, usual)
            self.wfile.write(answer.encode() + b"\r\n" if answer else b"")
            if verb == "DATA" and answer.startswith("354"):
                return self._take()
            return bool(answer)

        def _take(self) -> bool:
            taken = b"".join(iter(self.rfile.readline, b".\r\n"))
            post.mailbox.append(taken)
            answer = post.answers.get("END", "250 taken")
            self.wfile.write(answer.encode() + b"\r\n" if answer else b"")
            return bool(answer)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        server.daemon_threads = True
        post.port = server.server_address[1]
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield post
        finally:
            server.shutdown()
