"""Asking a judge about the answers of runs; what it said is kept, and what it did not say is asked for again."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from core.errors import StoreError
from core.lm import Submit
from core.ports import Progress
from lm.budget import Allowance, Budget, price_of
from lm.model import Model
from lm.outage import Outage
from lm.patience import Patience
from lm.submit import submit
from lm.wire import Wire
from nightdesk.config_endpoints import EndpointSettings
from nightdesk.probing import opened, served_by, slug_of
from probes.attempt import Key
from probes.journal import Journal, read_journal
from probes.judge import Judgement, Pair, check_judge, judged, pairs
from probes.plan import Limits, ProbeRun
from probes.spending import RunSpending
from probes.statistics.preferring import Preference, preference, together

_FOLDER = "judged"
_JUDGING = Allowance("the cap on spending", "raise max_usd in [probe]")
_JUDGEMENT = TypeAdapter(Judgement)
_PATIENCE = Patience(seconds=120.0)
_Runs = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Bench:
    """Who judges, and what one comparison of all runs may take; ``folder`` is that of probes."""

    folder: Path
    endpoint: EndpointSettings
    limits: Limits
    patience: Patience = _PATIENCE


@dataclass(frozen=True, slots=True)
class _Session:
    """A judge who can be asked, and what was judged before, by the names of both runs."""

    bench: Bench
    journal: Journal
    known: dict[_Runs, dict[Key, Judgement]]
    submit: Submit
    report: Progress

    def preferred(self, one: ProbeRun, other: ProbeRun) -> Preference:
        names, found = (one.plan.run, other.plan.run), tuple(pairs(one, other))
        known = self.known.setdefault(names, {})
        for judgement in self._asked([pair for pair in found if pair.key not in known]):
            told = _JUDGEMENT.dump_python(judgement, mode="json")
            self.journal.write("judgement", runs=names, judgement=told)
            known[judgement.key] = judgement
        return preference((*names, self.bench.endpoint.model), found, known)

    def _asked(self, waiting: Sequence[Pair]) -> Iterator[Judgement]:
        """Yield judgements as they come; whoever interrupts it waits for those under way alone."""
        endpoint = self.bench.endpoint
        pool = ThreadPoolExecutor(endpoint.concurrency)
        try:
            asking = [pool.submit(judged, pair, self.submit) for pair in waiting]
            for place, done in enumerate(as_completed(asking), 1):
                self.report(f"{endpoint.model} judges answers in both orders: {place} of {len(waiting)}")
                yield done.result()
        finally:
            pool.shutdown(cancel_futures=True)


def preferences(bench: Bench, runs: Sequence[ProbeRun], report: Progress) -> tuple[Preference, ...]:
    """Return what the judge makes of every two runs.

    Raises ConfigError when it is of the family of one of them, StoreError when what it said before cannot be read.
    """
    check_judge(served_by(bench.endpoint), [run.plan.served for run in runs])
    folder = bench.folder / _FOLDER / slug_of(bench.endpoint.model)
    with Journal(folder, [bench.endpoint.api_key]) as journal, opened(bench.endpoint) as wire:
        session = _Session(bench, journal, _known(journal.path), _submit(bench, wire, journal), report)
        return together([session.preferred(one, other) for one, other in combinations(runs, 2)])


def _submit(bench: Bench, wire: Wire, journal: Journal) -> Submit:
    """Return what asks the judge within its cap, and gives its host up when it is away for long."""
    price, limits = price_of(bench.endpoint.price), bench.limits
    tokens = None if limits.tokens is None or price.unit != "tokens" else Decimal(limits.tokens)
    limit = tokens if limits.amount is None else limits.amount
    budget = Budget(RunSpending(journal.write), price, limit, allows=_JUDGING)
    model = Model(wire, budget, concurrency=bench.endpoint.concurrency, patience=bench.patience)
    outage = Outage(bench.patience)
    return lambda *said, **given: outage.outlast(partial(submit, model.complete, *said, **given))


def _known(journal: Path) -> dict[_Runs, dict[Key, Judgement]]:
    """Return what was judged in both orders."""
    known: dict[_Runs, dict[Key, Judgement]] = {}
    for line in read_journal(journal):
        if line["kind"] == "judgement":
            one, other, judgement = _read(line, journal)
            if judgement.is_whole:
                known.setdefault((one, other), {})[judgement.key] = judgement
    return known


def _read(line: Mapping[str, Any], journal: Path) -> tuple[str, str, Judgement]:
    try:
        one, other = line["runs"]
        return one, other, _JUDGEMENT.validate_python(line["judgement"])
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(f"{journal}: no judgement as this version writes it ({error})") from error
