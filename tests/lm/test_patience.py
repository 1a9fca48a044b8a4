"""Calls against hosts that throttle, fail, cut and dawdle."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import count

import pytest

from core.errors import ModelClosed, ModelRefused, ModelThrottled, ModelUnreachable, ModelUnreadable, NoBalance
from core.lm import Conversation, Told
from lm.patience import Patience
from tests.lm.desk import M2, model_at
from tests.servers.lm import SERVINGS, Asked, Fault, Said, Serving, Spoken, open_hosts


def wait_until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.005)


HELLO = Conversation("", (Told("Good evening."),))
EVENING = Spoken(text="Good evening.")
PASSING = [
    Fault.throttled(),
    Fault.throttled("0"),
    Fault.throttled("0.2"),
    Fault(500),
    Fault(503, headers=(("Retry-After", "0"),)),
    Fault(529),
    Fault(200, {"base_resp": {"status_code": 1002, "status_msg": "rate limit"}}),
    Fault(200, {"error": {"code": 503, "message": "provider down"}}),
    Fault(200, b"<html>gateway</html>"),
    Fault(200, b'{"choices": []}'),
    Fault(200, b"\xff\xfe\xff"),
    Fault(200, {"choices": [{"message": {"content": "x" * 999}}], "content": []}, cut=True),
    Fault(hang_up=True),
]


@pytest.mark.parametrize("serving", ["content", "signed"])
@pytest.mark.parametrize("fault", PASSING, ids=range(len(PASSING)))
def test_what_passes_is_tried_again(serving: Serving, fault: Fault) -> None:
    with open_hosts([fault, EVENING]) as hosts, model_at(hosts, serving) as model:
        assert model.complete(HELLO, stage="brief", max_tokens=99).text == "Good evening."
        assert len(hosts.asked) == 2


@pytest.mark.parametrize("serving", SERVINGS)
@pytest.mark.parametrize("status", [200, 402, 429, 500])
def test_empty_account_is_never_asked_again(serving: Serving, status: int) -> None:
    with open_hosts([Fault.no_balance(status), EVENING]) as hosts, model_at(hosts, serving) as model:
        with pytest.raises(NoBalance, match="top it up"):
            model.complete(HELLO, stage="brief", max_tokens=99)
        assert len(hosts.asked) == 1


def test_balance_beside_an_answer_counts() -> None:
    said = Spoken(text="a", base_resp=(1008, "insufficient balance"))
    with open_hosts([said]) as hosts, model_at(hosts, "content") as model, pytest.raises(NoBalance):
        model.complete(HELLO, stage="brief", max_tokens=99)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_refusals_are_not_repeated(status: int) -> None:
    with open_hosts([Fault(status, {}), EVENING]) as hosts, model_at(hosts, "content") as model:
        with pytest.raises((ModelRefused, ModelClosed)):
            model.complete(HELLO, stage="brief", max_tokens=99)
        assert len(hosts.asked) == 1


def test_four_failures_are_enough() -> None:
    with open_hosts([Fault(500)] * 9) as hosts, model_at(hosts, "content") as model:
        with pytest.raises(ModelUnreachable):
            model.complete(HELLO, stage="brief", max_tokens=99)
        assert len(hosts.asked) == 4


def test_throttling_is_waited_out_far_longer() -> None:
    with open_hosts([Fault.throttled()] * 12 + [EVENING]) as hosts, model_at(hosts, "content") as model:
        assert model.complete(HELLO, stage="brief", max_tokens=99).text == "Good evening."
        assert model.counts["failed"] == 12


def test_longer_quiet_than_our_patience_is_told_at_once() -> None:
    with open_hosts([Fault.throttled("3600"), EVENING]) as hosts, model_at(hosts, "content") as model:
        started = time.monotonic()
        with pytest.raises(ModelThrottled):
            model.complete(HELLO, stage="brief", max_tokens=99)
        assert time.monotonic() - started < 5


def test_quiet_is_kept_by_everybody() -> None:
    places = count()

    def script(_: Asked) -> Said:
        return Fault.throttled("1") if next(places) == 0 else EVENING

    with open_hosts(script) as hosts, model_at(hosts, "content") as model, ThreadPoolExecutor(4) as pool:
        first = pool.submit(model.complete, HELLO, stage="brief", max_tokens=99)
        wait_until(lambda: model.counts["failed"] == 1)
        time.sleep(0.05)
        started = time.monotonic()
        others = [pool.submit(model.complete, HELLO, stage="brief", max_tokens=99) for _ in range(3)]
        assert {one.result().text for one in [first, *others]} == {"Good evening."}
        assert time.monotonic() - started > 0.8
    assert len(hosts.asked) == 5


def test_storm_of_throttling_loses_nothing() -> None:
    places = count()

    def script(_: Asked) -> Said:
        return Fault.throttled("0.1") if next(places) % 3 else EVENING

    patience = Patience(seconds=60, first_wait=0.01, longest_wait=0.1)
    with (
        open_hosts(script) as hosts,
        model_at(hosts, "signed", concurrency=16, patience=patience) as model,
        ThreadPoolExecutor(16) as pool,
    ):
        asked = [pool.submit(model.complete, HELLO, stage="brief", max_tokens=99) for _ in range(60)]
        assert [one.result().text for one in asked] == ["Good evening."] * 60


def test_no_more_at_once_than_allowed() -> None:
    with open_hosts(lambda _: EVENING, latency=0.02) as hosts, model_at(hosts, "content", concurrency=3) as model:
        with ThreadPoolExecutor(12) as pool:
            asked = [pool.submit(model.complete, HELLO, stage="brief", max_tokens=9) for _ in range(24)]
            assert all(one.result() for one in asked)
        assert hosts.most_at_once == 3


@pytest.mark.parametrize("serving", SERVINGS)
@pytest.mark.parametrize("fault", [Fault(200, {}, delay=3), Fault(drip=0.05)], ids=["silent", "dripping"])
def test_dawdling_host_is_left_in_time(serving: Serving, fault: Fault) -> None:
    patience = Patience(seconds=20, tries=1)
    with open_hosts([fault]) as hosts, model_at(hosts, serving, timeout=0.4, patience=patience) as model:
        started = time.monotonic()
        with pytest.raises(ModelUnreachable):
            model.complete(HELLO, stage="brief", max_tokens=9)
        assert time.monotonic() - started < 2.5


def test_cap_of_a_call_holds_over_its_retries() -> None:
    with open_hosts(lambda _: Fault.throttled("0.3")) as hosts, model_at(hosts, "content") as model:
        started = time.monotonic()
        with pytest.raises(ModelThrottled):
            model.complete(HELLO, stage="brief", max_tokens=9, seconds=1.0)
        assert time.monotonic() - started < 3


def test_waiting_calls_learn_of_the_quiet() -> None:
    """Calls in line for a place ask nothing while the host wants quiet, though they were in line before."""
    places = count()

    def script(_: Asked) -> Said:
        return Fault.throttled("1") if next(places) == 0 else EVENING

    with (
        open_hosts(script, latency=0.1) as hosts,
        model_at(hosts, "content", concurrency=1) as model,
        ThreadPoolExecutor(6) as pool,
    ):
        calls = [pool.submit(model.complete, HELLO, stage="brief", max_tokens=9) for _ in range(6)]
        wait_until(lambda: model.counts["failed"] == 1)
        time.sleep(0.5)
        assert model.counts["requests"] == 1
        assert all(one.result() for one in calls)


def test_line_is_left_when_time_is_up() -> None:
    with (
        open_hosts(lambda _: EVENING, latency=1.0) as hosts,
        model_at(hosts, "content", concurrency=1) as model,
        ThreadPoolExecutor(1) as pool,
    ):
        first = pool.submit(model.complete, HELLO, stage="brief", max_tokens=9)
        wait_until(lambda: model.counts["requests"] == 1)
        with pytest.raises(ModelThrottled, match="all places"):
            model.complete(HELLO, stage="brief", max_tokens=9, seconds=0.2)
        assert first.result()


def test_what_attempts_cost() -> None:
    """A 500 is free; an answer that was cut may have been paid, and counts at its worst."""
    lost = Spoken(text="x" * 4000, cut=True)
    script: list[Said] = [Fault(500), lost, Spoken(text="a", usage=(100, 10, 0))]
    with open_hosts(script) as hosts, model_at(hosts, "content") as model:
        answer = model.complete(HELLO, stage="brief", max_tokens=50)
        worst = model.worst(HELLO, 50)
    assert answer.cost == worst + (100 * M2.input + 10 * M2.output) / 1_000_000
    assert worst > Decimal(0)


def test_garbage_four_times_is_told() -> None:
    with (
        open_hosts([Fault(200, b'{"choices": [{}], "content": {}}')] * 4) as hosts,
        model_at(hosts, "content") as model,
        pytest.raises(ModelUnreadable, match=r"choices\.0\.message"),
    ):
        model.complete(HELLO, stage="brief", max_tokens=9)
