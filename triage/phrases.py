"""The phrases of a text that may name a subject: one to three words in a row that are no commonplaces.

``commonplaces.txt`` lists words that end a phrase, and, below the empty line, words that name nothing by themselves.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

_LONGEST = 3
_MAX_LENGTH = 48
_WORDS_KEPT = 1 << 16
_WORD = re.compile(r"[^\W_]+(?:(?:-|(?<=\d)\.(?=\d))[^\W_]+)*")
_LEFTOVERS = re.compile(r"\$[^$]{0,200}\$|\\[A-Za-z]+|https?://\S+|www\.\S+")
_POSSESSIVE = re.compile(r"['’]s\b")
_NO_ADVERBS = frozenset("anomaly assembly family monopoly multiply reply supply".split())
_KEPT_S = ("ss", "us", "is")


def phrases(text: str) -> frozenset[str]:
    """Return the keys of a text's phrases: in lower case, singular, hyphens opened."""
    return frozenset(key for row in _rows(text) for key, _ in _keys(row))


def closing_phrases(text: str) -> frozenset[str]:
    """Return the keys of those phrases that nothing follows in their row: what is named, not what describes it."""
    return frozenset(key for row in _rows(text) for key, closes in _keys(row) if closes)


def spelling(key: str, titles: Iterable[str], texts: Iterable[str]) -> str:
    """Return how a phrase is mostly written within sentences; from titles alone, without their capitals."""
    written = _written(key, texts) or Counter(map(_without_capitals, _written(key, titles).elements()))
    return min(written, key=lambda form: (-written[form], form), default=key)


def _written(key: str, texts: Iterable[str]) -> Counter[str]:
    grams = (row[start:end] for text in texts for row in _rows(text) for start, end in _spans(len(row)))
    return Counter(" ".join(gram) for gram in grams if " ".join(map(_key, gram)) == key)


def _without_capitals(form: str) -> str:
    return " ".join(word.lower() if word[1:].islower() else word for word in form.split())


def _keys(row: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield each phrase of a row, and whether it closes it."""
    words = [_key(word) for word in row]
    telling = [_is_telling(word) for word in words]
    for start, end in _spans(len(row)):
        if any(telling[start:end]) and len(key := " ".join(words[start:end])) <= _MAX_LENGTH:
            yield key, end == len(row)


@lru_cache(256)
def _spans(length: int) -> tuple[tuple[int, int], ...]:
    return tuple((start, start + size) for size in range(1, _LONGEST + 1) for start in range(length - size + 1))


def _rows(text: str) -> Iterator[list[str]]:
    """Yield the words that stand in a row, with nothing between them and no commonplace among them."""
    row: list[str] = []
    for token in _LEFTOVERS.sub(" · ", _POSSESSIVE.sub("", text)).split():
        for word in _words(token):
            if word:
                row.append(word)
            elif row:
                yield row
                row = []
    if row:
        yield row


@lru_cache(_WORDS_KEPT)
def _words(token: str) -> tuple[str, ...]:
    """Return the words of what stands between two spaces; an empty one wherever a phrase ends."""
    words: list[str] = []
    end = 0
    for match in _WORD.finditer(token):
        words += [""] * (match.start() > end) + ["" if _ends_phrase(match[0]) else match[0]]
        end = match.end()
    return (*words, *[""] * (end < len(token)))


def _ends_phrase(word: str) -> bool:
    lower = word.lower()
    is_adverb = len(lower) > 4 and lower.endswith("ly") and lower not in _NO_ADVERBS
    return len(lower) < 2 or is_adverb or lower in _commonplaces()[0]


@lru_cache(_WORDS_KEPT)
def _key(word: str) -> str:
    """Return the word in lower case, each part that a hyphen joins in the singular."""
    return " ".join(map(_singular, word.lower().split("-")))


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(_KEPT_S):
        return word
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]


@lru_cache(_WORDS_KEPT)
def _is_telling(key: str) -> bool:
    return any(not word.replace(".", "").isdecimal() and word not in _commonplaces()[1] for word in key.split())


@cache
def _commonplaces() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that end a phrase, and the singulars of those that name nothing by themselves."""
    ending, vague = (files("triage") / "commonplaces.txt").read_text("utf-8").split("\n\n")
    return frozenset(ending.split()), frozenset(part for word in vague.split() for part in _key(word).split())
