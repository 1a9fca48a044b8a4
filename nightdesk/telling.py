"""Tell a night: compose a letter for each recipient from the stored digest, and bring it to them.

``tell`` may be called at any time and as often as one likes: what was sent is not sent again.
"""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta

from core.delivery import DeliveryRow, Letter
from core.ports import Progress, system_clock
from digests.sinks import Sink, sink_module
from kb import judgements, outbox
from kb.base import base_id
from nightdesk import stored_digest
from nightdesk.config import Settings
from nightdesk.delivering import Round, deliver
from nightdesk.letters import Edition, letter
from nightdesk.recipients import Recipient, recipients
from nightdesk.release_lines import with_probes
from nightdesk.wiring import Desk

CATCH_UP = timedelta(days=7)
"""What was not delivered goes out with later nights for so long; after that only where its night is named."""
_AT_ONCE = 8
_IN_FEED = 14


@dataclass(frozen=True, slots=True)
class Nights:
    """The nights whose pending letters go out: from ``since`` to ``last``, which is composed if it has a digest."""

    last: date
    since: date

    @staticmethod
    def only(night: date) -> "Nights":
        """Return one night alone."""
        return Nights(night, night)

    @staticmethod
    def up_to(night: date) -> "Nights":
        """Return a night, and what is left of those of a week before it."""
        return Nights(night, night - CATCH_UP)


def tell(
    desk: Desk, nights: Nights, progress: Progress, wanted: Iterable[Recipient] | None = None
) -> tuple[DeliveryRow, ...]:
    """Deliver the letters of a night, and what is left of earlier ones; return the ledger of those nights.

    ``wanted`` are the recipients to compose letters for, all where none are named; letters that were composed before go
    out to anybody.
    """
    sinks = open_sinks(desk.settings)
    if not sinks:
        return ()
    chosen = recipients(desk.settings) if wanted is None else wanted
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        rounds = Round(
            desk.store, desk.data_dir, sinks, desk.settings.delivery.owner, fan_out=pool.map, progress=progress
        )
        return deliver(rounds, letters(desk, nights.last, chosen), (nights.since, nights.last))


def open_sinks(settings: Settings) -> Mapping[str, Sink]:
    """Return the ways to readers that the configuration opens; nothing is connected to yet."""
    return {name: sink_module(name).open_sink(options) for name, options in settings.delivery.sinks.items()}


def letters(desk: Desk, night: date, wanted: Iterable[Recipient]) -> Sequence[Letter]:
    """Return a letter for each recipient; none where the night has no digest."""
    with desk.store.reading() as connection:
        content = judgements.find_digest(connection, night)
        if content is None:
            return []
        told = with_probes(connection, stored_digest.load(content))
        recent, base = judgements.latest_digests(connection, _IN_FEED), base_id(connection)
        others = tuple(with_probes(connection, stored_digest.load(other)) for other in recent if other != content)
    sender = getattr(desk.settings.delivery.sinks.get("mail"), "sender", "")
    edition = Edition(told, others, sender, system_clock(), base)
    return [letter(edition, recipient) for recipient in wanted]


def allow_again(desk: Desk, nights: Nights) -> int:
    """Let letters go out once more that may have arrived; return how many posts they have."""
    with desk.store.writing() as connection:
        return outbox.send_again(connection, nights.since, nights.last)
