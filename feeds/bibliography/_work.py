"""One work of a bibliography as an item, under the id that it would have if a source told of it."""

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from core.identity import ARXIV_ID, arxiv_id, arxiv_version, id_of_url, normalise_url, text_hash
from core.types import Item
from feeds.text import collapse, latex_to_text, web_address

_DOI = re.compile(r"10\.\d{4,9}/\S+")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Work:
    """What a bibliography tells of a work, as it stands there; ``addresses`` come with the most telling first."""

    title: str
    text: str = ""
    authors: Sequence[str] = ()
    arxiv: str = ""
    doi: str = ""
    addresses: Sequence[str] = ()
    published: datetime | None = None
    categories: Sequence[str] = ()


def item_of(work: Work) -> Item:
    """Return a work as a paper.

    Raises ValueError when it has neither a title nor an arXiv id.
    """
    title = latex_to_text(work.title)
    address = _address(work)
    if not title and "arxiv.org/abs/" not in address:
        raise ValueError("it has no title")
    authors = tuple(name for name in map(_name, work.authors) if name)
    return Item(
        id=id_of_url(address) if address else f"work:{text_hash(f'{title.lower()} {authors!r}')[:16]}",
        kind="paper",
        title=title,
        url=address,
        text=latex_to_text(work.text),
        authors=authors,
        published=work.published,
        announced=work.published,
        version=arxiv_version(work.arxiv),
        categories=tuple(work.categories),
    )


def _address(work: Work) -> str:
    """Return where the work is to be found: at arXiv, at its own address, or behind its DOI."""
    for told in _arxiv_numbers(work):
        with suppress(ValueError):
            return f"https://arxiv.org/abs/{arxiv_id(told).removeprefix('arxiv:')}"
    doi = _DOI.search(work.doi)
    own = next((address for address in map(web_address, work.addresses) if address), "")
    return normalise_url(own) if own else f"https://doi.org/{doi[0]}" if doi else ""


def _arxiv_numbers(work: Work) -> Iterable[str]:
    yield work.arxiv
    if told := _ARXIV_DOI.search(work.doi):
        yield told[1]
    for address in work.addresses:
        with suppress(ValueError):
            if id_of_url(address).startswith("arxiv:"):
                yield id_of_url(address)


def _name(told: str) -> str:
    """Return a name as it is spoken: ``Li, Bo`` is Bo Li."""
    last, _, first = collapse(latex_to_text(told)).partition(", ")
    return f"{first} {last}".strip()


def day(year: object, month: object = 1, date: object = 1) -> datetime | None:
    """Return the beginning of a day in UTC, or None where there is no such day."""
    try:
        return datetime(int(str(year)), int(str(month or 1)), int(str(date or 1)), tzinfo=UTC)
    except ValueError:
        return None


def is_arxiv_id(text: str) -> bool:
    """Tell whether a text is an arXiv id, with or without its version or prefix."""
    return bool(ARXIV_ID.fullmatch(re.sub(r"(?i)^arxiv:", "", text.strip())))
