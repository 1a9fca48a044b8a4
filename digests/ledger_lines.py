"""The night's sources in a few lines: which of them did not deliver, and all of them by outcome."""

from collections.abc import Iterator, Sequence

from core.digest import Digest
from core.sources import PollRow
from digests.outside import plain
from digests.wording import OUTCOMES, counted


def silent(digest: Digest) -> tuple[PollRow, ...]:
    """Return the sources that did not deliver."""
    return tuple(row for row in digest.ledger if OUTCOMES[row.outcome][1] == "bad")


def failures(digest: Digest) -> tuple[str, ...]:
    """Return how many sources did not deliver, then each with its reason; nothing where all did."""
    rows = silent(digest)
    return (f"{silent_count(digest)}:", *map(reason, rows)) if rows else ()


def silent_count(digest: Digest) -> str:
    """Return ``2 of 8 sources did not deliver``."""
    return f"{len(silent(digest))} of {counted(len(digest.ledger), 'source')} did not deliver"


def reason(row: PollRow) -> str:
    """Return ``Old Mill: failed, answered 502``."""
    why = plain(row.why)
    said = f"{plain(row.source)}: {OUTCOMES[row.outcome][0]}"
    return f"{said}, {why}" if why else said


def by_outcome(rows: Sequence[PollRow]) -> Iterator[str]:
    """Yield a line for each outcome that there was, with its sources; one with news has how many items."""
    for outcome, (word, _) in OUTCOMES.items():
        names = [_name(row) for row in rows if row.outcome == outcome]
        if names:
            yield f"{word.capitalize()}: {', '.join(names)}."


def _name(row: PollRow) -> str:
    return f"{plain(row.source)} ({row.new:,})" if row.new else plain(row.source)
