"""Two models, question by question: who is ahead, and whether that can be told at all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

from probes.plan import ProbeRun
from probes.statistics.clustered import LEVEL, Estimate, clustered_mean
from probes.statistics.scores import ENOUGH_TO_RANK, QuestionScores, question_scores

Verdict = Literal["ahead", "behind", "undecided", "too_few"]
APART = (-1.0, 1.0)
"""How far two scores can be apart."""


@dataclass(frozen=True, slots=True)
class Gap:
    """How far the first run is ahead of the second in a domain, over the questions of one version that both answered.

    ``adjusted`` is p after Holm over all comparisons made together. ``is_paired`` tells whether both were asked the
    same instances.
    """

    domain: str
    first: str
    second: str
    difference: Estimate
    adjusted: float
    is_paired: bool

    @property
    def verdict(self) -> Verdict:
        """Whether the first is ahead."""
        return verdict(self.difference, self.adjusted)


def verdict(found: Estimate, adjusted: float) -> Verdict:
    """Return whether the mean is above 0, by p as it stands ``adjusted``; none is told with fewer than 30 questions."""
    if found.questions < ENOUGH_TO_RANK:
        return "too_few"
    if adjusted >= 1 - LEVEL:
        return "undecided"
    return "ahead" if found.mean > 0 else "behind"


def compare(runs: Sequence[ProbeRun]) -> tuple[Gap, ...]:
    """Compare every two runs in every domain that they share; the order is that of the runs and of their plans."""
    scores = [(run, question_scores(run)) for run in runs]
    gaps = [gap for one, other in combinations(scores, 2) for gap in _gaps(one, other)]
    adjusted = holm([gap.difference.p for gap in gaps])
    return tuple(replace(gap, adjusted=p) for gap, p in zip(gaps, adjusted, strict=True))


_Scored = tuple[ProbeRun, tuple[QuestionScores, ...]]


def _gaps(one: _Scored, other: _Scored) -> Iterable[Gap]:
    (first, ours), (second, theirs) = one, other
    beside = {(score.asked.id, score.asked.version): score.mean for score in theirs}
    apart: dict[str, list[tuple[float, str]]] = {}
    for score in ours:
        their_mean = beside.get((score.asked.id, score.asked.version))
        if score.mean is not None and their_mean is not None:
            apart.setdefault(score.asked.domain, []).append((score.mean - their_mean, score.asked.family))
    for domain, found in apart.items():
        difference = clustered_mean([gap for gap, _ in found], [family for _, family in found], APART)
        is_paired = first.plan.seed == second.plan.seed
        yield Gap(domain, first.plan.run, second.plan.run, difference, difference.p, is_paired)


def holm(values: Sequence[float]) -> list[float]:
    """Return each p as it stands after Holm's step-down correction (Scandinavian Journal of Statistics 6, 1979)."""
    adjusted = [0.0] * len(values)
    least = 0.0
    for place, number in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        least = max(least, min((len(values) - place) * values[number], 1.0))
        adjusted[number] = least
    return adjusted


def gap_words(gap: Gap, first: str, second: str) -> str:
    """Say what can be told of two models, by their names."""
    found = gap.difference
    interval = f"({100 * abs_low(found):.1f} to {100 * abs_high(found):.1f})"
    match gap.verdict:
        case "too_few":
            few = "1 question" if found.questions == 1 else f"{found.questions} questions"
            return f"{few} in common: too few to rank, {ENOUGH_TO_RANK} are needed"
        case "undecided":
            return f"cannot tell them apart; a gap of {100 * found.detectable:.0f} points would have shown"
        case "ahead":
            return f"{first} is ahead by {100 * found.mean:.1f} points {interval}"
        case "behind":
            return f"{second} is ahead by {-100 * found.mean:.1f} points {interval}"


def abs_low(found: Estimate) -> float:
    """Return the nearer end of an interval, seen from whoever is ahead."""
    return found.low if found.mean > 0 else -found.high


def abs_high(found: Estimate) -> float:
    """Return the farther end of an interval, seen from whoever is ahead."""
    return found.high if found.mean > 0 else -found.low
