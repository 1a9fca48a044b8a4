"""What a probe sets out to do, and what came of it: all that a report is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from core.lm import Finding, Unit
from probes.attempt import Attempt, Key
from probes.question import Question

Standing = Literal["finished", "stopped", "unfinished"]
"""How a run stands: every attempt made; ended before by a cap or a dead host; or cut off, to be taken up again."""


@dataclass(frozen=True, slots=True)
class Served:
    """What answers: the endpoint's name, the model's, the host alone, and what the requests say beside.

    ``family`` names who made the model, so that a judge can be of another. ``provider`` is the pin on OpenRouter.
    ``price`` is in dollars a million tokens; without one, spending counts tokens.
    """

    endpoint: str
    model: str
    wire: str
    host: str
    family: str = ""
    provider: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    price: Mapping[str, float] | None = None
    unit: Unit = "usd"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report needs to know of a question without its file."""

    id: str
    family: str
    domain: str
    stack: str
    version: str
    tags: tuple[str, ...] = ()
    is_private: bool = False


def asked_of(question: Question) -> Asked:
    """Return what the plan keeps of a question."""
    return Asked(
        question.id,
        question.family,
        question.domain,
        question.stack,
        question.version,
        question.tags,
        question.is_private,
    )


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps of a run; None is none.

    ``amount`` is in the unit of the price and never passed; ``tokens`` and ``seconds`` are looked at before each
    request.
    """

    amount: Decimal | None = None
    tokens: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class ProbePlan:
    """The run: every question ``epochs`` times, each epoch with seeds of its own that hang on ``seed`` alone."""

    run: str
    served: Served
    questions: tuple[Asked, ...]
    epochs: int
    seed: int
    started: datetime
    tier: str = "full"
    variation: str = "plain"
    limits: Limits = Limits()

    @property
    def keys(self) -> tuple[Key, ...]:
        """Every attempt to be made, epoch by epoch, so that a run that is cut short has looked at everything alike."""
        return tuple(Key(question.id, epoch) for epoch in range(self.epochs) for question in self.questions)

    def is_same_work(self, other: "ProbePlan") -> bool:
        """Tell whether two plans ask the same of the same; limits, name and beginning aside."""
        return _work(self) == _work(other)


def _work(plan: ProbePlan) -> tuple[Any, ...]:
    return plan.served, plan.questions, plan.epochs, plan.seed, plan.tier, plan.variation


@dataclass(frozen=True, slots=True)
class ProbeRun:
    """A run as its journal tells it; ``why`` tells what stopped it.

    ``spent`` and ``tokens`` count what was lost on the way too, such as the turns of attempts that were made anew.

    ``findings`` are the wire preflight's: a serving defect is not a model's failure. Attempts are in the order of the
    plan's keys, each key at most once.
    """

    plan: ProbePlan
    findings: tuple[Finding, ...]
    attempts: tuple[Attempt, ...]
    standing: Standing
    why: str = ""
    spent: Decimal = Decimal(0)
    seconds: float = 0.0
    tokens: int = field(default=0, compare=False)
