"""What a command works with, made from the settings when it is first needed."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from core.errors import StoreError
from core.ports import Clock, system_clock
from feeds.answer import Fetch
from kb.store import Store
from nightdesk.config import Settings, machine_folder
from nightdesk.config_kb import EmbedderSettings

if TYPE_CHECKING:
    from feeds.arxiv_api import ArxivApi
    from feeds.recording import RecordTransport
    from kb.embedding import Embeds
    from kb.endpoint import Patience
    from kb.index import Index

A = TypeVar("A")
B = TypeVar("B")

_AT_ONCE = 32


class Desk:
    """The store, the index and the embedder of one data folder; each is opened when it is first used."""

    def __init__(self, settings: Settings) -> None:
        """Work on the data folder that the settings name."""
        self.settings = settings

    @cached_property
    def data_dir(self) -> Path:
        """The data folder, made if it is not there.

        Raises StoreError when it cannot be.
        """
        folder = self.settings.data_dir
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"cannot make the data folder {folder}: {error.strerror}") from error
        return folder

    @cached_property
    def store(self) -> Store:
        """The SQL store."""
        return Store(self.data_dir / "nightdesk.db")

    @cached_property
    def index(self) -> "Index":
        """The Chroma index."""
        from kb.index import Index

        return Index(self.data_dir / "chroma")

    @cached_property
    def embedder(self) -> "Embeds":
        """The configured embedding model."""
        if self.settings.embedder is None:
            return self._local
        from kb.endpoint import PATIENT

        return _endpoint(self.settings.embedder, PATIENT)

    @property
    def questioner(self) -> "Embeds":
        """What reads a person's question: quickly or not at all.

        While another model's vectors are built, the base is still compared by the former's; where that is the one on
        this machine, it goes on reading.
        """
        if self.settings.embedder is None:
            return self._local
        from kb.minilm import NAME
        from kb.vector_rows import current_model

        with self.store.searching() as connection:
            current = current_model(connection)
        return self._local if current and current.name == NAME else self.hasty

    @property
    def model_name(self) -> str:
        """The name of the configured embedding model, which is not loaded for it."""
        from kb.minilm import NAME

        return self.embedder.name if self.settings.embedder else NAME

    @cached_property
    def _local(self) -> "Embeds":
        from kb.embedder import Embedder

        return Embedder(self.data_dir / "models")

    @cached_property
    def hasty(self) -> "Embeds":
        """The configured model; an endpoint is asked once, and given seconds."""
        if self.settings.embedder is None:
            return self._local
        from kb.endpoint import HASTY

        return _endpoint(self.settings.embedder, HASTY)


def _endpoint(told: EmbedderSettings, patience: "Patience") -> "Embeds":
    from kb.endpoint import EndpointEmbedder

    return EndpointEmbedder(told.url, told.model, told.api_key, dimensions=told.dimensions, patience=patience)


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
    manners = Manners(Turnstile(machine_folder() / "arxiv"), system_clock)
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
