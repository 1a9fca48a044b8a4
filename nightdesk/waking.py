"""Wake somebody again and again until told to stop: all that APScheduler is asked for, in memory.

Its own calendar is not used: it drops what it missed, and a local hour that clocks repeat comes twice.
"""

import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

_GRACE = 8.0


def wake(calls: Mapping[str, Callable[[], None]], every: float, stop: threading.Event) -> bool:
    """Make each call now and then every so many seconds, each in a thread of its own and never beside itself.

    Returns when ``stop`` is set: True when every call had come to its end within eight seconds.
    """
    running = {name: threading.Lock() for name in calls}
    scheduler = BackgroundScheduler(timezone=UTC)
    for name, call in calls.items():
        scheduler.add_job(
            _unless_stopped(call, running[name], stop),
            "interval",
            seconds=every,
            id=name,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
    scheduler.start()
    stop.wait()
    scheduler.shutdown(wait=False)
    return all(lock.acquire(timeout=_GRACE / len(running)) for lock in running.values())


def _unless_stopped(call: Callable[[], None], running: threading.Lock, stop: threading.Event) -> Callable[[], None]:
    def woken() -> None:
        with running:
            if not stop.is_set():
                call()

    return woken


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """Yield an event that SIGTERM and SIGINT set."""
    stop = threading.Event()
    kept = {one: signal.signal(one, lambda *_: stop.set()) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for one, handler in kept.items():
            signal.signal(one, handler)
