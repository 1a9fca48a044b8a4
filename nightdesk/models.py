"""The language model that a desk is configured for, ready to be asked within the night's budget."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from datetime import date
from functools import partial
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


class Asking:
    """Asks a model for answers in a form; while its host is away calls wait, until it is given up."""

    def __init__(self, model: Model, llm: LlmSettings) -> None:
        """Ask as often at once, and wait for its host as long, as the settings say."""
        self._model = model
        self._concurrency = llm.concurrency
        self._outage = Outage(Patience.of(llm.patience_seconds))

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
        return self._outage.outlast(ask)

    def at_once(self, function: Callable[[B], C], values: Iterable[B], /) -> Iterator[C]:
        """Yield ``function(value)`` for each value as they come, as many at once as the model may be asked."""
        pool = ThreadPoolExecutor(self._concurrency)
        try:
            for done in as_completed([pool.submit(function, value) for value in values]):
                yield done.result()
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
