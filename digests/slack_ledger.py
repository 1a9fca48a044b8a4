"""The night's sources in Slack: a loud line where some did not deliver, and the whole ledger in small print."""

from collections.abc import Iterator

from core.digest import Digest, DigestSection
from digests.ledger_lines import by_outcome, reason, silent, silent_count
from digests.outside import plain, plain_title
from digests.slack_elements import Block, Run, context, emoji, line, link, outside, rich, text
from digests.slack_text import isolated, shortened
from digests.wording import UNJUDGED, counted, totals

_LOUD = 5
_LONGEST_REASON = 400
_LONGEST_LINE = 1200
# So that they fit into one block, however long their addresses are.
_UNJUDGED, _LONGEST_TITLE = 9, 100


def notes(digest: Digest) -> list[Block]:
    """Return what a reader should know of the night as a whole."""
    return [rich(line(emoji("warning"), outside(shortened(plain(note), _LONGEST_LINE)))) for note in digest.notes]


def unjudged(digest: Digest) -> list[Block]:
    """Return, by subject, links to what was not judged."""
    return [rich(line(text(_unjudged_name(one), "bold"), *_unjudged(one))) for one in digest.sections if one.unjudged]


def _unjudged_name(section: DigestSection) -> str:
    return f"{UNJUDGED}, {isolated(shortened(plain_title(section.name), _LONGEST_TITLE))}:"


def _unjudged(section: DigestSection) -> Iterator[list[Run]]:
    for item in section.unjudged[:_UNJUDGED]:
        yield [*text("\n"), *link(shortened(plain_title(item.title), _LONGEST_TITLE), item.url)]
    if (more := len(section.unjudged) - _UNJUDGED) > 0:
        yield text(f"\nand {counted(more, 'more item')}; the page has them all")


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
