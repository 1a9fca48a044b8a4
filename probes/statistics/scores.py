"""What each domain of a run came to."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import fmean

from probes.attempt import State
from probes.plan import Asked, ProbeRun
from probes.statistics.clustered import Estimate, clustered_share
from probes.statistics.passing import all_pass, any_passes, passed

ENOUGH_TO_RANK = 30


@dataclass(frozen=True, slots=True)
class QuestionScores:
    """One question: its scores, and how many attempts ended without one."""

    asked: Asked
    scores: tuple[float, ...]
    missing: int

    @property
    def mean(self) -> float | None:
        """The mean over attempts that were scored, or None."""
        return fmean(self.scores) if self.scores else None

    @property
    def counting(self) -> float:
        """The mean with every attempt that ended without a score counted as a failure."""
        return fsum(self.scores) / (len(self.scores) + self.missing)


@dataclass(frozen=True, slots=True)
class DomainScore:
    """One domain: ``score`` leaves attempts without a score out, ``counting`` takes them for failures.

    ``some_pass`` and ``all_pass`` are pass@k and pass^k with ``k`` repeats, over questions that have as many scored.
    ``detectable`` is the gap that a run of another model, as uncertain as this one and not in pairs, would show with a
    power of 80 %. Estimates are None where nothing was scored.
    """

    domain: str
    questions: int
    attempts: int
    states: tuple[tuple[State, int], ...]
    score: Estimate | None
    counting: Estimate | None
    k: int
    some_pass: Estimate | None
    all_pass: Estimate | None
    detectable: float | None

    @property
    def is_enough(self) -> bool:
        """Tell whether there are questions enough to rank by."""
        return self.score is not None and self.score.questions >= ENOUGH_TO_RANK


def question_scores(run: ProbeRun) -> tuple[QuestionScores, ...]:
    """Return what each question that was tried came to, in the order of the plan.

    Open answers are not scored, nor what this machine could not score: neither says anything against a model.
    """
    grades: dict[str, list[float | None]] = {}
    for attempt in run.attempts:
        if attempt.grade.state not in ("shown", "unscored"):
            grades.setdefault(attempt.key.question_id, []).append(attempt.grade.score)
    return tuple(_question(asked, grades[asked.id]) for asked in run.plan.questions if asked.id in grades)


def _question(asked: Asked, grades: Sequence[float | None]) -> QuestionScores:
    scores = tuple(grade for grade in grades if grade is not None)
    return QuestionScores(asked, scores, len(grades) - len(scores))


def domain_scores(run: ProbeRun) -> tuple[DomainScore, ...]:
    """Return each domain in the order of the plan."""
    scores = question_scores(run)
    domains = dict.fromkeys(one.domain for one in run.plan.questions)
    return tuple(_domain(run, name, [one for one in scores if one.asked.domain == name]) for name in domains)


def _domain(run: ProbeRun, name: str, scores: Sequence[QuestionScores]) -> DomainScore:
    own = {one.id for one in run.plan.questions if one.domain == name}
    attempts = [one for one in run.attempts if one.key.question_id in own]
    states = Counter(one.grade.state for one in attempts)
    if "shown" in states:
        # What is for the eye has nothing to fail at, answered or not.
        scores = [one for one in scores if one.scores]
    score = _estimate(scores, lambda one: one.mean)
    k = run.plan.epochs
    return DomainScore(
        domain=name,
        questions=len({one.key.question_id for one in attempts}),
        attempts=len(attempts),
        states=tuple(sorted(states.items())),
        score=score,
        counting=_estimate(scores, lambda one: one.counting),
        k=k,
        some_pass=_estimate(scores, lambda one: _drawn(one, k, any_passes)),
        all_pass=_estimate(scores, lambda one: _drawn(one, k, all_pass)),
        detectable=None if score is None else min(sqrt(2) * score.detectable, 1.0),
    )


def _drawn(one: QuestionScores, k: int, share: Callable[[int, int, int], float]) -> float | None:
    return share(len(one.scores), passed(one.scores), k) if len(one.scores) >= k else None


def _estimate(scores: Sequence[QuestionScores], value: Callable[[QuestionScores], float | None]) -> Estimate | None:
    held = [(found, one.asked.family) for one in scores if (found := value(one)) is not None]
    return clustered_share([found for found, _ in held], [family for _, family in held]) if held else None
