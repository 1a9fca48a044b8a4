"""The night's cap is never passed: at once, at random, across restarts and kills."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from threading import Lock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BudgetSpent, ConfigError, ModelError
from core.lm import Conversation, Told, Usage
from lm.budget import NIGHTLY_TOKENS, TOKENS, Budget, Price, limit_of, price_of
from tests.lm.desk import M2, model_at
from tests.lm.ledger import FileLedger
from tests.servers.lm import Asked, Fault, Hosts, Said, Spoken, open_hosts

_MICRO = Decimal("0.000001")


def test_price_of_tokens() -> None:
    assert M2.cost(Usage(1_000_000, 0, 0, 0)) == Decimal("0.30")
    assert M2.cost(Usage(0, 1_000_000, 1_000_000, 1_000_000)) == Decimal("1.605")
    assert M2.cost(Usage(1, 0, 0, 0)) == Decimal("0.0000003")
    assert Price(Decimal("0.0000001"), M2.output, M2.cache_read, M2.cache_write).cost(Usage(1)) == Decimal("1e-12")
    assert TOKENS.cost(Usage(10, 20, 30, 40)) == 100


def test_price_of_the_configuration() -> None:
    stated = price_of({"input": 0.3, "output": 1.2, "cache_read": 0.03, "cache_write": 0.375})
    assert stated == M2
    assert price_of({"input": 0.3, "output": 1.2}).cost(Usage(cache_read=1_000_000)) == Decimal("0.3")
    assert price_of(None) is TOKENS
    assert limit_of(stated, 0.5) == Decimal("0.5")
    assert limit_of(stated, 0.0) == 0
    assert limit_of(stated, None) is None
    assert limit_of(TOKENS, 0.5) == NIGHTLY_TOKENS


@pytest.mark.parametrize("table", [{}, {"input": 1}, {"input": 1, "output": -1}, {"input": 1, "output": 1, "ouput": 1}])
def test_price_that_is_none(table: dict[str, float]) -> None:
    with pytest.raises(ConfigError, match=r"\[llm\] price"):
        price_of(table)


@given(st.integers(0, 10**5), st.integers(0, 10**4), st.data())
def test_worst_is_no_less_than_any_outcome(size: int, most: int, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.tuples(st.integers(0, size), st.integers(0, size))))
    usage = Usage(cuts[0], data.draw(st.integers(0, most)), cuts[1] - cuts[0], size - cuts[1])
    assert M2.cost(usage) <= M2.worst(size, most)
    assert TOKENS.cost(usage) <= TOKENS.worst(size, most)


def test_reservations_left_open_count_as_spent(tmp_path: Path) -> None:
    first = FileLedger(tmp_path / "spend")
    Budget(first, M2, Decimal(1)).reserve("brief", "m", Decimal("0.6"))
    first.close()
    again = FileLedger(tmp_path / "spend")
    budget = Budget(again, M2, Decimal(1))
    assert budget.left() == Decimal("0.4")
    with pytest.raises(BudgetSpent, match="nightly_budget_usd"):
        budget.reserve("brief", "m", Decimal("0.41"))
    budget.settle(budget.reserve("brief", "m", Decimal("0.4")), Decimal("0.1"), None)
    assert budget.left() == Decimal("0.3")
    again.close()


def test_nothing_without_money() -> None:
    with open_hosts(lambda _: Spoken(text="a")) as hosts, model_at(hosts, "content", limit=Decimal(0)) as model:
        with pytest.raises(BudgetSpent):
            model.complete(Conversation("", (Told("a"),)), stage="brief", max_tokens=9)
        assert not hosts.asked


def test_call_waits_for_what_others_give_back() -> None:
    """Two worst cases do not fit at once; one after the other they do."""
    asked = Conversation("", (Told("a"),))
    with open_hosts(lambda _: Spoken(text="a", usage=(5, 1, 0)), latency=0.05) as hosts:
        with model_at(hosts, "content") as model:
            worst = model.worst(asked, 100)
        with model_at(hosts, "content", limit=worst * 2 - _MICRO) as model, ThreadPoolExecutor(6) as pool:
            calls = [pool.submit(model.complete, asked, stage="brief", max_tokens=100) for _ in range(6)]
            assert all(one.result().text == "a" for one in calls)
    assert hosts.most_at_once == 1


def test_unknown_price_caps_tokens() -> None:
    asked, said = Conversation("", (Told("a"),)), Spoken(text="a", usage=(900, 100, 0))
    with open_hosts(lambda _: said) as hosts, model_at(hosts, "content", price=TOKENS, limit=Decimal(3000)) as model:
        for left in (2000, 1000):
            model.complete(asked, stage="brief", max_tokens=100)
            assert model.budget.left() == left
        with pytest.raises(BudgetSpent, match="tokens"):
            model.complete(asked, stage="brief", max_tokens=100)
    assert len(hosts.asked) == 2


@settings(max_examples=200)
@given(
    limit=st.integers(0, 3000),
    steps=st.lists(st.tuples(st.integers(1, 900), st.floats(0, 1), st.sampled_from("dddx")), max_size=12),
    restart=st.integers(0, 12),
)
def test_any_history_stays_within_the_limit(limit: int, steps: list[tuple[int, float, str]], restart: int) -> None:
    """A call is made (d), or dies after it was paid and before it was booked (x); at some point all starts anew."""
    with tempfile.TemporaryDirectory() as folder:
        path, paid, lock = Path(folder) / "spend", [Decimal(0)], Lock()
        for part in (steps[:restart], steps[restart:]):
            ledger = FileLedger(path)
            budget = Budget(ledger, M2, limit * _MICRO)

            def call(step: tuple[int, float, str], budget: Budget = budget) -> None:
                worst, share, fate = step
                try:
                    number = budget.reserve("brief", "m", worst * _MICRO)
                except BudgetSpent:
                    return
                cost = int(worst * share) * _MICRO
                with lock:
                    paid[0] += cost
                budget.settle(number, cost if fate == "d" else worst * _MICRO, None)

            with ThreadPoolExecutor(4) as pool:
                list(pool.map(call, part))
            ledger.close()
        assert paid[0] <= limit * _MICRO


@pytest.mark.parametrize("seed", range(8))
def test_sixty_four_at_once_with_random_usage_and_restarts(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    limit = Decimal(dice.randrange(20, 200)) / 10_000

    def script(asked: Asked) -> Said:
        chance, most = dice.random(), asked.body["max_tokens"]
        if chance < 0.1:
            return dice.choice([Fault(500), Fault.throttled("0"), Fault(hang_up=True), Fault(502)])
        prompt = dice.randrange(len(asked.text))
        usage = (prompt, dice.randrange(most + 1), dice.randrange(prompt + 1))
        return Spoken(text="a", usage=usage, cut=chance > 0.95)

    with open_hosts(script) as hosts:
        for _ in range(3):
            ledger = FileLedger(tmp_path / "spend")
            with model_at(hosts, "content", limit=limit, ledger=ledger, concurrency=64) as model:
                outcomes = _asked_at_once(model.complete, dice)
        assert _paid(hosts) <= limit
    assert "BudgetSpent" in outcomes


def _asked_at_once(complete: object, dice: random.Random) -> set[str]:
    def ask(size: int) -> str:
        try:
            complete(Conversation("", (Told("x" * size),)), stage="brief", max_tokens=500)  # type: ignore[operator]
        except ModelError as error:
            return type(error).__name__
        return "answered"

    with ThreadPoolExecutor(64) as pool:
        return set(pool.map(ask, [dice.randrange(10, 2000) for _ in range(96)]))


def _paid(hosts: Hosts) -> Decimal:
    """What the host itself counts, lost answers included."""
    bills = (Usage(prompt - cached, output, cached) for prompt, output, cached in hosts.bills)
    return sum((M2.cost(bill) for bill in bills), Decimal(0))


WORKER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from core.errors import ModelError
from core.lm import Conversation, Told
from lm.budget import Budget
from lm.model import Model
from lm.wire import WireSettings, open_wire
from tests.lm.desk import M2, QUICK
from tests.lm.ledger import FileLedger
url, path, limit = sys.argv[1:]
wire = open_wire("openai", WireSettings(url, "MiniMax-M2", "k"))
model = Model(wire, Budget(FileLedger(Path(path)), M2, Decimal(limit)), concurrency=16, patience=QUICK)
def ask(n):
    try:
        model.complete(Conversation("", (Told("x" * (n % 500)),)), stage="brief", max_tokens=200)
    except ModelError:
        return
with ThreadPoolExecutor(16) as pool:
    list(pool.map(ask, range(400)))
"""


def test_killed_processes_never_pass_the_limit(tmp_path: Path) -> None:
    limit, dice = Decimal("0.02"), random.Random(5)

    def script(asked: Asked) -> Said:
        return Spoken(text="a", usage=(dice.randrange(len(asked.text)), dice.randrange(201), 0), delay=0.02)

    with open_hosts(script) as hosts:
        started = [sys.executable, "-c", WORKER, hosts.url("content"), str(tmp_path / "spend"), str(limit)]
        for _ in range(3):
            before = len(hosts.bills)
            worker = subprocess.Popen(started, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)})
            end = time.monotonic() + 60
            while worker.poll() is None and len(hosts.bills) < before + 20 and time.monotonic() < end:
                time.sleep(0.005)
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        time.sleep(0.1)
        assert len(hosts.bills) >= 20
        assert _paid(hosts) <= limit
    ledger = FileLedger(tmp_path / "spend")
    assert ledger.spent("usd") <= limit
    assert [row for row in ledger.rows() if row[3] is None], "a kill leaves reservations open"
    ledger.close()
