"""A report as one HTML page that needs nothing from outside, runs nothing, and shows what models wrote as text."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from probes.attempt import Attempt
from probes.personality import manner_words
from probes.report import plot as plotting
from probes.report import wording
from probes.report.drawing import drawing
from probes.report.findings import ProbeReport
from probes.statistics.rare import rate_words
from probes.transcript import transcript

_LONGEST = 6_000


def to_page(report: ProbeReport) -> str:
    """Return the whole page."""
    return _template().render(report=report, plot=plotting.plot(report))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text) - _LONGEST:,} characters more)"


def _lines(attempt: Attempt) -> list[tuple[str, str]]:
    return [(label, _shortened(text)) for label, text in transcript(attempt)]


@cache
def _template() -> Template:
    made = Environment(
        loader=PackageLoader("probes", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    own = {
        "say": wording,
        "scale": plotting,
        "drawing": drawing,
        "lines": _lines,
        "shortened": _shortened,
        "manner_words": manner_words,
        "rate_words": rate_words,
    }
    return made.get_template("page.html.j2", globals=own)
