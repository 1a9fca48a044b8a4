"""What models cost, a night each: reserved before a call, settled after it, exact to 10^-12 of a dollar or token."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, func, select

from core.lm import Expense, Unit, Usage
from kb.schema import spending
from kb.store import Store

_PICO = Decimal(10) ** 12
_NO_LIMIT = 2**63 - 1
_AMOUNT = func.coalesce(spending.c.settled, spending.c.reserved)
_TOKENS = ("input", "output", "cache_read", "cache_write")
# Plain, because each request of a night is written down twice and the sum made once more.
_SPENT = "SELECT coalesce(sum(coalesce(settled, reserved)), 0) FROM spending WHERE night = :night AND unit = :unit"
_RESERVE = f"""
    INSERT INTO spending (night, stage, model, unit, reserved, input, output, cache_read, cache_write)
    SELECT :night, :stage, :model, :unit, :reserved, 0, 0, 0, 0 WHERE ({_SPENT}) + :reserved <= :limit
    RETURNING id
"""
_SETTLE = """
    UPDATE spending SET settled = :settled, input = :input, output = :output, cache_read = :cache_read,
    cache_write = :cache_write WHERE id = :id
"""
_NONE = Usage(0, 0, 0, 0)


class NightSpending:
    """The spending of one night; what was reserved and not settled counts as spent, by a run that died too."""

    def __init__(self, store: Store, night: Callable[[], date]) -> None:
        """Keep it in the store under the night."""
        self._store = store
        self._night = night

    def reserve(self, expense: Expense, limit: Decimal | None, /) -> int | None:
        """Write an expense down unless it would pass the limit; return its number, or None."""
        row = {
            "night": self._night().isoformat(),
            "stage": expense.stage,
            "model": expense.model,
            "unit": expense.unit,
            "reserved": int(expense.amount * _PICO),
            "limit": _NO_LIMIT if limit is None else min(_NO_LIMIT, int(limit * _PICO)),
        }
        with self._store.noting() as connection:
            # Fetching all ends the statement, which is when it is written.
            reserved: list[tuple[int]] = connection.execute(_RESERVE, row).fetchall()
            return reserved[0][0] if reserved else None

    def settle(self, reservation: int, amount: Decimal, usage: Usage | None, /) -> None:
        """Replace what was reserved by what it took."""
        told = {name: getattr(usage or _NONE, name) for name in _TOKENS}
        with self._store.noting() as connection:
            connection.execute(_SETTLE, {"id": reservation, "settled": int(amount * _PICO), **told})

    def spent(self, unit: Unit, /) -> Decimal:
        """Return what was settled, and what is still reserved."""
        with self._store.searching() as connection:
            night = {"night": self._night().isoformat(), "unit": unit}
            return Decimal(connection.execute(_SPENT, night).fetchone()[0]) / _PICO


@dataclass(frozen=True, slots=True)
class Spent:
    """What one stage of a night took of one model: requests, tokens, and money in ``unit``."""

    night: date
    stage: str
    model: str
    unit: Unit
    requests: int
    usage: Usage
    amount: Decimal


def spent_by_stage(connection: Connection, night: date | None = None) -> tuple[Spent, ...]:
    """Return what was spent, the latest night first; of one night, where it is named."""
    sums = [func.sum(spending.c[name]).label(name) for name in _TOKENS]
    groups = (spending.c.night, spending.c.stage, spending.c.model, spending.c.unit)
    statement = select(*groups, func.count().label("requests"), func.sum(_AMOUNT).label("amount"), *sums)
    if night is not None:
        statement = statement.where(spending.c.night == night)
    rows = connection.execute(statement.group_by(*groups).order_by(spending.c.night.desc(), *groups[1:]))
    return tuple(
        Spent(
            row.night,
            row.stage,
            row.model,
            row.unit,
            row.requests,
            Usage(*(getattr(row, name) for name in _TOKENS)),
            Decimal(row.amount) / _PICO,
        )
        for row in rows
    )
