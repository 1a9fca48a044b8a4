"""arXiv categories: the day's announcement as RSS; nights that were not polled from the API.

The RSS appears at midnight US Eastern from Sunday to Thursday night; on Saturdays, Sundays and holidays it is a valid
feed without items (info.arxiv.org/help/rss.html).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from core.identity import arxiv_id, arxiv_version
from core.sources import Reading, SourceSpec
from core.types import Item, Night
from feeds.answer import Document
from feeds.arxiv_api import ArxivApi
from feeds.feed_document import Entry, read_feed
from feeds.text import latex_to_text

_FEED = "https://rss.arxiv.org/rss/{}"
_PREFACE = re.compile(r"^\s*arXiv:\S+\s+Announce Type:\s*\S+\s+Abstract:\s*", re.IGNORECASE)
_SATURDAY = 5
_MAX_ENTRIES = 2000
"""arXiv cuts its lists there, and replacements may crowd out new papers."""
_LONGEST_WAIT = timedelta(days=4)
"""A paper is announced one to four days after it was submitted."""
_REPLACEMENTS = ("replace", "replace-cross")


@dataclass(frozen=True, slots=True)
class Options:
    """``category``: an arXiv category such as ``cs.CL``."""

    category: str


def addresses(spec: SourceSpec, night: Night) -> tuple[str, ...]:  # noqa: ARG001 - the address is the same every day
    """Return the address of the category's feed of the day."""
    return (_FEED.format(_category(spec)),)


def _category(spec: SourceSpec) -> str:
    assert isinstance(spec.options, Options)  # noqa: S101 - narrows the type; the configuration guarantees it
    return spec.options.category


def read(document: Document, spec: SourceSpec, night: Night) -> Reading:
    """Return one paper an entry; replacements only where the source asks for them."""
    feed = read_feed(document)
    if not feed.entries:
        return Reading((), feed.problems, _why_empty(night.date), feed.cadence)
    wanted = [entry for entry in feed.entries if spec.replacements or entry.announce_type not in _REPLACEMENTS]
    papers, problems = [], list(feed.problems)
    for entry in wanted:
        try:
            papers.append(_paper(entry))
        except ValueError:
            problems.append(f"no arXiv identifier: {entry.title or entry.guid or 'an entry without title'}")
    return Reading(tuple(papers), tuple(problems), cadence=feed.cadence, is_cut=len(feed.entries) >= _MAX_ENTRIES)


def _why_empty(night: date) -> str:
    if night.weekday() >= _SATURDAY:
        return f"arXiv announces nothing on a {night:%A}"
    return "a valid feed without items on a weekday: a holiday at arXiv, or a late announcement"


def _paper(entry: Entry) -> Item:
    identifier = entry.guid or entry.link.rsplit("/", 1)[-1]
    paper_id = arxiv_id(identifier)
    return Item(
        id=paper_id,
        kind="paper",
        title=latex_to_text(entry.title),
        url=f"https://arxiv.org/abs/{paper_id.removeprefix('arxiv:')}",
        text=latex_to_text(_PREFACE.sub("", entry.text)),
        authors=tuple(name.strip() for joined in entry.authors for name in joined.split(",") if name.strip()),
        published=entry.published,
        announced=entry.published,
        announce_type=entry.announce_type,
        version=arxiv_version(identifier),
        categories=entry.categories,
        links=entry.links,
    )


def missed(spec: SourceSpec, caught_up_to: date, night: Night, api: ArxivApi) -> Reading:
    """Return the papers announced on the days between two nights, by the API; nothing when there was none."""
    days = _missing_days(caught_up_to, night.date)
    if not days:
        return Reading(())
    return Reading(api.submitted(_category(spec), days[0] - _LONGEST_WAIT, night.date))


def rest(spec: SourceSpec, night: Night, api: ArxivApi) -> Reading:
    """Return the papers that may be in the night's list, by the API."""
    return Reading(api.submitted(_category(spec), night.date - _LONGEST_WAIT, night.date))


def _missing_days(last: date, night: date) -> list[date]:
    between = (last + timedelta(days=n) for n in range(1, (night - last).days))
    return [day for day in between if day.weekday() < _SATURDAY]
