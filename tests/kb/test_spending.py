"""What models cost: reserved before, settled after, never past the limit, whoever else spends."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.lm import Expense, Usage
from kb.schema import spending
from kb.spending import NightSpending, spent_by_stage
from kb.store import Store
from tests.kb.shelf import NEXT_NIGHT, NIGHT

DIME = Decimal("0.10")


def expense(amount: str, stage: str = "brief") -> Expense:
    return Expense(stage, "glimmer", "usd", Decimal(amount))


def on(store: Store, night: date = NIGHT) -> NightSpending:
    return NightSpending(store, lambda: night)


def test_what_was_reserved_counts_until_it_is_settled(store: Store) -> None:
    ledger = on(store)
    first = ledger.reserve(expense("0.07"), DIME)
    assert first is not None
    assert ledger.reserve(expense("0.04"), DIME) is None
    ledger.settle(first, Decimal("0.000000000001"), Usage(10, 2))
    assert ledger.spent("usd") == Decimal("0.000000000001")
    assert ledger.reserve(expense("0.04"), DIME) is not None


def test_reservation_of_a_run_that_died_counts(store: Store) -> None:
    on(store).reserve(expense("0.07"), DIME)
    again = Store(store.path)
    assert on(again).reserve(expense("0.04"), DIME) is None
    again.close()


def test_nights_and_units_are_accounts_of_their_own(store: Store) -> None:
    on(store).reserve(expense("0.07"), DIME)
    assert on(store, NEXT_NIGHT).spent("usd") == 0
    assert on(store).spent("tokens") == 0


def test_without_a_limit_everything_is_reserved(store: Store) -> None:
    assert on(store).reserve(expense("999"), None) is not None


@given(amounts=st.lists(st.integers(1, 60), min_size=1, max_size=24), limit=st.integers(1, 200))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_limit_is_never_passed_by_many_at_once(store: Store, amounts: list[int], limit: int) -> None:
    with store.writing() as connection:
        connection.execute(spending.delete())
    ledger, most = on(store), Decimal(limit) / 1000

    def spend(amount: int) -> None:
        number = ledger.reserve(expense(f"{amount / 1000:.3f}"), most)
        assert ledger.spent("usd") <= most
        if number is not None and amount % 3:
            ledger.settle(number, Decimal(amount) / 2000, None)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(spend, amounts))
    assert ledger.spent("usd") <= most


@pytest.mark.parametrize("night", [None, NIGHT])
def test_sums_are_told_by_stage(store: Store, night: date | None) -> None:
    ledger = on(store)
    for stage, amount in (("judge", "0.01"), ("brief", "0.02"), ("brief", "0.03")):
        number = ledger.reserve(expense(amount, stage), None)
        assert number is not None
        ledger.settle(number, Decimal(amount), Usage(100, 20, 7, 3))
    with store.reading() as connection:
        brief, judge = spent_by_stage(connection, night)
    assert (brief.stage, brief.requests, brief.amount) == ("brief", 2, Decimal("0.05"))
    assert brief.usage == Usage(200, 40, 14, 6)
    assert (judge.stage, judge.amount) == ("judge", Decimal("0.01"))
