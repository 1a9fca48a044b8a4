"""What a model did with an instance, and what a scorer makes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from core.lm import Completion, Message, Results, Usage
from probes.unsafe import Watched
from probes.world import Act

State = Literal["scored", "shown", "refused", "truncated", "no_answer", "error", "timeout", "unscored"]
"""What there is to say of an attempt: only ``scored`` has a score; ``shown`` is an open answer, for the eye;
``unscored`` was answered, and this machine could not tell how well."""
Ended = Literal["answered", "turns", "refused", "truncated", "no_answer", "error", "timeout"]
"""How an attempt came to its end; ``turns`` is the cap on turns, after which the world still tells what was reached."""


@dataclass(frozen=True, slots=True)
class Grade:
    """A scorer's decision: ``score`` from 0 to 1, or None where the state is no score; ``evidence`` quotes.

    ``watched`` tells what a program did that it should not have, where the scorer ran one.
    """

    score: float | None
    why: str
    state: State = "scored"
    evidence: tuple[str, ...] = ()
    watched: Watched | None = None


def right(why: str, *evidence: str) -> Grade:
    """Return the grade of a whole success."""
    return Grade(1.0, why, evidence=evidence)


def wrong(why: str, *evidence: str) -> Grade:
    """Return the grade of a failure of the model's: nothing that the serving did."""
    return Grade(0.0, why, evidence=evidence)


def held(conditions: Sequence[tuple[bool, str]], at_most: float = 1.0) -> Grade:
    """Return right when every condition holds, else the share of ``at_most`` that does, with what does not."""
    missed = tuple(told for holds, told in conditions if not holds)
    if not missed:
        return right(f"all {len(conditions)} conditions hold")
    share = at_most * (1 - len(missed) / len(conditions))
    return Grade(round(share, 4), f"{len(missed)} of {len(conditions)} conditions do not hold", evidence=missed)


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A call and what came back; ``arguments`` are None where the model wrote no JSON object."""

    tool: str
    arguments: Mapping[str, Any] | None
    result: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What is scored: ``text`` is the last message and ``texts`` all of them, one a turn that called no tool.

    ``state`` is the world's at the end, by environment; ``ended`` is ``answered`` or ``turns``. Thoughts are left out.
    """

    text: str
    texts: tuple[str, ...] = ()
    uses: tuple[ToolUse, ...] = ()
    state: Mapping[str, Any] = field(default_factory=dict)
    acts: tuple[Act, ...] = ()
    ended: Ended = "answered"


@dataclass(frozen=True, slots=True)
class Turn:
    """One request: what was told since the last one, what was heard, and how long it took in seconds.

    ``heard`` has the model's message as it came, to the byte (``raw``), with its thoughts, calls, usage and cost.
    """

    told: tuple[Message, ...]
    heard: Completion
    seconds: float

    @property
    def results(self) -> Results | None:
        """What tools answered to the turn before, or None."""
        return next((one for one in self.told if isinstance(one, Results)), None)


@dataclass(frozen=True, slots=True)
class Key:
    """Which attempt: the same key has the same seed for every model, so that comparison is paired."""

    question_id: str
    epoch: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, whole: its transcript, how it ended and its grade; ``why`` tells of an end that is no answer.

    ``seconds`` is its time on the wire and in the world; ``cost`` is in the unit of the plan's price. ``watched`` tells
    of unsafe acts; None where there were neither tools to act with nor a program that was run.
    """

    key: Key
    seed: int
    turns: tuple[Turn, ...]
    answer: Answer
    grade: Grade
    seconds: float
    why: str = ""
    watched: Watched | None = None

    @property
    def usage(self) -> Usage:
        """Tokens of all turns."""
        return sum((turn.heard.usage for turn in self.turns if turn.heard.usage), Usage())

    @property
    def cost(self) -> Decimal:
        """Cost of all turns that were answered."""
        return sum((turn.heard.cost for turn in self.turns), Decimal(0))
