"""A list of arXiv ids or addresses, one a line; what follows a ``#`` is a remark."""

from core.sources import Reading
from core.types import Item
from feeds.bibliography._work import Work, is_arxiv_id, item_of

ENDINGS = (".txt",)


def read(text: str) -> Reading:
    """Return one paper a line, by nothing but its id."""
    items: dict[str, Item] = {}
    problems: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        named = line.split("#", 1)[0].strip()
        try:
            paper = item_of(Work("", arxiv=named if is_arxiv_id(named) else "", addresses=(named,))) if named else None
        except ValueError:
            problems.append(f"line {number}: no arXiv id: {named[:60]}")
            continue
        if paper:
            items.setdefault(paper.id, paper)
    return Reading(tuple(items.values()), tuple(problems))
