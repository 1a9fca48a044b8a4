"""Summaries without a model: the one or two sentences of a text that carry what is new, as they stand.

A linear model over measured features chooses them (after Edmundson, 1969, "New Methods in Automatic Extracting"); no
sentence is cut or changed, but for the list mark before it. ``WEIGHTS`` were learned by ``python -m
benchmarks.summaries --fit``: they maximise the expected ROUGE of a sentence drawn by softmax, on the training part of
SciTLDR (Cachola et al., 2020), one line that the authors wrote for each abstract. ``KIND_WEIGHTS`` were set by hand,
for what abstracts do not hold: posts, model cards and release notes.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from triage.cues import kinds
from triage.sentence_features import measured, stems, word_count
from triage.sentences import joined, sentences, unmarked

VERSION = "extract-4"
WEIGHTS: Mapping[str, float] = {
    "first": 1.06,
    "second": -0.72,
    "last": -0.89,
    "second_last": -0.88,
    "depth": -0.52,
    "length": 0.45,
    "of_title": 4.54,
    "title_share": 2.4,
    "names_it": 0.7,
    "central": 0.78,
    "repeated": 3.56,
    "we_propose": 1.91,
    "we_show": -0.2,
    "we_study": 0.38,
    "we_train": 0.62,
    "this_work": 0.06,
    "in_this_work": 1.25,
    "begins_with_we": 0.4,
    "begins_with_this": 0.7,
    "begins_further": -0.65,
    "begins_in_detail": 0.72,
    "result": -0.51,
    "better": 0.96,
    "figure": -0.95,
    "new": 1.48,
    "method": 0.88,
    "purpose": 0.44,
    "background": -1.37,
    "is_a": -0.94,
    "two_parts": -1.55,
    "first_own": 2.46,
    "own": 2.11,
}
KIND_WEIGHTS: Mapping[str, float] = {
    "releases": 2.5,
    "tells_of_itself": 2.0,
    "adds": 2.0,
    "offer": -6.0,
    "links": -5.0,
    "calls": -4.0,
    "points": -4.0,
    "asks": -2.0,
    "begins_amid": -4.0,
    "leads_on": -4.0,
    "does_not_end": -2.0,
    "is_markup": -1.0,
    "is_legal": -3.0,
    "chats": -1.5,
    "keeps_house": -5.0,
    "credits": -4.0,
    "only_quotes": -4.0,
    "leans_back": -2.0,
}
_MOST_LETTERS = 600
# Where a text has no other sentence, its first one may be longer than this.
_MOST_LETTERS_ALONE = 1000
_LEAST_WORDS = 4
_MOST_CANDIDATES = 100
_NEAR = 8
_DEPTH_WEIGHT = 2.5
_NEVER_SECOND = frozenset(
    ("offer", "links", "calls", "points", "asks", "leads_on", "is_legal", "keeps_house", "credits", "does_not_end")
)
_CLAIMS = ("we_show", "we_propose", "this_work")
_RESULT_WEIGHT = 4.0
_MOST_SHARED = 0.5
_NO_PROSE = re.compile(
    r"\A\s*---\n.*?\n---[ \t]*$|^\s*(?:```|~~~).*?^\s*(?:```|~~~)[ \t]*$|^\s*<!--.*?-->[ \t]*$",
    re.DOTALL | re.MULTILINE,
)
_QUOTES = ('"', "“”„", "«»", "「」", "『』")
_NO_SENTENCE = re.compile(r"\s*(?:\||#{1,6}\s|!?\[[^\]]*\]\([^)]*\)$|[\w.-]+:\s*\S*$|.*\|.*\|)|[^\w]*$")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence that can stand in a summary, its features, what it is besides, and what all this weighs."""

    sentence: str
    features: Mapping[str, float]
    kinds: frozenset[str]
    score: float


def extract(title: str, text: str, *, most: int = 2) -> str:
    """Return the one or two sentences that carry the contribution, in their order; empty when there are none.

    ``most``: how many at most, 1 or 2; a second one is taken only where it tells what came of it, in figures.
    """
    candidates = _candidates(title, text)
    if not candidates:
        return _first_long(text)
    best = max(range(len(candidates)), key=lambda place: (candidates[place].score, -place))
    second = _second(candidates, best) if most > 1 else []
    return joined([candidates[place].sentence for place in sorted([best, *second[:1]])])


def _candidates(title: str, text: str) -> list[_Candidate]:
    told = [unmarked(sentence) for sentence in _prose(text) if _can_stand(sentence)][:_MOST_CANDIDATES]
    return [
        _candidate(sentence, features, place)
        for place, (sentence, features) in enumerate(zip(told, measured(title, told), strict=True))
    ]


def _first_long(text: str) -> str:
    """Return the first sentence of a text that has none of a usual length, where it is not too long to be read."""
    told = (unmarked(sentence) for sentence in _prose(text) if _is_prose(sentence) and len(sentence) > _MOST_LETTERS)
    first = next(told, "")
    return first if len(first) <= _MOST_LETTERS_ALONE else ""


def _prose(text: str) -> tuple[str, ...]:
    """Return the sentences of a text but for those of its front matter, code and comments."""
    prose = _NO_PROSE.sub("\n\n", text)
    if prose == text:
        return sentences(text)
    told = frozenset(sentences(prose))
    return tuple(sentence for sentence in sentences(text) if sentence in told)


def _can_stand(sentence: str) -> bool:
    """Tell whether a sentence is prose of some length: no heading, no row of a table, no list of links."""
    return len(sentence) <= _MOST_LETTERS and _is_prose(sentence)


def _is_prose(sentence: str) -> bool:
    if _NO_SENTENCE.match(sentence) or _has_half_a_quote(sentence):
        return False
    alone = unmarked(sentence)
    return word_count(alone) >= _LEAST_WORDS and sentences(alone) == (alone,)


def _has_half_a_quote(sentence: str) -> bool:
    """Tell whether a quotation begins or ends outside the sentence."""
    return any(sum(sentence.count(mark) for mark in marks) % 2 for marks in _QUOTES)


def _candidate(sentence: str, features: Mapping[str, float], place: int) -> _Candidate:
    found = kinds(sentence)
    depth = math.log2(1 + max(place - _NEAR, 0) / _NEAR)
    learned = sum(WEIGHTS[name] * value for name, value in features.items())
    score = learned + sum(KIND_WEIGHTS[kind] for kind in found) - _DEPTH_WEIGHT * depth
    return _Candidate(sentence, features, found, score)


def _second(candidates: Sequence[_Candidate], best: int) -> list[int]:
    """Return the places of further sentences that tell a result in figures, the best one first."""
    first = candidates[best]
    told = frozenset(stems(first.sentence))
    others = [
        place
        for place, candidate in enumerate(candidates)
        if place != best
        and _claims(candidate, is_after=place > best)
        and _tells_more(candidate.sentence, told)
        and len(candidate.sentence) + len(first.sentence) < _MOST_LETTERS
        and _stand_apart(candidates[min(place, best)].sentence, candidates[max(place, best)].sentence)
    ]
    return sorted(others, key=lambda place: (-_as_second(candidates[place]), place))


def _claims(candidate: _Candidate, *, is_after: bool) -> bool:
    """Tell whether a sentence claims something in figures; before the chosen one, what others achieved is no claim."""
    features = candidate.features
    if not features["figure"] or features["background"] or candidate.kinds & _NEVER_SECOND:
        return False
    if any(features[name] for name in _CLAIMS):
        return bool(features["better"] or features["result"])
    return bool(features["better"] and (is_after or features["result"]))


def _as_second(candidate: _Candidate) -> float:
    """Return the score of a second sentence, which gains by telling what got better."""
    return candidate.score + _RESULT_WEIGHT * candidate.features["better"]


def _tells_more(sentence: str, told: frozenset[str]) -> bool:
    words = frozenset(stems(sentence))
    return len(words & told) < _MOST_SHARED * len(words)


def _stand_apart(first: str, second: str) -> bool:
    """Tell whether two sentences are still two when one follows the other: a line may end without a full stop."""
    return sentences(joined([first, second])) == (first, second)
