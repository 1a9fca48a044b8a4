"""When what is due, from the clock and the configuration alone; what was done is asked of the store.

A night and a digest happen once for each day of the calendar where they belong, whatever the clocks do: an hour that
they skip is the first instant after the gap, one that they repeat is its first.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Hour:
    """A time of day where somebody is."""

    at: time
    zone: tzinfo

    def on(self, day: date) -> datetime:
        """Return the instant, in UTC, at which the hour comes on a day."""
        local = datetime.combine(day, self.at, self.zone)
        instant = local.astimezone(UTC)
        if instant.astimezone(self.zone).replace(tzinfo=None) == local.replace(tzinfo=None):
            return instant
        return self._after_gap(local.replace(fold=1).astimezone(UTC), instant)

    def _after_gap(self, before: datetime, after: datetime) -> datetime:
        """Return the first instant after the change of clocks between two instants."""
        offset = before.astimezone(self.zone).utcoffset()
        while after - before > _SECOND:
            middle = before + (after - before) // 2
            if middle.astimezone(self.zone).utcoffset() == offset:
                before = middle
            else:
                after = middle
        return after.replace(microsecond=0)

    def last_day(self, now: datetime) -> date:
        """Return the newest day whose hour has come."""
        day = now.astimezone(self.zone).date() + _DAY
        while self.on(day) > now:
            day -= _DAY
        return day


def coming_night(now: datetime, hour: Hour) -> date:
    """Return the night that is being gathered for: the one after that whose hour has come."""
    return hour.last_day(now) + _DAY


def is_stale(last: datetime | None, every: timedelta, now: datetime) -> bool:
    """Tell whether something that happens again and again is due; a last time in the future counts for nothing."""
    return last is None or not timedelta(0) <= now - last < every
