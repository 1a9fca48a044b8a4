"""What raises or lowers an item under a subject, beside how well it fits: small rules, each with its reason.

A lift is in log odds: 0.7 doubles the odds that an item is worth reading, -0.7 halves them. So one strong signal can
outdo a weak fit, no signal outdoes everything, and whatever is added up stays between 0 and 1.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.judged import Match
from core.types import Item, Sighting

# How well it fits counts half: what clearly is of a subject is not the more worth reading for being its purest case.
# Beyond 0.95 (log odds of 3) a model's sureness is mostly about itself, and levels off.
_FIT, _SUREST = 0.5, 3.0
# An uncertain match needs as much more to speak for it as lies between a clear match of 0.6 and one of 0.9.
_UNCERTAIN = -1.0
# 1 vote 0.3, 7 votes 0.9, 30 votes 1.5: then it outranks a paper that fits far better, but has none. What gathers
# more than a hundred (2.0) in a night is what everybody reads; beyond three hundred, more says no more.
_VOTES, _VOTES_CAP = 0.3, 2.5
# Each further site that tells of it; a community list and a lab's post together count as much as five votes.
_SITE, _SITES_CAP = 0.3, 3
# What is cross-listed is written for others first; what is replaced was told before.
_ANNOUNCED = {"new": 0.0, "cross": -0.3, "replace": -0.9, "replace-cross": -1.2}
_ANNOUNCED_REASON = {"cross": "cross-listed", "replace": "a new version", "replace-cross": "a new version"}
# Without a text only the title was judged; a release is complete in a line.
_NO_TEXT, _SHORT, _SHORT_WORDS = -1.0, -0.4, 25
_TITLE_LENGTH = 70


@dataclass(frozen=True, slots=True)
class Lift:
    """By how much one thing raises or lowers an item, in log odds, and in words; no words where it is not worth any."""

    size: float
    reason: str = ""


NONE = Lift(0.0)


def log_odds(probability: float) -> float:
    """Return a probability as log odds, between -7 and 7."""
    bounded = min(max(probability, 0.001), 0.999)
    return math.log(bounded / (1 - bounded))


def fit(match: Match) -> float:
    """Return the log odds that speak for an item by its match alone; an uncertain one ranks after the clear ones."""
    odds = _SUREST * math.tanh(log_odds(match.score) / _SUREST)
    return _FIT * odds + (_UNCERTAIN if match.band == "uncertain" else 0.0)


def chance(odds: float) -> float:
    """Return log odds as a number between 0 and 1."""
    return 1 / (1 + math.exp(-odds))


def attention(sightings: Iterable[Sighting]) -> tuple[Lift, ...]:
    """Return what others' attention lends to a story: readers' votes, and the further sites that tell of it.

    Several lists of one site are one site: cross-lists are no attention. A list that counts votes is its votes.
    """
    told = tuple(sightings)
    votes = max((_number(value) for s in told for label, value in s.facts if label == "votes"), default=0)
    sites = len({_site(sighting) for sighting in told if not any(label == "votes" for label, _ in sighting.facts)})
    return (
        Lift(min(_VOTES * math.log2(1 + votes), _VOTES_CAP), f"{votes} vote{'s' * (votes > 1)}") if votes else NONE,
        Lift(_SITE * min(sites - 1, _SITES_CAP), f"told by {sites} sites") if sites > 1 else NONE,
    )


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() else 0


def _site(sighting: Sighting) -> str:
    host = urlsplit(sighting.url).hostname
    return host.removeprefix("www.") if host else sighting.source


def announcement(sightings: Sequence[Sighting]) -> Lift:
    """Lower what no source told as new: cross-lists, and new versions of what is known."""
    kinds = [sighting.announce_type for sighting in sightings]
    best = max(kinds, key=lambda kind: _ANNOUNCED.get(kind, 0.0), default="new")
    return Lift(_ANNOUNCED.get(best, 0.0), _ANNOUNCED_REASON.get(best, ""))


def substance(item: Item) -> Lift:
    """Lower what has little or nothing to judge by; releases are short by nature."""
    if item.kind == "release":
        return NONE
    if not item.text.strip():
        return Lift(_NO_TEXT, "told without a text")
    # Scripts without spaces have few "words" of many characters.
    words = max(len(item.text.split()), len(item.text) // 12)
    return Lift(_SHORT, "told in a few words") if words < _SHORT_WORDS else NONE


def named(title: str) -> str:
    """Return a title in quotation marks, a long one shortened between words."""
    if len(title) <= _TITLE_LENGTH:
        return f"“{title}”"
    whole = title[:_TITLE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,:;-–—")
    return f"“{whole}…”"
