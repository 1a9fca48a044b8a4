"""The arXiv API through the ``arxiv`` package: details of known papers, and what was submitted between two days.

Its requests go through our HTTP client, so that they carry our name, wait for their turn with every other request to
arXiv, and recordings answer them too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from core.errors import SourceError
from core.identity import arxiv_id, arxiv_version
from core.polls import Validators
from core.types import Item
from feeds.answer import Document, Fetch
from feeds.text import collapse, latex_to_text

if TYPE_CHECKING:
    import arxiv

_PAGE = 1000
_MAX_RESULTS = 10_000


@dataclass(frozen=True, slots=True)
class _Response:
    """What the package reads of an answer."""

    status_code: int
    content: bytes


@dataclass(frozen=True, slots=True)
class _Session:
    """Stands where the package keeps its requests session."""

    fetch: Fetch

    def get(self, url: str, headers: Any = None) -> _Response:  # noqa: ARG002 - the client names itself
        answer = self.fetch(url, Validators())
        assert isinstance(answer, Document)  # noqa: S101 - without validators an answer is a document
        return _Response(200, answer.body)


class ArxivApi:
    """Asks the arXiv API; raises SourceError when it does not answer."""

    def __init__(self, fetch: Fetch) -> None:
        """Ask through ``fetch``, which sees to the time between requests."""
        self._fetch = fetch

    @cached_property
    def _client(self) -> Any:
        import arxiv

        client = arxiv.Client(page_size=_PAGE, delay_seconds=0, num_retries=2)
        # The package offers no other way to give it a session.
        client._session = _Session(self._fetch)
        return client

    def details(self, paper_ids: Sequence[str]) -> tuple[Item, ...]:
        """Return the papers with these canonical ids, those that arXiv knows."""
        import arxiv

        bare = [paper_id.removeprefix("arxiv:") for paper_id in paper_ids]
        return self._results(arxiv.Search(id_list=bare, max_results=len(bare)))

    def submitted(self, category: str, since: date, until: date) -> tuple[Item, ...]:
        """Return the papers submitted to a category from ``since`` up to, not including, ``until``."""
        import arxiv

        last = until - timedelta(days=1)
        query = f"cat:{category} AND submittedDate:[{since:%Y%m%d}0000 TO {last:%Y%m%d}2359]"
        return self._results(
            arxiv.Search(query=query, max_results=_MAX_RESULTS, sort_by=arxiv.SortCriterion.SubmittedDate)
        )

    def _results(self, search: "arxiv.Search") -> tuple[Item, ...]:
        import arxiv

        try:
            # An empty first page may be an error of arXiv's: nothing is believed when it is told twice.
            return self._asked(search) or self._asked(search)
        except (arxiv.ArxivError, ValueError) as error:
            raise SourceError(f"the arXiv API: {error}") from error

    def _asked(self, search: "arxiv.Search") -> tuple[Item, ...]:
        return tuple(_paper(result) for result in self._client.results(search))


def _paper(result: "arxiv.Result") -> Item:
    identifier = result.get_short_id()
    paper_id = arxiv_id(identifier)
    return Item(
        id=paper_id,
        kind="paper",
        title=latex_to_text(result.title),
        url=f"https://arxiv.org/abs/{paper_id.removeprefix('arxiv:')}",
        text=latex_to_text(result.summary),
        authors=tuple(collapse(author.name) for author in result.authors),
        published=result.published,
        announced=result.published,
        version=arxiv_version(identifier),
        categories=tuple(result.categories),
    )


def filled(papers: Iterable[Item], api: ArxivApi) -> tuple[Item, ...]:
    """Return the papers with the details of those that came without an abstract, where arXiv knows them.

    Raises SourceError when arXiv does not answer.
    """
    papers = tuple(papers)
    bare = [paper.id for paper in papers if paper.id.startswith("arxiv:") and not paper.text]
    known = {paper.id: paper for paper in api.details(bare)} if bare else {}
    return tuple(_filled(paper, known.get(paper.id)) for paper in papers)


def _filled(paper: Item, details: Item | None) -> Item:
    if details is None or paper.text:
        return paper
    told_at = paper.told_at or (paper.url if paper.url != details.url else "")
    return replace(details, announced=paper.announced, facts=paper.facts, links=paper.links, told_at=told_at)
