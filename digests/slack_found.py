"""What ``/nightdesk`` answers: hits, sentences with their sources, what was decided on an item, a list of items.

Each answer is one message; what does not fit into it is left out.
"""

from collections.abc import Iterable, Iterator, Sequence

from core.delivery import Post
from core.types import Item, SearchHit
from digests.outside import plain, plain_title
from digests.slack_elements import Block, Run, context, line, link, listed, outside, prose, rich, text
from digests.slack_packing import Group, packed, to_post
from digests.slack_text import shortened

_HITS, _SAVED = 8, 30
_LONGEST_QUESTION, _LONGEST_TITLE, _LONGEST_SNIPPET, _LONGEST_LINE = 200, 300, 400, 900


def hits(question: str, found: Sequence[SearchHit], notes: Sequence[str] = ()) -> Post:
    """Return what a search found, the best first."""
    shown = found[:_HITS]
    head = f"{len(shown)} found" if shown else "Nothing found"
    blocks = [_asked(head, question), *_notes(notes), *(block for hit in shown for block in _hit(hit))]
    return _post(f"{head} for {plain(question)}. {_spoken(hit.item for hit in shown)}", blocks)


def answer(
    question: str, sentences: Sequence[tuple[str, Sequence[int]]], sources: Sequence[Item], how: Sequence[str]
) -> Post:
    """Return an answer: sentences with the numbers of their sources, the sources, and lines on ``how`` it was made."""
    said = [block for told in sentences for block in _sentence(*told)]
    cited = [line(_title(item)) for item in sources]
    sources_block = [rich(listed(cited, "ordered"))] if cited else []
    blocks = [_asked("Asked", question), *said, *_notes(how), *sources_block]
    return _post(" ".join(plain(sentence) for sentence, _ in sentences) or how[0], blocks)


def record(item: Item, lines: Iterable[tuple[str, str]]) -> Post:
    """Return what was decided on an item: labels, and what there is to tell under each."""
    told = [_labelled(label, words) for label, words in lines]
    return _post(f"What was decided on {plain_title(item.title)}.", [rich(line(_title(item))), *map(rich, told)])


def saved(items: Sequence[Item]) -> Post:
    """Return a reader's list, the last saved first."""
    if not items:
        return Post("Your list is empty; the menu under a story saves it.")
    shown = [line(_title(item)) for item in items[:_SAVED]]
    head = f"{len(items)} saved" + (f", the last {_SAVED} of them" if len(items) > _SAVED else "")
    return _post(f"{head}. {_spoken(items[:_SAVED])}", [rich(line(text(head, "bold"))), rich(listed(shown))])


def _sentence(said: str, numbers: Sequence[int]) -> Iterator[Block]:
    yield from prose(shortened(plain(said), _LONGEST_LINE), after=text(f" {_numbers(numbers)}", "bold"))


def _hit(hit: SearchHit) -> Iterator[Block]:
    snippet = shortened(plain(hit.snippet), _LONGEST_SNIPPET)
    day = hit.item.published.date().isoformat() if hit.item.published else ""
    yield from prose(snippet, _title(hit.item), text("\n") if snippet else [])
    yield context([" · ".join(filter(None, (hit.item.kind, day, f"found in {hit.found_in}")))])


def _asked(head: str, question: str) -> Block:
    return rich(line(text(f"{head}: ", "bold"), outside(shortened(plain(question), _LONGEST_QUESTION), "italic")))


def _notes(notes: Sequence[str]) -> list[Block]:
    return [context([plain(note) for note in notes])] if notes else []


def _labelled(label: str, words: str) -> Block:
    parts = " · ".join(filter(None, map(plain, words.split("\n"))))
    return line(text(f"{label}: ", "bold"), outside(shortened(parts, _LONGEST_LINE)))


def _title(item: Item) -> list[Run]:
    return link(shortened(plain_title(item.title), _LONGEST_TITLE), item.url, "bold")


def _numbers(numbers: Sequence[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)


def _spoken(items: Iterable[Item]) -> str:
    return "; ".join(plain_title(item.title) for item in items)


def _post(spoken: str, blocks: Sequence[Block]) -> Post:
    return to_post(next(packed([Group(spoken, tuple(blocks))])), in_thread=False)
