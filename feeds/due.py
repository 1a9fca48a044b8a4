"""When a source is to be asked again."""

import zlib
from datetime import datetime, timedelta

from core.sources import Cadence

_DAY = timedelta(days=1)
_FIRST_BACKOFF = timedelta(minutes=15)
_WEEK_OF_HOURS = 7 * 24


def next_due(now: datetime, every: timedelta, cadence: Cadence, fresh_for: timedelta) -> datetime:
    """Return the time after the longest of our own interval, the feed's and the answer's, a day at most.

    Hours and days that the feed asks to be skipped are stepped over, unless it skips them all.
    """
    due = now + min(max(every, cadence.ttl, fresh_for), _DAY)
    first = due
    for _ in range(_WEEK_OF_HOURS):
        if due.hour not in cadence.skip_hours and due.weekday() not in cadence.skip_days:
            return due
        due = due.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return first


def after_failures(now: datetime, failures: int, name: str) -> datetime:
    """Return when to try again after failures in a row: at once after the first, then doubling up to a day.

    A tenth is added by the source's name, so that those that failed together are not asked together.
    """
    if failures < 2:
        return now
    wait = min(_FIRST_BACKOFF * (1 << min(failures - 2, 10)), _DAY)
    return now + wait * (1 + zlib.crc32(name.encode()) % 100 / 1000)
