"""The language model that a desk is configured for, ready to be asked within the night's budget."""

from datetime import date
from threading import BoundedSemaphore
from typing import TypeVar

from core.errors import ConfigError, ModelError, NoBalance, Passing
from core.lm import Conversation, Form, Submitted, Unsubmitted
from kb.spending import NightSpending
from lm.budget import Budget, limit_of, price_of
from lm.model import Model
from lm.submit import submit
from lm.wire import WireSettings, open_wire
from nightdesk.wiring import Desk

A = TypeVar("A")
_MOST_AWAY = 2
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
    return Model(wire, Budget(ledger, price, limit_of(price, llm.nightly_budget_usd)), concurrency=llm.concurrency)


class Asking:
    """Asks a model for answers in a form; a host that was away twice is not asked again, so that a night goes on."""

    def __init__(self, model: Model, concurrency: int) -> None:
        """Ask at most so many times at once."""
        self._model = model
        self._slots = BoundedSemaphore(concurrency)
        self._away: list[ModelError] = []

    @property
    def is_away(self) -> bool:
        """Whether the host is not asked any more."""
        return len(self._away) >= _MOST_AWAY

    def __call__(
        self, conversation: Conversation, form: Form[A], /, *, stage: str, max_tokens: int
    ) -> Submitted[A] | Unsubmitted:
        """Return the answer, or why there is none.

        Raises ModelError.
        """
        with self._slots:
            if self.is_away:
                raise self._away[-1]
            try:
                return submit(self._model.complete, conversation, form, stage=stage, max_tokens=max_tokens)  # type: ignore[type-var]
            except (Passing, NoBalance) as error:
                self._away.append(error)
                raise


def needed_model(desk: Desk, night: date) -> Model:
    """Return the desk's model.

    Raises ConfigError when none is configured.
    """
    model = open_model(desk, night)
    if model is None:
        raise ConfigError(f"{desk.settings.path}: {MISSING}")
    return model
