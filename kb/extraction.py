"""The sentences that answer a question best as they stand, chosen from passages that were found for it.

A sentence counts by its closeness to the question, by the share of the question's words that it has together with its
title, and by the rank of its item. The weights lie on a plateau of the precision of what is cited
(``python -m benchmarks.ask``).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.answers import Passage, Said
from kb.cover import Cover
from kb.query import words_of

_COVER, _RANK = 0.6, 2.0
_MOST, _EACH, _OF_BEST, _SAME = 4, 2, 0.9, 0.7
_FEWEST_WORDS, _LONGEST = 5, 400
_CLAUSE_END = re.compile(r"(?<=[.;!?])\s+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage, without its closeness: ``weight`` counts its words and the rank of its item."""

    text: str
    passage: Passage
    weight: float

    @property
    def words(self) -> frozenset[str]:
        """Its words, to tell what says the same."""
        return frozenset(words_of(self.text))


def candidates(
    ranked: Sequence[tuple[Passage, float]], cover: Cover, sentences: Callable[[str], Sequence[str]]
) -> list[Candidate]:
    """Return the sentences of passages, each once; a passage comes with the score of its item's rank."""
    found: dict[str, Candidate] = {}
    for passage, rank in ranked:
        for text in _readable(sentences(passage.text)):
            weight = _COVER * cover.of(f"{passage.item.title} {text}") + _RANK * rank
            found.setdefault(text, Candidate(text, passage, weight))
    return list(found.values())


def _readable(sentences: Sequence[str]) -> Iterator[str]:
    """Yield sentences on one line; what is too long for one is cut at its stops, what is too short says nothing."""
    for sentence in sentences:
        parts = _CLAUSE_END.split(sentence) if len(sentence) > _LONGEST else (sentence,)
        yield from (" ".join(part.split()) for part in parts if len(part.split()) >= _FEWEST_WORDS)


def extract(found: Sequence[Candidate], closeness: NDArray[np.float32]) -> tuple[Said, ...]:
    """Return up to four sentences, at most two of an item, the best first; none repeats or lags far behind the best."""
    scores = closeness + np.array([one.weight for one in found], np.float32)
    chosen: list[Candidate] = []
    taken: Counter[str] = Counter()
    for place in np.argsort(-scores, kind="stable").tolist():
        one = found[place]
        if len(chosen) == _MOST or scores[place] < _OF_BEST * scores.max():
            break
        if taken[one.passage.item.id] < _EACH and not any(_repeats(one, other) for other in chosen):
            chosen.append(one)
            taken[one.passage.item.id] += 1
    return tuple(Said(one.text, (one.passage,)) for one in chosen)


def _repeats(one: Candidate, other: Candidate) -> bool:
    fewer = min(len(one.words), len(other.words))
    return len(one.words & other.words) >= _SAME * fewer
