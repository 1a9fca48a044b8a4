import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sources import Cadence
from feeds.due import after_failures, next_due

THURSDAY = datetime(2031, 3, 13, 22, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("every", "ttl", "fresh_for", "wait"),
    [(0, 0, 0, 0), (2, 1, 0, 2), (1, 2, 0, 2), (1, 2, 3, 3), (48, 0, 0, 24), (0, 100, 0, 24)],
)
def test_due_after_the_longest_interval_a_day_at_most(every: int, ttl: int, fresh_for: int, wait: int) -> None:
    assert next_due(THURSDAY, every * HOUR, Cadence(ttl * HOUR), fresh_for * HOUR) == THURSDAY + wait * HOUR


def test_skipped_hours_are_stepped_over() -> None:
    cadence = Cadence(skip_hours=frozenset({22, 23, 0}))
    assert next_due(THURSDAY, timedelta(0), cadence, timedelta(0)) == datetime(2031, 3, 14, 1, tzinfo=UTC)


def test_skipped_days_are_stepped_over() -> None:
    cadence = Cadence(skip_days=frozenset({4, 5, 6}))
    assert next_due(THURSDAY, 2 * HOUR, cadence, timedelta(0)) == datetime(2031, 3, 17, tzinfo=UTC)


def test_what_skips_everything_skips_nothing() -> None:
    cadence = Cadence(skip_hours=frozenset(range(24)))
    assert next_due(THURSDAY, HOUR, cadence, timedelta(0)) == THURSDAY + HOUR


@given(
    st.timedeltas(timedelta(0), timedelta(days=400)),
    st.frozensets(st.integers(0, 23), max_size=23),
    st.frozensets(st.integers(0, 6), max_size=6),
)
def test_due_is_never_skipped_nor_past(every: timedelta, hours: frozenset[int], days: frozenset[int]) -> None:
    due = next_due(THURSDAY, every, Cadence(skip_hours=hours, skip_days=days), timedelta(0))
    assert due >= THURSDAY
    assert due.hour not in hours
    assert due.weekday() not in days


def test_failures_double_up_to_a_day() -> None:
    waits = [after_failures(THURSDAY, failures, "Lantern") - THURSDAY for failures in range(1, 40)]
    assert waits[0] == timedelta(0)
    assert timedelta(minutes=15) <= waits[1] < timedelta(minutes=17)
    assert all(later == 2 * earlier for earlier, later in itertools.pairwise(waits[1:8]))
    assert timedelta(days=1) <= waits[-1] <= timedelta(days=1.1)


def test_those_that_failed_together_come_back_apart() -> None:
    assert len({after_failures(THURSDAY, 3, f"source {n}") for n in range(50)}) > 25
