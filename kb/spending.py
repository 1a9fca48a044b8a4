"""What models cost, a night each: reserved before a call, settled after it, exact to 10^-12 of a dollar or token."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, bindparam, func, insert, select, update

from core.lm import Expense, Unit, Usage
from kb.schema import spending
from kb.store import Store

_PICO = Decimal(10) ** 12
_NO_LIMIT = 2**63 - 1
_AMOUNT = func.coalesce(spending.c.settled, spending.c.reserved)
_TOKENS = ("input", "output", "cache_read", "cache_write")
_SPENT = select(func.coalesce(func.sum(_AMOUNT), 0)).where(
    (spending.c.night == bindparam("night")) & (spending.c.unit == bindparam("unit"))
)
_ROW = ("night", "stage", "model", "unit", "reserved", *_TOKENS)
_RESERVE = (
    insert(spending)
    .from_select(
        _ROW,
        select(*(bindparam(name, type_=spending.c[name].type) for name in _ROW)).where(
            _SPENT.scalar_subquery() + bindparam("reserved") <= bindparam("limit")
        ),
    )
    .returning(spending.c.id)
)
_SETTLE = update(spending).where(spending.c.id == bindparam("number"))


class NightSpending:
    """The spending of one night; what was reserved and not settled counts as spent, by a run that died too."""

    def __init__(self, store: Store, night: Callable[[], date]) -> None:
        """Keep it in the store under the night."""
        self._store = store
        self._night = night

    def reserve(self, expense: Expense, limit: Decimal | None, /) -> int | None:
        """Write an expense down unless it would pass the limit; return its number, or None."""
        row = {"night": self._night(), "stage": expense.stage, "model": expense.model, "unit": expense.unit}
        row |= {"reserved": int(expense.amount * _PICO)} | dict.fromkeys(_TOKENS, 0)
        most = _NO_LIMIT if limit is None else min(_NO_LIMIT, int(limit * _PICO))
        with self._store.writing() as connection:
            number: int | None = connection.execute(_RESERVE, {**row, "limit": most}).scalar_one_or_none()
            return number

    def settle(self, reservation: int, amount: Decimal, usage: Usage | None, /) -> None:
        """Replace what was reserved by what it took."""
        told = {name: getattr(usage, name) for name in _TOKENS} if usage else {}
        row = {"settled": int(amount * _PICO), **told}
        with self._store.writing() as connection:
            connection.execute(_SETTLE, {"number": reservation, **row})

    def spent(self, unit: Unit, /) -> Decimal:
        """Return what was settled, and what is still reserved."""
        with self._store.reading() as connection:
            return _spent(connection, self._night(), unit)


def _spent(connection: Connection, night: date, unit: Unit) -> Decimal:
    return Decimal(connection.execute(_SPENT, {"night": night, "unit": unit}).scalar_one()) / _PICO


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
