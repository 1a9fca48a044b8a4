"""Who works while others wait for a model."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

import pytest

from nightdesk.models import Turn


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as pool:
        yield pool


def test_one_works_at_a_time(pool: ThreadPoolExecutor) -> None:
    turn, busy, most = Turn(8), list[int](), list[int]()

    def work(number: int) -> None:
        with turn.working():
            busy.append(number)
            most.append(len(busy))
            sleep(0.002)
            busy.remove(number)

    list(pool.map(work, range(40)))
    assert len(most) == 40
    assert max(most) == 1


def test_all_wait_together(pool: ThreadPoolExecutor) -> None:
    turn, together = Turn(8), Barrier(8, timeout=20)

    def work(number: int) -> int:
        with turn.working():
            with turn.waiting():
                together.wait()
            return number

    assert sorted(pool.map(work, range(8))) == list(range(8))


def test_who_waited_keeps_the_place_until_its_work_is_done(pool: ThreadPoolExecutor) -> None:
    turn, begun, most = Turn(3), set[int](), list[int]()

    def work(number: int) -> None:
        with turn.working():
            with turn.waiting():
                begun.add(number)
                most.append(len(begun))
                sleep(0.002)
            with turn.waiting():
                sleep(0.001)
            begun.remove(number)

    list(pool.map(work, range(40)))
    assert len(most) == 40
    assert max(most) == 3


def test_who_does_not_work_waits_for_nobody() -> None:
    turn = Turn(8)
    with turn.waiting(), turn.working():
        pass


def test_turn_is_given_back_by_work_and_waiting_that_fail(pool: ThreadPoolExecutor) -> None:
    turn = Turn(8)

    def work(_: int) -> None:
        with pytest.raises(RuntimeError), turn.working(), turn.waiting():
            raise RuntimeError

    list(pool.map(work, range(16)))
    with turn.working():
        pass
