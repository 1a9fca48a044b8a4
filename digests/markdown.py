"""The digest as Markdown, for files and for whatever renders them.

Outside text keeps its letters but loses its force: punctuation that Markdown reads is escaped (CommonMark 2.4), ``<``
and ``&`` become entities, and a zero-width space parts what renderers link after parsing: ``@name``, ``#123``,
``https://`` and ``www.`` (GitHub, GFM autolinks).
"""

import re
from collections.abc import Iterator, Sequence

from core.digest import Digest, DigestEntry, DigestSection, DroppedItem, Trend
from core.judged import Analysis
from core.sources import PollRow
from core.types import BriefPoint
from digests.outside import plain, plain_title, safe_link
from digests.wording import (
    ANALYSIS,
    EXPLANATION,
    OUTCOMES,
    POINTS,
    PROBE,
    RISING,
    RISING_NOTE,
    UNJUDGED,
    UNJUDGED_NOTE,
    analysis_note,
    analysis_parts,
    byline,
    counted,
    day,
    marks,
    numbers,
    opening,
    point_mark,
    quote_of,
    rise,
    section_count,
    story_count,
    told_under,
    totals,
    weekday_and_day,
)

LISTED_DROPPED = 20

_ENTITIES = {"&": "&amp;", "<": "&lt;", "|": "&#124;"}
_MARKS = re.compile(r"[\\`*_\[\]~$]")
_OPENS_A_BLOCK = re.compile(r"^(\d*)([-+=#>]|(?<=\d)[.)](?=\s|$))")
_LINKS_ITSELF = re.compile(r"(?i)(?<=[@#])|(?<=:)(?=//)|(?<=www)(?=\.)")
_ZERO_WIDTH_SPACE = "\u200b"


def to_markdown(digest: Digest) -> str:
    """Return the digest as GitHub-flavoured Markdown that ends with the ledger and its totals."""
    return "\n\n".join(_blocks(digest)) + "\n"


def escape(text: str) -> str:
    """Return outside text as inline Markdown that reads as that text, wherever it stands on a line."""
    marked = _MARKS.sub(r"\\\g<0>", plain(text))
    unopened = _OPENS_A_BLOCK.sub(r"\1\\\2", marked)
    parted = _LINKS_ITSELF.sub(_ZERO_WIDTH_SPACE, unopened)
    return "".join(_ENTITIES.get(char, char) for char in parted)


def link(text: str, url: str) -> str:
    """Return outside text that links to an address, or only the text where that is no safe one."""
    href = safe_link(url)
    return f"[{escape(text)}]({href.replace('&', '&amp;')})" if href else escape(text)


def _title(title: str, url: str) -> str:
    return link(plain_title(title), url)


def _blocks(digest: Digest) -> Iterator[str]:
    yield f"# The night of {weekday_and_day(digest.night)}"
    yield opening(digest)
    yield from map(escape, digest.notes)
    if digest.trends:
        yield from _trends(digest.trends)
    for section in digest.sections:
        yield from _section(digest, section)
    if story_count(digest):
        yield EXPLANATION
    if digest.dropped:
        yield f"## Dropped: {counted(len(digest.dropped), 'item')}"
        yield "\n".join(_dropped(digest.dropped))
    yield "## The ledger"
    if digest.ledger:
        yield "\n".join(_ledger(digest.ledger))
    yield totals(digest)


def _trends(trends: Sequence[Trend]) -> Iterator[str]:
    yield f"## {RISING}"
    yield "\n".join(f"- {escape(plain_title(trend.term))}: {escape(rise(trend))}" for trend in trends)
    yield f"*{RISING_NOTE.capitalize()}.*"


def _section(digest: Digest, section: DigestSection) -> Iterator[str]:
    yield f"## {escape(section.name)}: {section_count(section)}"
    for entry in section.entries:
        if entry.home is None:
            yield from _entry(entry)
        else:
            yield f"→ {_title(entry.title, entry.url)}, told under {escape(told_under(digest, entry))}"
    if section.unjudged:
        yield f"**{UNJUDGED}** ({UNJUDGED_NOTE}):"
        yield "\n".join(f"- {_title(item.title, item.url)} ({item.kind})" for item in section.unjudged)


def _entry(entry: DigestEntry) -> Iterator[str]:
    yield f"### {_title(entry.title, entry.url)}"
    yield " · ".join(_details(entry))
    yield " ".join((escape(entry.summary), *(f"*({escape(mark)})*" for mark in marks(entry)))).lstrip()
    if entry.points:
        yield "\n".join(map(_point, entry.points))
    if entry.analysis:
        yield from _analysis(entry.analysis)
    yield from (f"**{PROBE}:** {escape(line)}" for line in entry.probes)
    yield f"Why here: {escape(entry.reason)}"
    if others := entry.told_by[1:]:
        yield "Also told by " + ", ".join(link(source, url) for source, url in others)


def _point(point: BriefPoint) -> str:
    mark = point_mark(point)
    said = f"- **{POINTS[point.kind]}:** {escape(point.text)}" + (f" *({escape(mark)})*" if mark else "")
    quote = quote_of(point)
    return f"{said}\n  > “{escape(quote)}”" if quote else said


def _analysis(analysis: Analysis) -> Iterator[str]:
    yield f"**{ANALYSIS}** ({escape(analysis_note(analysis))})"
    for label, told in analysis_parts(analysis):
        yield "\n".join((f"- **{label}:**", *(f"  - {escape(line)}" for line in told)))


def _details(entry: DigestEntry) -> Iterator[str]:
    yield entry.kind
    for source, url in entry.told_by[:1]:
        yield link(source, url)
    if entry.authors:
        yield escape(byline(entry.authors))
    if entry.published:
        yield day(entry.published)
    for label, value in entry.facts:
        yield f"{escape(label)}: {escape(value)}"


def _dropped(dropped: Sequence[DroppedItem]) -> Iterator[str]:
    for item in dropped[:LISTED_DROPPED]:
        yield f"- {_title(item.title, item.url)} ({item.kind}): {escape(item.reason)}"
    if (more := len(dropped) - LISTED_DROPPED) > 0:
        yield f"- and {more:,} more; the HTML page lists them all"


def _ledger(ledger: Sequence[PollRow]) -> Iterator[str]:
    labels = [label.capitalize() for label, _ in numbers(ledger[0])]
    yield f"| Source | Outcome | {' | '.join(labels)} | Why |"
    yield f"|---|---|{'--:|' * len(labels)}---|"
    for row in ledger:
        word, _ = OUTCOMES[row.outcome]
        brought = " | ".join(f"{number:,}" for _, number in numbers(row))
        yield f"| {escape(row.source)} | {word} | {brought} | {escape(row.why)} |"
