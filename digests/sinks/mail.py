"""Sends mail by SMTP. A mail server keeps no history that could be asked: what may have gone out is not sent again.

The Message-ID is made from the post's key, so that mailboxes that got two copies all the same can know them for one.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.policy import SMTP
from hashlib import sha256
from typing import Literal

from core.delivery import Addressed, Receipt
from core.errors import DeliveryError, DeliveryRefused, DeliveryThrottled, DeliveryUnclear, SinkClosed
from digests.sinks import InDoubt

_TIMEOUT = 60
_LATER = 300.0


@dataclass(frozen=True, slots=True)
class Options:
    """The server that takes the mail. ``tls`` says how the line is protected: from the start, by STARTTLS, or not."""

    host: str
    port: int
    sender: str
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: str = field(default="", repr=False)


def open_sink(options: Options) -> "Mail":
    """Return the way through a mail server; it is not connected to yet."""
    return Mail(options)


def message_id(key: str, sender: str) -> str:
    """Return the Message-ID of a post: the same in every run."""
    domain = sender.rpartition("@")[2].strip("<> ") or "nightdesk.invalid"
    return f"<{sha256(key.encode()).hexdigest()[:32]}@{domain}>"


class Mail:
    """A mail server. Readers are addresses; a post's text is the whole message as it travels."""

    in_doubt: InDoubt = "ask"
    pace = 0.0

    def __init__(self, options: Options) -> None:
        """Keep how to reach it."""
        self._options = options

    def place_of(self, reader: str) -> str:
        """Return the address."""
        return reader

    def send(self, addressed: Addressed) -> Receipt:
        """Hand a message to the server."""
        message = message_from_bytes(addressed.post.text.encode(), policy=SMTP)
        if "Message-ID" not in message:
            message["Message-ID"] = message_id(addressed.key, self._options.sender)
        with self._line() as server:
            try:
                server.send_message(message, self._options.sender, [addressed.place])
            except (OSError, smtplib.SMTPException) as error:
                raise _meaning(error) from error
        return Receipt(addressed.place, message["Message-ID"])

    def find(self, addressed: Addressed, since: datetime) -> Receipt | None:  # noqa: ARG002 - the contract's
        """Know of nothing: SMTP has no history."""
        return None

    @contextmanager
    def _line(self) -> Iterator[smtplib.SMTP]:
        """Give a server that has let us in; what fails before that has sent nothing."""
        try:
            server = self._connected()
        except smtplib.SMTPAuthenticationError as error:
            raise SinkClosed(f"{self._options.host} does not accept the user and password of [mail]") from error
        except ssl.SSLError as error:
            raise SinkClosed(f"no protected line to {self._options.host} ({error.reason}); see [mail] tls") from error
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryThrottled(f"{self._options.host} cannot be reached ({error})", wait=_LATER) from error
        try:
            yield server
        finally:
            server.close()

    def _connected(self) -> smtplib.SMTP:
        options = self._options
        server = self._plain() if options.tls != "tls" else self._protected()
        if options.tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if options.user:
            server.login(options.user, options.password)
        return server

    def _plain(self) -> smtplib.SMTP:
        return smtplib.SMTP(self._options.host, self._options.port, timeout=_TIMEOUT)

    def _protected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(self._options.host, self._options.port, timeout=_TIMEOUT, context=context)


def _meaning(error: Exception) -> DeliveryError:
    """Return what a failure while sending means; only the server's own no is one."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(error.recipients.values()))
        return _refusal(code, said)
    if isinstance(error, smtplib.SMTPResponseException):
        return _refusal(error.smtp_code, error.smtp_error)
    return DeliveryUnclear(f"the mail server left without an answer ({error})")


def _refusal(code: int, said: bytes | str) -> DeliveryError:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    if 400 <= code < 500:
        return DeliveryThrottled(f"the mail server asked to come back later ({code} {words})", wait=_LATER)
    if code in (530, 534, 535):
        return SinkClosed(f"the mail server does not let us in ({code} {words})")
    return DeliveryRefused(f"the mail server refuses it ({code} {words})")
