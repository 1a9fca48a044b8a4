"""One story as blocks: what it says, where it is from, and the row of buttons under it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from core.digest import DigestEntry
from core.judged import Analysis
from core.types import BriefPoint
from digests.outside import plain, plain_title, safe_link
from digests.slack_actions import Told, row
from digests.slack_elements import Block, Run, context, line, link, listed, outside, prose, rich, text
from digests.slack_text import isolated, length, shortened
from digests.wording import ANALYSIS, POINTS, PROBE, analysis_note, analysis_parts, byline, marks, point_mark, short_day

_LONGEST_TITLE = 600
_LONGEST_POINT, _LONGEST_DOUBT = 500, 200
_POINTS_TOGETHER = 4
_LONGEST_DETAIL = 160
_LONGEST_LINE = 700
_LONGEST_FACT = 60
_FACTS, _TELLERS = 3, 2


def story(entry: DigestEntry, told: Told, also_under: tuple[str, ...] = ()) -> list[Block]:
    """Return the blocks of a story; ``also_under`` names the other subjects that keep it."""
    return [*_said(entry), *_probes(entry), _details(entry, also_under), *_analysis(entry.analysis), *row(told, entry)]


def spoken(entry: DigestEntry) -> str:
    """Return a story as it is read aloud: its title and what it says."""
    title, summary = plain_title(entry.title), plain(entry.summary)
    stop = "" if title[-1] in ".!?…。！？" else "."
    return f"{title}{stop} {summary}".strip()


def title(entry: DigestEntry, most: int = _LONGEST_TITLE) -> list[Run]:
    """Return a story's title, linked, with its first words alone where it is longer."""
    return link(shortened(plain_title(entry.title), most), entry.url, "bold")


def _said(entry: DigestEntry) -> Iterator[Block]:
    name, summary = title(entry), plain(entry.summary)
    yield from prose(summary, name, text("\n") if summary else [])
    for place in range(0, len(entry.points), _POINTS_TOGETHER):
        yield rich(listed([_point(point) for point in entry.points[place : place + _POINTS_TOGETHER]]))


def _point(point: BriefPoint) -> Block:
    mark = point_mark(point)
    said = outside(shortened(plain(point.text), _LONGEST_POINT))
    doubt = [*text(" "), *outside(shortened(f"({mark})", _LONGEST_DOUBT), "italic")] if mark else []
    return line(text(f"{POINTS[point.kind]}: ", "bold"), said, doubt)


def _probes(entry: DigestEntry) -> Iterator[Block]:
    for told in entry.probes:
        yield rich(line(text(f"{PROBE}: ", "bold"), outside(shortened(plain(told), _LONGEST_LINE))))


def _details(entry: DigestEntry, also_under: tuple[str, ...]) -> Block:
    href = safe_link(entry.url)
    parts = (
        entry.kind.capitalize(),
        byline(entry.authors),
        short_day(entry.published) if entry.published else "",
        urlsplit(href).hostname or "" if href else "",
        _tellers(entry),
        *(f"{plain(label)}: {shortened(plain(value), _LONGEST_FACT)}" for label, value in entry.facts[:_FACTS]),
        *marks(entry),
        f"also under {', '.join(map(plain_title, also_under))}" if also_under else "",
    )
    return context([" · ".join(isolated(shortened(part, _LONGEST_DETAIL)) for part in parts if part)])


def _tellers(entry: DigestEntry) -> str:
    names = list(dict.fromkeys(plain_title(source) for source, _ in entry.told_by))
    others = f" and {len(names) - _TELLERS} more" if len(names) > _TELLERS else ""
    return f"via {', '.join(names[:_TELLERS])}{others}" if names else ""


def _analysis(analysis: Analysis | None) -> Iterator[Block]:
    if analysis is None:
        return
    yield rich(line(text(ANALYSIS, "bold"), outside(f", {analysis_note(analysis)}", "italic")))
    for label, told in analysis_parts(analysis):
        yield from _labelled(label, told)


def _labelled(label: str, told: tuple[str, ...]) -> Iterator[Block]:
    """Yield a label and its lines, as one list where they are short."""
    if sum(map(length, told)) <= _LONGEST_LINE * 3 and len(told) > 1:
        yield rich(line(text(label, "bold")), listed([line(outside(each)) for each in told]))
        return
    for place, each in enumerate(told):
        yield from prose(each, text(f"{label}: ", "bold") if place == 0 else [])
