"""All that a report tells, computed from runs alone; every form is made of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median, quantiles

from core.lm import Unit
from probes.attempt import Attempt
from probes.personality import Contrast, Manner, contrasts, personality
from probes.plan import Asked, ProbePlan, ProbeRun
from probes.report.unsafe import UnsafeActs, unsafe_acts
from probes.statistics.comparing import Gap, compare
from probes.statistics.preferring import Preference
from probes.statistics.scores import DomainScore, domain_scores, question_scores


@dataclass(frozen=True, slots=True)
class Taken:
    """What a run took: seconds of an attempt in the middle and of the slowest tenth, tokens, and what was spent.

    ``seconds`` are None without an attempt.
    """

    median_seconds: float | None
    slow_seconds: float | None
    tokens_in: int
    tokens_out: int
    spent: Decimal
    unit: Unit


@dataclass(frozen=True, slots=True)
class Told:
    """One run, told; ``label`` is the model's name, with the run's where two have the same."""

    run: ProbeRun
    label: str
    domains: tuple[DomainScore, ...]
    manners: tuple[Manner, ...]
    unsafe: UnsafeActs | None
    taken: Taken


@dataclass(frozen=True, slots=True)
class Beside:
    """One question as every run answered it, in its first epoch, or if open in the first that has an answer.

    ``attempts`` go with the runs, None where none.
    """

    asked: Asked
    attempts: tuple[Attempt | None, ...]


@dataclass(frozen=True, slots=True)
class ProbeReport:
    """One run or several: ``gaps`` compare every two, ``besides`` are the transcripts, ``shown`` the open answers.

    ``preferences`` are a judge's, where one was asked.
    """

    runs: tuple[Told, ...]
    gaps: tuple[Gap, ...]
    contrasts: tuple[Contrast, ...]
    besides: tuple[Beside, ...]
    shown: tuple[Beside, ...]
    labels: dict[str, str] = field(default_factory=dict)
    preferences: tuple[Preference, ...] = ()

    @property
    def domains(self) -> tuple[str, ...]:
        """Every domain that has a score, in the order of the plans."""
        return tuple(dict.fromkeys(one.domain for told in self.runs for one in told.domains if one.score))


def report_on(runs: Sequence[ProbeRun], *, question: str | None = None, among: Sequence[ProbeRun] = ()) -> ProbeReport:
    """Compute everything; ``question`` chooses the transcript, else one of each domain that says most.

    ``among`` are runs of other models, to which manners are contrasted. Private questions are shown nowhere.
    """
    labels = _labels([run.plan for run in (*runs, *among)])
    told = tuple(_told(run, labels[run.plan.run]) for run in runs)
    return ProbeReport(
        told,
        compare(runs),
        _contrasts(told, among),
        _besides(runs, [question] if question else _telling(runs), _first),
        _besides(runs, _open(runs), _answered),
        labels,
    )


def _told(run: ProbeRun, label: str) -> Told:
    return Told(run, label, domain_scores(run), personality(run), unsafe_acts(run), _taken(run))


def _contrasts(told: Sequence[Told], among: Sequence[ProbeRun]) -> tuple[Contrast, ...]:
    manners = [*(one.manners for one in told), *map(personality, among)]
    found = contrasts([*(one.run for one in told), *among], manners)
    own = {one.run.plan.run for one in told}
    return tuple(one for one in found if {one.more, one.less} & own)


def _labels(plans: Sequence[ProbePlan]) -> dict[str, str]:
    models = [plan.served.model for plan in plans]
    alone = {model for model in models if models.count(model) == 1}
    named = zip(plans, models, strict=True)
    return {plan.run: model if model in alone else f"{model} ({plan.run})" for plan, model in named}


def _taken(run: ProbeRun) -> Taken:
    seconds = [one.seconds for one in run.attempts]
    usages = [one.usage for one in run.attempts]
    return Taken(
        median(seconds) if seconds else None,
        quantiles(seconds, n=10)[-1] if len(seconds) > 1 else next(iter(seconds), None),
        sum(usage.prompt for usage in usages),
        sum(usage.output for usage in usages),
        run.spent,
        run.plan.served.unit,
    )


def _open(runs: Sequence[ProbeRun]) -> list[str]:
    return list(
        dict.fromkeys(one.key.question_id for run in runs for one in run.attempts if one.grade.state == "shown")
    )


def _telling(runs: Sequence[ProbeRun]) -> list[str]:
    """Return one question of each domain: where the runs are furthest apart, else where the repeats are."""
    found: dict[str, list[float]] = {}
    domains: dict[str, str] = {}
    for run in runs:
        for one in question_scores(run):
            domains[one.asked.id] = one.asked.domain
            spread = one.scores if len(runs) == 1 else (one.mean,) if one.mean is not None else ()
            found.setdefault(one.asked.id, []).extend(spread)
    best: dict[str, str] = {}
    for name in sorted(found, key=lambda name: (-_width(found[name]), name)):
        best.setdefault(domains[name], name)
    return list(best.values())


def _width(values: Sequence[float]) -> float:
    return max(values) - min(values) if values else 0.0


_Choose = Callable[[Sequence[Attempt]], Attempt | None]


def _besides(runs: Sequence[ProbeRun], names: Sequence[str], choose: _Choose) -> tuple[Beside, ...]:
    asked = {one.id: one for run in runs for one in run.plan.questions if not one.is_private}
    return tuple(
        Beside(asked[name], tuple(choose(_attempts(run, name)) for run in runs)) for name in names if name in asked
    )


def _attempts(run: ProbeRun, name: str) -> list[Attempt]:
    return [one for one in run.attempts if one.key.question_id == name]


def _first(attempts: Sequence[Attempt]) -> Attempt | None:
    return next(iter(attempts), None)


def _answered(attempts: Sequence[Attempt]) -> Attempt | None:
    return _first([one for one in attempts if one.grade.state == "shown"]) or _first(attempts)
