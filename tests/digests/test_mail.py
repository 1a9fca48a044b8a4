"""The mail, parsed again as a mail program would."""

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import example, given, settings

from digests.compose import for_subject
from digests.mail import Envelope, to_mail
from digests.outside import plain
from digests.plain_letter import to_plain
from tests.digests.hostile import EVERYTHING, TEXT
from tests.digests.night import LEDGER, TOLD, digest_of, with_text

AT = datetime(2031, 3, 14, 6, 30, tzinfo=UTC)
ENVELOPE = Envelope("desk@team.example", "ines@team.example", "mail:ines@team.example:2031-03-14:0", AT, "For Ines")
HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "List-Id", "Auto-Submitted"),
    *("MIME-Version", "Content-Type"),
}


def arrived(message: EmailMessage) -> EmailMessage:
    travelled = message.as_string().encode()
    assert all(len(line) <= 998 for line in travelled.splitlines())
    assert travelled.isascii()
    read = message_from_bytes(travelled, policy=default)
    assert isinstance(read, EmailMessage)
    assert not read.defects
    return read


def parts(message: EmailMessage) -> tuple[str, str]:
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    return str(text.get_content()), str(html.get_content())


def test_the_headers_say_what_it_is() -> None:
    mail = arrived(to_mail(digest_of(), ENVELOPE))
    assert mail["Subject"] == "For Ines · Friday, 14 March 2031"
    assert mail["From"] == "nightdesk <desk@team.example>"
    assert mail["To"] == "For Ines <ines@team.example>"
    assert mail["Date"] == "Fri, 14 Mar 2031 06:30:00 +0000"
    assert mail["List-Id"] == "nightdesk <nightdesk.team.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"


def test_a_post_keeps_its_message_id_and_another_has_another() -> None:
    ids = {str(to_mail(digest_of(told), ENVELOPE)["Message-ID"]) for told in (TOLD, TOLD[:2])}
    assert len(ids) == 1
    assert re.fullmatch(r"<[0-9a-f]{32}@team\.example>", ids.pop())
    other = Envelope(ENVELOPE.sender, ENVELOPE.reader, "another", AT)
    assert to_mail(digest_of(), other)["Message-ID"] != to_mail(digest_of(), ENVELOPE)["Message-ID"]


def test_both_parts_tell_every_story_once_and_every_source() -> None:
    for part in parts(arrived(to_mail(digest_of(), ENVELOPE))):
        shown = " ".join(plain(part).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").split())
        assert all(told.title in shown for told in TOLD[:12])
        assert all(row.source in shown for row in LEDGER)
        assert "Old Mill reading group: failed, https://oldmill.example/feed.xml answered 502" in shown
        assert shown.count("We let a planner drop half of its notes after every tenth step.") == 1


def test_the_text_is_narrow_and_reads_well() -> None:
    text = to_plain(for_subject(digest_of(), "planning"))
    assert all(len(line) <= 72 for line in text.splitlines())
    assert text.startswith("Planning and tool use · Friday, 14 March 2031\n====")
    assert "1. Asking twice: when an agent should repeat a tool call it already\n   trusts\n   Agents that" in text


def test_the_html_asks_for_nothing_outside() -> None:
    _, html = parts(to_mail(digest_of(), ENVELOPE))
    assert not re.search(r"<(script|link|img|iframe|style)\b|@import|url\(| on\w+=", html)


@pytest.mark.parametrize(
    "address",
    ["ines", "ines@team.example\nBcc: all@team.example", "a@b.example, c@d.example", "Ines <ines@team.example>", ""],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="no mail address"):
        to_mail(digest_of(), Envelope(ENVELOPE.sender, address, "key", AT))
    with pytest.raises(ValueError, match="no mail address"):
        to_mail(digest_of(), Envelope(address, ENVELOPE.reader, "key", AT))


@example(EVERYTHING)
@example("subject\r\nBcc: all@team.example\r\n\r\nbody")
@example("=?utf-8?q?=0D=0ABcc=3A?= all@team.example")
@example("--nightdesk-boundary--\n" * 5)
@example("word" * 1_000)
@settings(max_examples=25, deadline=None)
@given(TEXT)
def test_hostile_text_begins_no_header_and_no_part(text: str) -> None:
    envelope = Envelope(ENVELOPE.sender, ENVELOPE.reader, "key", AT, text)
    mail = arrived(to_mail(with_text(digest_of(), text), envelope))
    assert set(mail.keys()) == HEADERS
    assert len(list(mail.iter_parts())) == 2
    assert "<script" not in parts(mail)[1]
    assert mail["To"].addresses[0].addr_spec == ENVELOPE.reader
    assert len(mail["To"].addresses) == 1


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert to_mail(digest_of(), ENVELOPE).as_bytes() == to_mail(digest_of(), ENVELOPE).as_bytes()
