"""Which subjects an item is of: closeness in meaning, keywords, categories and the hints of its source.

Closeness is measured in standard deviations above what unrelated research scores, because subjects differ in how
close everything is to them. The weights were set by reading one night's papers; they are rules of thumb.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from core.identity import text_hash
from core.types import Item, Match, Subject

Vectors = NDArray[np.float32]
VERSION = "2"
FIT = 0.5

_BIAS = -2.6
_CLOSENESS = 0.9
_TITLE_KEYWORD, _TITLE_CAP = 1.0, 2
_TEXT_KEYWORD, _TEXT_CAP = 0.4, 3
_CATEGORY, _PRIMARY_CATEGORY = 0.6, 0.4
_SOURCE_HINT = 2.0
_NO_WORD = -0.5
_RELEASE = 3.0
_WORD = re.compile(r"[\w+#]+(?:\.\d+)*")
# Thai and Lao, Burmese, Khmer, kana, Chinese characters; Korean too, for its particles join the word before them.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Profile:
    """A subject made ready for matching: its vector and the scale of closeness to it."""

    subject: Subject
    vector: Vectors
    usual: float
    spread: float


@dataclass(frozen=True, slots=True)
class ItemText:
    """An item's title and text, normalised."""

    title: str
    body: str

    def mentions(self, phrase: str) -> bool:
        """Tell whether the title or the text has a phrase."""
        return _mentions(self.title, phrase) or _mentions(self.body, phrase)


def _normal(text: str) -> str:
    """Return a text as lower-case words with a space on each side, hyphens read as spaces."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


def _mentions(normal: str, phrase: str) -> bool:
    """Tell whether a normalised text has a word or phrase whole, or with an s for the plural.

    Scripts that write no spaces between words are searched as they are.
    """
    return any(form in normal for form in _forms(phrase))


@cache
def _forms(phrase: str) -> tuple[str, ...]:
    wanted = _normal(phrase)
    if not wanted.strip():
        return ()
    if _UNSPACED.search(wanted):
        return (wanted.strip(),)
    return (wanted, f"{wanted[:-1]}s ", f"{wanted[:-1]}es ")


def profiles(subjects: Sequence[Subject], embed: Callable[[Sequence[str]], Vectors]) -> tuple[Profile, ...]:
    """Return the profiles of subjects; ``embed`` turns texts into unit vectors, shape (texts, dimensions)."""
    if not subjects:
        return ()
    background = files("triage").joinpath("background.txt").read_text("utf-8").splitlines()
    described = embed([_description(subject) for subject in subjects])
    closeness = embed(background) @ described.T
    return tuple(
        Profile(subject, described[i], float(closeness[:, i].mean()), float(closeness[:, i].std()))
        for i, subject in enumerate(subjects)
    )


def _description(subject: Subject) -> str:
    return f"{subject.name}. {subject.description or ', '.join(subject.keywords)}"


def key(subjects: Sequence[Subject], hints: Mapping[str, tuple[str, ...]], model: str) -> str:
    """Return the key of everything a match depends on beside the item; a change of it asks for new matches."""
    return text_hash(f"{VERSION} {model} {list(subjects)!r} {sorted(hints.items())!r}")[:16]


def match(item: Item, vector: Vectors, known: Sequence[Profile], hinted: frozenset[str]) -> tuple[Match, ...]:
    """Return the subjects that an item fits, best first, or the nearest one with ``fits`` false.

    ``hinted`` are the subjects that the item's sources are configured for.
    """
    text = ItemText(_normal(item.title), _normal(item.text))
    matches = [_match(item, text, vector, profile, hinted) for profile in known]
    matches.sort(key=lambda found: (-found.fits, -found.score, found.subject))
    fitting = tuple(found for found in matches if found.fits)
    return fitting or tuple(matches[:1])


def _match(item: Item, text: ItemText, vector: Vectors, profile: Profile, hinted: frozenset[str]) -> Match:
    subject = profile.subject
    unwanted = next((word for word in subject.not_words if text.mentions(word)), None)
    if unwanted:
        return Match(subject.slug, 0.0, f"it mentions “{unwanted}”, which {subject.name} leaves out", "out")
    signals = _signals(item, text, vector, profile, hinted)
    score = round(1 / (1 + math.exp(-_evidence(signals))), 3)
    return Match(subject.slug, score, _in_words(signals), "clear" if score >= FIT else "out")


@dataclass(frozen=True, slots=True)
class _Signals:
    """What speaks for an item under a subject; ``closeness`` is in standard deviations above unrelated research."""

    closeness: float
    in_title: Sequence[str]
    in_text: Sequence[str]
    categories: Sequence[str]
    is_primary: bool
    is_release: bool
    is_hinted: bool

    @property
    def is_meaning_only(self) -> bool:
        """Whether nothing but its meaning speaks for the item."""
        return not (self.in_title or self.in_text or self.categories or self.is_release or self.is_hinted)


def _signals(item: Item, text: ItemText, vector: Vectors, profile: Profile, hinted: frozenset[str]) -> _Signals:
    subject = profile.subject
    in_title = [word for word in subject.keywords if _mentions(text.title, word)]
    categories = [category for category in item.categories if category in subject.arxiv]
    return _Signals(
        closeness=(float(vector @ profile.vector) - profile.usual) / max(profile.spread, 1e-6),
        in_title=in_title,
        in_text=[word for word in subject.keywords if word not in in_title and _mentions(text.body, word)],
        categories=categories,
        is_primary=item.categories[:1] == tuple(categories[:1]) and bool(categories),
        is_release=item.kind == "release" and any(_mentions(_normal(word), "release") for word in subject.keywords),
        is_hinted=subject.slug in hinted,
    )


def _evidence(signals: _Signals) -> float:
    """Return the log odds that the item is of the subject."""
    return (
        _BIAS
        + _CLOSENESS * signals.closeness
        + _TITLE_KEYWORD * min(len(signals.in_title), _TITLE_CAP)
        + _TEXT_KEYWORD * min(len(signals.in_text), _TEXT_CAP)
        + _CATEGORY * bool(signals.categories)
        + _PRIMARY_CATEGORY * signals.is_primary
        + _RELEASE * signals.is_release
        + _SOURCE_HINT * signals.is_hinted
        + _NO_WORD * signals.is_meaning_only
    )


def _in_words(signals: _Signals) -> str:
    near = "near its description" if signals.closeness >= 1 else ""
    told = [
        "a model release" if signals.is_release else "",
        "from a source of this subject" if signals.is_hinted else "",
        "close to its description" if signals.closeness >= 2 else near,
        "mentions " + ", ".join([*signals.in_title, *signals.in_text][:3])
        if signals.in_title or signals.in_text
        else "",
        "listed in " + ", ".join(signals.categories) if signals.categories else "",
    ]
    if signals.is_meaning_only and near:
        told.append("mentions none of its words")
    return "; ".join(part for part in told if part) or "far from its description"
