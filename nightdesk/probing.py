"""Probing a model: from the configuration to a line to the model, and from a wish to a run."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from core.errors import ConfigError, ModelError, ModelRefused, ModelUnreachable, StoreError
from core.lm import Finding
from core.ports import Progress, silent
from lm.budget import Allowance, Budget, price_of
from lm.model import Model
from lm.patience import Patience
from lm.preflight import preflight
from lm.wire import Wire, WireSettings, open_wire
from nightdesk.config import Settings
from nightdesk.config_endpoints import EndpointSettings, ProbeSettings
from probes.journal import NAME, Journal
from probes.plan import Limits, ProbePlan, ProbeRun, Served, asked_of
from probes.question import Question
from probes.records import read_plan, read_run, write_findings, write_plan
from probes.runner import Line, Probe
from probes.sandbox import why_missing
from probes.spending import RunSpending

FOLDER = "probes"
EPOCHS = {"full": 5, "smoke": 2}
"""How often each question of a tier is asked."""
_RUN = Allowance("the cap on spending", "raise it with --max-usd")
_AT_THE_DOOR = Patience(seconds=20.0, tries=2)
_ON_THE_WAY = Patience(seconds=300.0)


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be asked, how often, and what it may take; ``patience`` is for the door and for the way."""

    questions: tuple[Question, ...]
    epochs: int
    seed: int
    tier: str
    limits: Limits
    is_fresh: bool = False
    patience: tuple[Patience, Patience] = (_AT_THE_DOOR, _ON_THE_WAY)


def find_endpoint(settings: Settings, model: str, name: str | None) -> EndpointSettings:
    """Return the endpoint that serves a model: the named one, else the one called so or configured for it.

    Raises ConfigError when there is none, or more than one.
    """
    known = ", ".join(one.name for one in settings.endpoints) or "none: write one as docs/probe.md shows"
    if name is not None:
        named = next((one for one in settings.endpoints if one.name == name), None)
        if named is None:
            raise ConfigError(f"{settings.path}: there is no [[endpoint]] {name!r}; there are {known}")
        return named if model in (named.name, named.model) else replace(named, model=model)
    found = [one for one in settings.endpoints if model in (one.name, one.model)]
    if len(found) != 1:
        told = "no [[endpoint]] serves" if not found else "more than one [[endpoint]] serves"
        raise ConfigError(f"{settings.path}: {told} {model!r}; name one with --endpoint; there are {known}")
    if not found[0].model:
        raise ConfigError(f"{settings.path}: [[endpoint]] {model} names no model: say which, with --endpoint {model}")
    return found[0]


def limits_of(settings: ProbeSettings, endpoint: EndpointSettings, max_usd: float | None) -> Limits:
    """Return the caps of a run; without a price there is none on money, and the one on tokens stands."""
    usd = settings.max_usd if max_usd is None else max_usd
    has_price = endpoint.price is not None and usd is not None
    seconds = None if settings.max_minutes is None else settings.max_minutes * 60
    return Limits(Decimal(str(usd)) if has_price else None, settings.max_tokens, seconds)


def caps_told(limits: Limits) -> str:
    """Say what a run may take at most."""
    caps = (
        (limits.amount is not None, f"${limits.amount}"),
        (limits.tokens is not None, f"{limits.tokens or 0:,} tokens"),
        (limits.seconds is not None, f"{(limits.seconds or 0) / 60:.0f} min"),
    )
    set_ones = [told for is_set, told in caps if is_set]
    return f"never more than {', '.join(set_ones)}" if set_ones else "without a cap"


def month_seed(when: datetime) -> int:
    """Return the seed of a month: models probed within it are asked the same, and can be compared in pairs."""
    return int(f"{when:%Y%m}")


def missing_sandbox(questions: Sequence[Question]) -> str:
    """Return a note on the programs that cannot be run on this machine, or an empty text."""
    count = sum(one.scorer == "program" for one in questions)
    lacking = why_missing() if count else ""
    return f"note: {count} questions ask for programs, which are not scored here: {lacking}" if lacking else ""


def served_by(endpoint: EndpointSettings) -> Served:
    """Return what a result says of its endpoint."""
    return Served(
        endpoint=endpoint.name,
        model=endpoint.model,
        wire=endpoint.wire,
        host=_wire_settings(endpoint).host,
        family=endpoint.family,
        provider=endpoint.provider,
        parameters=endpoint.parameters,
        price=endpoint.price,
        unit=price_of(endpoint.price).unit,
    )


def probe(folder: Path, endpoint: EndpointSettings, wish: Wish, now: datetime, report: Progress) -> ProbeRun:
    """Probe a model, going on with the last run of the same work unless it was finished.

    Raises ModelError in one line when the endpoint cannot be asked; then nothing is scored.
    """
    plan = _plan(folder, endpoint, wish, now)
    with opened(endpoint) as wire:
        report(f"asking {plan.served.model} at {plan.served.endpoint} a few small things first")
        findings, spent = _at_the_door(wire, endpoint, wish, _spent(folder / plan.run / NAME))
        with Journal(folder / plan.run, [endpoint.api_key]) as journal:
            if read_plan(journal.path) is None:
                write_plan(journal, plan)
            write_findings(journal, findings, spent)
            line = _line(wire, endpoint, wish, journal)
            return Probe(plan, wish.questions, journal).run(line, report)


def _plan(folder: Path, endpoint: EndpointSettings, wish: Wish, now: datetime) -> ProbePlan:
    """Return the plan of the last run of the same work if it is not finished, with today's limits, or a new one."""
    asked = tuple(asked_of(question) for question in wish.questions)
    fresh = ProbePlan(
        _new_name(folder, endpoint.model, now),
        served_by(endpoint),
        asked,
        wish.epochs,
        wish.seed,
        now,
        wish.tier,
        limits=wish.limits,
    )
    if wish.is_fresh:
        return fresh
    earlier = [plan for plan in plans_in(folder) if plan.is_same_work(fresh)]
    last = max(earlier, key=lambda plan: plan.started, default=None)
    if last is None or read_run(folder / last.run / NAME).standing == "finished":
        return fresh
    return replace(last, limits=wish.limits)


def plans_in(folder: Path, report: Progress = silent) -> Iterator[ProbePlan]:
    """Yield the plan of every run; one that cannot be read is told of and left out."""
    for path in sorted(folder.glob(f"*/{NAME}")):
        try:
            plan = read_plan(path)
        except StoreError as error:
            report(f"left out: {error}")
            continue
        if plan is not None:
            yield plan


def runs_of(folder: Path, plans: Iterable[ProbePlan], report: Progress) -> Iterator[ProbeRun]:
    """Yield the runs of plans; one that cannot be read is told of and left out."""
    for plan in plans:
        try:
            yield read_run(folder / plan.run / NAME)
        except StoreError as error:
            report(f"left out: {error}")


def find_run(folder: Path, name: str) -> ProbeRun:
    """Return a run by its name or how it begins, the latest of several.

    Raises ConfigError when there is none.
    """
    found = [plan for plan in plans_in(folder) if plan.run.startswith(name)]
    if not found:
        known = ", ".join(plan.run for plan in plans_in(folder)) or "none yet"
        raise ConfigError(f"there is no run {name!r}; there are {known}")
    exact = [plan for plan in found if plan.run == name]
    latest = max(exact or found, key=lambda plan: plan.started)
    return read_run(folder / latest.run / NAME)


def slug_of(model: str) -> str:
    """Return a model's name as a folder's."""
    return (re.sub(r"[^a-z0-9.]+", "-", model.lower()).strip("-.") or "model")[:60]


def _new_name(folder: Path, model: str, now: datetime) -> str:
    """Return a name that no run has yet: the model and the minute."""
    name = f"{slug_of(model)}-{now:%Y%m%d-%H%M}"
    taken = sum(1 for _ in folder.glob(f"{name}*"))
    return name if not taken else f"{name}-{taken + 1}"


def _wire_settings(endpoint: EndpointSettings) -> WireSettings:
    provider = {"provider": dict(endpoint.provider)} if endpoint.provider else {}
    extra = {**endpoint.parameters, **provider}
    return WireSettings(endpoint.base_url, endpoint.model, endpoint.api_key, extra=extra)


@contextmanager
def opened(endpoint: EndpointSettings) -> Iterator[Wire]:
    """Open the wire of an endpoint."""
    wire = open_wire(endpoint.wire, _wire_settings(endpoint))
    try:
        yield wire
    finally:
        wire.close()


def _at_the_door(
    wire: Wire, endpoint: EndpointSettings, wish: Wish, before: Decimal
) -> tuple[tuple[Finding, ...], Decimal]:
    """Return what the preflight found and took.

    Raises ModelError when the endpoint cannot be asked.
    """
    spending = RunSpending(lambda *_, **__: None, before)
    budget = _budget(spending, endpoint, wish)
    findings = preflight(Model(wire, budget, concurrency=endpoint.concurrency, patience=wish.patience[0]))
    if (dead := _why_dead(findings)) is not None:
        raise dead
    return findings, spending.spent(budget.price.unit) - before


def _spent(journal: Path) -> Decimal:
    return read_run(journal).spent if journal.exists() else Decimal(0)


def _budget(spending: RunSpending, endpoint: EndpointSettings, wish: Wish) -> Budget:
    return Budget(spending, price_of(endpoint.price), wish.limits.amount, allows=_RUN)


def _why_dead(findings: Sequence[Finding]) -> ModelError | None:
    """Return what keeps an endpoint from being asked at all: then the preflight looked at nothing else."""
    failed = next((one for one in findings if one.ok is False), None)
    if failed is None or len(findings) > 2:
        return None
    kind = ModelUnreachable if failed.name == "reachable" else ModelRefused
    return kind(f"nothing was asked and nothing is scored: {failed.detail}")


def _line(wire: Wire, endpoint: EndpointSettings, wish: Wish, journal: Journal) -> Line:
    """Return the line to the model; what earlier sessions spent counts."""
    before = read_run(journal.path)
    spending = RunSpending(journal.write, before.spent, before.tokens)
    budget = _budget(spending, endpoint, wish)
    model = Model(wire, budget, concurrency=endpoint.concurrency, patience=wish.patience[1])
    return Line(model.complete, spending, endpoint.concurrency)
