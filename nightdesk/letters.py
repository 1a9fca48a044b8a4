"""Compose what one recipient gets of a night, in the form that their sink sends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from core.delivery import Letter, Post
from core.digest import Digest
from digests.atom import to_feed
from digests.compose import for_subjects
from digests.mail import Envelope, to_mail
from digests.slack_blocks import to_posts
from nightdesk.recipients import Recipient


@dataclass(frozen=True, slots=True)
class Edition:
    """A night to be told: its digest, those of other nights that a feed shows too, who sends the mail, and the time.

    ``base`` is the id of the base: another team's feed of the same name is another feed.
    """

    digest: Digest
    others: tuple[Digest, ...]
    sender: str
    at: datetime
    base: str


def letter(edition: Edition, recipient: Recipient) -> Letter:
    """Return a recipient's letter: their subjects alone."""
    empty = Letter(recipient.sink, recipient.reader, edition.digest.night, (), recipient.topic, recipient.name)
    return replace(empty, posts=_POSTS[recipient.sink](edition, recipient, empty))


def _slack(edition: Edition, recipient: Recipient, _letter: Letter) -> tuple[Post, ...]:
    return to_posts(for_subjects(edition.digest, recipient.subjects), recipient.name)


def _mail(edition: Edition, recipient: Recipient, letter: Letter) -> tuple[Post, ...]:
    envelope = Envelope(edition.sender, recipient.reader, letter.post_key(0), edition.at, recipient.name)
    message = to_mail(for_subjects(edition.digest, recipient.subjects), envelope)
    return (Post(message.as_bytes().decode("ascii")),)


def _feed(edition: Edition, recipient: Recipient, letter: Letter) -> tuple[Post, ...]:
    nights = (edition.digest, *edition.others)
    own = [for_subjects(digest, recipient.subjects) for digest in nights]
    return (Post(to_feed(own, key=f"{edition.base}:{letter.sink}:{letter.reader}")),)


_Compose = Callable[[Edition, Recipient, Letter], tuple[Post, ...]]
_POSTS: Mapping[str, _Compose] = {"slack": _slack, "mail": _mail, "atom": _feed}
