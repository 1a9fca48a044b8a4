"""Learn which features of a sentence make it the summary: the weights that ``triage.summaries`` ships."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from triage.sentence_features import measured

_DECAY = 1e-4
_STEPS = 1500
_RATE = 0.03

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Example:
    """A text's sentences: features, one row a sentence; scores, ROUGE-1, -2 and -L of each."""

    names: tuple[str, ...]
    features: Array
    scores: Array

    @classmethod
    def of(cls, title: str, sentences: Sequence[str], scores: Array) -> "Example":
        """Measure the sentences of a text."""
        rows = measured(title, sentences)
        return cls(tuple(rows[0]), np.array([list(row.values()) for row in rows]), scores)


def learned(examples: Sequence[Example]) -> dict[str, float]:
    """Return the weights that maximise the expected mean ROUGE of a sentence drawn by softmax, less a small decay.

    Gradient ascent by Adam (Kingma and Ba, 2015) over all examples at once, from zero: the same weights every time.
    """
    features, present, gains = _stacked(examples)
    weights = np.zeros(features.shape[2])
    momentum, spread = np.zeros_like(weights), np.zeros_like(weights)
    for step in range(1, _STEPS + 1):
        gradient = _gradient(weights, features, present, gains)
        momentum = 0.9 * momentum + 0.1 * gradient
        spread = 0.999 * spread + 0.001 * gradient**2
        weights += _RATE * (momentum / (1 - 0.9**step)) / (np.sqrt(spread / (1 - 0.999**step)) + 1e-8)
    return {name: round(float(weight), 2) for name, weight in zip(examples[0].names, weights, strict=True)}


def chosen_by(weights: Mapping[str, float], example: Example) -> int:
    """Return the place of the sentence that weights choose."""
    return int(np.argmax(example.features @ np.array([weights[name] for name in example.names])))


def _stacked(examples: Sequence[Example]) -> tuple[Array, NDArray[np.bool_], Array]:
    """Return features (document, sentence, feature), which sentences there are, and the mean ROUGE of each."""
    most = max(len(example.scores) for example in examples)
    features = np.zeros((len(examples), most, len(examples[0].names)))
    present = np.zeros((len(examples), most), dtype=np.bool_)
    gains = np.zeros((len(examples), most))
    for row, example in enumerate(examples):
        count = len(example.scores)
        features[row, :count], present[row, :count] = example.features, True
        gains[row, :count] = example.scores.mean(axis=1)
    return features, present, gains


def _gradient(weights: Array, features: Array, present: NDArray[np.bool_], gains: Array) -> Array:
    scores = np.where(present, features @ weights, -np.inf)
    chances = np.exp(scores - scores.max(axis=1, keepdims=True))
    chances /= chances.sum(axis=1, keepdims=True)
    pull = chances * (gains - (chances * gains).sum(axis=1, keepdims=True))
    gradient: Array = np.einsum("ds,dsf->f", pull, features) / len(features) - _DECAY * weights
    return gradient
