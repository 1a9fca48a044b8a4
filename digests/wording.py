"""The words that every form uses for the same thing: dates, counts, outcomes, and the sentences about a night.

Nothing here asks the locale, so that a digest reads the same on every machine.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal

from core.digest import Digest, DigestEntry, DigestSection, Trend
from core.judged import Analysis
from core.sources import PollOutcome, PollRow
from core.types import BriefPoint, PointKind
from digests.outside import plain, plain_title

Tone = Literal["good", "quiet", "bad"]

OUTCOMES: Mapping[PollOutcome, tuple[str, Tone]] = {
    "new": ("new", "good"),
    "unchanged": ("unchanged", "quiet"),
    "not_modified": ("not modified", "quiet"),
    "empty_by_schedule": ("empty by schedule", "quiet"),
    "throttled": ("throttled", "bad"),
    "gone": ("gone", "bad"),
    "failed": ("failed", "bad"),
}
EXTRACTED = "extracted"
UNSUMMARISED = "not summarised"
EXPLANATION = (
    f"A summary marked “{EXTRACTED}” is made of sentences taken from the source; "
    f"any other was written by a language model. “{UNSUMMARISED}” means that there is none."
)
POINTS: Mapping[PointKind, str] = {
    "new": "New",
    "shown": "How it was shown",
    "limits": "Limits",
    "matters": "Why it matters",
}
EVIDENCE = "each point with the sentence of the source it rests on"
ANALYSIS = "Analysis"
PROBE = "Probe"
UNJUDGED = "Not judged"
UNJUDGED_NOTE = "the model gave no valid answer on them, and every place was taken"
RISING = "On the rise"
RISING_NOTE = "met more often tonight than on the same sources’ nights before, and than chance explains"

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_NAMED_AUTHORS = 3
_LIST_MARK = re.compile(r"^[-*•](?:\s+|$)")


def day(when: date) -> str:
    """Return ``12 June 2026``; a datetime is told by its (UTC) date."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def short_day(when: date) -> str:
    """Return ``12 June``, where the year is plain."""
    return f"{when.day} {_MONTHS[when.month - 1]}"


def weekday_and_day(when: date) -> str:
    """Return ``Friday, 12 June 2026``."""
    return f"{_DAYS[when.weekday()]}, {day(when)}"


def counted(number: int, singular: str, plural: str = "") -> str:
    """Return ``1 item``, ``3 items``, ``1,204 items``; ``plural`` is needed where an s does not make it."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def byline(authors: Sequence[str]) -> str:
    """Return the first three authors, and ``et al.`` when there are more."""
    named = ", ".join(plain(author) for author in authors[:_NAMED_AUTHORS])
    return f"{named} et al." if len(authors) > _NAMED_AUTHORS else named


def summary_mark(entry: DigestEntry) -> str | None:
    """Return the word that says where the summary is from, or None when a model wrote it."""
    if not plain(entry.summary):
        return UNSUMMARISED
    return EXTRACTED if entry.origin == "local" else None


def marks(entry: DigestEntry) -> tuple[str, ...]:
    """Return what a reader should know of an entry: where its summary is from, and how it came here."""
    return tuple(mark for mark in (summary_mark(entry), plain(entry.mark)) if mark)


def point_mark(point: BriefPoint) -> str | None:
    """Return what of a point the check did not find in the source, or None when it found everything."""
    named = [plain(name) for name in point.unsupported]
    return f"not found in the source: {', '.join(named)}" if named else None


def quote_of(point: BriefPoint) -> str:
    """Return the sentence of the source that a point rests on, or nothing where the point is that sentence."""
    quote = plain(point.quote)
    return "" if quote == plain(point.text) else quote


def labels(points: Sequence[BriefPoint]) -> str:
    """Return what the points tell of: ``New · Limits``."""
    return " · ".join(dict.fromkeys(POINTS[point.kind] for point in points))


def analysis_note(analysis: Analysis) -> str:
    """Return ``12 turns``, and why it ended where that was not by its answer."""
    turns = counted(analysis.turns, "turn")
    return turns if analysis.ended == "submitted" else f"{turns}, ended early: {plain(analysis.ended)}"


def analysis_parts(analysis: Analysis) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what an analysis found, as paragraphs by label; what it does not tell is left out."""
    parts = (
        ("New to us", _lines(analysis.new)),
        ("Contradicts", _lines(analysis.contradicts)),
        ("Try this week", tuple(filter(None, map(plain, analysis.try_this)))),
        ("Sources", tuple(filter(None, [", ".join(filter(None, map(plain, analysis.sources)))]))),
    )
    return tuple((label, told) for label, told in parts if told)


def _lines(text: str) -> tuple[str, ...]:
    lines = (_LIST_MARK.sub("", plain(line), count=1) for line in text.splitlines())
    return tuple(filter(None, lines))


def told_under(digest: Digest, entry: DigestEntry) -> str:
    """Return the name of the subject that tells this entry in full."""
    names = {section.subject: section.name for section in digest.sections}
    return plain_title(names.get(entry.home or "", entry.home or ""))


def section_count(section: DigestSection) -> str:
    """Return ``4 kept, 12 dropped``, or ``8 kept, 3 not judged, 12 dropped``."""
    kept = f"{len(section.entries):,} kept" if section.entries else "nothing kept"
    unjudged = f", {len(section.unjudged):,} {UNJUDGED.lower()}" if section.unjudged else ""
    return f"{kept}{unjudged}, {section.dropped:,} dropped"


def story_count(digest: Digest) -> int:
    """Return how many stories are told, each once, under however many subjects."""
    return len({entry.story_id for section in digest.sections for entry in section.entries})


def opening(digest: Digest) -> str:
    """Return the sentences that open the digest: what was kept, or why nothing was, and who did not deliver."""
    stories = story_count(digest)
    if not stories:
        return f"Nothing was kept last night: {_why_nothing(digest)}.{_silent_sources(digest)}"
    filled = sum(bool(section.entries) for section in digest.sections)
    kept = f"{counted(stories, 'story', 'stories')} kept under {counted(filled, 'subject')}"
    return f"{kept}, {counted(len(digest.dropped), 'item')} dropped.{_silent_sources(digest)}"


def _why_nothing(digest: Digest) -> str:
    if not digest.ledger:
        return "no source was polled"
    if digest.dropped:
        return f"{counted(len(digest.dropped), 'item')} came in and none was judged worth reading"
    if arrived := digest.counts.new + digest.counts.changed:
        judged = "none of them for what is told here" if digest.is_part else "but none has been judged"
        return f"{counted(arrived, 'item')} came in, {judged}"
    return "no source brought anything new"


def _silent_sources(digest: Digest) -> str:
    silent = sum(OUTCOMES[row.outcome][1] == "bad" for row in digest.ledger)
    return f" {silent} of {counted(len(digest.ledger), 'source')} did not deliver." if silent else ""


def rise(trend: Trend) -> str:
    """Return ``9 tonight, usually 2.1 on a night as full (14 nights)``."""
    is_new = not any(count for _, count in trend.series[:-1])
    usual = "never before" if is_new else f"usually {max(trend.usual, 0.1):.1f} on a night as full"
    return f"{trend.count:,} tonight, {usual} ({counted(trend.nights, 'night')})"


def counts_by_night(trend: Trend) -> str:
    """Return in words what the trend's plot shows."""
    if not trend.series:
        return "no night is known"
    first, last = trend.series[0][0], trend.series[-1][0]
    return f"Items a night, from {day(first)} to {day(last)}: {', '.join(f'{count:,}' for _, count in trend.series)}"


def numbers(row: PollRow) -> tuple[tuple[str, int], ...]:
    """Return what a source brought, by label, in the order of the ledger's columns."""
    return (("new", row.new), ("changed", row.changed), ("known", row.known), ("backlog", row.backlog))


def totals(digest: Digest) -> str:
    """Return the line that closes the ledger: every source by outcome, every distinct item by what it was to us."""
    by_outcome = Counter(row.outcome for row in digest.ledger)
    outcomes = ", ".join(f"{by_outcome[name]} {word}" for name, (word, _) in OUTCOMES.items() if by_outcome[name])
    polled = f"{counted(len(digest.ledger), 'source')} polled: {outcomes}." if outcomes else "No source was polled."
    counts = digest.counts
    items = f"{counts.new:,} new, {counts.changed:,} changed, {counts.known:,} known, {counts.backlog:,} backlog"
    return f"{polled} Items: {items}."
