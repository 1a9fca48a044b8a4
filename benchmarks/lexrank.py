"""LexRank, as a baseline: the sentence most alike to sentences that are alike to others.

Continuous LexRank of Erkan and Radev (2004, "LexRank: Graph-based Lexical Centrality as Salience in Text
Summarization"), with their damping of 0.85; words are weighed by a collection of documents.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

_DAMPING = 0.85
_STEPS = 100


def document_weights(texts: Sequence[str]) -> dict[str, float]:
    """Return the inverse document frequency of every word."""
    counts = Counter(word for text in texts for word in set(_words(text)))
    return {word: math.log(len(texts) / count) for word, count in counts.items()}


def lexrank(sentences: Sequence[str], weights: Mapping[str, float]) -> NDArray[np.float64]:
    """Return the rank of every sentence; words without a weight count as the rarest."""
    rarest = max(weights.values())
    bags = [Counter(_words(sentence)) for sentence in sentences]
    words = sorted({word for bag in bags for word in bag})
    vectors = np.array([[bag[word] * weights.get(word, rarest) for word in words] for bag in bags])
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    likeness = vectors @ vectors.T + 1e-12
    steps = _DAMPING * likeness / likeness.sum(axis=1, keepdims=True) + (1 - _DAMPING) / len(sentences)
    rank = np.full(len(sentences), 1 / len(sentences))
    for _ in range(_STEPS):
        rank = rank @ steps
    return rank


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
