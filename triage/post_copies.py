"""Posts that stand in several feeds: the same title over like texts, of about the same day."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from core.types import Item

Closeness = Callable[[str, str], float]

SAME_TEXT = 0.7
_BARE_TEXT = 0.4
# "What is an AI agent?" is asked over many texts; one text is nearly itself in meaning, or has a phrase of the other.
_GENERIC_WORDS, _GENERIC_TEXT, _PHRASE = 6, 0.9, 5
_TITLE_WORDS = 4
_SHORT_TITLE_WORDS = 3
_APART, _SHORT_APART = timedelta(days=14), timedelta(days=1)
# Scripts without spaces: a letter counts as a word, or as half of one where words are counted.
_UNSPACED = r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORDS = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_LETTER = re.compile(rf"[{_UNSPACED}]")
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
    words = _words(title)
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
    is_short = _length(one.title) < _TITLE_WORDS
    if one.published and other.published:
        if abs(one.published - other.published) > (_SHORT_APART if is_short else _APART):
            return False
    elif is_short:
        return False
    if _is_bare(one) or _is_bare(other):
        return closeness(one.id, other.id) >= _BARE_TEXT
    needs_more = _length(one.title) <= _GENERIC_WORDS and not _phrases(one) & _phrases(other)
    return closeness(one.id, other.id) >= (_GENERIC_TEXT if needs_more else SAME_TEXT)


def _phrases(post: Item) -> frozenset[tuple[str, ...]]:
    """Return the runs of a few words of a text but for those that its title has."""
    text, title = _words(post.text), _words(post.title)
    return frozenset(_runs(text)) - frozenset(_runs(title))


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(words[start : start + _PHRASE]) for start in range(len(words) - _PHRASE + 1))


def _words(text: str) -> tuple[str, ...]:
    return tuple(_WORDS.findall(text.lower()))


def _length(text: str) -> float:
    """Return how many words a text has."""
    words = _words(text)
    return len(words) - sum(_LETTER.match(word) is not None for word in words) / 2


def _is_bare(post: Item) -> bool:
    """Tell whether a feed gives a title and hardly more, which says little against another feed's text."""
    return _length(post.text) <= _length(post.title)
