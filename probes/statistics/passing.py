"""Whether one of k attempts passes, and whether all of them do."""

from collections.abc import Sequence
from math import comb


def any_passes(attempts: int, passed: int, k: int) -> float:
    """Return pass@k without bias: the share of draws of ``k`` attempts with one that passed (Chen et al., 2021).

    Raises ValueError when there are fewer than ``k``.
    """
    _check(attempts, passed, k)
    return 1 - comb(attempts - passed, k) / comb(attempts, k)


def all_pass(attempts: int, passed: int, k: int) -> float:
    """Return pass^k without bias: the share of draws of ``k`` attempts that all passed (Yao et al., 2024).

    Raises ValueError when there are fewer than ``k``.
    """
    _check(attempts, passed, k)
    return comb(passed, k) / comb(attempts, k)


def passed(scores: Sequence[float]) -> int:
    """Count the attempts that were wholly right."""
    return sum(score >= 1.0 for score in scores)


def _check(attempts: int, passed_ones: int, k: int) -> None:
    if not 0 <= passed_ones <= attempts or not 1 <= k <= attempts:
        raise ValueError(f"{k} of {attempts} attempts, {passed_ones} passed: no such draw")
