"""BibTeX, as reference managers write it; an entry that is damaged costs only itself."""

import logging
import re
import unicodedata
from collections.abc import Iterable
from itertools import count
from typing import Any

from bibtexparser import middlewares
from bibtexparser.entrypoint import parse_string, write_string
from bibtexparser.library import Library
from bibtexparser.model import Entry, Field

from core.sources import Reading
from core.types import Item
from feeds.bibliography._work import Work, day, item_of
from feeds.text import text_to_latex

# What could not be read is told among the problems, not logged.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
ENDINGS = (".bib", ".bibtex")


def read(text: str) -> Reading:
    """Return one paper an entry."""
    steps = [middlewares.LatexDecodingMiddleware(), middlewares.MonthIntMiddleware(), middlewares.SeparateCoAuthors()]
    library = parse_string(text, append_middleware=steps)
    items: list[Item] = []
    problems = [_problem(block) for block in library.failed_blocks]
    for entry in library.entries:
        try:
            items.append(item_of(_work({field.key.lower(): field.value for field in entry.fields})))
        except ValueError as error:
            problems.append(f"{entry.key}: {error}")
    if not items and not problems and text.strip():
        problems.append("there is no BibTeX entry in it")
    return Reading(tuple(items), tuple(problems))


def _problem(block: Any) -> str:
    head = block.raw.strip().split("\n", 1)[0][:60]
    return f"line {block.start_line + 1}: not readable: {head}"


def _work(fields: dict[str, Any]) -> Work:
    prefix = str(fields.get("archiveprefix", fields.get("eprinttype", ""))).lower()
    date = [*str(fields.get("date", "")).split("-"), "", ""]
    return Work(
        title=str(fields.get("title", "")),
        text=str(fields.get("abstract", "")),
        authors=fields.get("author", ()),
        arxiv=str(fields.get("eprint", "")) if prefix in ("arxiv", "") else "",
        doi=str(fields.get("doi", "")),
        addresses=(str(fields.get("url", "")),),
        published=day(
            fields.get("year", date[0]), fields.get("month", "".join(date[1:2])), fields.get("day", "".join(date[2:3]))
        ),
        categories=tuple(str(fields.get("primaryclass", "")).split()),
    )


def write(items: Iterable[Item]) -> str:
    """Return one entry an item, in LaTeX's own letters; keys are told apart by a number."""
    library, taken = Library(), set[str]()
    for item in items:
        key = next(key for key in _keys(item) if key not in taken)
        taken.add(key)
        library.add(Entry("misc", key, [Field(name, value) for name, value in _fields(item).items() if value]))
    return str(write_string(library))


def _keys(item: Item) -> Iterable[str]:
    """Yield the author's last name with the year and the title's first word, then the same with numbers."""
    parts = (item.authors[0].split()[-1:] if item.authors else ["anonymous"], _year(item), item.title.split()[:1])
    letters = unicodedata.normalize("NFKD", "".join("".join(part) for part in parts))
    stem = re.sub(r"[^a-z0-9]", "", letters.lower()) or "work"
    yield stem
    yield from (f"{stem}-{number}" for number in count(2))


def _year(item: Item) -> str:
    return str(item.published.year) if item.published else ""


def _fields(item: Item) -> dict[str, str]:
    is_arxiv = item.id.startswith("arxiv:")
    return {
        "title": text_to_latex(item.title),
        "author": " and ".join(map(text_to_latex, item.authors)),
        "year": _year(item),
        "month": str(item.published.month) if item.published else "",
        "day": str(item.published.day) if item.published else "",
        "url": item.url,
        "eprint": item.id.removeprefix("arxiv:") if is_arxiv else "",
        "archiveprefix": "arXiv" if is_arxiv else "",
        "primaryclass": item.categories[0] if is_arxiv and item.categories else "",
        "abstract": text_to_latex(item.text),
    }
