"""What the web answered: the shape in which those who read it meet it, without what it takes to ask."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from core.polls import Validators


@dataclass(frozen=True, slots=True)
class Document:
    """An answer to be read.

    ``url`` is where it came from in the end; ``moved_to`` the address that the one asked moved to for good, if it did.
    ``fresh_for`` is how long the server takes it to be good, a day at most.
    """

    url: str
    content_type: str
    body: bytes
    validators: Validators
    moved_to: str | None = None
    fresh_for: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Unmodified:
    """The answer is the one known already: ``by_server`` (304), or else by the hash of its body."""

    url: str
    by_server: bool
    validators: Validators
    moved_to: str | None = None
    fresh_for: timedelta = timedelta(0)


Answer = Document | Unmodified
Fetch = Callable[[str, Validators], Answer]
