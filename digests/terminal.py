"""The digest in a terminal. Outside text only ever becomes ``rich.text.Text``, never markup."""

from collections.abc import Iterator, Sequence
from io import StringIO

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.style import Style
from rich.table import Table
from rich.text import Text

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

MEASURE = 100  # longer lines are hard to read, however wide the window is
TEXT_WIDTH = 80
LISTED_DROPPED = 3

_TONES = {"good": "green", "quiet": "dim", "bad": "red"}
_INDENT = (0, 0, 0, 2)
_POINT_INDENT = (0, 0, 0, 4)
_QUOTE_INDENT = (0, 0, 0, 6)


def to_terminal(digest: Digest, console: Console) -> None:
    """Print the digest, at most 100 columns wide; titles and sources are links where the terminal knows them."""
    for block in _blocks(digest):
        console.print(block, width=MEASURE)


def to_terminal_text(digest: Digest) -> str:
    """Return what ``to_terminal`` prints at 80 columns without colour and links, whatever the environment says."""
    out = StringIO()
    console = Console(file=out, width=TEXT_WIDTH, color_system=None, force_jupyter=False, legacy_windows=False)
    to_terminal(digest, console)
    return "".join(f"{line.rstrip()}\n" for line in out.getvalue().splitlines())


def _blocks(digest: Digest) -> Iterator[RenderableType]:
    yield Text(f"The night of {weekday_and_day(digest.night)}", style="bold")
    yield Text(opening(digest))
    yield from (Text(plain(note), style="yellow") for note in digest.notes)
    if digest.trends:
        yield from _trends(digest.trends)
    for section in digest.sections:
        yield from _section(digest, section)
    if story_count(digest):
        yield from (Text(), Text(EXPLANATION, style="dim"))
    if digest.dropped:
        yield from _dropped(digest.dropped)
    yield from _heading("The ledger")
    if digest.ledger:
        yield _ledger(digest.ledger)
    yield Text(totals(digest))


def _heading(name: str, note: str = "") -> Iterator[RenderableType]:
    yield Text()
    yield Rule(style="dim")
    yield Text.assemble((plain_title(name), "bold"), (f"  {note}", "dim"))


def _trends(trends: Sequence[Trend]) -> Iterator[RenderableType]:
    yield from _heading(RISING)
    for trend in trends:
        yield Text.assemble("- ", (plain_title(trend.term), "bold"), f": {rise(trend)}")
    yield Text(f"{RISING_NOTE.capitalize()}.", style="dim")


def _section(digest: Digest, section: DigestSection) -> Iterator[RenderableType]:
    yield from _heading(section.name, section_count(section))
    for entry in section.entries:
        yield Text()
        if entry.home is None:
            yield from _entry(entry)
        else:
            link = _link(plain_title(entry.title), entry.url)
            yield Text.assemble("→ ", link, (f", told under {told_under(digest, entry)}", "dim"))
    if section.unjudged:
        yield from (Text(), Text.assemble((UNJUDGED, "bold"), (f"  {UNJUDGED_NOTE}", "dim")))
        yield from (Text.assemble("- ", _link(plain_title(item.title), item.url)) for item in section.unjudged)


def _entry(entry: DigestEntry) -> Iterator[RenderableType]:
    yield Text(plain_title(entry.title), style=Style(bold=True, link=safe_link(entry.url)))
    yield Padding(_details(entry), _INDENT)
    yield Padding(_summary(entry), _INDENT)
    for point in entry.points:
        yield from _point(point)
    if entry.analysis:
        yield from _analysis(entry.analysis)
    yield from (Padding(Text.assemble((f"{PROBE}: ", "bold"), plain(line)), _INDENT) for line in entry.probes)
    yield Padding(Text(f"Why here: {plain(entry.reason)}", style="dim italic"), _INDENT)
    if others := entry.told_by[1:]:
        links = Text(", ").join(_link(source, url) for source, url in others)
        yield Padding(Text.assemble("Also told by ", links, style="dim"), _INDENT)


def _details(entry: DigestEntry) -> Text:
    parts = [Text(entry.kind)]
    parts += [_link(source, url) for source, url in entry.told_by[:1]]
    parts += [Text(byline(entry.authors))] if entry.authors else []
    parts += [Text(day(entry.published))] if entry.published else []
    parts += [Text(f"{plain(label)}: {plain(value)}") for label, value in entry.facts]
    return Text(" · ", style="dim").join(parts)


def _summary(entry: DigestEntry) -> Text:
    shown = [(f"[{mark}]", "dim") for mark in marks(entry)]
    summary = plain(entry.summary)
    return Text(" ").join([Text(summary)] * bool(summary) + [Text(*mark) for mark in shown])


def _point(point: BriefPoint) -> Iterator[RenderableType]:
    mark = point_mark(point)
    said = Text.assemble((f"{POINTS[point.kind]}: ", "bold"), plain(point.text), (f" [{mark}]" if mark else "", "red"))
    yield Padding(said, _POINT_INDENT)
    if quote := quote_of(point):
        yield Padding(Text(f"“{quote}”", style="dim"), _QUOTE_INDENT)


def _analysis(analysis: Analysis) -> Iterator[RenderableType]:
    yield Padding(Text.assemble((ANALYSIS, "bold"), (f", {analysis_note(analysis)}", "dim")), _INDENT)
    for label, told in analysis_parts(analysis):
        yield Padding(Text(f"{label}:", style="bold"), _POINT_INDENT)
        yield from (Padding(Text(f"- {line}"), _POINT_INDENT) for line in told)


def _link(text: str, url: str) -> Text:
    return Text(plain(text), style=Style(link=safe_link(url)))


def _dropped(dropped: Sequence[DroppedItem]) -> Iterator[RenderableType]:
    shown = dropped[:LISTED_DROPPED]
    first = f"the first {len(shown)}" if len(shown) < len(dropped) else ""
    yield from _heading(f"Dropped: {counted(len(dropped), 'item')}", first)
    for item in shown:
        yield Text.assemble("- ", _link(plain_title(item.title), item.url), (f"  {plain(item.reason)}", "dim"))


def _ledger(ledger: Sequence[PollRow]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="dim")
    table.add_column("Source", overflow="fold", max_width=28)
    table.add_column("Outcome", no_wrap=True)
    table.add_column("What it brought, and why", overflow="fold")
    for row in ledger:
        word, tone = OUTCOMES[row.outcome]
        table.add_row(Text(plain(row.source)), Text(word, style=_TONES[tone]), _brought(row))
    return table


def _brought(row: PollRow) -> Text:
    told = ", ".join(f"{number:,} {label}" for label, number in numbers(row) if number)
    why = plain(row.why)
    return Text.assemble(told, "; " if told and why else "", (why, "dim"))
