"""Which of the best to keep, so that no three tell of the same trick: maximal marginal relevance, greedily.

After Carbonell and Goldstein (1998), with one difference: closeness costs only from where two stories share more than
their field. Two good papers far apart take nothing from each other, and what gives way can be told to which.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]

# Up to the first cosine two papers share a field, at the second they tell nearly the same; in between, the cost rises
# to what lies between fits of 0.8 and 0.5. So nothing gives way to what is far less relevant, nor a clear match to an
# uncertain one. Chosen with ``python -m benchmarks.relevance`` on the days before the one that it reports.
_FIELD, _SAME = 0.4, 0.8
_MOST = 0.6


@dataclass(frozen=True, slots=True)
class Choice:
    """The places of what is kept, in the order of choice; and by place, what gave way though a worse one is kept.

    ``gave_way`` names the kept place that each is closest to.
    """

    kept: tuple[int, ...]
    gave_way: dict[int, int]


def spread(worths: Sequence[float], vectors: Sequence[Vectors | None], limit: int) -> Choice:
    """Choose up to ``limit`` of what stands in falling order of its worth, which is in log odds.

    ``vectors`` are unit vectors; what has none is close to nothing. Of equally good ones, the first is taken.
    """
    closeness = _closeness(vectors)
    costs = np.zeros(len(worths))
    left = np.array(worths, np.float64)
    kept: list[int] = []
    for _ in range(min(limit, len(worths))):
        chosen = int((left - costs).argmax())
        kept.append(chosen)
        left[chosen] = -np.inf
        costs = np.maximum(costs, _cost(closeness[chosen]))
    gave_way = [place for place in range(max(kept, default=0)) if place not in kept]
    return Choice(tuple(kept), {place: kept[int(closeness[place, kept].argmax())] for place in gave_way})


def _closeness(vectors: Sequence[Vectors | None]) -> Vectors:
    """Return the cosines of all pairs."""
    width = next((len(vector) for vector in vectors if vector is not None), 0)
    rows = [np.zeros(width, np.float32) if vector is None else vector for vector in vectors]
    matrix = np.stack(rows) if rows else np.zeros((0, width), np.float32)
    cosines: Vectors = matrix @ matrix.T
    return cosines


def _cost(closeness: Vectors) -> NDArray[np.float64]:
    return _MOST * np.clip((closeness.astype(np.float64) - _FIELD) / (_SAME - _FIELD), 0.0, 1.0)
