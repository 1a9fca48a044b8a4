"""The language model that a desk is configured for, ready to be asked within the night's budget."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager, nullcontext
from datetime import date
from functools import partial
from threading import BoundedSemaphore, Lock, local
from typing import TypeVar

from core.errors import ConfigError
from core.lm import Conversation, Form, Submitted, Unsubmitted
from kb.spending import NightSpending
from lm.budget import Budget, limit_of, price_of
from lm.model import Model
from lm.outage import Outage
from lm.patience import Patience
from lm.submit import submit
from lm.wire import WireSettings, open_wire
from nightdesk.config import LlmSettings
from nightdesk.wiring import Desk

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
# Half as many stories again as the model is asked about are made ready meanwhile.
_MADE_READY = 1.5
MISSING = (
    'no model is configured: set [llm] wire = "anthropic" or "openai", base_url, model, and api_key_env, '
    "the name of the environment variable that holds the key"
)


def open_model(desk: Desk, night: date) -> Model | None:
    """Return the desk's model, spending on the account of a night, or None where none is configured.

    Raises ConfigError when its price is wrong.
    """
    llm = desk.settings.llm
    if llm is None:
        return None
    price = price_of(llm.price)
    wire = open_wire(llm.wire, WireSettings(llm.base_url, llm.model, llm.api_key))
    ledger = NightSpending(desk.store, lambda: night)
    budget = Budget(ledger, price, limit_of(price, llm.nightly_budget_usd))
    return Model(wire, budget, concurrency=llm.concurrency, patience=Patience.of(llm.patience_seconds))


class Turn:
    """Lets one thread work at a time, and the next while it waits: threads at work all at once hold one another up.

    Who waits takes one of the places and keeps it until its work is done, so that no more than these is ever lost.
    """

    def __init__(self, places: int) -> None:
        """Begin with nobody at work."""
        self._lock = Lock()
        self._places = BoundedSemaphore(places)
        self._own = local()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Work alone."""
        self._own.has_place = False
        try:
            with self._lock:
                self._own.is_at_work = True
                try:
                    yield
                finally:
                    self._own.is_at_work = False
        finally:
            if self._own.has_place:
                self._places.release()

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Let others work meanwhile, if this thread is at work."""
        if not getattr(self._own, "is_at_work", False):
            yield
            return
        self._own.is_at_work = False
        self._lock.release()
        try:
            if not self._own.has_place:
                self._own.has_place = self._places.acquire()
            yield
        finally:
            self._lock.acquire()
            self._own.is_at_work = True


class Asking:
    """Asks a model for answers in a form; while its host is away calls wait, until it is given up."""

    def __init__(self, model: Model, llm: LlmSettings) -> None:
        """Ask as often at once, and wait for its host as long, as the settings say."""
        self._model = model
        self._concurrency = llm.concurrency
        self._outage = Outage(Patience.of(llm.patience_seconds))
        self._turn = Turn(llm.concurrency)

    @property
    def is_away(self) -> bool:
        """Whether the host is given up."""
        return self._outage.is_over

    def __call__(
        self, conversation: Conversation, form: Form[A], /, *, stage: str, max_tokens: int
    ) -> Submitted[A] | Unsubmitted:
        """Return the answer, or why there is none; what an outage took is asked for once more after it.

        Raises ModelError.
        """
        ask = partial(submit, self._model.complete, conversation, form, stage=stage, max_tokens=max_tokens)  # type: ignore[type-var]
        with self._turn.waiting():
            return self._outage.outlast(ask)

    def at_once(self, function: Callable[[B], C], values: Iterable[B], /, *, in_turn: bool = False) -> Iterator[C]:
        """Yield ``function(value)`` for each value as they come, as many at once as the model may be asked.

        What goes ``in_turn`` works one at a time while the others wait for the model's answers, or for their place.
        """
        pool = ThreadPoolExecutor(int(self._concurrency * _MADE_READY) if in_turn else self._concurrency)

        def done(value: B) -> C:
            with self._turn.working() if in_turn else nullcontext():
                return function(value)

        try:
            for future in as_completed([pool.submit(done, value) for value in values]):
                yield future.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def needed_model(desk: Desk, night: date) -> Model:
    """Return the desk's model.

    Raises ConfigError when none is configured.
    """
    model = open_model(desk, night)
    if model is None:
        raise ConfigError(f"{desk.settings.path}: {MISSING}")
    return model
