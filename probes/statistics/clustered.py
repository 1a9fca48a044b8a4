"""The mean over questions, with an error clustered by family that holds for few families too."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

LEVEL = 0.95
POWER = 0.8
_TAIL = (1 - LEVEL) / 2
SHARE = (0.0, 1.0)
"""What a score, or the share of attempts that show a trait, may be."""
_RULE_OF_THREE = 3.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over questions with its 95 % interval; ``error`` is the standard error, ``freedom`` its t's degrees.

    ``p`` is the two-sided probability of a mean this far from 0 when the true one is 0. ``detectable`` is the distance
    from 0 that would have shown with a power of 80 %.
    """

    mean: float
    low: float
    high: float
    error: float
    freedom: float
    questions: int
    families: int
    p: float
    detectable: float


def share_words(found: Estimate) -> str:
    """Say a share with its interval."""
    return f"{100 * found.mean:.0f} % ({100 * found.low:.0f} to {100 * found.high:.0f})"


def clustered_mean(values: Sequence[float], families: Sequence[str], within: tuple[float, float]) -> Estimate:
    """Estimate the mean of one value a question; the interval is cut to what is possible, ``within``.

    The variance is CR2 of Bell and McCaffrey (Survey Methodology 28, 2002) for a mean, with their Satterthwaite degrees
    of freedom. Where nothing varies it says nothing: then no more than 3 in as many families differ, the rule of three.
    Raises ValueError without a value.
    """
    if not values:
        raise ValueError("there is no mean of no question")
    mean = math.fsum(values) / len(values)
    sums = _sums([value - mean for value in values], families)
    if len(sums) < 2:
        return Estimate(mean, *within, math.inf, 0.0, len(values), len(sums), 1.0, within[1] - within[0])
    error, freedom = _error(sums)
    if error < 1e-12:
        return _unvaried(mean, len(values), len(sums), within)
    return _varied(mean, (error, freedom), (len(values), len(sums)), within)


def clustered_share(values: Sequence[float], families: Sequence[str]) -> Estimate:
    """Estimate the mean of values from 0 to 1 with an interval that holds near the ends too.

    It is Clopper and Pearson's for as many independent draws as would err as much, fewer by what the estimated error is
    worth: Korn and Graubard (Survey Methodology 24, 1998). Raises ValueError without a value.
    """
    found = clustered_mean(values, families, SHARE)
    if found.families < 2 or not found.error or not 0 < found.mean < 1:
        return found
    from scipy.special import ndtri, stdtrit

    worth = float(ndtri(_TAIL) / stdtrit(found.freedom, _TAIL)) ** 2
    draws = worth * found.mean * (1 - found.mean) / found.error**2
    low, high = exact_interval(draws * found.mean, draws)
    return replace(found, low=low, high=high)


def exact_interval(hits: float, draws: float) -> tuple[float, float]:
    """Return the interval of Clopper and Pearson (Biometrika 26, 1934) for a share that is not 0.

    scipy.special has what scipy.stats would call, and is there more than a second sooner.
    """
    from scipy.special import betaincinv

    high = float(betaincinv(hits + 1, draws - hits, 1 - _TAIL)) if hits < draws else 1.0
    return float(betaincinv(hits, draws - hits + 1, _TAIL)), high


def _sums(residuals: Sequence[float], families: Sequence[str]) -> list[tuple[int, float]]:
    """Return how many questions each family has, and the sum of what they are off the mean."""
    members: dict[str, list[float]] = {}
    for residual, family in zip(residuals, families, strict=True):
        members.setdefault(family, []).append(residual)
    return [(len(own), math.fsum(own)) for own in members.values()]


def _error(sums: Sequence[tuple[int, float]]) -> tuple[float, float]:
    """Return the standard error and its degrees of freedom; with families of equal size, one less than there are."""
    total = sum(size for size, _ in sums)
    variance = math.fsum(off**2 / (1 - size / total) for size, off in sums) / total**2
    weights = [size**2 / (total**2 * (1 - size / total)) for size, _ in sums]
    own = math.fsum((size / total**2) ** 2 for size, _ in sums)
    between = (math.fsum(weights) ** 2 - math.fsum(weight**2 for weight in weights)) / total**2
    return math.sqrt(variance), 1 / (total**2 * (own + between))


def _varied(mean: float, spread: tuple[float, float], counts: tuple[int, int], within: tuple[float, float]) -> Estimate:
    from scipy.special import stdtr, stdtrit

    error, freedom = spread
    reach = float(stdtrit(freedom, 1 - _TAIL))
    detectable = (reach + float(stdtrit(freedom, POWER))) * error
    p = 2 * float(stdtr(freedom, -abs(mean) / error))
    low, high = max(mean - reach * error, within[0]), min(mean + reach * error, within[1])
    return Estimate(mean, low, high, error, freedom, *counts, p, detectable)


def _unvaried(mean: float, questions: int, families: int, within: tuple[float, float]) -> Estimate:
    reach = _RULE_OF_THREE / families
    low, high = max(mean - reach, within[0]), min(mean + reach, within[1])
    # Signs alone: as many families on one side, were both sides equally likely.
    p = 1.0 if abs(mean) < 1e-12 else 2.0 ** (1 - families)
    return Estimate(mean, low, high, 0.0, families - 1.0, questions, families, p, reach)
