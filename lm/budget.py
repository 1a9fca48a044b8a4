"""What a night may spend: reserved at its worst before each request, settled at what it took.

The worst of a request is all its bytes as tokens, since a token is a byte at least, and its cap of tokens out. When it
does not fit only because others' worst cases are still open, the call waits for them; a process that died leaves its
reservations standing, and they count as spent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from math import inf
from threading import Condition

from core.errors import BudgetSpent, ConfigError
from core.lm import Expense, SpendLedger, Unit, Usage

_PER = Decimal(1_000_000)
_QUANTUM = Decimal("1e-12")
# What templates add around tools and messages, in tokens.
_TEMPLATE = 1000


@dataclass(frozen=True, slots=True)
class Price:
    """Prices of a million tokens each, in the unit."""

    input: Decimal
    output: Decimal
    cache_read: Decimal
    cache_write: Decimal
    unit: Unit = "usd"

    def cost(self, usage: Usage) -> Decimal:
        """Return what these tokens cost, rounded up to 10^-12."""
        parts = (
            usage.input * self.input,
            usage.output * self.output,
            usage.cache_read * self.cache_read,
            usage.cache_write * self.cache_write,
        )
        return (sum(parts, Decimal(0)) / _PER).quantize(_QUANTUM, ROUND_UP)

    def worst(self, request_bytes: int, max_tokens: int) -> Decimal:
        """Return what a request may cost at most."""
        dearest = max(self.input, self.cache_read, self.cache_write)
        most = (request_bytes + _TEMPLATE) * dearest + max_tokens * self.output
        return (most / _PER).quantize(_QUANTUM, ROUND_UP)


TOKENS = Price(_PER, _PER, _PER, _PER, "tokens")
"""The price of a model whose price is unknown: every token counts one."""


NIGHTLY_TOKENS = Decimal(5_000_000)
"""What a night may use of a model without a price: about two dollars' worth of M2."""


def price_of(table: Mapping[str, float] | None) -> Price:
    """Return the price that the configuration states, dollars a million tokens, or TOKENS when it states none.

    What is not stated for the cache costs as much as other input. Raises ConfigError.
    """
    if table is None:
        return TOKENS
    unknown = sorted(set(table) - {"input", "output", "cache_read", "cache_write"})
    if unknown or not {"input", "output"} <= set(table) or not all(0 <= given < inf for given in table.values()):
        raise ConfigError(
            "[llm] price: give input and output, perhaps cache_read and cache_write, in dollars a million tokens"
            + (f"; not {', '.join(unknown)}" if unknown else "")
        )
    stated = {name: Decimal(str(given)) for name, given in table.items()}
    into = stated["input"]
    return Price(into, stated["output"], stated.get("cache_read", into), stated.get("cache_write", into))


def limit_of(price: Price, dollars: float | None) -> Decimal | None:
    """Return the night's limit in the price's unit; without a price it is NIGHTLY_TOKENS, whatever the dollars."""
    if price.unit == "tokens":
        return NIGHTLY_TOKENS
    return None if dollars is None else Decimal(str(dollars))


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a limit is called, and what to do when it does not suffice."""

    name: str
    advice: str


NIGHT = Allowance("the night's budget", "raise [llm] nightly_budget_usd, or wait for the next night")


class Budget:
    """Allows requests of one model as far as the night's limit goes; ``limit`` is in the price's unit, None is none."""

    def __init__(self, ledger: SpendLedger, price: Price, limit: Decimal | None, *, allows: Allowance = NIGHT) -> None:
        """Count on the ledger; ``limit`` may be zero; ``allows`` words what it is and how it is raised."""
        self.price = price
        self.limit = limit
        self._allows = allows
        self._ledger = ledger
        self._open = 0
        self._changed = Condition()

    def reserve(self, stage: str, model: str, worst: Decimal) -> int:
        """Set aside what a request may cost, waiting for others' to be settled where that can help.

        Raises BudgetSpent.
        """
        expense = Expense(stage, model, self.price.unit, worst)
        with self._changed:
            while (number := self._ledger.reserve(expense, self.limit)) is None:
                if self._open == 0 or (self.limit is not None and worst > self.limit):
                    raise BudgetSpent(self._spent_text(worst))
                self._changed.wait()
            self._open += 1
            return number

    def settle(self, number: int, amount: Decimal, usage: Usage | None) -> None:
        """Replace what was set aside by what it took, and let those that wait look again."""
        with self._changed:
            self._open -= 1
            self._changed.notify_all()
            self._ledger.settle(number, amount, usage)

    def left(self) -> Decimal | None:
        """Return what is neither spent nor set aside, or None without a limit."""
        return None if self.limit is None else self.limit - self._ledger.spent(self.price.unit)

    def _spent_text(self, worst: Decimal) -> str:
        unit = self.price.unit
        return (
            f"{self._allows.name} of {self.limit:f} {unit} does not allow a call of up to {worst:f} {unit}: "
            f"{self._allows.advice}"
        )
