"""The night's sources in Slack: a loud line where some did not deliver, and the whole ledger in small print."""

from core.types import Digest
from digests.ledger_lines import by_outcome, reason, silent, silent_count
from digests.slack_elements import Block, context, emoji, line, outside, rich, text
from digests.slack_text import isolated, shortened
from digests.wording import totals

_LOUD = 5
_LONGEST_REASON = 400
_LONGEST_LINE = 1200


def loud_failures(digest: Digest) -> list[Block]:
    """Return the line that names the sources which did not deliver and why; none where all did."""
    rows = silent(digest)
    if not rows:
        return []
    told = [outside(shortened(reason(row), _LONGEST_REASON)) for row in rows[:_LOUD]]
    others = text(f"\nand {len(rows) - _LOUD} more, named at the end") if len(rows) > _LOUD else []
    reasons = [run for runs in told for run in (*text("\n"), *runs)]
    return [rich(line(emoji("warning"), text(silent_count(digest), "bold"), reasons, others))]


def ledger(digest: Digest) -> Block:
    """Return every source by its outcome, and the totals."""
    lines = [isolated(shortened(line, _LONGEST_LINE)) for line in by_outcome(digest.ledger)]
    return context([*lines, totals(digest)])
