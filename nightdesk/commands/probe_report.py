"""``probe report`` and ``probe compare``: what runs came to, computed from their journals alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from nightdesk.commands.probe_terminal import print_report
from nightdesk.config import Settings, find_config, load_config
from nightdesk.lines import json_text
from nightdesk.output import progress, say
from nightdesk.probe_judging import Bench, preferences
from nightdesk.probing import FOLDER, find_endpoint, find_run, limits_of, plans_in, runs_of
from nightdesk.wiring import Desk
from probes.plan import ProbeRun
from probes.report.as_json import to_json
from probes.report.findings import ProbeReport, report_on
from probes.report.markdown import to_markdown
from probes.report.page import to_page
from probes.statistics.preferring import Preference


@dataclass(frozen=True, slots=True)
class Form:
    """How a report is told: on ``out``, or on stdout; ``question`` chooses the transcript."""

    name: Literal["terminal", "markdown", "html", "json"] = "terminal"
    out: Path | None = None
    question: str | None = None


def report(config: Path | None, names: Sequence[str], form: Form, judge: str | None = None) -> None:
    """Tell what runs came to; several are compared, by a judge's endpoint too where it is named.

    Raises ConfigError when a run is not there, or the judge is of the family of a model.
    """
    settings = load_config(find_config(config))
    folder = Desk(settings).data_dir / FOLDER
    runs = tuple(find_run(folder, name) for name in names)
    bench = None if judge is None else _bench(settings, folder, judge)
    with progress() as told:
        preferred = () if bench is None else preferences(bench, runs, told)
    show(folder, runs, form, preferred)


def _bench(settings: Settings, folder: Path, judge: str) -> Bench:
    endpoint = find_endpoint(settings, judge, None)
    limits = limits_of(settings.probe, endpoint, None)
    cap = "" if limits.amount is None else f", never for more than ${limits.amount}"
    say(f"{endpoint.model} judges every pair of answers twice{cap}")
    return Bench(folder, endpoint, limits)


def show(folder: Path, runs: Sequence[ProbeRun], form: Form, preferred: tuple[Preference, ...] = ()) -> None:
    """Tell what runs came to; the latest run of every other model is what manners are contrasted to."""
    others = () if len(runs) > 1 else _others(folder, runs[0])
    found = replace(report_on(runs, question=form.question, among=others), preferences=preferred)
    if form.name == "terminal":
        print_report(found)
    else:
        _write(found, form)


def _others(folder: Path, run: ProbeRun) -> tuple[ProbeRun, ...]:
    plans = sorted(plans_in(folder), key=lambda plan: plan.started)
    latest = {plan.served.model: plan for plan in plans}
    latest.pop(run.plan.served.model, None)
    return tuple(runs_of(folder, latest.values(), say))


def _write(found: ProbeReport, form: Form) -> None:
    text = _text(found, form.name)
    if form.out is None:
        print(text, end="")  # noqa: T201 - stdout is where a document goes
        return
    form.out.write_text(text, "utf-8")
    say(f"written to {form.out}")


def _text(found: ProbeReport, name: str) -> str:
    if name == "html":
        return to_page(found)
    if name == "markdown":
        return to_markdown(found)
    return f"{json_text(to_json(found))}\n"
