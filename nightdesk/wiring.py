"""What a command works with, made from the settings when it is first needed."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from core.ports import Clock, system_clock
from feeds.answer import Fetch
from nightdesk.base import Base
from nightdesk.config import Settings
from nightdesk.machine import shared_folder

if TYPE_CHECKING:
    from feeds.arxiv_api import ArxivApi
    from feeds.recording import RecordTransport
    from kb.embedder import Use

A = TypeVar("A")
B = TypeVar("B")

_AT_ONCE = 32


class Desk(Base):
    """The base of one configuration, and all else that it says."""

    settings: Settings

    def __init__(self, settings: Settings, use: "Use" = "texts") -> None:
        """Work with what the settings name; the model on this machine is loaded for a ``use``."""
        super().__init__(settings, use)


@dataclass(frozen=True, slots=True)
class Wire:
    """The way to the sources: the network, or a recording with the time it was made.

    ``leave_alone`` takes an address whose host asked for quiet, and until when.
    """

    fetch: Fetch
    arxiv: "ArxivApi"
    clock: Clock
    leave_alone: Callable[[str, datetime | None], None]


def network(settings: Settings, recorder: "RecordTransport | None" = None) -> Wire:
    """Return the way to the live sources, perhaps through a recorder of every answer."""
    from feeds.arxiv_api import ArxivApi
    from feeds.guard import guarded_transport
    from feeds.http import fetcher, open_client
    from feeds.politeness import Manners, Turnstile, persistent
    from feeds.sources import headers_of

    client = open_client(settings.contact, recorder or guarded_transport(settings.allow_hosts))
    manners = Manners(Turnstile(shared_folder() / "arxiv"), system_clock)
    fetch = persistent(fetcher(client, system_clock, manners.turn, headers_of(settings.sources)))
    return Wire(fetch, ArxivApi(fetch), system_clock, manners.leave_alone)


def replay(settings: Settings, folder: Path) -> Wire:
    """Return a recording in place of the network; its clock stands at the time of the recording.

    Raises RecordingError when the folder is no recording.
    """
    from feeds.arxiv_api import ArxivApi
    from feeds.http import fetcher, open_client
    from feeds.recording import ReplayTransport

    transport = ReplayTransport(folder)
    clock = _standing(transport.time or system_clock())
    fetch = fetcher(open_client(settings.contact, transport), clock)
    # Nobody is bothered by a replay: every source shows what it answered, those of one host too.
    return Wire(fetch, ArxivApi(fetch), clock, lambda _url, _until: None)


def _standing(moment: datetime) -> Clock:
    return lambda: moment


def fan_out(function: Callable[[A], B], values: Iterable[A], /) -> Iterator[B]:
    """Apply a function to many values in threads; results come in the order of the values.

    No more results than threads wait to be taken, so that memory does not grow with the values.
    """
    pool = ThreadPoolExecutor(_AT_ONCE)
    begun: deque[Future[B]] = deque()
    try:
        for value in values:
            if len(begun) == _AT_ONCE:
                yield begun.popleft().result()
            begun.append(pool.submit(function, value))
        while begun:
            yield begun.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
