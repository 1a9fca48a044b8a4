"""The desk that never sleeps: each call does what is due by now, and nothing twice.

What is due is decided from the clock and what the store says was done. So a desk may be woken too often, too late, or
on two machines that share a folder: a night is run once, and what was slept through is caught up once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.ports import Progress
from core.sources import PollRow
from core.types import Night
from kb import ledger
from kb.ledger import RunKind
from nightdesk.config_schedule import Schedule
from nightdesk.due import coming_night, is_stale
from nightdesk.night import NightReport, a_night, gather_ahead, run_night, watch_releases
from nightdesk.wiring import Desk, Wire

_WINDOW = timedelta(hours=24)

Deliver = Callable[[datetime], Iterable[str]]
"""Sends what is due at a time and returns a line on each letter that it dealt with."""


def due_night(desk: Desk, now: datetime) -> date | None:
    """Return the newest night whose hour has come and that was not run since, or None."""
    hour = desk.settings.schedule.night
    newest = hour.last_day(now)
    with desk.store.reading() as connection:
        done = ledger.last_finished(connection, newest)
    return newest if done is None or done < hour.on(newest) else None


@dataclass(frozen=True, slots=True)
class Server:
    """What serving works with; ``tell`` takes a line on what was done, ``progress`` on what is being done."""

    desk: Desk
    wire: Wire
    deliver: Deliver
    tell: Progress
    progress: Progress

    @property
    def _schedule(self) -> Schedule:
        return self.desk.settings.schedule

    def work(self) -> None:
        """Do everything that is due now: the night first, then the polls ahead of the next one, then the letters."""
        self.run_night_if_due()
        self.gather_if_due()
        self.watch_if_due()
        self.deliver_if_due()

    def run_night_if_due(self) -> NightReport | None:
        """Run the newest night where it is due; nights before it are told with it."""
        day = due_night(self.desk, self.wire.clock())
        if day is None:
            return None
        self.tell(f"running the night of {day}")
        report = run_night(self.desk, self.wire, self._night(day), self.progress)
        self.tell(_told(report))
        return report

    def gather_if_due(self) -> None:
        """Poll every source for the coming night where that was not done for a while."""
        if self._is_stale(("night", "gathering"), self._schedule.gather_every):
            self._report(gather_ahead(self.desk, self.wire, self._coming(), self.progress))

    def watch_if_due(self) -> None:
        """Poll the sources of model releases where that was not done for a quarter of an hour or what is configured."""
        if self._is_stale(("night", "gathering", "watching"), self._schedule.releases_every):
            self._report(watch_releases(self.desk, self.wire, self._coming(), self.progress))

    def deliver_if_due(self) -> None:
        """Send the letters whose hour has come."""
        for line in self.deliver(self.wire.clock()):
            self.tell(line)

    def _is_stale(self, kinds: tuple[RunKind, ...], every: timedelta) -> bool:
        with self.desk.store.reading() as connection:
            last = ledger.last_begun(connection, kinds)
        return is_stale(last, every, self.wire.clock())

    def _report(self, rows: Iterable[PollRow]) -> None:
        new = [row for row in rows if row.new]
        if new:
            self.tell("gathered ahead: " + ", ".join(f"{row.new} new from {row.source}" for row in new))

    def _coming(self) -> Night:
        return self._night(coming_night(self.wire.clock(), self._schedule.night))

    def _night(self, day: date) -> Night:
        return a_night(self.desk.settings.timezone, day, _WINDOW, self.wire.clock())


def _told(report: NightReport) -> str:
    kept = sum(numbers["kept"] for numbers in report.subjects.values())
    failed = f", {len(report.failures)} sources failed" if report.failures else ""
    notes = "".join(f"; {note}" for note in report.notes)
    return f"the night of {report.night}: {report.counts.new} new items, {kept} kept{failed}; {report.page}{notes}"
