"""Summaries without a model: the one or two sentences of a text that carry what is new, as they stand.

Sentences are chosen by cue words, numbers, closeness to the title and place (after Edmundson, 1969, "New Methods in
Automatic Extracting"), and are never cut or changed.
"""

import re
from collections.abc import Sequence

VERSION = "extract-2"
_MAX_SENTENCES = 2
_MAX_LENGTH = 600
_MIN_WORDS = 4
_ABBREVIATIONS = re.compile(
    r"\b(?:e\.g|i\.e|et al|cf|vs|resp|approx|Fig|Figs|Eq|Eqs|Sec|Tab|Dr|Prof|Mr|Mrs|Ms|St|No|Inc|Ltd|Jr|[A-Z])\.$"
)
_BOUNDARY = re.compile(r"(?<=[.!?])[)\"'”’\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9À-Þ])")
_CONTRIBUTION = re.compile(
    r"\b(?:we|this (?:paper|work|study|article|release|post|report)|our|today,? we|it)\b.{0,60}?"
    r"\b(?:introduc|propos|present|show|find|found|demonstrat|develop|releas|prove|describ|announc|offer|address|study|"
    r"studies|investigat|reveal|establish|design|launch|add(?:s|ed)\b)",
    re.IGNORECASE,
)
_OWN_WORK = re.compile(
    r"(?:here,? |in this \w+,? |to this end,? )?(?:we|this (?:paper|work|study|post|release))\b", re.IGNORECASE
)
_RESULT = re.compile(
    r"\b(?:results? (?:show|suggest|indicate)|experiments|outperform|improv|achiev|reduc|surpass|exceed|faster|"
    r"state[- ]of[- ]the[- ]art|gains?\b|better than|compared (?:to|with))",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?\s?(?:%|x\b|×|points?|times)|\d{2,}")
_ASIDE = re.compile(
    r"(?:code|data|models?|project page).{0,40}\b(?:available|released|found) (?:at|on|here)|https?://|"
    r"\b(?:subscribe|sign up|read more|learn more|click|cookie|newsletter)\b",
    re.IGNORECASE,
)
_OFFER = re.compile(r"\b(?:we|authors) (?:also |will )?(?:release|open-source|publish|make)\b", re.IGNORECASE)
_BACKGROUND = re.compile(
    r"\b(?:has|have) (?:gained|become|emerged|shown|attracted|achieved|been)\b|\bwidely\b|\bremains?\b|\bexisting\b|"
    r"\bhowever\b|\brecent(?:ly)?\b|\bdespite\b|\bwhile\b|\bmodern\b|\bcritical(?:ly)?\b|\bessential\b",
    re.IGNORECASE,
)
_STOPWORDS = frozenset("a an and are as at by for from in is of on or our that the this to via we with".split())


def sentences(text: str) -> tuple[str, ...]:
    """Return the sentences of a text, each exactly as it stands there but for white space at its ends."""
    found: list[str] = []
    for line in text.split("\n"):
        start = 0
        for boundary in _BOUNDARY.finditer(line):
            if not _ABBREVIATIONS.search(line[start : boundary.start()]):
                found.append(line[start : boundary.end()].strip())
                start = boundary.end()
        found.append(line[start:].strip())
    return tuple(sentence for sentence in found if sentence)


def extract(title: str, text: str) -> str:
    """Return the one or two sentences that carry the contribution, in their order; empty when there are none."""
    candidates = [s for s in sentences(text) if len(s.split()) >= _MIN_WORDS and len(s) <= _MAX_LENGTH]
    if not candidates:
        return ""
    scores = [_score(sentence, place, len(candidates), _words(title)) for place, sentence in enumerate(candidates)]
    best = max(range(len(candidates)), key=lambda place: (scores[place], -place))
    second = _second(candidates, scores, best)
    return " ".join(candidates[place] for place in sorted({best, *second}))


def _second(candidates: Sequence[str], scores: Sequence[float], best: int) -> list[int]:
    """Return the place of a further sentence that tells a result, where there is room for it."""
    told = _words(candidates[best])
    others = [
        place
        for place, sentence in enumerate(candidates)
        if place != best
        and _RESULT.search(sentence)
        and not _ASIDE.search(sentence)
        and not (place < best and _BACKGROUND.search(sentence))
        and _stand_apart(candidates[min(place, best)], candidates[max(place, best)])
        and len(sentence) + len(candidates[best]) <= _MAX_LENGTH
        and len(_words(sentence) & told) < 0.5 * len(_words(sentence))
    ]
    return sorted(others, key=lambda place: (-scores[place], place))[: _MAX_SENTENCES - 1]


def _stand_apart(first: str, second: str) -> bool:
    """Tell whether two sentences are still two when one follows the other: a line may end without a full stop."""
    return sentences(f"{first} {second}") == (first, second)


def _score(sentence: str, place: int, count: int, title: frozenset[str]) -> float:
    words = _words(sentence)
    return (
        2.0 * bool(_CONTRIBUTION.search(sentence))
        + 0.8 * bool(_OWN_WORK.match(sentence))
        + 0.6 * bool(_RESULT.search(sentence))
        + 0.4 * bool(_NUMBER.search(sentence))
        + 1.0 * len(words & title) / max(len(title), 1)
        - 0.7 * bool(_BACKGROUND.search(sentence))
        - 0.5 * place / count
        - 2.5 * bool(_ASIDE.search(sentence))
        - 2.5 * bool(_OFFER.search(sentence))
        - 0.5 * (len(sentence.split()) > 55)
    )


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9][a-z0-9-]+", text.lower())) - _STOPWORDS
