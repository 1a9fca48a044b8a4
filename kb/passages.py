"""The passages of long texts, and the passage that shows why an item was found."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from sqlite3 import Connection

from core.types import FoundIn

_AT = "SELECT seq, origin, text FROM passages WHERE seq IN (SELECT value FROM json_each(?))"
_OF_ITEMS = "SELECT item_id, origin, text FROM passages WHERE item_id IN (SELECT value FROM json_each(?)) ORDER BY seq"
_PASSAGE = 1000
_SHOWN = 280
# Where one sentence ends and the next begins. It looks for white space first: looking behind each letter takes thrice
# as long.
_SENTENCE = re.compile(r"\s(?:(?<=[.!?]\s)\s*(?=[A-Z0-9“\"(])|(?<=\n)\n*)")
_WORD = re.compile(r"[^\W_]+")
_ENDING = re.compile(r"(?:ational|ization|isation|fulness|ousness|iveness|ations?|ities|ing|ies|ied|ed|es|ly|s|e|y)$")


def cut(text: str) -> list[str]:
    """Return a text in passages of whole sentences, about a thousand characters each; one that is longer is cut."""
    found: list[str] = []
    for sentence in filter(None, (part.strip() for part in _SENTENCE.split(text))):
        for piece in re.findall(rf"\S.{{0,{_PASSAGE - 1}}}(?=\s|$)|\S{{{_PASSAGE}}}", sentence, re.DOTALL):
            if found and len(found[-1]) + len(piece) < _PASSAGE:
                found[-1] += f" {piece}"
            else:
                found.append(piece)
    return found


def passages_with(connection: Connection, seqs: Collection[int]) -> dict[int, tuple[FoundIn, str]]:
    """Return the origin and text of passages."""
    if not seqs:
        return {}
    found = connection.execute(_AT, (json.dumps(list(seqs)),))
    return {seq: (origin, text) for seq, origin, text in found}


def passages_of(connection: Connection, ids: Collection[str]) -> dict[str, list[tuple[FoundIn, str]]]:
    """Return the origin and text of all passages of some items, in reading order."""
    found: dict[str, list[tuple[FoundIn, str]]] = {}
    for item_id, origin, text in connection.execute(_OF_ITEMS, (json.dumps(list(ids)),)):
        found.setdefault(item_id, []).append((origin, text))
    return found


def telling_part(text: str, words: Sequence[str]) -> str:
    """Return the sentence that has most of the words, the first of the best, up to 280 characters."""
    sentences = [sentence.strip() for sentence in _SENTENCE.split(text) if sentence.strip()]
    if not sentences:
        return ""
    wanted = {_root(word) for word in words}
    best = max(sentences, key=lambda sentence: _count_of(wanted, sentence.lower()))
    return best if len(best) <= _SHOWN else best[: _SHOWN - 2].rsplit(" ", 1)[0] + " …"


def marks(text: str, words: Sequence[str]) -> tuple[tuple[int, int], ...]:
    """Return where a text has one of the words, in whatever form: (start, end) of each, in order."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(letter if len(letter.lower()) > 1 else letter.lower() for letter in text)
    return tuple(sorted(place for root in {_root(word) for word in words} for place in _places(lowered, root)))


def words_within(text: str, words: Collection[str]) -> list[str]:
    """Return those of the words that a text has, in whatever form."""
    lowered = text.lower()
    return [word for word in words if any(_places(lowered, _root(word)))]


def _count_of(roots: Collection[str], lowered: str) -> int:
    return sum(any(_places(lowered, root)) for root in roots)


def _places(lowered: str, root: str) -> Iterator[tuple[int, int]]:
    """Yield where a text in lower case has a word of a root; to look for the root is quicker than to cut every word."""
    start = lowered.find(root)
    while start >= 0:
        word = _WORD.match(lowered, start)
        if word and not lowered[start - 1 : start].isalnum() and _root(word[0]) == root:
            yield word.span()
        start = lowered.find(root, start + 1)


@lru_cache(20_000)
def _root(word: str) -> str:
    """Return a word without its usual endings: enough to show what matched, while the index decides what does."""
    return _ENDING.sub("", word) if len(word) > 3 else word
