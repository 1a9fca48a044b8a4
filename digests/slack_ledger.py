"""The night's sources in Slack: a loud line where some did not deliver, and the whole ledger in small print."""

from collections.abc import Iterator, Sequence

from core.types import Digest, PollRow
from digests.outside import plain
from digests.slack_elements import Block, context, emoji, line, outside, rich, text
from digests.slack_text import isolated, shortened
from digests.wording import OUTCOMES, counted, totals

_LOUD = 5
_LONGEST_WHY = 200
_NAMED, _LONGEST_NAME = 25, 40


def failures(digest: Digest) -> list[Block]:
    """Return the line that names the sources which did not deliver and why; none where all did."""
    silent = [row for row in digest.ledger if OUTCOMES[row.outcome][1] == "bad"]
    if not silent:
        return []
    told = f"{len(silent)} of {counted(len(digest.ledger), 'source')} did not deliver"
    reasons = [part for row in silent[:_LOUD] for part in (*text("\n"), *outside(_reason(row)))]
    others = text(f"\nand {len(silent) - _LOUD} more, named at the end") if len(silent) > _LOUD else []
    return [rich(line(emoji("warning"), text(told, "bold"), reasons, others))]


def _reason(row: PollRow) -> str:
    why = shortened(plain(row.why), _LONGEST_WHY)
    said = f"{shortened(plain(row.source), _LONGEST_WHY)}: {OUTCOMES[row.outcome][0]}"
    return f"{said}, {why}" if why else said


def ledger(digest: Digest) -> Block:
    """Return every source by its outcome, and the totals."""
    return context([*_by_outcome(digest.ledger), totals(digest)])


def _by_outcome(rows: Sequence[PollRow]) -> Iterator[str]:
    for outcome, (word, _) in OUTCOMES.items():
        names = [_name(row) for row in rows if row.outcome == outcome]
        others = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        if names:
            yield f"{word.capitalize()}: {', '.join(names[:_NAMED])}{others}."


def _name(row: PollRow) -> str:
    name = isolated(shortened(plain(row.source), _LONGEST_NAME))
    return f"{name} ({row.new:,})" if row.new else name
