"""The table ``[schedule]``: when a night is run, when it is told, and how often sources are asked before."""

from dataclasses import dataclass
from datetime import time, timedelta
from zoneinfo import ZoneInfo

from core.errors import ConfigError
from nightdesk.config_tables import ClockTime, Table
from nightdesk.due import Hour
from nightdesk.durations import parse_duration

_SHORTEST = timedelta(minutes=1)


class ScheduleTable(Table):
    """What may stand under ``[schedule]``."""

    night_at: ClockTime = "05:00"
    digest_at: ClockTime = "07:30"
    gather_every: str = "2h"
    releases_every: str = "15m"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a night is run; when it is told, to those who name no hour; how often what is asked before it."""

    night: Hour
    digest: Hour
    gather_every: timedelta
    releases_every: timedelta


def schedule_of(table: ScheduleTable, zone: ZoneInfo) -> Schedule:
    """Return what the table says, in the team's time zone. Raises ConfigError for what is no duration."""
    return Schedule(
        night=Hour(time.fromisoformat(table.night_at), zone),
        digest=Hour(time.fromisoformat(table.digest_at), zone),
        gather_every=_interval(table.gather_every, "gather_every"),
        releases_every=_interval(table.releases_every, "releases_every"),
    )


def _interval(text: str, key: str) -> timedelta:
    try:
        interval = parse_duration(text)
    except ConfigError as error:
        raise ConfigError(f"[schedule] {key}: {error}") from error
    if interval < _SHORTEST:
        raise ConfigError(f"[schedule] {key}: must be at least 1m")
    return interval
