"""What a judge made of two runs: whom it prefers, how sure that is, and what the judge is worth."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from probes.attempt import Key
from probes.judge import Judgement, Pair
from probes.statistics.clustered import Estimate, clustered_mean
from probes.statistics.comparing import APART, Verdict, abs_high, abs_low, holm, verdict


@dataclass(frozen=True, slots=True)
class Preference:
    """One judge on two runs, over one answer a question.

    ``leaning`` is 1 where the first is always preferred, -1 where the second is, clustered by family; None without a
    judgement. Of ``pairs`` pairs ``missing`` have no answer in one order or both. Of the rest ``agreeing`` were judged
    alike in both orders; in ``by_place`` the same place won both times. Where the scorer tells the answers apart and
    the judge prefers one, ``with_scorer`` of ``scored`` times it is the scorer's. ``why`` is the reason that
    most of the missing have, ``adjusted`` is p after Holm.
    """

    first: str
    second: str
    judge: str
    pairs: int
    missing: int
    agreeing: int
    by_place: int
    with_scorer: int
    scored: int
    leaning: Estimate | None
    why: str = ""
    adjusted: float = 1.0

    @property
    def agreement(self) -> float | None:
        """The share of whole judgements that are the same in both orders."""
        whole = self.pairs - self.missing
        return self.agreeing / whole if whole else None

    @property
    def verdict(self) -> Verdict:
        """Whether the first is preferred."""
        return "too_few" if self.leaning is None else verdict(self.leaning, self.adjusted)


def together(found: Sequence[Preference]) -> tuple[Preference, ...]:
    """Return preferences that are told together, their p corrected after Holm."""
    adjusted = holm([1.0 if one.leaning is None else one.leaning.p for one in found])
    return tuple(replace(one, adjusted=p) for one, p in zip(found, adjusted, strict=True))


def preference(names: tuple[str, str, str], pairs: Sequence[Pair], judgements: Mapping[Key, Judgement]) -> Preference:
    """Sum judgements up; ``names`` are those of both runs and of the judge. A pair that was not judged is missing."""
    heard = [(pair, judgements[pair.key]) for pair in pairs if pair.key in judgements]
    whole = [(pair, judgement) for pair, judgement in heard if judgement.is_whole]
    values = [(judgement.value or 0.0, pair.asked.family) for pair, judgement in whole]
    sides = [side for pair, judgement in whole if (side := _sides(pair, judgement)) is not None]
    leaning = (
        clustered_mean([value for value, _ in values], [family for _, family in values], APART) if values else None
    )
    return Preference(
        *names,
        pairs=len(pairs),
        missing=len(pairs) - len(whole),
        agreeing=sum(judgement.agrees for _, judgement in whole),
        by_place=sum(set(judgement.choices) == {"first", "second"} for _, judgement in whole),
        with_scorer=sum(sides),
        scored=len(sides),
        leaning=leaning,
        why=_why(judgement for _, judgement in heard),
    )


def _why(judgements: Iterable[Judgement]) -> str:
    """Return the most frequent reason why an order was not answered."""
    both = (zip(one.choices, one.whys, strict=True) for one in judgements)
    whys = Counter(why for pairs in both for choice, why in pairs if choice is None)
    return next((why for why, _ in whys.most_common(1)), "")


def _sides(pair: Pair, judgement: Judgement) -> bool | None:
    """Tell whether judge and scorer prefer the same, or None where one of them prefers neither."""
    one, other = pair.scores
    if one is None or other is None or one == other or not judgement.value:
        return None
    return (one > other) == (judgement.value > 0)


def preference_words(found: Preference, first: str, second: str) -> str:
    """Say whom the judge prefers, by their names, and what the judge is worth."""
    return f"The judge {found.judge} {_preferred(found, first, second)} {_worth(found)}."


def _preferred(found: Preference, first: str, second: str) -> str:
    leaning = found.leaning
    if leaning is None:
        return f"said nothing of {first} and {second}:"
    if found.verdict == "too_few":
        return f"compared {first} and {second} on {leaning.questions} questions, too few to rank:"
    if found.verdict == "undecided":
        return f"cannot tell the prose of {first} and {second} apart over {leaning.questions} questions:"
    names = (first, second) if found.verdict == "ahead" else (second, first)
    interval = f"({100 * abs_low(leaning):.0f} to {100 * abs_high(leaning):.0f})"
    size = f"by {100 * abs(leaning.mean):.0f} points {interval} over {leaning.questions} questions"
    return f"prefers the prose of {names[0]} to that of {names[1]} {size}:"


def _worth(found: Preference) -> str:
    why = f" ({found.why})" if found.why else ""
    missing = f"{found.missing} of {found.pairs} pairs are missing{why}"
    if found.agreement is None:
        return missing
    worth = f"{100 * found.agreement:.0f} % judged alike in both orders, {missing}"
    if not found.scored:
        return worth
    return f"{worth}, with the scorer in {found.with_scorer} of {found.scored}"
