"""A letter as a mail: plain text that reads well, and HTML beside it (RFC 2046, multipart/alternative)."""

from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from hashlib import sha256

from core.digest import Digest
from digests.letter import heading
from digests.letter_html import to_fragment
from digests.outside import plain
from digests.plain_letter import to_plain
from digests.sinks.mail import message_id
from digests.slack_text import shortened

_PAGE = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width">\n</head>\n<body>\n{fragment}</body>\n</html>\n'
)
_NOWHERE = "nightdesk@nightdesk.invalid"


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom to whom, and when; ``key`` is the post's, ``name`` what the letter is called."""

    sender: str
    reader: str
    key: str
    at: datetime
    name: str = ""


def to_mail(digest: Digest, envelope: Envelope) -> EmailMessage:
    """Return the message, the same for the same digest and envelope.

    Raises ValueError when an address of the envelope is none; no text of the digest can begin a header.
    """
    message = EmailMessage(policy=SMTP)
    for name, value in _headers(digest, envelope).items():
        message[name] = value
    text, html = to_plain(digest, envelope.name), _PAGE.format(fragment=to_fragment(digest))
    # Quoted-printable keeps lines short for whichever server carries them.
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"nightdesk-{sha256((text + html).encode()).hexdigest()[:32]}")
    return message


def to_draft(digest: Digest) -> str:
    """Return a digest as a message to nobody, to be opened in a mail program."""
    at = datetime.combine(digest.night, time.min, UTC)
    draft = to_mail(digest, Envelope(_NOWHERE, _NOWHERE, digest.night.isoformat(), at))
    return draft.as_string(policy=SMTP.clone(linesep="\n"))


def _headers(digest: Digest, envelope: Envelope) -> dict[str, object]:
    sender = _address(envelope.sender, "nightdesk")
    return {
        "From": sender,
        "To": _address(envelope.reader, envelope.name),
        "Subject": _words(heading(digest, envelope.name)),
        "Date": envelope.at,
        "Message-ID": message_id(envelope.key, sender.addr_spec),
        "List-Id": f"nightdesk <nightdesk.{sender.domain}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's absence answers it
    }


def _address(written: str, name: str) -> Address:
    user, at, domain = written.rpartition("@")
    if not at or plain(written) != written or any(char in written for char in ' <>,;"()'):
        raise ValueError(f"{written!r} is no mail address")
    return Address(_words(shortened(plain(name), 100)), user, domain)


def _words(text: str) -> str:
    """Return text for a header: the email package would decode ``=?utf-8?q?=0D=0ABcc:?=`` into a header of its own."""
    return text.replace("=?", "= ?")
