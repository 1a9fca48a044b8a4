"""Text for Slack: whole words within its limits, and nothing in it that pings, links or turns the line around.

Lengths are in UTF-16 code units, the longer of the two ways in which Slack may count.
"""

from collections.abc import Iterable, Iterator
from unicodedata import bidirectional

import regex

_GRAPHEME = regex.compile(r"\X")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})
_ISOLATE, _END = "\u2068", "\u2069"
_LOOSE_END = " ,;:.-–…"


def length(text: str) -> int:
    """Return how long a text is for Slack: characters beyond the basic plane, such as most emoji, count as two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def isolated(text: str) -> str:
    """Return the text so that its right-to-left words do not reorder what stands beside it (UAX 9, isolates)."""
    turns = any(bidirectional(char) in _RIGHT_TO_LEFT for char in text)
    return f"{_ISOLATE}{text}{_END}" if turns else text


def pieces(text: str, most: int) -> Iterator[str]:
    """Yield the words of a text again, in as few pieces of at most ``most`` as may be; longer words are parted."""
    return _filled((part for word in text.split(" ") for part in _parts(word, most)), most, " ")


def _parts(word: str, most: int) -> Iterable[str]:
    """Return a word whole, or parted between its graphemes where it is too long (UAX 29)."""
    return (word,) if length(word) <= most else _filled(_graphemes(word, most), most, "")


def _graphemes(word: str, most: int) -> Iterator[str]:
    for found in _GRAPHEME.finditer(word):
        # A heap of thousands of accents on one letter is no letter.
        yield from found[0] if length(found[0]) > most else (found[0],)


def _filled(parts: Iterable[str], most: int, between: str) -> Iterator[str]:
    taken: list[str] = []
    size = 0
    for part in parts:
        added = length(part) + len(between)
        if taken and size + added - len(between) > most:
            yield between.join(taken)
            taken, size = [], 0
        taken.append(part)
        size += added
    if taken:
        yield between.join(taken)


def shortened(text: str, most: int) -> str:
    """Return the text, or its first words and an ellipsis."""
    if length(text) <= most:
        return text
    return f"{next(pieces(text, most - 1)).rstrip(_LOOSE_END)}…"


def unmarked(text: str) -> str:
    """Return outside text for the field ``text``, where Slack reads ``<…>`` as mentions and links."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
