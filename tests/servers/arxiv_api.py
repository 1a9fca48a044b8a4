"""An endpoint in the shape of the arXiv API: Atom, pages by ``start`` and ``max_results``, ids or a span of days."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from tests.servers.web import Asked, Scripted

_FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
<title>results</title><opensearch:totalResults>{total}</opensearch:totalResults>
<opensearch:startIndex>{start}</opensearch:startIndex><opensearch:itemsPerPage>{size}</opensearch:itemsPerPage>
{entries}</feed>"""
_ENTRY = """<entry><id>http://arxiv.org/abs/{id}v{version}</id><title>{title}</title><summary>{abstract}</summary>
<published>{day}T{time}Z</published><updated>{day}T{time}Z</updated>
<author><name>Mirela Quandt</name></author><author><name>Osric Vell</name></author><category term="{category}"/></entry>
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that arXiv knows; ``day`` is that of its submission, ``YYYY-MM-DD``."""

    id: str
    day: str
    title: str = "Lanterns for lost gradients"
    abstract: str = "We carry a lantern along every gradient."
    category: str = "cs.CL"
    version: int = 1
    time: str = "12:00:00"


def serves(papers: Sequence[Paper]) -> Callable[[Asked], Scripted]:
    """Return the endpoint that knows these papers."""

    def answer(asked: Asked) -> Scripted:
        found = [paper for paper in papers if _wanted(paper, asked.query)]
        start, size = int(asked.query.get("start", "0")), int(asked.query.get("max_results", "10"))
        entries = "".join(_entry(paper) for paper in found[start : start + size])
        body = _FEED.format(total=len(found), start=start, size=size, entries=entries)
        return Scripted(body.encode(), headers=(("Content-Type", "application/atom+xml"),))

    return answer


def _wanted(paper: Paper, query: dict[str, str]) -> bool:
    if ids := query.get("id_list"):
        return paper.id in ids.split(",")
    asked = re.fullmatch(r"cat:(\S+) AND submittedDate:\[(\d{12}) TO (\d{12})\]", query.get("search_query", ""))
    moment = (paper.day + paper.time[:5]).replace("-", "").replace(":", "")
    return asked is not None and asked[1] == paper.category and asked[2] <= moment <= asked[3]


def _entry(paper: Paper) -> str:
    return _ENTRY.format(
        id=paper.id,
        version=paper.version,
        title=escape(paper.title),
        abstract=escape(paper.abstract),
        day=paper.day,
        time=paper.time,
        category=paper.category,
    )
