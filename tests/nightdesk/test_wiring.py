from collections.abc import Iterator

import pytest

from nightdesk import wiring
from nightdesk.wiring import fan_out


def test_results_come_in_the_order_of_the_values() -> None:
    assert list(fan_out(lambda n: n * n, range(200))) == [n * n for n in range(200)]


def test_no_more_results_wait_than_there_are_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "_AT_ONCE", 4)
    begun: list[int] = []

    def values() -> Iterator[int]:
        for n in range(100):
            begun.append(n)
            yield n

    results = fan_out(lambda n: n, values())
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    assert len(begun) <= 3 + 4
    assert list(results) == list(range(3, 100))


def test_failure_of_one_value_is_raised() -> None:
    def fail(n: int) -> int:
        if n == 3:
            raise LookupError("three")
        return n

    with pytest.raises(LookupError, match="three"):
        list(fan_out(fail, range(10)))
