"""Whose turn it is: one request at a time for each host, none while it asked for quiet, arXiv once in three seconds.

arXiv's terms count the requests of all one's machines to all its services (info.arxiv.org/help/api/tou.html), so that
the last one stands in a file, which every process here reads under a lock.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock

from filelock import FileLock
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from core.errors import Throttled, Unreachable
from core.polls import Validators
from core.ports import Clock
from feeds.answer import Answer, Fetch
from feeds.http import host_of

ARXIV_SECONDS = 3.0
_ARXIV = "arxiv.org"
_ATTEMPTS = 3
_LONGEST_WAIT = 300.0
"""Seconds after which another process that keeps its turn is taken for stopped."""

Now = Callable[[], float]
Sleep = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Turnstile:
    """Lets one request through in ``seconds``, whichever process asks; ``file`` holds when the last one ended.

    ``now`` is the machine's clock in seconds since the epoch, the one clock that processes share.
    """

    file: Path
    seconds: float = ARXIV_SECONDS
    now: Now = time.time
    sleep: Sleep = time.sleep

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for the turn and keep it for the time of a request."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.file.with_suffix(".lock"), timeout=_LONGEST_WAIT):
            self.sleep(self._wait())
            self._stamp()  # a process that is killed in the middle of its request has asked
            try:
                yield
            finally:
                self._stamp()

    def _wait(self) -> float:
        """Return the seconds to wait; a clock that was set back costs no more than one pause."""
        try:
            last = float(self.file.read_text("ascii"))
        except (OSError, ValueError):
            return 0.0
        return min(max(0.0, last + self.seconds - self.now()), self.seconds)

    def _stamp(self) -> None:
        self.file.write_text(repr(self.now()), "ascii")


@dataclass(frozen=True, slots=True)
class Manners:
    """Keeps requests to one host in line, and away from hosts that asked to be left alone."""

    arxiv: Turnstile
    clock: Clock
    _lines: defaultdict[str, Lock] = field(default_factory=lambda: defaultdict(Lock))
    _quiet: dict[str, datetime] = field(default_factory=dict)

    @contextmanager
    def turn(self, url: str) -> Iterator[None]:
        """Wait until the host of an address may be asked, and hold it.

        Raises Throttled when the host asked for quiet.
        """
        host = host_of(url)
        with self._lines[_line(host)]:
            self._refuse_if_quiet(host)
            try:
                with self._pause(host):
                    yield
            except Throttled as error:
                self.leave_alone(url, error.until)
                raise

    def leave_alone(self, url: str, until: datetime | None) -> None:
        """Ask the host of an address nothing before ``until``; ``Retry-After`` holds for the whole host."""
        if until is not None:
            self._quiet[host_of(url)] = max(until, self._quiet.get(host_of(url), until))

    def _refuse_if_quiet(self, host: str) -> None:
        until = self._quiet.get(host)
        if until is not None and self.clock() < until:
            raise Throttled(f"{host} asked to wait until {until:%Y-%m-%d %H:%M} UTC; not asked", until=until)

    def _pause(self, host: str) -> AbstractContextManager[None]:
        return self.arxiv.turn() if _line(host) == _ARXIV else nullcontext()


def _line(host: str) -> str:
    """Return the host to wait in line for; all of arXiv's are one."""
    return _ARXIV if host == _ARXIV or host.endswith(f".{_ARXIV}") else host


def persistent(fetch: Fetch, sleep: Sleep = time.sleep) -> Fetch:
    """Return a fetch that tries again, after a second or two and then some more, what may pass by itself."""

    def ask(url: str, known: Validators) -> Answer:
        again = Retrying(
            retry=retry_if_exception_type(Unreachable),
            stop=stop_after_attempt(_ATTEMPTS),
            wait=wait_exponential_jitter(initial=1, max=20, jitter=2),
            sleep=sleep,
            reraise=True,
        )
        return again(fetch, url, known)

    return ask
