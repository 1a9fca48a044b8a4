"""What readers answered to the stories of a message, shown in it: one line under each row of buttons, nothing else."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from digests.slack_actions import Told, told_of_row
from digests.slack_elements import Block, context
from digests.slack_packing import fits

Tally = Mapping[str, int]
"""How many votes say what."""


def with_state(posted: Iterable[Mapping[str, Any]], tally_of: Callable[[Told], Tally]) -> tuple[Block, ...]:
    """Return a message's blocks as they were posted, with a line under each story that was voted on.

    A line that the message has no room for is left out.
    """
    shown: list[Block] = []
    left = [dict(block) for block in posted]
    while left:
        block = left.pop(0)
        shown.append(block)
        told = told_of_row(block)
        state = in_words(tally_of(told)) if told else ""
        if state and fits([*shown, context([state]), *left]):
            shown.append(context([state]))
    return tuple(shown)


def in_words(tally: Tally) -> str:
    """Return votes in a line, or "" where there is none."""
    useful, less, wrong = (tally.get(opinion, 0) for opinion in ("useful", "not_useful", "wrong_subject"))
    if not useful + less + wrong:
        return ""
    return f"useful {useful}, not {less}" + (f", wrong subject {wrong}" if wrong else "")
