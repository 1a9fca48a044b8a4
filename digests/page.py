"""The digest as one HTML page that needs nothing from outside: no script, no font, no image."""

from dataclasses import dataclass
from functools import cache

from jinja2 import Template

from core.digest import Digest, DigestSection, Trend
from digests.outside import plain_title
from digests.templates import environment

CHART_WIDTH = 340
BAR_PITCH = 34
LABEL_LENGTH = 30
NIGHT_PITCH = 4
PLOT_HEIGHT = 24


@dataclass(frozen=True, slots=True)
class Bar:
    """One subject in the chart; lengths are in the units of the drawing."""

    label: str
    kept: int
    dropped: int
    top: int
    kept_width: float
    dropped_width: float


@dataclass(frozen=True, slots=True)
class NightBar:
    """One night in the plot of a trend; lengths are in the units of the drawing."""

    left: int
    top: float
    height: float


def to_page(digest: Digest) -> str:
    """Return the whole page, ending with the ledger."""
    bars = chart(digest)
    return _template().render(
        digest=digest, bars=bars, chart_width=CHART_WIDTH, chart_height=len(bars) * BAR_PITCH, anchors=_anchors(digest)
    )


def chart(digest: Digest) -> tuple[Bar, ...]:
    """Return one bar per subject: kept, then dropped, on one scale for all of them."""
    most = max((len(section.entries) + section.dropped for section in digest.sections), default=0)
    unit = CHART_WIDTH / most if most else 0.0
    return tuple(_bar(section, number * BAR_PITCH, unit) for number, section in enumerate(digest.sections))


def _bar(section: DigestSection, top: int, unit: float) -> Bar:
    kept = len(section.entries)
    name = plain_title(section.name)
    label = name if len(name) <= LABEL_LENGTH else f"{name[: LABEL_LENGTH - 1].rstrip()}…"
    return Bar(label, kept, section.dropped, top, round(kept * unit, 1), round(section.dropped * unit, 1))


def nightly(trend: Trend) -> tuple[NightBar, ...]:
    """Return one bar per night, oldest first, tonight's last; a night with none has a line."""
    most = max((count for _, count in trend.series), default=0) or 1
    heights = [round(max(count / most * PLOT_HEIGHT, 1.0), 1) for _, count in trend.series]
    return tuple(
        NightBar(place * NIGHT_PITCH, round(PLOT_HEIGHT - height, 1), height) for place, height in enumerate(heights)
    )


def _anchors(digest: Digest) -> dict[str, str]:
    """Return where each story is told in full, by story id; numbered, because an id from outside is no anchor."""
    told = (entry for section in digest.sections for entry in section.entries if entry.home is None)
    return {entry.story_id: f"story-{number}" for number, entry in enumerate(told, start=1)}


@cache
def _template() -> Template:
    own = {"nightly": nightly, "plot_height": PLOT_HEIGHT, "pitch": NIGHT_PITCH}
    return environment().get_template("page.html.j2", globals=own)
