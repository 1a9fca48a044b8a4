"""Posts that stand in several feeds: the same title over like texts, of about the same day."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from core.types import Item

Closeness = Callable[[str, str], float]

SAME_TEXT = 0.7
_BARE_TEXT = 0.4
_TITLE_WORDS = 4
_SHORT_TITLE_WORDS = 3
_APART, _SHORT_APART = timedelta(days=14), timedelta(days=1)
# "This feed has moved" tells something else of each feed.
_OF_ITSELF = re.compile(r"\b(?:this|our|my) (?:web ?)?(?:blog|channel|feed|newsletter|page|podcast|site)\b")
_RECURRING = frozenset(
    "a and at changelog daily digest for from in issue latest links month monthly new news newsletter notes of on our"
    " recap release releases roundup round s summary the this update updates up us week weekly welcome what year"
    " january february march april may june july august september october november december".split()
)


def post_copies(posts: Sequence[Item], closeness: Closeness) -> Iterator[list[Item]]:
    """Yield the groups of posts that are copies of each other, each post of a group of every other."""
    titled: dict[tuple[str, ...], list[Item]] = defaultdict(list)
    for post in sorted(posts, key=lambda post: post.id):
        if words := telling_title(post.title):
            titled[words].append(post)
    for likely in titled.values():
        yield from _cliques(likely, closeness)


def telling_title(title: str) -> tuple[str, ...]:
    """Return the words of a title that says what it is about; none where it recurs or tells of its own page."""
    words = tuple(re.findall(r"\w+", title.lower()))
    recurs = all(word in _RECURRING or word.isdigit() for word in words)
    if recurs or len(words) < _SHORT_TITLE_WORDS or _OF_ITSELF.search(title.lower()):
        return ()
    return words


def _cliques(posts: Sequence[Item], closeness: Closeness) -> Iterator[list[Item]]:
    groups: list[list[Item]] = []
    for post in posts:
        fitting = (group for group in groups if all(_copies(post, other, closeness) for other in group))
        group = next(fitting, None)
        if group is None:
            groups.append([post])
        else:
            group.append(post)
    yield from (group for group in groups if len(group) > 1)


def _copies(one: Item, other: Item, closeness: Closeness) -> bool:
    is_short = len(re.findall(r"\w+", one.title)) < _TITLE_WORDS
    if one.published and other.published:
        if abs(one.published - other.published) > (_SHORT_APART if is_short else _APART):
            return False
    elif is_short:
        return False
    return closeness(one.id, other.id) >= (_BARE_TEXT if _is_bare(one) or _is_bare(other) else SAME_TEXT)


def _is_bare(post: Item) -> bool:
    """Tell whether a feed gives a title and hardly more, which says little against another feed's text."""
    return len(post.text.split()) <= len(post.title.split())
