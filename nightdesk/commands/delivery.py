"""``digest deliver`` and ``runs``: bring digests to their readers, and what happened in each night."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from core.delivery import DeliveryRow
from core.errors import ConfigError
from kb import ledger, outbox
from kb.ledger import RunRow
from nightdesk.config import find_config, load_config
from nightdesk.output import Block, print_blocks, print_json, print_table, progress, say
from nightdesk.telling import Nights, allow_again, tell
from nightdesk.wiring import Desk


@dataclass(frozen=True, slots=True)
class Errand:
    """Which night to deliver, the latest where none is named; ``again``: also what may have arrived already."""

    night: date | None
    again: bool


def deliver(config: Path | None, errand: Errand, *, as_json: bool) -> int:
    """Send what is pending, print how far each letter has come, and return the exit code: 1 when one is left."""
    desk = Desk(load_config(find_config(config)))
    if not desk.settings.delivery.sinks:
        raise ConfigError(
            f"{desk.settings.path}: there is no [slack], [mail] or [atom] that is ready; {_missing(desk)}"
        )
    nights = _nights(desk, errand.night)
    if errand.again and (count := allow_again(desk, nights)):
        say(f"sending {count} once more that may have arrived")
    with progress() as report:
        rows = tell(desk, nights, report)
    if as_json:
        print_json({"night": nights.last.isoformat(), "deliveries": [row_json(row) for row in rows]})
    else:
        print_deliveries(rows)
    return 1 if any(row.state != "sent" for row in rows) else 0


def _missing(desk: Desk) -> str:
    return "; ".join(desk.settings.unused) or "name one in the configuration"


def _nights(desk: Desk, named: date | None) -> Nights:
    with desk.store.reading() as connection:
        latest = named or ledger.latest_night(connection)
    if latest is None:
        raise ConfigError("there is no night to deliver; `nightdesk run` makes one")
    return Nights.only(named) if named else Nights.up_to(latest)


def row_json(row: DeliveryRow) -> dict[str, Any]:
    """Return a letter as ``--json`` prints it."""
    return {
        "night": row.night.isoformat(),
        "sink": row.sink,
        "reader": row.reader,
        "title": row.title,
        "state": row.state,
        "sent": row.sent,
        "posts": row.posts,
        "why": row.why,
        "at": row.at.isoformat(),
    }


def print_deliveries(rows: Sequence[DeliveryRow]) -> None:
    """Print how far each letter has come; what is not sent stands out, with what keeps it."""
    blocks = [
        Block(
            (row.title, row.reader, row.sink, str(row.night), f"{row.state} {row.sent}/{row.posts}"),
            (row.why,) if row.why else (),
            row.state != "sent",
        )
        for row in rows
    ]
    sent = sum(row.state == "sent" for row in rows)
    print_blocks(f"{sent} of {len(rows)} letters delivered", ("letter", "to", "by", "night", "state"), blocks)


def runs(config: Path | None, limit: int, *, as_json: bool) -> None:
    """Print the latest nights: their runs, and what was delivered."""
    desk = Desk(load_config(find_config(config)))
    with desk.store.reading() as connection:
        told = ledger.latest_runs(connection, limit)
        deliveries = outbox.rows_of(connection, told[-1].night, told[0].night) if told else ()
    if as_json:
        print_json({"runs": [_run_json(run) for run in told], "deliveries": [row_json(row) for row in deliveries]})
        return
    rows = [(run.night, run.started, run.finished or "not finished", run.new, run.failed) for run in told]
    print_table(f"{len(told)} runs", ("night", "started", "finished", "new items", "sources failed"), rows)
    if deliveries:
        print_deliveries(deliveries)


def _run_json(run: RunRow) -> dict[str, Any]:
    return {
        "night": run.night.isoformat(),
        "started": run.started.isoformat(),
        "finished": run.finished.isoformat() if run.finished else None,
        "new": run.new,
        "failed": run.failed,
    }
