"""An outage slows what is asked and loses nothing; a host that stays away is given up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier, Lock

import pytest

from core.errors import BudgetSpent, ModelClosed, ModelError, ModelRefused, ModelThrottled, ModelUnreachable, NoBalance
from core.lm import Conversation, Told
from lm.outage import Outage
from lm.patience import Patience
from tests.lm.desk import QUICK, model_at
from tests.servers.lm import Asked, Fault, Said, Spoken, open_hosts

AWAY = ModelUnreachable("nobody is there")


def failing(times: int, error: ModelError = AWAY) -> Callable[[], str]:
    """Return a call that fails so often, whoever makes it, and then succeeds."""
    made, lock = count(), Lock()

    def call() -> str:
        with lock:
            place = next(made)
        if place < times:
            raise error
        return "answered"

    return call


def outcome(outage: Outage, call: Callable[[], str]) -> str:
    try:
        return outage.outlast(call)
    except ModelError as error:
        return type(error).__name__


def quick() -> Outage:
    return Outage(Patience.of(0.3))


def test_one_failure_is_the_calls_own() -> None:
    outage, call = quick(), failing(1)
    assert [outcome(outage, call) for _ in range(3)] == ["ModelUnreachable", "answered", "answered"]


def test_failures_between_answers_never_add_up() -> None:
    outage = quick()
    for _ in range(9):
        assert outcome(outage, failing(1)) == "ModelUnreachable"
        assert outcome(outage, failing(0)) == "answered"
    assert not outage.is_over


def test_what_was_under_way_when_the_host_went_away_is_asked_once_more() -> None:
    """Sixteen calls fail of one outage: none is lost, and the host is not given up."""
    outage, together, made = quick(), Barrier(16), count()

    def call() -> str:
        if next(made) < 16:
            together.wait(10)
            raise AWAY
        return "answered"

    with ThreadPoolExecutor(16) as pool:
        outcomes = [one.result() for one in [pool.submit(outcome, outage, call) for _ in range(16)]]
    assert outcomes.count("answered") >= 15  # the first failure of all was not yet an outage
    assert not outage.is_over


def test_a_host_that_stays_away_is_given_up_after_a_few_trials() -> None:
    outage, made = quick(), count()

    def call() -> str:
        next(made)
        raise AWAY

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: outcome(outage, call), range(100))) == {"ModelUnreachable"}
    assert outage.is_over
    assert next(made) <= 8 + 2 + 3


@pytest.mark.parametrize(
    "error", [NoBalance("empty"), ModelClosed("no such key"), ModelThrottled("tomorrow", wait=3600)]
)
def test_what_a_night_cannot_outlast_is_not_waited_for(error: ModelError) -> None:
    outage, made = quick(), count()

    def call() -> str:
        next(made)
        raise error

    assert {outcome(outage, call) for _ in range(20)} == {type(error).__name__}
    assert outage.is_over
    assert next(made) <= 2


def test_trial_that_is_not_made_leaves_it_to_another() -> None:
    outage = quick()
    call = failing(2)
    assert outcome(outage, call) == "ModelUnreachable"
    calls = [failing(9), failing(1, BudgetSpent("spent"))]

    def then() -> str:
        return calls.pop(0)() if calls else "answered"

    assert [outcome(outage, then) for _ in range(2)] == ["BudgetSpent", "answered"]


def test_refusal_is_an_answer() -> None:
    outage = quick()
    assert [outcome(outage, failing(9, ModelRefused("no"))) for _ in range(9)] == ["ModelRefused"] * 9
    assert not outage.is_over


def test_short_storm_and_one_broken_answer_leave_a_model_for_the_night() -> None:
    """Eight at once, and more failures in a row than a call has tries; each is asked, and answered in the end."""
    asked = Conversation("", (Told("a"),))
    places = count()

    def script(_: Asked) -> Said:
        place = next(places)
        if place < 30:
            return Fault.throttled("0.02") if place % 3 else Fault(502)
        return Fault(hang_up=True) if place == 50 else Spoken(text="a")

    outage = quick()
    with open_hosts(script) as hosts, model_at(hosts, "content", patience=QUICK) as model:

        def call() -> str:
            model.complete(asked, stage="brief", max_tokens=9)
            return "answered"

        with ThreadPoolExecutor(8) as pool:
            outcomes = list(pool.map(lambda _: outcome(outage, call), range(60)))
    assert set(outcomes[10:]) == {"answered"}
    assert outcomes.count("answered") >= 58
