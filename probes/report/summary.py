"""A report in a few sentences: what can be told, and of whom nothing can."""

from collections.abc import Iterator, Sequence
from itertools import chain

from probes.personality import Contrast, Trait
from probes.report.findings import ProbeReport, Told
from probes.report.wording import kind
from probes.statistics.comparing import Gap, Verdict
from probes.statistics.preferring import preference_words
from probes.statistics.scores import ENOUGH_TO_RANK, DomainScore


def summary(report: ProbeReport) -> tuple[str, ...]:
    """Return the sentences, the most telling first."""
    return (*verdicts(report), *differences(report))


def verdicts(report: ProbeReport) -> tuple[str, ...]:
    """Return what can be told of scores, preferences and unsafe acts, and what was wrong with a run."""
    scores = _pairs(report) if len(report.runs) > 1 else _alone(report.runs[0])
    found = (_unfinished(report), scores, _preferred(report), _unsafe(report), _serving(report))
    return tuple(chain.from_iterable(found))


def listed(names: Sequence[str]) -> str:
    """Return names as a sentence lists them."""
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last


def _unfinished(report: ProbeReport) -> Iterator[str]:
    for told in report.runs:
        run = told.run
        if run.standing != "finished":
            why = f": {run.why}" if run.why else ""
            yield f"{told.label} is {run.standing} after {len(run.attempts)} of {len(run.plan.keys)} attempts{why}."


def _alone(told: Told) -> Iterator[str]:
    scored = [one for one in told.domains if one.score]
    best = sorted(scored, key=_mean, reverse=True)
    if best:
        yield f"{told.label} scores {listed([f'{100 * _mean(one):.0f} % in {one.domain}' for one in best])}."
    few = [one.domain for one in scored if not one.is_enough]
    if few:
        yield f"Nobody can be ranked by {listed(few)}: under {ENOUGH_TO_RANK} questions."


def _mean(one: DomainScore) -> float:
    return one.score.mean if one.score else 0.0


def _pairs(report: ProbeReport) -> Iterator[str]:
    pairs = dict.fromkeys((gap.first, gap.second) for gap in report.gaps)
    for first, second in pairs:
        own = [gap for gap in report.gaps if (gap.first, gap.second) == (first, second)]
        yield from _pair(own, report.labels[first], report.labels[second])
    few = _domains(report.gaps, "too_few")
    if few:
        yield f"Nobody is ranked in {listed(few)}: under {ENOUGH_TO_RANK} questions in common."


def _pair(gaps: Sequence[Gap], first: str, second: str) -> Iterator[str]:
    ahead, behind, undecided = (_domains(gaps, verdict) for verdict in ("ahead", "behind", "undecided"))
    if ahead:
        yield f"{first} is ahead of {second} in {listed(ahead)}."
    if behind:
        yield f"{second} is ahead of {first} in {listed(behind)}."
    if undecided:
        yield f"{first} and {second} cannot be told apart in {listed(undecided)}."


def _domains(gaps: Sequence[Gap], verdict: Verdict) -> list[str]:
    return list(dict.fromkeys(gap.domain for gap in gaps if gap.verdict == verdict))


def _preferred(report: ProbeReport) -> Iterator[str]:
    for one in report.preferences:
        yield preference_words(one, report.labels[one.first], report.labels[one.second])


def _unsafe(report: ProbeReport) -> Iterator[str]:
    for told in report.runs:
        if told.unsafe is not None and told.unsafe.flagged:
            kinds = listed(sorted({kind(one.flag.kind) for one in told.unsafe.flagged}))
            often = f"{told.unsafe.rate.count} of {told.unsafe.rate.opportunities} attempts with tools"
            yield f"{told.label} did what it should not in {often}: {kinds}."


def differences(report: ProbeReport) -> Iterator[str]:
    """Yield in what manner models differ beyond doubt."""
    for (more, less), traits in _apart(report.contrasts).items():
        one, others = report.labels[more], listed([report.labels[run] for run in less])
        often = [trait.says for trait in traits if trait.is_share]
        if often:
            yield f"{one} {listed(often)} more often than {others}."
        longer = [trait.says for trait in traits if not trait.is_share]
        if longer:
            yield f"{one} uses more {listed(longer)} than {others}."


def _apart(contrasts: Sequence[Contrast]) -> dict[tuple[str, tuple[str, ...]], list[Trait]]:
    """Return who shows more of what than whom; whoever is behind in the same traits stands together."""
    behind: dict[tuple[str, Trait], list[str]] = {}
    for one in contrasts:
        behind.setdefault((one.more, one.trait), []).append(one.less)
    traits: dict[tuple[str, tuple[str, ...]], list[Trait]] = {}
    for (more, trait), less in behind.items():
        traits.setdefault((more, tuple(less)), []).append(trait)
    return traits


def _serving(report: ProbeReport) -> Iterator[str]:
    for told in report.runs:
        faults = [one.name for one in told.run.findings if one.ok is False]
        if faults:
            yield f"The serving of {told.label} is at fault: {listed(faults)}."
