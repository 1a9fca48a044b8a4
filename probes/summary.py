"""A run in a few figures: what each domain came to, before any statistics."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean

from probes.attempt import Attempt, State
from probes.plan import ProbeRun


@dataclass(frozen=True, slots=True)
class DomainSummary:
    """One domain: ``score`` is the mean over questions of the mean over their scored attempts, None without any."""

    domain: str
    questions: int
    attempts: int
    score: float | None
    states: tuple[tuple[State, int], ...]


def summary_of(run: ProbeRun) -> tuple[DomainSummary, ...]:
    """Return each domain in the order of the plan."""
    domains = tuple(dict.fromkeys(one.domain for one in run.plan.questions))
    of = {one.id: one.domain for one in run.plan.questions}
    return tuple(_summary(name, [one for one in run.attempts if of[one.key.question_id] == name]) for name in domains)


def _summary(domain: str, attempts: Sequence[Attempt]) -> DomainSummary:
    questions = {one.key.question_id for one in attempts}
    states = Counter(one.grade.state for one in attempts)
    return DomainSummary(domain, len(questions), len(attempts), _score(attempts), tuple(sorted(states.items())))


def _score(attempts: Iterable[Attempt]) -> float | None:
    scores: dict[str, list[float]] = {}
    for one in attempts:
        if one.grade.score is not None:
            scores.setdefault(one.key.question_id, []).append(one.grade.score)
    return fmean(map(fmean, scores.values())) if scores else None
