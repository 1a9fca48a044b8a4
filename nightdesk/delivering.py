"""Bring letters to their readers, each post once, whatever is killed or lost in between.

A post is written down as tried before it is sent. What may have arrived is looked for before it is sent again, in the
history of the conversation itself: so nothing is told twice even where the store forgot that it was sent. The posts of
a letter go out one after the other; where one is not found, no later one can be there.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import TypeVar

from filelock import FileLock, Timeout

from core.delivery import Addressed, DeliveryRow, Letter, Receipt
from core.errors import DeliveryError, DeliveryRefused, DeliveryThrottled, DeliveryUnclear
from core.ports import Clock, FanOut, Progress, silent, system_clock
from digests.sinks import Sink
from kb import outbox
from kb.outbox import Parcel, Waiting
from kb.store import Store
from nightdesk.notices import is_notice, notice

T = TypeVar("T")
# How long before its day a night's digest can have been told anywhere on earth.
_BEFORE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a step is tried, and how many seconds are waited.

    ``settle`` is how long a request that got no answer may still take effect; ``longest`` is the longest wait that is
    sat out when a sink asks for one. ``scale`` makes every wait shorter, for tests.
    """

    attempts: int = 5
    settle: float = 10.0
    longest: float = 120.0
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Round:
    """What one delivery works with; ``sinks`` are by name, ``owner`` is whom to tell of what cannot be delivered."""

    store: Store
    folder: Path
    sinks: Mapping[str, Sink]
    owner: str = ""
    clock: Clock = system_clock
    sleep: Callable[[float], None] = time.sleep
    fan_out: FanOut = map
    progress: Progress = silent
    patience: Patience = field(default_factory=Patience)

    def wait(self, seconds: float) -> None:
        """Wait, as long as the patience makes it."""
        self.sleep(seconds * self.patience.scale)


def deliver(rounds: Round, letters: Iterable[Letter], nights: tuple[date, date]) -> tuple[DeliveryRow, ...]:
    """Put letters into the outbox, send what is pending of some nights, and return the ledger of those nights.

    ``nights`` are the first and the last. Waits while another process delivers from the same folder.
    """
    with _alone(rounds):
        _keep(rounds, letters)
        refused = _send_pending(rounds, nights)
        if notices := _notices(rounds, refused):
            _keep(rounds, notices)
            _send_pending(rounds, nights)
        with rounds.store.reading() as connection:
            told = outbox.rows_of(connection, *nights)
    return told


@contextmanager
def _alone(rounds: Round) -> Iterator[None]:
    lock = FileLock(rounds.folder / "delivery.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        rounds.progress("another process delivers from this data folder; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _keep(rounds: Round, letters: Iterable[Letter]) -> None:
    with rounds.store.writing() as connection:
        for letter in letters:
            sink = rounds.sinks.get(letter.sink)
            keep = outbox.renew_letter if sink and sink.in_doubt == "repeat" else outbox.keep_letter
            keep(connection, letter, rounds.clock())


def _send_pending(rounds: Round, nights: tuple[date, date]) -> list[tuple[Waiting, str]]:
    """Send every letter that waits, those of one reader in order; return those that somebody must act upon, and why."""
    with rounds.store.reading() as connection:
        found = [letter for letter in outbox.waiting(connection, *nights) if letter.sink in rounds.sinks]
    by_reader: dict[tuple[str, str], list[Waiting]] = defaultdict(list)
    for letter in found:
        by_reader[letter.sink, letter.reader].append(letter)
    told = rounds.fan_out(lambda letters: [(one, _send(rounds, one)) for one in letters], by_reader.values())
    return [(letter, why) for group in told for letter, why in group if why]


def _send(rounds: Round, letter: Waiting) -> str:
    """Send a letter, write down what keeps it, and return that where somebody must act."""
    rounds.progress(f"delivering {letter.title or letter.key} to {letter.reader}")
    why, refused = "", ""
    try:
        _Carrier(rounds, letter).carry()
    except DeliveryRefused as error:
        why = refused = str(error)
    except DeliveryError as error:
        why = str(error)
    with rounds.store.writing() as connection:
        outbox.tell(connection, letter.key, why, rounds.clock())
    return refused


class _Carrier:
    """Carries one letter. ``may_be_there`` is whether the next post could have arrived already."""

    def __init__(self, rounds: Round, letter: Waiting) -> None:
        self._rounds, self._letter = rounds, letter
        self._sink = rounds.sinks[letter.sink]
        self._place = letter.place
        self._may_be_there = self._sink.in_doubt == "look"
        self._since = datetime.combine(letter.night, time_of_day.min, UTC) - _BEFORE

    def carry(self) -> None:
        """Send what is not sent yet, in order; raise the DeliveryError that ends it."""
        self._place = self._place or self._patiently(lambda: self._sink.place_of(self._letter.reader))
        thread = ""
        for parcel in self._letter.parcels:
            receipt = parcel.receipt or self._bring(parcel, thread)
            thread = thread or receipt.id

    def _bring(self, parcel: Parcel, thread: str) -> Receipt:
        self._settle(parcel)
        reply_to = thread if parcel.post.in_thread else ""
        addressed = Addressed(parcel.key, self._place, parcel.post, reply_to)
        receipt = self._patiently(lambda: self._found(addressed) or self._sent(addressed))
        with self._rounds.store.writing() as connection:
            outbox.arrived(connection, parcel.key, receipt)
        self._rounds.wait(self._sink.pace)
        return receipt

    def _settle(self, parcel: Parcel) -> None:
        """Wait until a request of an earlier process has had its effect, or ask a person where nobody can look."""
        if parcel.state == "pending":
            return
        if self._sink.in_doubt == "ask":
            raise self._doubt(parcel.key)
        settle = self._rounds.patience.settle * self._rounds.patience.scale
        passed = self._rounds.clock().timestamp() - (parcel.tried or 0)
        if passed < settle:
            self._rounds.sleep(min(settle, settle - passed))

    def _found(self, addressed: Addressed) -> Receipt | None:
        if not self._may_be_there:
            return None
        found = self._sink.find(addressed, self._since)
        self._may_be_there = found is not None
        return found

    def _sent(self, addressed: Addressed) -> Receipt:
        with self._rounds.store.writing() as connection:
            outbox.begin(connection, addressed.key, self._rounds.clock())
        try:
            return self._sink.send(addressed)
        except DeliveryUnclear as error:
            if self._sink.in_doubt == "ask":
                raise self._doubt(addressed.key) from error
            self._may_be_there = self._sink.in_doubt == "look"
            raise
        except DeliveryError:
            with self._rounds.store.writing() as connection:
                outbox.put_back(connection, addressed.key)
            raise

    def _doubt(self, key: str) -> DeliveryError:
        """Give a post up: it may have arrived, and sending it again could tell it twice."""
        with self._rounds.store.writing() as connection:
            outbox.doubt(connection, key)
        return DeliveryRefused(
            "it may have arrived, and nobody can look; `nightdesk digest deliver --again` sends it once more"
        )

    def _patiently(self, step: Callable[[], T]) -> T:
        """Take a step, again after a wait where that may help; raise what keeps it from being taken."""
        patience = self._rounds.patience
        for _ in range(patience.attempts - 1):
            try:
                return step()
            except DeliveryThrottled as error:
                if error.wait > patience.longest:
                    raise
                self._rounds.wait(error.wait)
            except DeliveryUnclear:
                self._rounds.wait(patience.settle)
        return step()


def _notices(rounds: Round, refused: Sequence[tuple[Waiting, str]]) -> list[Letter]:
    """Return what to tell the owner: one line for each letter that is kept and was not told of yet."""
    if not rounds.owner or "slack" not in rounds.sinks:
        return []
    told = [notice(rounds.owner, letter, why) for letter, why in refused if not is_notice(letter)]
    with rounds.store.reading() as connection:
        return [letter for letter in told if not outbox.is_kept(connection, letter.key)]
