"""Whether a night's budget is ever passed: ``python -m benchmarks.budget [--runs 200]``.

Each run asks one host, 64 calls at once, by a process that is killed with SIGKILL in the middle of its calls, by a
second that is killed too, and by a third that runs to its end, all on the ledger of one store. The host's usage is
random, and so are its mishaps: refusals for now, failures, answers cut or never sent. What the host itself counts, lost
answers included, is compared with the limit and with the ledger, which must never tell less.
"""

import argparse
import random
import signal
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path

from core.errors import ModelError
from core.lm import Conversation, Told, Usage
from kb.spending import NightSpending
from kb.store import Store
from lm.budget import Budget
from lm.model import Model
from lm.wire import WireSettings, open_wire
from tests.lm.desk import M2, QUICK
from tests.servers.lm import Asked, Fault, Hosts, Said, Spoken, open_hosts

AT_ONCE, CALLS, MOST = 64, 160, 400
NIGHT = date(2031, 3, 14)
_FORKS = get_context("forkserver")  # its processes have every import already, and none of the host's threads


@dataclass(frozen=True, slots=True)
class Run:
    """What one run was allowed, what the host counted, and what the ledger and the answers received came to."""

    limit: Decimal
    paid: Decimal
    booked: Decimal
    kills: int
    open_ones: int


def main() -> None:
    """Print the figures; end with 1 where the limit was passed."""
    arguments = argparse.ArgumentParser(description="Whether a night's budget is ever passed.")
    arguments.add_argument("--runs", type=int, default=200)
    _FORKS.set_forkserver_preload(["lm.model", "lm.openai_wire", "kb.spending", "tests.servers.lm"])
    runs = [one_run(seed) for seed in range(arguments.parse_args().runs)]
    report(runs)
    sys.exit(any(run.paid > run.limit or run.booked > run.limit for run in runs))


def ask(url: str, store: Path, limit: Decimal) -> None:
    """Make the calls of one process."""
    wire = open_wire("openai", WireSettings(url, "MiniMax-M2", "k", timeout=5.0))
    budget = Budget(NightSpending(Store(store), lambda: NIGHT), M2, limit)
    model = Model(wire, budget, concurrency=AT_ONCE, patience=QUICK)

    def call(number: int) -> None:
        with suppress(ModelError):
            model.complete(Conversation("", (Told("x" * (17 * number % 900)),)), stage="brief", max_tokens=MOST)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(call, range(CALLS)))


def one_run(seed: int) -> Run:
    dice = random.Random(seed)  # noqa: S311 - chosen anew by the same seed
    limit = Decimal(dice.randrange(600, 2000)) / 10_000

    def script(asked: Asked) -> Said:
        chance = dice.random()
        if chance < 0.08:
            return dice.choice([Fault(500), Fault.throttled("0"), Fault(hang_up=True), Fault(502)])
        prompt = dice.randrange(len(asked.text))
        usage = (prompt, dice.randrange(MOST + 1), dice.randrange(prompt + 1))
        return Spoken(text="a", usage=usage, cut=chance > 0.97, delay=dice.random() / 10)

    with tempfile.TemporaryDirectory() as folder, open_hosts(script) as hosts:
        store = Path(folder) / "nightdesk.db"
        kills = sum(_killed(_asking(hosts, store, limit), hosts, dice.randrange(10, 60)) for _ in range(2))
        _asking(hosts, store, limit).join()
        with Store(store).reading() as connection:
            open_ones = connection.exec_driver_sql("SELECT count(*) FROM spending WHERE settled IS NULL").scalar_one()
        booked = NightSpending(Store(store), lambda: NIGHT).spent("usd")
        return Run(limit, _paid(hosts), booked, kills, int(open_ones))


def _asking(hosts: Hosts, store: Path, limit: Decimal) -> BaseProcess:
    worker = _FORKS.Process(target=ask, args=(hosts.url("content"), store, limit))
    worker.start()
    return worker


def _killed(worker: BaseProcess, hosts: Hosts, answers: int) -> bool:
    """Kill a process in the middle of its calls; tell whether it was still there."""
    before = len(hosts.bills)
    while worker.is_alive() and len(hosts.bills) < before + answers:
        time.sleep(0.001)
    worker.kill()
    worker.join()
    return worker.exitcode == -signal.SIGKILL


def _paid(hosts: Hosts) -> Decimal:
    """Return what the host counts, lost answers included."""
    bills = (Usage(prompt - cached, output, cached) for prompt, output, cached in hosts.bills)
    return sum((M2.cost(bill) for bill in bills), Decimal(0))


def report(runs: list[Run]) -> None:
    paid = sorted(run.paid / run.limit for run in runs)
    booked = sorted(run.booked / run.limit for run in runs)
    print(f"{len(runs)} runs, {AT_ONCE} calls at once, {sum(run.kills for run in runs)} kills in the middle of calls")
    print(f"  passed by what the host counts: {sum(run.paid > run.limit for run in runs)}")
    print(f"  passed by what the ledger says: {sum(run.booked > run.limit for run in runs)}")
    print(f"  below what the host counts was the ledger in: {sum(run.booked < run.paid for run in runs)}")
    print(f"  reservations that kills left open, and that count as spent: {sum(run.open_ones for run in runs)}")
    for what, shares in (("paid", paid), ("booked", booked)):
        print(f"  share of the limit {what}: median {shares[len(shares) // 2]:.3f}, most {shares[-1]:.6f}")


if __name__ == "__main__":
    main()
