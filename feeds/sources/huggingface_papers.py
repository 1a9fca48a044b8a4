"""Hugging Face daily papers: what the community put forward on a day, with its votes.

Every paper is one of arXiv, so that the listing is mostly a second sighting of papers known already.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from pydantic import BaseModel, Field

from core.identity import arxiv_id
from core.sources import Reading, SourceSpec
from core.types import Item, Night
from feeds.answer import Document
from feeds.feed_document import iso_time
from feeds.json_document import read_json, read_rows
from feeds.text import collapse, latex_to_text

_LISTING = "https://huggingface.co/api/daily_papers?date={}"
_SATURDAY = 5
_LONGEST_GAP = 14


@dataclass(frozen=True, slots=True)
class Options:
    """The listing has no settings of its own."""


class _Author(BaseModel):
    name: str = ""


class _Paper(BaseModel):
    id: str
    title: str = Field(min_length=1)
    summary: str = ""
    authors: list[_Author] = []
    published_at: datetime | str | None = Field(None, alias="publishedAt")
    submitted_at: datetime | str | None = Field(None, alias="submittedOnDailyAt")
    upvotes: int = 0


class _Row(BaseModel):
    paper: _Paper


def addresses(spec: SourceSpec, night: Night) -> tuple[str, ...]:  # noqa: ARG001 - the same listing for everybody
    """Return the address of the night's listing."""
    return (_LISTING.format(night.date.isoformat()),)


def missed_addresses(spec: SourceSpec, caught_up_to: date, night: Night) -> tuple[str, ...]:  # noqa: ARG001
    """Return the listings of the days between two nights, the last fortnight of them."""
    days = [caught_up_to + timedelta(days=n) for n in range(1, (night.date - caught_up_to).days)]
    return tuple(_LISTING.format(day.isoformat()) for day in days[-_LONGEST_GAP:])


def read(document: Document, spec: SourceSpec, night: Night) -> Reading:  # noqa: ARG001 - one way to read a listing
    """Return one paper a row."""
    reading = read_rows(read_json(document), lambda row: _item(_Row.model_validate(row).paper))
    if not reading.items and not reading.problems and night.date.weekday() >= _SATURDAY:
        return Reading((), empty_why=f"Hugging Face lists no papers on a {night.date:%A}")
    return reading


def _item(paper: _Paper) -> Item | None:
    try:
        paper_id = arxiv_id(paper.id)
    except ValueError:
        return None
    bare = paper_id.removeprefix("arxiv:")
    return Item(
        id=paper_id,
        kind="paper",
        title=latex_to_text(paper.title),
        url=f"https://arxiv.org/abs/{bare}",
        text=latex_to_text(paper.summary),
        authors=tuple(collapse(author.name) for author in paper.authors if author.name.strip()),
        published=iso_time(paper.published_at),
        announced=iso_time(paper.submitted_at),
        facts=(("votes", str(paper.upvotes)),),
        told_at=f"https://huggingface.co/papers/{bare}",
    )
