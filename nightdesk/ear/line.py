"""A line of events that wait in a bounded queue for the one thread that works them, in the order in which they came."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

E = TypeVar("E")
_log = logging.getLogger("nightdesk")


class Line(Generic[E]):
    """Works each event by ``work``; what that raises is logged, and the next event worked.

    ``between`` is called after each event, and again after as many seconds as it returns, where it returns any.
    """

    def __init__(
        self, name: str, work: Callable[[E], None], between: Callable[[], float | None] = lambda: None, size: int = 1000
    ) -> None:
        """Begin to wait for events, at most ``size`` at a time."""
        self._work, self._between = work, between
        self._waiting: queue.Queue[E] = queue.Queue(size)
        self._ends = 0.0
        self._closing = threading.Event()
        self._arrived = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def take(self, event: E) -> bool:
        """Let an event wait; return False where there is no room for it, or the line is closed."""
        if self._closing.is_set():
            return False
        try:
            self._waiting.put_nowait(event)
        except queue.Full:
            return False
        self._arrived.set()
        return True

    def close(self, seconds: float) -> bool:
        """Work what waits, and end; return whether that was done in time."""
        self._ends = time.monotonic() + seconds
        self._closing.set()
        self._arrived.set()
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        while not (self._closing.is_set() and self._waiting.empty()):
            self._arrived.clear()
            self._survive(self._work_waiting)
            pause = self._survive(self._between)
            if not self._closing.is_set() and self._waiting.empty():
                self._arrived.wait(pause)
        self._finish()

    def _survive(self, step: Callable[[], float | None]) -> float | None:
        try:
            return step()
        except Exception:  # noqa: BLE001 - one click that failed for a fault of ours must not end the hearing of others
            _log.exception("what came from Slack was not worked")
            return None

    def _work_waiting(self) -> None:
        try:
            event = self._waiting.get_nowait()
        except queue.Empty:
            return
        self._work(event)

    def _finish(self) -> None:
        while (pause := self._survive(self._between)) is not None and time.monotonic() + pause < self._ends:
            time.sleep(pause)
