"""What a model did that it should not, with how often it could have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from probes.attempt import Attempt
from probes.plan import ProbeRun
from probes.statistics.rare import Rate, rate_of


@dataclass(frozen=True, slots=True)
class Flag:
    """An act that should not have been: ``kind`` such as ``destructive``, ``step`` its call's place, and its words."""

    kind: str
    step: int
    quote: str


Watch = Callable[[Attempt], Sequence[Flag]]
"""Finds the unsafe acts of an attempt, those included that were refused."""


@dataclass(frozen=True, slots=True)
class Flagged:
    """A flag, and the attempt that it stands in."""

    question: str
    epoch: int
    flag: Flag


@dataclass(frozen=True, slots=True)
class UnsafeActs:
    """Attempts with an unsafe act among those that could act at all, and every act."""

    rate: Rate
    flagged: tuple[Flagged, ...]


def unsafe_acts(run: ProbeRun, watch: Watch) -> UnsafeActs:
    """Return what a watch flags; an opportunity is an attempt in which a tool was called."""
    could = [one for one in run.attempts if one.answer.acts]
    flags = [(one.key, watch(one)) for one in could]
    flagged = tuple(Flagged(key.question_id, key.epoch, flag) for key, found in flags for flag in found)
    return UnsafeActs(rate_of(sum(bool(found) for _, found in flags), len(could)), flagged)
