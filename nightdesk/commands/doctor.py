"""``doctor``: is everything in place? Each check says what it saw, and what to do where it failed."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from core.errors import NightdeskError
from kb.items import count_items
from kb.ledger import latest_night
from kb.vector_rows import current_model
from lm.preflight import preflight
from nightdesk.commands import doctor_slack
from nightdesk.config import Settings, find_config, load_config
from nightdesk.due import coming_night
from nightdesk.lessons import missing_examples
from nightdesk.models import needed_model
from nightdesk.output import print_json, print_table
from nightdesk.wiring import Desk
from probes.sandbox import why_missing

_LOW_DISK_GB = 1.0
State = Literal["ok", "warning", "failed"]


@dataclass(frozen=True, slots=True)
class Check:
    """What one check saw."""

    name: str
    state: State
    what: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What else to ask: the model, Slack, and whether a test may be posted there."""

    wire: bool = False
    slack: bool = False
    post: bool = False


def run(config: Path | None, asked: Asked, *, as_json: bool) -> int:
    """Run every check, print them, and return the exit code: 1 when one failed."""
    checks = [*_checks(config), *(_wire(config) if asked.wire else ()), *(_slack(config, asked) if asked.slack else ())]
    if as_json:
        print_json({"checks": [asdict(check) for check in checks]})
    else:
        print_table("nightdesk doctor", ("check", "state", "what"), [(c.name, c.state, c.what) for c in checks])
    return 1 if any(check.state == "failed" for check in checks) else 0


def _checks(config: Path | None) -> Iterator[Check]:
    try:
        settings = load_config(find_config(config))
    except NightdeskError as error:
        yield Check("configuration", "failed", str(error))
        return
    yield _configuration(settings)
    yield from (Check("configuration", "warning", line) for line in settings.unused)
    desk = Desk(settings)
    yield from (
        Check("examples", "warning", f"{example} is not in the knowledge base; it teaches nothing until it is")
        for example in _missing_examples(desk)
    )
    yield from (Check("embedder", "warning", line) for line in _of_another_model(desk))
    for name, check in _PARTS.items():
        yield _checked(name, check, desk)
    if settings.endpoints:
        yield _sandbox()


def _wire(config: Path | None) -> Iterator[Check]:
    """Ask the configured model a few small things, on the account of today."""
    try:
        model = needed_model(Desk(load_config(find_config(config))), datetime.now(UTC).date())
        with closing(model.wire):
            findings = preflight(model)
    except NightdeskError as error:
        yield Check("wire", "failed", str(error))
        return
    for finding in findings:
        state: State = "warning" if finding.ok is None else "ok" if finding.ok else "failed"
        yield Check(f"wire: {finding.name}", state, "; ".join(filter(None, (finding.detail, finding.advice))))


def _slack(config: Path | None, asked: Asked) -> Iterator[Check]:
    """Ask the workspace."""
    for finding in doctor_slack.findings(config, post=asked.post):
        yield Check(f"slack: {finding.name}", finding.state, finding.what)


def _checked(name: str, check: Callable[[Desk], str], desk: Desk) -> Check:
    try:
        return Check(name, "ok", check(desk))
    except NightdeskError as error:
        return Check(name, "failed", str(error))


def _sandbox() -> Check:
    """Tell whether the programs that probed models write can be run."""
    lacking = why_missing()
    if lacking:
        return Check("sandbox", "warning", f"programs that models write are not run, and not scored: {lacking}")
    return Check("sandbox", "ok", "programs that models write are run with no files, network or processes")


def _missing_examples(desk: Desk) -> tuple[str, ...]:
    try:
        return missing_examples(desk)
    except NightdeskError:
        return ()  # told by the check of the store


def _of_another_model(desk: Desk) -> Iterator[str]:
    """Yield what another model than the one on this machine changes, and whether the base has vectors of it."""
    if desk.settings.embedder:
        yield "the odds of subjects are calibrated on the local model: with another the bands are rough until you vote"
    former = _former_model(desk)
    if former:
        yield f"the base has vectors of {former}, not yet of {desk.model_name}; `nightdesk reindex` makes them"


def _former_model(desk: Desk) -> str | None:
    try:
        with desk.store.searching() as connection:
            current = current_model(connection)
    except NightdeskError:
        return None  # told by the check of the store
    return current.name if current and current.name != desk.model_name else None


def _configuration(settings: Settings) -> Check:
    told = f"{settings.path}: {len(settings.subjects)} subjects, {len(settings.sources)} sources"
    if not settings.subjects or not settings.sources:
        return Check("configuration", "failed", f"{told}; a night needs at least one [[subject]] and one [[source]]")
    if not settings.contact:
        return Check("configuration", "warning", f"{told}; set [fetch] contact so that sites know whom to write to")
    return Check("configuration", "ok", told)


def _data_folder(desk: Desk) -> str:
    folder = desk.data_dir
    if not os.access(folder, os.W_OK):
        raise NightdeskError(f"cannot write to {folder}; change its owner or name another data_dir")
    free = shutil.disk_usage(folder).free / 2**30
    if free < _LOW_DISK_GB:
        raise NightdeskError(f"{folder}: only {free:.1f} GB are free; a night needs room for its index")
    return f"{folder}, {free:.0f} GB free"


def _store(desk: Desk) -> str:
    with desk.store.reading() as connection:
        return f"{desk.store.path.name}: {count_items(connection)} items"


def _embedder(desk: Desk) -> str:
    model = desk.hasty
    norm = float((model.embed(["a night desk reads what came in overnight"]) ** 2).sum())
    if abs(norm - 1) > 1e-3:
        raise NightdeskError(f"{model.name} gives vectors of length {norm:.3f}, not 1; delete {desk.data_dir}/models")
    told = f"{model.name}, {model.dimensions} dimensions"
    return f"{told}, {desk.settings.embedder.url} answers" if desk.settings.embedder else told


def _index(desk: Desk) -> str:
    desk.index.drain(desk.store)
    return f"{desk.index.count()} vectors"


def _schedule(desk: Desk) -> str:
    """Tell which night was run last, and when the next is due."""
    now, hour = datetime.now(UTC), desk.settings.schedule.night
    with desk.store.reading() as connection:
        latest = latest_night(connection)
    told = f"the last night that was run is {latest}" if latest else "no night was run yet"
    if latest is None or latest < hour.last_day(now):
        return f"{told}; one is due: `nightdesk serve` runs each at its hour, `nightdesk run --if-due` now"
    return f"{told}; the next is due at {hour.on(coming_night(now, hour)):%Y-%m-%d %H:%M} UTC"


def _clock(_desk: Desk) -> str:
    now = datetime.now(UTC)
    if now.year < 2025:
        raise NightdeskError(f"the clock says {now:%Y-%m-%d}; set it, or nights will have wrong dates")
    return f"{now:%Y-%m-%d %H:%M} UTC"


_PARTS: dict[str, Callable[[Desk], str]] = {
    "data folder": _data_folder,
    "store": _store,
    "embedder": _embedder,
    "index": _index,
    "schedule": _schedule,
    "clock": _clock,
}
