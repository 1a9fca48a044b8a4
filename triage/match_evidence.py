"""What an item itself says for a subject, beside its meaning, and why it matched in words a reader accepts."""

from dataclasses import dataclass
from functools import cache

from core.types import Item, Subject
from triage.keywords import Phrases

_NAMED_TERMS = 3
_RELEASE = Phrases.of(["release"])


@dataclass(frozen=True, slots=True)
class ReadItem:
    """An item and the phrases that its title and its text mention."""

    item: Item
    in_title: frozenset[str]
    in_text: frozenset[str]

    @classmethod
    def of(cls, item: Item, phrases: Phrases) -> "ReadItem":
        """Read an item for phrases."""
        return cls(item, phrases.found_in(item.title), phrases.found_in(item.text))


@dataclass(frozen=True, slots=True)
class Told:
    """What an item tells of one subject in plain words: ``unwanted`` is the ``not`` word it mentions, if any."""

    in_title: tuple[str, ...]
    in_text: tuple[str, ...]
    categories: tuple[str, ...]
    is_primary: bool
    is_release: bool
    is_hinted: bool
    unwanted: str | None


@dataclass(frozen=True, slots=True)
class Resemblance:
    """How an item resembles a subject: ``shared`` terms, the ``example`` it is like, what votes changed.

    ``closeness`` and ``correction`` are in log odds.
    """

    closeness: float
    shared: tuple[str, ...]
    example: str
    correction: float


def told(read: ReadItem, subject: Subject, hinted: frozenset[str]) -> Told:
    """Return what an item tells of a subject; ``hinted`` are the subjects that its sources are configured for."""
    item = read.item
    keywords = _telling(subject.keywords) if item.kind == "paper" else subject.keywords
    categories = tuple(category for category in item.categories if category in subject.arxiv)
    return Told(
        in_title=tuple(word for word in keywords if word in read.in_title),
        in_text=tuple(word for word in keywords if word in read.in_text and word not in read.in_title),
        categories=categories,
        is_primary=bool(categories) and item.categories[0] == categories[0],
        is_release=item.kind == "release" and _is_of_releases(subject.keywords),
        is_hinted=subject.slug in hinted,
        unwanted=next((word for word in subject.not_words if word in read.in_title or word in read.in_text), None),
    )


@cache
def _telling(keywords: tuple[str, ...]) -> tuple[str, ...]:
    """Return the keywords that tell something of a paper: every other one releases its code."""
    return tuple(word for word in keywords if not _RELEASE.found_in(word))


@cache
def _is_of_releases(keywords: tuple[str, ...]) -> bool:
    return any(_RELEASE.found_in(word) for word in keywords)


def in_words(plain: Told, like: Resemblance) -> str:
    """Return the evidence for a match, what weighs most first."""
    mentioned = (plain.in_title + plain.in_text)[:_NAMED_TERMS]
    parts = [
        "a model release" if plain.is_release else "",
        "from a source of this subject" if plain.is_hinted else "",
        _nearness(like),
        f"mentions {', '.join(mentioned)}" if mentioned else "",
        f"shares its words {', '.join(like.shared)}" if like.shared else "",
        f"listed in {', '.join(plain.categories)}" if plain.categories else "",
        _votes(like.correction),
    ]
    return "; ".join(part for part in parts if part) or "far from its description"


def _nearness(like: Resemblance) -> str:
    if like.example:
        return f"like “{like.example}”"
    if like.closeness >= 1:
        return "close to its description" if like.closeness >= 2 else "near its description"
    return ""


def _votes(correction: float) -> str:
    """Tell of votes that changed the odds by more than a tenth."""
    if abs(correction) < 0.1:
        return ""
    return "raised by votes on its like" if correction > 0 else "lowered by votes on its like"
