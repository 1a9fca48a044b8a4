"""Every sink is found by its name and keeps the contract; mail goes through a real SMTP server on loopback."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from core.delivery import Addressed, Post
from core.errors import DeliveryError, DeliveryRefused, DeliveryThrottled, DeliveryUnclear, SinkClosed
from digests.sinks import Sink, kinds, sink_module
from digests.sinks.mail import message_id
from tests.servers.slack import BOT_TOKEN, Workspace, loopback_slack
from tests.servers.smtp import MailServer, mail_server

SINCE = datetime(2026, 10, 13, tzinfo=UTC)
MAIL = "Subject: The night\r\nTo: ana@team.example\r\n\r\nTwo stories.\r\n"


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[tuple[Sink, str, Post]]:
    """Give a working sink, a reader of it, and a post that it can send."""
    if kind == "slack":
        with loopback_slack(Workspace(second=0.0)) as slack:
            slack.workspace.add_channel("agents")
            options: dict[str, Any] = {"token": BOT_TOKEN, "base_url": slack.base_url}
            yield _open(kind, options), "#agents", Post("Two stories.")
    elif kind == "mail":
        with mail_server() as post:
            options = {"host": "127.0.0.1", "port": post.port, "sender": "desk@team.example", "tls": "none"}
            yield _open(kind, options), "ana@team.example", Post(MAIL)
    elif kind == "atom":
        yield _open(kind, {"folder": folder}), "digests.xml", Post("<feed/>")
    else:
        pytest.fail(f"say here how a {kind} sink is tried")


def _open(kind: str, options: dict[str, Any]) -> Sink:
    module = sink_module(kind)
    return module.open_sink(module.Options(**options))


@pytest.mark.parametrize("kind", kinds())
def test_a_sink_sends_and_says_where_it_stands(kind: str, tmp_path: Path) -> None:
    with opened(kind, tmp_path) as (sink, reader, post):
        addressed = Addressed("key:0", sink.place_of(reader), post)
        receipt = sink.send(addressed)
        assert receipt.place == addressed.place
        assert receipt.id
        assert sink.pace >= 0


@pytest.mark.parametrize("kind", kinds())
def test_a_sink_that_can_look_finds_what_it_sent_and_nothing_else(kind: str, tmp_path: Path) -> None:
    with opened(kind, tmp_path) as (sink, reader, post):
        addressed = Addressed("key:0", sink.place_of(reader), post)
        receipt = sink.send(addressed)
        other = Addressed("key:1", addressed.place, post)
        assert sink.find(other, SINCE) is None
        assert sink.find(addressed, SINCE) == (receipt if sink.in_doubt == "look" else None)


@pytest.mark.parametrize("kind", kinds())
def test_a_sink_keeps_its_secrets_out_of_what_is_printed(kind: str) -> None:
    options = sink_module(kind).Options
    given = {one.name: "secret" if one.name in ("token", "password") else "x" for one in fields(options)}
    assert "secret" not in repr(options(**given))


def sent(post: MailServer, text: str = MAIL) -> Any:
    sink = _open("mail", {"host": "127.0.0.1", "port": post.port, "sender": "desk@team.example", "tls": "none"})
    return sink.send(Addressed("key:0", "ana@team.example", Post(text)))


def test_mail_arrives_with_a_message_id_that_is_the_same_in_every_run() -> None:
    with mail_server() as post:
        receipts = {sent(post).id for _ in range(2)}
        assert receipts == {message_id("key:0", "desk@team.example")}
        message = message_from_bytes(post.mailbox[0])
    assert message["Message-ID"] in receipts
    assert message["To"] == "ana@team.example"
    assert "Two stories." in str(message.get_payload())


@pytest.mark.parametrize(
    ("verb", "answer", "error"),
    [
        ("RCPT", "550 no such user", DeliveryRefused),
        ("RCPT", "450 mailbox busy", DeliveryThrottled),
        ("MAIL", "530 authentication required", SinkClosed),
        ("END", "554 spam", DeliveryRefused),
        ("END", "451 try later", DeliveryThrottled),
        ("END", "", DeliveryUnclear),
    ],
)
def test_what_a_mail_server_says_is_what_is_done(verb: str, answer: str, error: type[DeliveryError]) -> None:
    with mail_server() as post:
        post.answers[verb] = answer
        with pytest.raises(error):
            sent(post)


def test_a_mail_server_that_is_away_has_taken_nothing() -> None:
    with mail_server() as post:
        pass
    with pytest.raises(DeliveryThrottled, match="cannot be reached"):
        sent(post)


def test_a_feed_is_replaced_whole(tmp_path: Path) -> None:
    with opened("atom", tmp_path) as (sink, reader, _):
        for text in ("<feed>one</feed>", "<feed/>"):
            sink.send(Addressed("key:0", sink.place_of(reader), Post(text)))
    assert (tmp_path / "digests.xml").read_text("utf-8") == "<feed/>"
    assert [path.name for path in tmp_path.iterdir()] == ["digests.xml"]


def test_a_feed_in_nobodys_home_is_refused(tmp_path: Path) -> None:
    refused = pytest.raises(DeliveryRefused, match="this machine knows no such home")
    with opened("atom", tmp_path) as (sink, _, _), refused:
        sink.place_of("~nobody-of-this-name/digests.xml")
