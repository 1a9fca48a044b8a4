"""Intervals as a drawing: one band a domain, one line a run, all on one scale from 0 to 100 %."""

from dataclasses import dataclass

from probes.report.findings import ProbeReport
from probes.statistics.clustered import Estimate

LEFT, WIDTH, PITCH, GAP = 210, 520, 22, 16
"""Where the scale begins, how long it is, how far lines are apart and how much farther bands, in its own units."""


@dataclass(frozen=True, slots=True)
class Line:
    """One run in one domain; places are in the units of the drawing."""

    label: str
    run: int
    top: float
    low: float
    mean: float
    high: float
    says: str


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
    bands, top = [], 24.0
    for domain in report.domains:
        band = _band(report, domain, top)
        bands.append(band)
        top += PITCH * (len(band.lines) + 1) + GAP
    return Plot(tuple(bands), top)


def _band(report: ProbeReport, domain: str, top: float) -> Band:
    scores = [
        (number, told.label, one.score)
        for number, told in enumerate(report.runs)
        for one in told.domains
        if one.domain == domain and one.score is not None
    ]
    lines = [_line(label, number, top + PITCH * place, score) for place, (number, label, score) in enumerate(scores, 1)]
    return Band(domain, top, tuple(lines))


def _line(label: str, run: int, top: float, score: Estimate) -> Line:
    low, mean, high = (round(LEFT + WIDTH * value, 1) for value in (score.low, score.mean, score.high))
    says = f"{100 * score.mean:.1f} %, {100 * score.low:.1f} to {100 * score.high:.1f}, {score.questions} questions"
    short = label if len(label) <= 28 else f"{label[:27]}…"
    return Line(short, run, top, low, mean, high, says)
