"""``probe report`` and ``probe compare``: what runs came to, computed from their journals alone."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nightdesk.commands.probe_terminal import print_report
from nightdesk.config import find_config, load_config
from nightdesk.output import print_json, say
from nightdesk.probing import FOLDER, find_run, plans_in
from nightdesk.wiring import Desk
from probes.journal import NAME
from probes.plan import ProbeRun
from probes.records import read_run
from probes.report.as_json import to_json
from probes.report.findings import ProbeReport, report_on
from probes.report.markdown import to_markdown
from probes.report.page import to_page


@dataclass(frozen=True, slots=True)
class Form:
    """How a report is told: on ``out``, or on stdout; ``question`` chooses the transcript."""

    name: Literal["terminal", "markdown", "html", "json"] = "terminal"
    out: Path | None = None
    question: str | None = None


def report(config: Path | None, names: Sequence[str], form: Form) -> None:
    """Tell what runs came to; several are compared. Raises ConfigError when one is not there."""
    folder = Desk(load_config(find_config(config))).data_dir / FOLDER
    show(folder, tuple(find_run(folder, name) for name in names), form)


def show(folder: Path, runs: Sequence[ProbeRun], form: Form) -> None:
    """Tell what runs came to; the latest run of every other model is what manners are contrasted to."""
    others = () if len(runs) > 1 else _others(folder, runs[0])
    found = report_on(runs, question=form.question, among=others)
    if form.name == "terminal":
        print_report(found)
    elif form.name == "json" and form.out is None:
        print_json(to_json(found))
    else:
        _write(found, form)


def _others(folder: Path, run: ProbeRun) -> tuple[ProbeRun, ...]:
    plans = sorted(plans_in(folder), key=lambda plan: plan.started)
    latest = {plan.served.model: plan for plan in plans}
    latest.pop(run.plan.served.model, None)
    return tuple(read_run(folder / plan.run / NAME) for plan in latest.values())


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
    return json.dumps(to_json(found), ensure_ascii=False, indent=2) + "\n"
