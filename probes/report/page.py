"""A report as one HTML page that needs nothing from outside, runs nothing, and shows what models wrote as text."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from core.visible import visible
from probes.attempt import Attempt
from probes.personality import amount
from probes.report import plot as plotting
from probes.report import wording
from probes.report.drawing import drawing
from probes.report.findings import Beside, ProbeReport
from probes.report.manners import trait_rows
from probes.report.summary import differences, verdicts
from probes.statistics.rare import rate_words
from probes.transcript import transcript

_LONGEST = 6_000
_Line = tuple[str, str]


def to_page(report: ProbeReport) -> str:
    """Return the whole page."""
    return _template().render(report=report, plot=plotting.plot(report), rows=trait_rows(report))


def _shown(value: Any) -> Any:
    """Write out what acts unseen; what is markup of ours already stays."""
    return visible(value) if type(value) is str else value


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text) - _LONGEST:,} characters more)"


def _spoken(beside: Beside) -> tuple[str, list[list[_Line]]]:
    """Return what all were told first, when it is the same, and what else was said in each attempt."""
    columns = [[] if one is None else _lines(one) for one in beside.attempts]
    firsts = {column[0] for column in columns if column}
    if len(firsts) != 1:
        return "", columns
    ((_, common),) = firsts
    return common, [column[1:] for column in columns]


def _lines(attempt: Attempt) -> list[_Line]:
    return [(label, _shortened(text)) for label, text in transcript(attempt)]


@cache
def _template() -> Template:
    made = Environment(
        loader=PackageLoader("probes", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    own = {
        "say": wording,
        "scale": plotting,
        "drawing": drawing,
        "spoken": _spoken,
        "shortened": _shortened,
        "verdicts": verdicts,
        "differences": differences,
        "amount": amount,
        "rate_words": rate_words,
    }
    return made.get_template("page.html.j2", globals=own)
