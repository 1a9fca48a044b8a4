"""``sources``: what is followed, and how each source has been."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from core.errors import ConfigError
from core.polls import SourceHealth
from core.ports import system_clock
from core.sources import PollRow, SourceSpec
from core.types import Night
from feeds.sources import source
from kb import ledger
from nightdesk.config import find_config, load_config
from nightdesk.output import Block, print_blocks, print_json
from nightdesk.wiring import Desk

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_NEVER = PollRow("", "", "unchanged", "not polled yet")


@dataclass(frozen=True, slots=True)
class SourceStatus:
    """A configured source, the addresses it is asked at, its last line in the ledger and its health."""

    spec: SourceSpec
    addresses: tuple[str, ...]
    last: PollRow | None
    health: SourceHealth

    @property
    def is_failing(self) -> bool:
        """Whether its last poll brought nothing because something is wrong."""
        return self.health.failures > 0 or (self.last is not None and self.last.outcome in ("failed", "gone"))


def sources(config: Path | None, *, as_json: bool) -> None:
    """Print every configured source with its last outcome and its health."""
    desk = Desk(load_config(find_config(config)))
    now = system_clock()
    statuses = _statuses(desk, now)
    if as_json:
        print_json({"sources": [_status_json(status) for status in statuses]})
        return
    failing = sum(status.is_failing for status in statuses)
    title = f"{len(statuses)} sources" + (f", {failing} of them failing" if failing else "")
    blocks = [_block(status, now, desk.settings.timezone) for status in statuses]
    print_blocks(title, ("name", "last poll", "answered", "due"), blocks)


def _statuses(desk: Desk, now: datetime) -> list[SourceStatus]:
    specs = desk.settings.sources
    with desk.store.reading() as connection:
        last = ledger.last_outcomes(connection, [spec.name for spec in specs])
        health = ledger.health(connection, specs)
    return [SourceStatus(spec, addresses(spec, now), last.get(spec.name), health[spec.name]) for spec in specs]


def addresses(spec: SourceSpec, now: datetime) -> tuple[str, ...]:
    """Return the addresses that a source is asked at now."""
    return source(spec.kind).addresses(spec, Night(now.date(), now - _DAY, now))


def _status_json(status: SourceStatus) -> dict[str, Any]:
    spec, last, health = status.spec, status.last or _NEVER, status.health
    return {
        "name": spec.name,
        "kind": spec.kind,
        "options": options(spec),
        "subjects": list(spec.subjects),
        "addresses": list(status.addresses),
        "outcome": status.last.outcome if status.last else None,
        "why": last.why,
        "new": last.new,
        "backlog": last.backlog,
        "known": last.known,
        "changed": last.changed,
        "failures": health.failures,
        "last_success": _iso(health.last_success),
        "last_polled": _iso(health.last_polled),
        "next_due": _iso(health.next_due),
    }


def options(spec: SourceSpec) -> dict[str, Any]:
    """Return the kind's own keys of a source."""
    return {name: getattr(spec.options, name) for name in getattr(spec.options, "__slots__", ())}


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _block(status: SourceStatus, now: datetime, zone: tzinfo) -> Block:
    first, *others = status.addresses
    more = f" and {len(others)} more" if others else ""
    why = status.last.why if status.last else ""
    row = (status.spec.name, _last_poll(status), _answered(status.health, now, zone), _due(status, now, zone))
    return Block(row, (f"{status.spec.kind} {first}{more}", *([why] if why else [])), status.is_failing)


def _last_poll(status: SourceStatus) -> str:
    if status.last is None:
        return _NEVER.why
    outcome, counts = status.last.outcome.replace("_", " "), count_words(status.last)
    if outcome == "new":
        return counts
    in_a_row = f"{status.health.failures} times in a row" if status.health.failures > 1 else ""
    return ", ".join(part for part in (outcome, in_a_row, counts) if part)


def count_words(row: PollRow) -> str:
    """Return the numbers of a poll in words, those that are not zero."""
    counts: Mapping[str, int] = {
        "new": row.new,
        "background": row.backlog,
        "changed": row.changed,
        "known": row.known,
    }
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count)


def _answered(health: SourceHealth, now: datetime, zone: tzinfo) -> str:
    if health.last_success is None:
        return "never"
    ago = now - health.last_success
    if ago >= _DAY:
        return _day(health.last_success, now, zone)
    return f"{ago // _HOUR} h ago" if ago >= _HOUR else f"{max(ago, timedelta(0)) // _MINUTE} min ago"


def _due(status: SourceStatus, now: datetime, zone: tzinfo) -> str:
    """Return when a source is asked next, the time as the team's clock shows it."""
    due = status.health.next_due
    if due is None:
        return "not again" if status.last and status.last.outcome == "gone" else "next night"
    if due <= now:
        return "now"
    clock = f"{due.astimezone(zone):%H:%M}"
    return f"at {clock}" if due - now < _DAY else f"{_day(due, now, zone)} {clock}"


def _day(moment: datetime, now: datetime, zone: tzinfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.day} {local:%b}" + ("" if local.year == now.astimezone(zone).year else f" {local.year}")


def find_source(name: str, specs: tuple[SourceSpec, ...]) -> SourceSpec:
    """Return the source of a name, in any case, or by a beginning that no other source has.

    Raises ConfigError, with the nearest names, when there is none or more than one.
    """
    wanted = name.strip().casefold()
    whole = [spec for spec in specs if spec.name == name] or [s for s in specs if s.name.casefold() == wanted]
    found = whole or [spec for spec in specs if wanted and spec.name.casefold().startswith(wanted)]
    if len(found) == 1:
        return found[0]
    if found:
        raise ConfigError(f"{name!r} may be {' or '.join(spec.name for spec in found)}; say more of the name")
    raise ConfigError(f"there is no source {name!r}{_nearest(wanted, [spec.name for spec in specs])}")


def _nearest(wanted: str, names: list[str]) -> str:
    by_folded = {name.casefold(): name for name in names}
    close = [known for known in by_folded if wanted and wanted in known]
    close = close or get_close_matches(wanted, by_folded, n=3, cutoff=0.4)
    return f"; did you mean {' or '.join(by_folded[known] for known in close[:3])}?" if close else ""
