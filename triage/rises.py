"""Which counts are too high tonight to be chance: an exact test within strata, at a bounded rate of false discoveries.

Given how often something was met in a stratum (a source) on all nights together, and how many items each night had,
the number met tonight is hypergeometric where tonight is like the nights before. Strata are independent, so the sums
are compared with the convolution (the exact conditional test for several 2 × 2 tables; Mantel and Haenszel, 1959;
Zelen, 1971). Rates per source make a new or busy source no rise.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Stratum:
    """How many items of one source tonight and before, and how many of them each carry what is counted."""

    tonight: int
    before: int
    carrying_tonight: int
    carrying_before: int

    @property
    def carrying(self) -> int:
        """How many carry it on all nights together."""
        return self.carrying_tonight + self.carrying_before

    @property
    def expected(self) -> float:
        """How many of tonight's would carry it at the rate of the nights before."""
        return self.tonight * self.carrying_before / self.before


def chance(strata: Sequence[Stratum]) -> float:
    """Return the probability of tonight's sum or a higher one where tonight is like the nights before."""
    spread = np.ones(1)
    for stratum in strata:
        spread = np.convolve(spread, _hypergeometric(stratum))
    met = sum(stratum.carrying_tonight for stratum in strata)
    return min(float(spread[met:].sum()), 1.0)


def least_chance(strata: Sequence[Stratum]) -> float:
    """Return the smallest ``chance`` that these totals could give, whatever came tonight."""
    return math.exp(sum(_log_share(each, min(each.carrying, each.tonight)) for each in strata))


def discoveries(chances: Sequence[float], least: Sequence[float], rate: float) -> list[int]:
    """Return the places of the chances that are low enough, so that at most ``rate`` of them are false on average.

    What could not be told even at its extreme is no test (Tarone, 1990; Gilbert, 2005); among the rest the procedure
    is that of Benjamini and Hochberg (1995).
    """
    tested = _testable(least, rate)
    ordered = sorted(tested, key=lambda place: chances[place])
    passed = [rank for rank, place in enumerate(ordered, 1) if chances[place] <= rate * rank / len(ordered)]
    return ordered[: max(passed, default=0)]


def _testable(least: Sequence[float], rate: float) -> list[int]:
    ordered = sorted(range(len(least)), key=lambda place: least[place])
    for share in range(1, len(ordered) + 1):
        if share == len(ordered) or least[ordered[share]] > rate / share:
            return [place for place in ordered if least[place] <= rate / share]
    return []


def _hypergeometric(stratum: Stratum) -> NDArray[np.float64]:
    """Return the probability of 0, 1, … carrying items tonight."""
    most = min(stratum.carrying, stratum.tonight)
    return np.exp([_log_share(stratum, met) for met in range(most + 1)])


def _log_share(stratum: Stratum, met: int) -> float:
    missed = stratum.carrying - met
    if missed > stratum.before:
        return -math.inf
    everything = _log_choose(stratum.tonight + stratum.before, stratum.carrying)
    return _log_choose(stratum.tonight, met) + _log_choose(stratum.before, missed) - everything


def _log_choose(count: int, chosen: int) -> float:
    return math.lgamma(count + 1) - math.lgamma(chosen + 1) - math.lgamma(count - chosen + 1)
