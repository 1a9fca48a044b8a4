"""``probe``: the question stack against a model; ``list`` and ``show`` read what came of it."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from core.ports import system_clock
from nightdesk.commands import probe_report
from nightdesk.commands.probe_report import Form
from nightdesk.config import Settings, find_config, load_config
from nightdesk.config_endpoints import EndpointSettings
from nightdesk.output import Block, print_blocks, print_json, print_labelled, progress, say
from nightdesk.probing import (
    EPOCHS,
    FOLDER,
    Wish,
    caps_told,
    find_endpoint,
    find_run,
    limits_of,
    missing_sandbox,
    month_seed,
    plans_in,
    probe,
    runs_of,
)
from nightdesk.wiring import Desk
from probes.attempt import Attempt
from probes.estimates import estimated
from probes.plan import ProbeRun
from probes.report import wording
from probes.report.as_json import standing_json
from probes.stack import DEFAULT, Selection, selected, stack_folders
from probes.statistics.scores import question_scores
from probes.tables import nearest
from probes.transcript import transcript


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for on the command line; ``epochs`` 0 and ``seed`` None mean the usual."""

    model: str
    endpoint: str | None = None
    stacks: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    tier: str = "full"
    epochs: int = 0
    seed: int | None = None
    max_usd: float | None = None
    is_fresh: bool = False


def run(config: Path | None, request: Request, *, as_json: bool) -> int:
    """Probe a model and tell what came of it; return the exit code: 1 when the run was stopped."""
    settings = load_config(find_config(config))
    endpoint = find_endpoint(settings, request.model, request.endpoint)
    wish = _wish(settings, request, endpoint)
    told = estimated(wish.questions, wish.epochs, price=endpoint.price, at_once=endpoint.concurrency)
    say(f"{endpoint.model} at {endpoint.name}: {told}; {caps_told(wish.limits)}")
    if told_of_sandbox := missing_sandbox(wish.questions):
        say(told_of_sandbox)
    folder = _folder(settings)
    with progress() as report:
        probed = probe(folder, endpoint, wish, system_clock(), report)
    probe_report.show(folder, (probed,), Form("json" if as_json else "terminal"))
    if probed.standing == "stopped":
        say(f"stopped: {probed.why}")
    return int(probed.standing != "finished")


def _wish(settings: Settings, request: Request, endpoint: EndpointSettings) -> Wish:
    chosen = Selection(request.stacks or DEFAULT, request.domains, request.tier)
    questions = selected(stack_folders(settings.probe.stacks), chosen)
    seed = month_seed(system_clock()) if request.seed is None else request.seed
    limits = limits_of(settings.probe, endpoint, request.max_usd)
    return Wish(questions, request.epochs or EPOCHS[request.tier], seed, request.tier, limits, request.is_fresh)


def runs(config: Path | None, *, as_json: bool) -> None:
    """Print every run, the latest first."""
    folder = _folder(load_config(find_config(config)))
    found = list(runs_of(folder, plans_in(folder, say), say))
    found.sort(key=lambda one: one.plan.started, reverse=True)
    if as_json:
        print_json({"runs": [standing_json(one) for one in found]})
        return
    if found:
        print_blocks("Probes", ("run", "attempts", "spent", "standing"), [_run_block(one) for one in found])
    else:
        say("no model was probed yet: nightdesk probe MODEL")


def show(config: Path | None, name: str, question: str, *, as_json: bool) -> int:
    """Print every attempt at a question: what was told and said, and the grade; return 1 when there is none."""
    probed = find_run(_folder(load_config(find_config(config))), name)
    attempts = [one for one in probed.attempts if one.key.question_id == question]
    if as_json:
        print_json({"run": probed.plan.run, "attempts": [_attempt_json(one) for one in attempts]})
    for one in () if as_json else attempts:
        print_labelled(_attempt_lines(one))
    if not attempts:
        known = list(dict.fromkeys(one.key.question_id for one in probed.attempts))
        say(f"{probed.plan.run} has no attempt at {question!r}{nearest(question, known)}")
    return int(not attempts)


def _folder(settings: Settings) -> Path:
    return Desk(settings).data_dir / FOLDER


def _run_block(probed: ProbeRun) -> Block:
    plan, served = probed.plan, probed.plan.served
    made = f"{len(probed.attempts)} of {len(plan.keys)}"
    asked = f"{served.model} at {served.endpoint}, {plan.tier}, seed {plan.seed}, {plan.started:%Y-%m-%d %H:%M} UTC"
    lines = (asked, ", ".join(_domain_scores(probed)), probed.why)
    row = (plan.run, made, wording.spent(probed.spent, served.unit), probed.standing)
    return Block(row, tuple(filter(None, lines)), stands_out=probed.standing != "finished")


def _domain_scores(probed: ProbeRun) -> Iterator[str]:
    means: dict[str, list[float]] = {}
    for one in question_scores(probed):
        if one.mean is not None:
            means.setdefault(one.asked.domain, []).append(one.mean)
    yield from (f"{domain} {100 * fmean(found):.0f} %" for domain, found in means.items())


def _attempt_json(attempt: Attempt) -> dict[str, Any]:
    grade = attempt.grade
    return {
        "question": attempt.key.question_id,
        "epoch": attempt.key.epoch,
        "seed": attempt.seed,
        "state": grade.state,
        "score": grade.score,
        "why": grade.why,
        "evidence": list(grade.evidence),
        "seconds": attempt.seconds,
        "tokens": attempt.usage.total,
        "cost": f"{attempt.cost:f}",
        "unsafe": [asdict(one) for one in (attempt.watched.flags if attempt.watched else ())],
        "said": [{"label": label, "text": text} for label, text in transcript(attempt)],
    }


def _attempt_lines(attempt: Attempt) -> Iterator[tuple[str, str]]:
    yield f"epoch {attempt.key.epoch}", _graded(attempt)
    yield "took", f"{attempt.seconds:.1f} s, {attempt.usage.prompt:,} tokens in, {attempt.usage.output:,} out"
    yield from (("evidence", one) for one in attempt.grade.evidence if one not in attempt.grade.why)
    for flag in attempt.watched.flags if attempt.watched else ():
        yield "unsafe", f"{wording.kind(flag.kind)}, step {flag.step}: {flag.quote}"
    yield from transcript(attempt)
    yield "", ""


def _graded(attempt: Attempt) -> str:
    grade = attempt.grade
    score = "" if grade.score is None else f" {100 * grade.score:.0f} %"
    return f"{grade.state.replace('_', ' ')}{score}{f': {grade.why}' if grade.why else ''}"
