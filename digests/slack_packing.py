"""Messages out of blocks: as few as Slack's limits allow, a story parted only where it fills a message alone."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.delivery import Post
from digests.slack_elements import Block
from digests.slack_text import length, shortened, unmarked

MOST_BLOCKS = 50
MOST_ALTOGETHER = 12_000
"""Slack refuses blocks from about 13,200 characters on and does not say how it counts; JSON is the longest way."""
MOST_SPOKEN = 3000
_UNSPOKEN = "More of the night."


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks that stand together, and how they are read aloud."""

    spoken: str
    blocks: tuple[Block, ...]


def packed(groups: Iterable[Group]) -> Iterator[Group]:
    """Yield the same blocks in order, in as few groups as fit into a message each."""
    open_group = Group("", ())
    for part in (part for group in groups for part in _parted(group)):
        joined = _joined(open_group, part)
        if open_group.blocks and not fits(joined.blocks):
            yield open_group
            joined = part
        open_group = joined
    if open_group.blocks:
        yield open_group


def to_post(group: Group, *, in_thread: bool) -> Post:
    """Return a group that fits as a message."""
    return Post(unmarked(shortened(group.spoken or _UNSPOKEN, MOST_SPOKEN)), group.blocks, in_thread)


def _parted(group: Group) -> Iterator[Group]:
    """Yield a group that is too large for a message in groups that are not."""
    blocks: tuple[Block, ...] = ()
    for block in group.blocks:
        if blocks and not fits((*blocks, block)):
            yield Group(group.spoken, blocks)
            blocks = ()
        blocks = (*blocks, block)
    yield Group(group.spoken, blocks)


def _joined(one: Group, other: Group) -> Group:
    return Group(f"{one.spoken} {other.spoken}".strip(), one.blocks + other.blocks)


def fits(blocks: Sequence[Block]) -> bool:
    """Tell whether blocks are few and short enough for one message."""
    return len(blocks) <= MOST_BLOCKS and length(json.dumps(blocks, ensure_ascii=False)) <= MOST_ALTOGETHER
