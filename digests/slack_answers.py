"""What the buttons under a story show to whoever pressed them: the sentences that it rests on, and why it is here."""

from collections.abc import Iterator

from core.delivery import Post
from core.digest import DigestEntry
from core.types import BriefPoint
from digests.outside import plain, plain_title
from digests.slack_elements import Block, context, line, link, outside, prose, quote, rich, text
from digests.slack_packing import Group, packed, to_post
from digests.slack_story import title
from digests.slack_text import shortened, unmarked
from digests.wording import EXPLANATION, POINTS, marks, point_mark

_LONGEST_REASON = 2000
_TELLERS = 10


def evidence(entry: DigestEntry) -> Post:
    """Return each point of a story's brief with the sentence of the source that it rests on."""
    shown = [rich(line(title(entry))), *(block for point in entry.points for block in _evidence(point))]
    return _answer(f"The evidence for {plain_title(entry.title)}.", shown)


def why(entry: DigestEntry) -> Post:
    """Return why a story stands where it does, who told of it, and what its marks mean."""
    reason = shortened(plain(entry.reason), _LONGEST_REASON) or "no reason is known"
    told_by = [link(shortened(plain_title(name), 80), url) for name, url in entry.told_by[:_TELLERS]]
    named = [run for place, runs in enumerate(told_by) for run in (*(text(", ") if place else []), *runs)]
    shown = [
        rich(line(title(entry))),
        *prose(reason, text("Why here: ", "bold")),
        *([rich(line(text("Told by: ", "bold"), named))] if named else []),
        context([*marks(entry), EXPLANATION] if marks(entry) else [EXPLANATION]),
    ]
    return _answer(f"{plain_title(entry.title)} is here because: {reason}", shown)


def told(words: str) -> Post:
    """Return a line of our own, in which there may be names from outside."""
    return Post(unmarked(words), (rich(line(outside(words))),))


def _evidence(point: BriefPoint) -> Iterator[Block]:
    mark = point_mark(point)
    doubt = [*text(" "), *outside(shortened(f"({mark})", 200), "italic")] if mark else []
    yield from prose(point.text, text(f"{POINTS[point.kind]}: ", "bold"), after=doubt)
    yield from quote(point.quote)


def _answer(spoken: str, blocks: list[Block]) -> Post:
    """Return one message: what does not fit into it is left out, for an answer cannot be continued."""
    return to_post(next(packed([Group(spoken, tuple(blocks))])), in_thread=False)
