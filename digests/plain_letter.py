"""A letter as plain text, 72 columns wide, for those who read mail as text."""

from collections.abc import Iterator
from textwrap import fill

from core.digest import Digest, DigestEntry, DigestSection, DroppedItem
from digests.highlights import IN_FULL, first_sentence, things_to_know
from digests.ledger_lines import by_outcome, failures
from digests.letter import also_under, counts, heading
from digests.outside import plain, plain_title, safe_link
from digests.wording import (
    ANALYSIS,
    EXPLANATION,
    POINTS,
    PROBE,
    RISING,
    UNJUDGED,
    UNJUDGED_NOTE,
    analysis_note,
    analysis_parts,
    byline,
    day,
    marks,
    point_mark,
    rise,
    section_count,
    story_count,
    totals,
)

_WIDTH = 72


def to_plain(digest: Digest, name: str = "") -> str:
    """Return the letter, ending with the ledger."""
    return "\n\n".join(_paragraphs(digest, name)) + "\n"


def _paragraphs(digest: Digest, name: str) -> Iterator[str]:
    yield _titled(heading(digest, name), "=")
    yield _wrapped(counts(digest))
    yield from (_wrapped(plain(note)) for note in digest.notes)
    if told := failures(digest):
        yield "\n".join(map(_wrapped, told))
    yield from _things(digest)
    if digest.trends:
        yield _titled(RISING, "-")
        yield "\n".join(_listed(f"{plain_title(trend.term)}: {rise(trend)}") for trend in digest.trends)
    for section in digest.sections:
        yield from _section(digest, section)
    yield _titled("The ledger", "-")
    yield "\n".join(map(_wrapped, (*by_outcome(digest.ledger), totals(digest))))
    if story_count(digest):
        yield _wrapped(EXPLANATION)


def _things(digest: Digest) -> Iterator[str]:
    if story_count(digest) <= IN_FULL:
        return
    yield _titled("Three things to know", "-")
    for place, entry in enumerate(things_to_know(digest), 1):
        title, sentence = plain_title(entry.title), first_sentence(plain(entry.summary))
        yield "\n".join(filter(None, [_listed(title, f"{place}. "), _wrapped(sentence, "   ", "   ")]))


def _section(digest: Digest, section: DigestSection) -> Iterator[str]:
    told = [entry for entry in section.entries if entry.home is None]
    if told or section.unjudged:
        yield f"{_titled(plain_title(section.name), '-')}\n{section_count(section)}"
    for entry in told:
        yield "\n".join(_entry(entry, also_under(digest, entry)))
    if section.unjudged:
        yield _wrapped(f"{UNJUDGED} ({UNJUDGED_NOTE}):")
        yield "\n".join(map(_unjudged, section.unjudged))


def _unjudged(item: DroppedItem) -> str:
    return "\n".join(filter(None, (_listed(plain_title(item.title)), f"  {safe_link(item.url) or ''}".rstrip())))


def _entry(entry: DigestEntry, others: tuple[str, ...]) -> Iterator[str]:
    yield _wrapped(plain_title(entry.title))
    yield from filter(None, [safe_link(entry.url), _wrapped(plain(entry.summary))])
    for point in entry.points:
        mark = point_mark(point)
        yield _listed(f"{POINTS[point.kind]}: {plain(point.text)}{f' ({mark})' if mark else ''}")
    if entry.analysis:
        yield _wrapped(f"{ANALYSIS}, {analysis_note(entry.analysis)}")
        told = analysis_parts(entry.analysis)
        yield from (_listed(f"{label}: {line}") for label, lines in told for line in lines)
    yield from (_wrapped(f"{PROBE}: {plain(line)}") for line in entry.probes)
    yield _wrapped(" · ".join(_details(entry, others)))


def _details(entry: DigestEntry, others: tuple[str, ...]) -> Iterator[str]:
    yield entry.kind.capitalize()
    if entry.authors:
        yield byline(entry.authors)
    if entry.published:
        yield day(entry.published)
    if entry.told_by:
        yield f"told by {', '.join(dict.fromkeys(plain(source) for source, _ in entry.told_by))}"
    yield f"why here: {plain(entry.reason)}"
    yield from marks(entry)
    if others:
        yield f"also under {', '.join(map(plain_title, others))}"


def _titled(name: str, mark: str) -> str:
    lines = _wrapped(name)
    return f"{lines}\n{mark * max(map(len, lines.splitlines()))}"


def _wrapped(text: str, first: str = "", others: str = "") -> str:
    return fill(
        text, _WIDTH, initial_indent=first, subsequent_indent=others, break_long_words=False, break_on_hyphens=False
    )


def _listed(text: str, mark: str = "- ") -> str:
    return _wrapped(text, mark, " " * len(mark))
