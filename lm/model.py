"""A model ready to be asked: its wire, within the budget, the limits of concurrency and the patience."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from math import inf
from threading import TIMEOUT_MAX, BoundedSemaphore, Lock

from core.errors import ModelError, ModelThrottled, ModelUnreadable, Passing
from core.lm import Completion, Conversation
from lm.budget import Budget
from lm.failures import failure_of
from lm.patience import Gate, Patience, attempts
from lm.wire import Wire


@dataclass(frozen=True, slots=True)
class _Call:
    """One call with all its attempts; ``spent`` gets what each of them took. What is lost counts at its worst."""

    stage: str
    body: bytes
    worst: Decimal
    deadline: float
    spent: list[Decimal] = field(default_factory=list)


class Model:
    """Answers ``complete`` from any thread; at most ``concurrency`` requests are under way at once.

    ``counts`` has how many requests there were and failed, and how many answers showed each defect.
    """

    def __init__(
        self,
        wire: Wire,
        budget: Budget,
        *,
        concurrency: int = 8,
        patience: Patience | None = None,
        gate: Gate | None = None,
    ) -> None:
        """Stand between the callers and a wire."""
        self.wire = wire
        self.budget = budget
        self.counts: Counter[str] = Counter()
        self._patience = patience or Patience()
        self._gate = gate or Gate()
        self._slots = BoundedSemaphore(concurrency)
        self._lock = Lock()

    def complete(
        self, conversation: Conversation, /, *, stage: str, max_tokens: int, seconds: float | None = None
    ) -> Completion:
        """Return the model's next message; ``stage`` names what the spending is for, ``seconds`` cap it with retries.

        Raises ModelError, of which BudgetSpent means that the call was not made. ``cost`` has failed attempts in it.
        """
        body = self.wire.request(conversation, max_tokens)
        call = _Call(stage, body, self.budget.price.worst(len(body), max_tokens), self._deadline(seconds))
        answer = attempts(self._patience_until(call.deadline), self._gate, lambda: self._in_turn(call))
        self._count(*answer.defects)
        return replace(answer, cost=sum(call.spent, Decimal(0)))

    def worst(self, conversation: Conversation, max_tokens: int) -> Decimal:
        """Return what one request may cost at most, in the budget's unit."""
        return self.budget.price.worst(len(self.wire.request(conversation, max_tokens)), max_tokens)

    def _deadline(self, seconds: float | None) -> float:
        return self._gate.now() + (inf if seconds is None else seconds)

    def _patience_until(self, deadline: float) -> Patience:
        return replace(self._patience, seconds=min(self._patience.seconds, deadline - self._gate.now()))

    def _in_turn(self, call: "_Call") -> Completion:
        with self._slot(call.deadline):
            number = self.budget.reserve(call.stage, self.wire.settings.model, call.worst)
            usage, amount = None, call.worst
            try:
                answer = self._asked(call)
                usage, amount = answer.usage, self._cost(answer, call)
            except ModelError as error:
                self._count("failed")
                amount = call.worst if isinstance(error, Passing) and error.is_paid else Decimal(0)
                raise
            finally:
                call.spent.append(amount)
                self.budget.settle(number, amount, usage)
        return answer

    @contextmanager
    def _slot(self, deadline: float) -> Iterator[None]:
        """Hold one of the places, while the host does not want quiet."""
        if not self._slots.acquire(timeout=min(TIMEOUT_MAX, max(0.0, deadline - self._gate.now()))):
            raise ModelThrottled("other calls held all places for as long as this one may take", wait=inf)
        try:
            self._gate.wait(deadline)
            yield
        finally:
            self._slots.release()

    def _cost(self, answer: Completion, call: "_Call") -> Decimal:
        """Return what an answer cost; one whose usage is not told counts at its worst."""
        return call.worst if answer.usage is None else self.budget.price.cost(answer.usage)

    def _asked(self, call: "_Call") -> Completion:
        self._count("requests")
        settings = self.wire.settings
        reply = self.wire.send(call.body, max(0.1, min(settings.timeout, call.deadline - self._gate.now())))
        if failure := failure_of(reply, settings):
            raise failure
        try:
            return self.wire.read(reply.body.decode())
        except UnicodeDecodeError as error:
            raise ModelUnreadable(f"{settings.host} sent text that is no UTF-8", is_paid=True) from error

    def _count(self, *what: str) -> None:
        with self._lock:
            self.counts.update(what)
