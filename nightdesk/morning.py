"""Bring each night to each reader at the reader's hour, once: the first such hour after the night's own.

What was slept through is made up for; what could not be brought is tried again every quarter of an hour.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from core.delivery import DeliveryRow
from core.ports import Progress
from kb import ledger, outbox
from nightdesk.due import Hour, is_stale
from nightdesk.recipients import Recipient, recipients
from nightdesk.telling import Nights, tell
from nightdesk.wiring import Desk

_DAY = timedelta(days=1)
# Enough for the digest of a night that ended just before a day's sleep; a new channel gets at most two.
_MADE_UP = timedelta(hours=36)
_TRIED_AGAIN = timedelta(minutes=15)


def deliver_due(desk: Desk, now: datetime, progress: Progress) -> Iterator[str]:
    """Send the letters whose hour has come, the earliest night first; yield a line on each that was dealt with."""
    for night in _nights(desk, now):
        wanted = _wanted(desk, night, now)
        if wanted:
            yield from map(_line, _of(wanted, tell(desk, Nights.only(night), progress, wanted)))


def due_at(night: date, night_hour: Hour, reader_hour: Hour) -> datetime:
    """Return when a reader is told of a night: at the first of their hours from the night's own on."""
    begins = night_hour.on(night)
    day = reader_hour.last_day(begins)
    return begins if reader_hour.on(day) == begins else reader_hour.on(day + _DAY)


def _nights(desk: Desk, now: datetime) -> list[date]:
    """Return the nights that were run at their hour and may still be told, the earliest first."""
    hour = desk.settings.schedule.night
    newest = hour.last_day(now)
    with desk.store.reading() as connection:
        ran = {night: ledger.last_finished(connection, night) for night in (newest - 2 * _DAY, newest - _DAY, newest)}
    return [night for night, finished in ran.items() if finished and finished >= hour.on(night)]


def _wanted(desk: Desk, night: date, now: datetime) -> list[Recipient]:
    with desk.store.reading() as connection:
        rows = {(row.sink, row.reader, row.title): row for row in outbox.rows_of(connection, night, night)}
    return [one for one in recipients(desk.settings) if _is_due(desk, one, night, now) and _is_open(one, rows, now)]


def _is_due(desk: Desk, recipient: Recipient, night: date, now: datetime) -> bool:
    schedule = desk.settings.schedule
    at = due_at(night, schedule.night, Hour(recipient.at or schedule.digest.at, recipient.timezone))
    return at <= now < at + _MADE_UP


def _is_open(recipient: Recipient, rows: dict[tuple[str, str, str], DeliveryRow], now: datetime) -> bool:
    row = rows.get((recipient.sink, recipient.reader, recipient.name))
    return row is None or (row.state in ("pending", "trying") and is_stale(row.at, _TRIED_AGAIN, now))


def _of(wanted: Sequence[Recipient], rows: Sequence[DeliveryRow]) -> Iterator[DeliveryRow]:
    readers = {(one.sink, one.reader) for one in wanted}
    yield from (row for row in rows if (row.sink, row.reader) in readers)


def _line(row: DeliveryRow) -> str:
    why = f": {row.why}" if row.why else ""
    return f"{row.title or 'digest'} of {row.night} to {row.reader} by {row.sink}: {row.state}{why}"
