"""``run`` and ``record``: the night now, and what the sources answer now."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from core.delivery import DeliveryRow
from core.polls import SourceMemory
from core.types import Night
from digests.outside import plain
from feeds.guard import guarded_transport
from feeds.poll import asker, conclude
from feeds.recording import RecordTransport
from kb import ledger
from nightdesk.commands.delivery import print_deliveries, row_json
from nightdesk.config import Settings, find_config, load_config
from nightdesk.durations import parse_duration
from nightdesk.lessons import missing_examples
from nightdesk.morning import deliver_due
from nightdesk.night import NightReport, a_night, run_night
from nightdesk.night_deps import NightDeps
from nightdesk.output import print_json, print_table, progress, say
from nightdesk.serving import Server
from nightdesk.telling import Nights, tell
from nightdesk.wiring import Desk, Wire, fan_out, network, replay


@dataclass(frozen=True, slots=True)
class Request:
    """Which night to run, and on what."""

    day: date | None
    since: str
    recording: Path | None
    if_due: bool
    no_deliver: bool = False


def run(config: Path | None, request: Request, *, as_json: bool) -> int:
    """Run a night, print what was done, and return the exit code.

    It is 1 when a source failed, the model was given up, or a letter is left.
    """
    settings = load_config(find_config(config))
    for line in settings.unused:
        say(f"note: {line}")
    wire = replay(settings, request.recording) if request.recording else network(settings)
    desk = Desk(settings)
    night = a_night(settings.timezone, request.day, parse_duration(request.since), wire.clock())
    if request.if_due and request.day is None and request.recording is None:
        return _do_what_is_due(desk, wire)
    if request.if_due and _is_done(desk, night):
        say(f"the night of {night.date} is done; nothing is due")
        return 0
    for example in missing_examples(desk):
        say(f"note: the example {example} is not in the knowledge base; it teaches nothing until it is")
    with progress() as report_progress:
        report = run_night(desk, wire, night, report_progress, None if request.no_deliver else _deliver)
    if as_json:
        print_json(report_json(report))
    else:
        _print_report(report)
    return 1 if report.failures or report.undelivered or report.is_model_away else 0


def _deliver(deps: NightDeps) -> tuple[DeliveryRow, ...]:
    return tell(deps.desk, Nights.up_to(deps.night.date), deps.progress)


def _is_done(desk: Desk, night: Night) -> bool:
    with desk.store.reading() as connection:
        return ledger.last_finished(connection, night.date) is not None


def _do_what_is_due(desk: Desk, wire: Wire) -> int:
    """Run the night whose hour has come, and tell those whose hour has come; say so where neither has."""
    done: list[str] = []

    def tell_it(line: str) -> None:
        done.append(line)
        say(line)

    with progress() as report:
        server = Server(desk, wire, lambda now: deliver_due(desk, now, report), tell_it, report)
        night = server.run_night_if_due()
        server.deliver_if_due()
    if not done:
        say("nothing is due")
    return 1 if night and night.failures else 0


def report_json(report: NightReport) -> dict[str, Any]:
    """Return the document that ``run --json`` prints."""
    return {
        "night": report.night.isoformat(),
        "sources": [
            {
                "name": row.source,
                "kind": row.kind,
                "outcome": row.outcome,
                "new": row.new,
                "known": row.known,
                "changed": row.changed,
                "backlog": row.backlog,
                "why": row.why,
            }
            for row in report.rows
        ],
        "items": asdict(report.counts),
        "subjects": report.subjects,
        "briefs": {"written": report.briefs_written, "local": report.briefs["local"], "unscored": report.unscored},
        "notes": list(report.notes),
        "digest": {"markdown": str(report.markdown), "html": str(report.page)},
        "deliveries": [row_json(row) for row in report.deliveries],
        "seconds": report.seconds,
    }


def _print_report(report: NightReport) -> None:
    counts = report.counts
    rows = [(row.source, row.outcome, row.new, row.why) for row in report.rows]
    print_table(f"Night of {report.night}", ("source", "outcome", "new", "why"), rows)
    told = [f"{counts.new} new, {counts.backlog} background, {counts.changed} changed, {counts.known} known items"]
    told += [f"{report.briefs_written} briefs written, in {sum(report.seconds.values()):.1f} s"]
    told += [f"{len(report.failures)} sources failed: {', '.join(row.source for row in report.failures)}"] * bool(
        report.failures
    )
    told += [f"note: {plain(note)}" for note in report.notes]
    if report.deliveries:
        print_deliveries(report.deliveries)
    for line in (*told, f"digest: {report.markdown}", f"        {report.page}"):
        say(line)


def record(config: Path | None, folder: Path, day: date | None) -> int:
    """Save what every source answers now; return the exit code: 1 when a source failed."""
    settings = load_config(find_config(config))
    wire = network(settings, RecordTransport(folder, guarded_transport(settings.allow_hosts)))
    failed = _poll_all(settings, wire, day)
    for name, why in failed.items():
        say(f"{name}: {why}")
    say(f"recorded {len(settings.sources)} sources in {folder}, {len(failed)} of them failed")
    return 1 if failed else 0


def _poll_all(settings: Settings, wire: Wire, day: date | None) -> Mapping[str, str]:
    """Poll as if nothing was known, so that every answer comes whole; return the sources that failed, and why."""
    night = a_night(settings.timezone, day, parse_duration("24h"), wire.clock())
    answers = fan_out(asker(wire.fetch, night), [(spec, SourceMemory()) for spec in settings.sources])
    failed = {}
    with progress() as report_progress:
        for place, asked in enumerate(answers, 1):
            report_progress(f"recorded {place} of {len(settings.sources)} sources: {asked.spec.name}")
            poll = conclude(asked, wire.arxiv, night)
            if poll.outcome == "failed":
                failed[poll.spec.name] = poll.why
    return failed
