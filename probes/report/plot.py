"""Intervals as a drawing: one band a domain, one line a run, all on one scale from 0 to 100 %."""

from dataclasses import dataclass

from probes.report.findings import ProbeReport
from probes.report.wording import percent
from probes.statistics.clustered import Estimate
from probes.statistics.scores import DomainScore

LEFT, WIDTH, PITCH, GAP = 210, 520, 22, 14
"""Where the scale begins, how long it is, how far lines are apart and how much farther bands, in its own units."""
_LABEL = 28


@dataclass(frozen=True, slots=True)
class Line:
    """One run in one domain; places are in the units of the drawing."""

    label: str
    run: int
    top: float
    low: float
    mean: float
    high: float
    figures: str
    questions: int
    is_enough: bool


@dataclass(frozen=True, slots=True)
class Band:
    """One domain."""

    domain: str
    top: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Plot:
    """The whole drawing."""

    bands: tuple[Band, ...]
    height: float


def plot(report: ProbeReport) -> Plot:
    """Place every interval; runs keep their number from domain to domain, for their colour."""
    bands, top = [], 36.0
    # A run alone stands on the line of the domain's name, several under it.
    under = int(len(report.runs) > 1)
    for domain in report.domains:
        band = _band(report, domain, (top, top + PITCH * under))
        bands.append(band)
        top += PITCH * (len(band.lines) + under) + GAP * under
    return Plot(tuple(bands), top)


def _band(report: ProbeReport, domain: str, tops: tuple[float, float]) -> Band:
    scores = [
        (number, told.label, one, one.score)
        for number, told in enumerate(report.runs)
        for one in told.domains
        if one.domain == domain and one.score is not None
    ]
    top, first = tops
    lines = [
        _line((label, number), first + PITCH * place, domain_score, score)
        for place, (number, label, domain_score, score) in enumerate(scores)
    ]
    return Band(domain, top, tuple(lines))


def _line(run: tuple[str, int], top: float, domain: DomainScore, score: Estimate) -> Line:
    low, mean, high = (round(LEFT + WIDTH * value, 1) for value in (score.low, score.mean, score.high))
    label, number = run
    short = label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"
    return Line(short, number, top, low, mean, high, percent(score), score.questions, domain.is_enough)
