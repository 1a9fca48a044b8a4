"""The words and figures that every form of a report shares."""

from collections.abc import Sequence
from decimal import Decimal

from core.lm import Unit
from probes.personality import Contrast
from probes.report.findings import ProbeReport, Taken
from probes.statistics.clustered import Estimate
from probes.statistics.comparing import Gap, gap_words
from probes.statistics.scores import ENOUGH_TO_RANK, DomainScore

COLUMNS = ("domain", "questions", "score", "of all", "pass@k", "pass^k", "a gap that shows", "not scored")
"""The columns of ``row``."""
EXPLAINED = (
    "A score is the mean over questions of the mean over repeats, with a 95 % interval clustered by family. Attempts "
    "that ended without a score are left out; “of all” takes them for failures. pass@k: one of k repeats is "
    "wholly right; pass^k: all are."
)


def row(one: DomainScore) -> tuple[str, ...]:
    """Return what a domain came to, for a table."""
    return (
        one.domain,
        str(one.questions),
        percent(one.score),
        share(one.counting),
        f"{share(one.some_pass)} (k={one.k})" if one.some_pass else "–",
        share(one.all_pass),
        gap_to_tell(one),
        states(one.states),
    )


def percent(one: Estimate | None) -> str:
    """Say a score with its interval."""
    return "–" if one is None else f"{100 * one.mean:.1f} % ({100 * one.low:.1f} to {100 * one.high:.1f})"


def share(one: Estimate | None) -> str:
    """Say a score alone."""
    return "–" if one is None else f"{100 * one.mean:.1f} %"


def states(found: Sequence[tuple[str, int]]) -> str:
    """Say how attempts ended that were not scored."""
    return ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in found if state != "scored") or "–"


def gap_to_tell(one: DomainScore) -> str:
    """Say which gap to another model could be told, or why none could."""
    if one.score is None or one.detectable is None:
        return "–"
    if not one.is_enough:
        return f"none: under {ENOUGH_TO_RANK} questions"
    return f"{100 * one.detectable:.0f} points"


def gap(one: Gap, report: ProbeReport) -> str:
    """Say what can be told of two models in a domain."""
    told = gap_words(one, report.labels[one.first], report.labels[one.second])
    return told if one.is_paired else f"{told}; other instances, as the seeds differ"


def kind(one: str) -> str:
    """Say a kind of unsafe act."""
    return one.replace("_", " ")


def contrast(one: Contrast, report: ProbeReport) -> str:
    """Say in what two models differ."""
    found = one.difference
    size = f"{100 * abs(found.mean):.0f} points" if one.trait.is_share else f"{abs(found.mean):,.0f} words"
    more, less = report.labels[one.more], report.labels[one.less]
    return f"{one.trait.name}: {more} more than {less}, by {size} over {found.questions} questions"


def bar(one: Estimate, width: int = 21) -> str:
    """Draw an interval in characters, from 0 to 100 %."""
    low, mean, high = (round(value * (width - 1)) for value in (one.low, one.mean, one.high))
    drawn = ["─" if low <= place <= high else "·" for place in range(width)]
    drawn[mean] = "●"
    return "".join(drawn)


def took(one: Taken) -> str:
    """Say what a run took."""
    pace, slow, tokens_in, tokens_out, money = taken(one)
    tokens = f"{tokens_in} tokens in, {tokens_out} out"
    if one.median_seconds is None:
        return f"{tokens}; {money}"
    return f"{pace} an attempt, a tenth over {slow}; {tokens}; {money}"


def taken(one: Taken) -> tuple[str, str, str, str, str]:
    """Return what a run took, for a table: the middle and the slowest tenth of its attempts, tokens, and money."""
    pace, slow = _seconds(one.median_seconds), _seconds(one.slow_seconds)
    return pace, slow, f"{one.tokens_in:,}", f"{one.tokens_out:,}", spent(one.spent, one.unit)


def spent(amount: Decimal, unit: Unit) -> str:
    """Say what was spent."""
    return f"${amount:.4f}" if unit == "usd" else f"{amount:,.0f} tokens"


def _seconds(one: float | None) -> str:
    return "–" if one is None else f"{one:.1f} s"
