"""When what is due: once a day where the reader is, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightdesk.due import Hour, coming_night, is_stale

PARIS, NEW_YORK, LORD_HOWE = ZoneInfo("Europe/Paris"), ZoneInfo("America/New_York"), ZoneInfo("Australia/Lord_Howe")
ZONES = [PARIS, NEW_YORK, LORD_HOWE, ZoneInfo("Pacific/Apia"), ZoneInfo("Asia/Kathmandu"), ZoneInfo("UTC")]
HOURS = st.builds(Hour, st.times().map(lambda at: at.replace(microsecond=0)), st.sampled_from(ZONES))
DAYS = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("at", "zone", "day", "instant"),
    [
        (time(7, 30), PARIS, date(2026, 1, 5), "2026-01-05T06:30+00:00"),
        (time(7, 30), PARIS, date(2026, 7, 5), "2026-07-05T05:30+00:00"),
        (time(2, 30), PARIS, date(2026, 3, 29), "2026-03-29T01:00+00:00"),
        (time(2, 30), PARIS, date(2026, 10, 25), "2026-10-25T00:30+00:00"),
        (time(2, 0), NEW_YORK, date(2026, 3, 8), "2026-03-08T07:00+00:00"),
        (time(1, 59), NEW_YORK, date(2026, 11, 1), "2026-11-01T05:59+00:00"),
        (time(2, 15), LORD_HOWE, date(2026, 10, 4), "2026-10-03T15:30+00:00"),
        (time(9, 0), ZoneInfo("Pacific/Apia"), date(2011, 12, 30), "2011-12-30T10:00+00:00"),
        (time(8, 0), PARIS, date(2028, 2, 29), "2028-02-29T07:00+00:00"),
    ],
)
def test_hour_comes_once_where_clocks_change(at: time, zone: ZoneInfo, day: date, instant: str) -> None:
    assert Hour(at, zone).on(day) == datetime.fromisoformat(instant)


@given(hour=HOURS, day=DAYS)
def test_hours_of_following_days_follow_each_other(hour: Hour, day: date) -> None:
    gap = hour.on(day + timedelta(days=1)) - hour.on(day)
    assert timedelta(0) <= gap <= timedelta(hours=49)


@given(hour=HOURS, day=DAYS)
def test_hour_is_never_told_before_the_clock_shows_it(hour: Hour, day: date) -> None:
    shown = hour.on(day).astimezone(hour.zone).replace(tzinfo=None)
    assert datetime.combine(day, hour.at) <= shown <= datetime.combine(day, hour.at) + timedelta(hours=24)


@given(hour=HOURS, day=DAYS, steps=st.lists(st.integers(1, 4000), min_size=1, max_size=60))
def test_every_day_is_due_once_however_often_and_late_one_looks(hour: Hour, day: date, steps: list[int]) -> None:
    now, done = hour.on(day), [day]
    for minutes in steps:
        now += timedelta(minutes=minutes)
        newest = hour.last_day(now)
        assert newest >= done[-1]
        if newest != done[-1]:
            done.append(newest)
        assert hour.on(newest) <= now < hour.on(newest + timedelta(days=1))
        assert coming_night(now, hour) == newest + timedelta(days=1)
    assert done == sorted(set(done))


@given(hour=HOURS, day=DAYS)
def test_nothing_is_due_an_instant_early(hour: Hour, day: date) -> None:
    instant = hour.on(day)
    assert hour.last_day(instant) >= day
    assert hour.last_day(instant - timedelta(microseconds=1)) < day


NOW = datetime(2026, 11, 2, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (None, True),
        (NOW - timedelta(minutes=15), True),
        (NOW - timedelta(minutes=14), False),
        (NOW, False),
        (NOW + timedelta(hours=1), True),
    ],
)
def test_what_happens_again_is_due_after_its_interval(last: datetime | None, *, due: bool) -> None:
    assert is_stale(last, timedelta(minutes=15), NOW) is due
