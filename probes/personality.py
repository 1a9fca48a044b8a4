"""How a model goes about things, from its traces: each claim with how many attempts it stands on, and quotes."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from probes import traits
from probes.attempt import Attempt
from probes.plan import ProbeRun
from probes.statistics.clustered import LEVEL, Estimate, clustered_mean, clustered_share, share_words
from probes.statistics.comparing import holm
from probes.statistics.scores import question_scores

_QUOTES = 3
_ANYTHING = (-1e9, 1e9)
_SOME = 10
"""Questions under which a trait is told, but not set beside another model's."""


@dataclass(frozen=True, slots=True)
class Trait:
    """What is looked for; ``is_share`` tells a share of attempts from a count of words."""

    name: str
    says: str
    look: traits.Look
    is_share: bool = True


TRAITS = (
    Trait("thinks first", "thinks before its first act", traits.thinks_first),
    Trait("looks first", "reads before it changes anything", traits.looks_first),
    Trait("verifies", "looks at what it did", traits.verifies),
    Trait("retries", "tries a tool again after a failure", traits.retries),
    Trait("asks", "ends a task with a question", traits.asks),
    Trait("gives up", "says that it could not", traits.gives_up),
    Trait("hedges", "hedges its answer", traits.hedges),
    Trait("refuses", "refuses", traits.refuses),
    Trait("length", "words in an answer", traits.words, is_share=False),
    Trait("thoughts", "words in its thoughts", traits.thoughts, is_share=False),
)
CONSISTENT = Trait("consistent", "does as well in every repeat of a question", lambda _: None)


@dataclass(frozen=True, slots=True)
class Quote:
    """Where a trait was seen, word by word."""

    question: str
    epoch: int
    text: str


@dataclass(frozen=True, slots=True)
class Manner:
    """One trait of one model: the mean over questions, how many attempts gave occasion, and quotes.

    ``by_question`` is what it stands on: the mean of each question, with its family.
    """

    trait: Trait
    estimate: Estimate
    attempts: int
    quotes: tuple[Quote, ...]
    by_question: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A trait that two models differ in, question by question, after Holm over all traits and pairs."""

    trait: Trait
    more: str
    less: str
    difference: Estimate


def personality(run: ProbeRun) -> tuple[Manner, ...]:
    """Return every trait that there was occasion for; quotes leave private questions out."""
    found = [_manner(run, trait) for trait in TRAITS]
    return tuple(one for one in (*found, _consistency(run)) if one is not None)


def contrasts(runs: Sequence[ProbeRun], manners: Sequence[Sequence[Manner]]) -> tuple[Contrast, ...]:
    """Return where runs differ beyond doubt, on the questions that both had occasion on."""
    pairs = [(one, other) for one in range(len(runs)) for other in range(one + 1, len(runs))]
    found = [(one, other, *apart) for one, other in pairs for apart in _apart(manners[one], manners[other])]
    adjusted = holm([difference.p for _, _, _, difference in found])
    told = []
    for (one, other, trait, difference), p in zip(found, adjusted, strict=True):
        if p < 1 - LEVEL:
            more, less = (one, other) if difference.mean > 0 else (other, one)
            told.append(Contrast(trait, runs[more].plan.run, runs[less].plan.run, difference))
    return tuple(told)


def _apart(ours: Sequence[Manner], theirs: Sequence[Manner]) -> list[tuple[Trait, Estimate]]:
    beside = {one.trait.name: {name: value for name, _, value in one.by_question} for one in theirs}
    found = []
    for manner in ours:
        other = beside.get(manner.trait.name, {})
        both = [(value - other[name], family) for name, family, value in manner.by_question if name in other]
        if len(both) >= _SOME:
            within = (-1.0, 1.0) if manner.trait.is_share else _ANYTHING
            found.append((manner.trait, clustered_mean([gap for gap, _ in both], [fam for _, fam in both], within)))
    return found


def _manner(run: ProbeRun, trait: Trait) -> Manner | None:
    seen = [(one, sighting) for one in run.attempts if (sighting := trait.look(one)) is not None]
    values: dict[str, list[float]] = {}
    for attempt, sighting in seen:
        values.setdefault(attempt.key.question_id, []).append(sighting.value)
    quotes = _quotes(run, [(attempt, sighting.quote) for attempt, sighting in seen if sighting.quote])
    means = {name: fmean(own) for name, own in values.items()}
    return _told(run, trait, means, len(seen), quotes) if means else None


def _consistency(run: ProbeRun) -> Manner | None:
    repeated = [one for one in question_scores(run) if len(one.scores) > 1]
    means = {one.asked.id: float(min(one.scores) == max(one.scores)) for one in repeated}
    return _told(run, CONSISTENT, means, sum(len(one.scores) for one in repeated), ()) if means else None


def _told(run: ProbeRun, trait: Trait, means: dict[str, float], attempts: int, quotes: tuple[Quote, ...]) -> Manner:
    families = {one.id: one.family for one in run.plan.questions}
    by_question = tuple((name, families[name], value) for name, value in means.items())
    return Manner(trait, _estimate(trait, by_question), attempts, quotes, by_question)


def _estimate(trait: Trait, by_question: Sequence[tuple[str, str, float]]) -> Estimate:
    values, families = [value for _, _, value in by_question], [family for _, family, _ in by_question]
    if trait.is_share:
        return clustered_share(values, families)
    return clustered_mean(values, families, (0.0, _ANYTHING[1]))


def _quotes(run: ProbeRun, seen: Sequence[tuple[Attempt, str]]) -> tuple[Quote, ...]:
    """Return a few, each of another question."""
    private = {one.id for one in run.plan.questions if one.is_private}
    first: dict[str, Quote] = {}
    for attempt, text in seen:
        name = attempt.key.question_id
        if name not in private:
            first.setdefault(name, Quote(name, attempt.key.epoch, text))
    return tuple(first.values())[:_QUOTES]


def manner_words(manner: Manner) -> str:
    """Say a trait in words, with what it stands on."""
    stands_on = f"{manner.attempts} attempts at {manner.estimate.questions} questions"
    if manner.trait.is_share:
        return f"{manner.trait.says} in {amount(manner)} of {stands_on}"
    return f"{amount(manner)} {manner.trait.says}, over {stands_on}"


def amount(manner: Manner) -> str:
    """Say how often or how much, with the interval."""
    found = manner.estimate
    if manner.trait.is_share:
        return share_words(found)
    high = f"{found.high:,.0f}" if found.high < _ANYTHING[1] else "any number"
    return f"{found.mean:,.0f} ({found.low:,.0f} to {high})"
