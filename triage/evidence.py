"""The source sentence a claim rests on: whether a quotation stands in the source, and which sentence is the nearest."""

import math
import re
from collections import Counter
from collections.abc import Sequence

from triage.directions import stem
from triage.named_things import claimed_names
from triage.plain_text import plain, same_words
from triage.quantities import quantities

_MIN_WORDS = 4
_NUMBER_WEIGHT, _NAME_WEIGHT = 3.0, 2.0
_MARKS = " \"'.…;:,"
_WORD = re.compile(r"[^\W\d_][\w-]{2,}")


def rests_on(quote: str, source: str) -> bool:
    """Tell whether a quotation of four words or more stands in a source as it is, in whatever spelling of its marks."""
    wanted = same_words(quote).strip(_MARKS)
    if len(re.findall(r"\w+", wanted)) < _MIN_WORDS:
        return False
    edges = [r"\b" if re.match(r"\w", mark) else "" for mark in (wanted[0], wanted[-1])]
    return bool(re.search(f"{edges[0]}{re.escape(wanted)}{edges[1]}", same_words(source)))


def supporting_sentence(claim: str, sentences: Sequence[str]) -> str | None:
    """Return the sentence that shares most with a claim, its rare words, numbers and names before others; or none."""
    marks = [_marks(sentence) for sentence in sentences]
    spread = Counter(mark for told in marks for mark in told)
    wanted = _marks(claim)
    scores = [_score(wanted, told, spread, len(sentences)) for told in marks]
    best = max(range(len(sentences)), key=lambda place: (scores[place], -place), default=None)
    return sentences[best] if best is not None and scores[best] > 0 else None


def _score(wanted: dict[str, float], told: dict[str, float], spread: Counter[str], count: int) -> float:
    return sum(weight * math.log((count + 1) / spread[mark]) for mark, weight in wanted.items() if mark in told)


def _marks(sentence: str) -> dict[str, float]:
    """Return what a sentence can be known by, with its weight."""
    text = plain(sentence)
    words = {stem(word): 1.0 for word in _WORD.findall(text)}
    names = {name.lower(): _NAME_WEIGHT for name in claimed_names(text)}
    numbers = {f"{one.value:g} {one.unit.kind}": _NUMBER_WEIGHT for one in quantities(text)}
    return {**words, **names, **numbers}
