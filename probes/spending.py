"""What a run spends, kept in its journal: set aside before each request, settled after it."""

from collections.abc import Callable
from decimal import Decimal
from threading import Lock

from core.lm import Expense, Unit, Usage


class RunSpending:
    """The ``SpendLedger`` of one run; what an earlier session set aside and never settled counts as spent."""

    def __init__(self, write: Callable[..., None], spent: Decimal = Decimal(0), tokens: int = 0) -> None:
        """Go on from what is spent; ``write`` takes the lines for the journal."""
        self.tokens = tokens
        self._write = write
        self._spent = spent
        self._open: dict[int, Decimal] = {}
        self._number = 0
        self._lock = Lock()

    def reserve(self, expense: Expense, limit: Decimal | None, /) -> int | None:
        """Set aside what a request may cost, or return None where the limit does not allow it."""
        with self._lock:
            if limit is not None and self._spent + expense.amount > limit:
                return None
            self._number += 1
            self._spent += expense.amount
            self._open[self._number] = expense.amount
            self._write("reserved", number=self._number, amount=f"{expense.amount:f}", stage=expense.stage)
            return self._number

    def settle(self, reservation: int, amount: Decimal, usage: Usage | None, /) -> None:
        """Replace what was set aside by what it took."""
        with self._lock:
            self._spent += amount - self._open.pop(reservation)
            self.tokens += usage.total if usage else 0
            self._write("settled", number=reservation, amount=f"{amount:f}")

    def spent(self, _unit: Unit, /) -> Decimal:
        """Return what was settled and what is set aside."""
        with self._lock:
            return self._spent
