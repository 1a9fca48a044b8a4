"""When two records tell of one paper, by title, authors and abstract alone.

A paper keeps its authors and most of its words while its title and abstract are revised; a sequel keeps its authors
and its title, and has another number. So what counts is shared words, phrases and authors, against numbers in which
like titles differ. Abstracts with little in common are two papers, whoever wrote them. The weights began as a logistic
regression on revised papers, numbered series, and different papers by the same authors; ``benchmarks.duplicates``
measures them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from math import inf, sqrt

_BIAS = -9.2
_TITLE, _WORDS, _PHRASES, _AUTHORS = 1.45, 4.6, 4.1, 8.3
_SEQUEL, _OTHER_NUMBER = -8.5, -2.65
_AUTHORS_UNKNOWN = 0.5
_FEW_WORDS, _FEW_PHRASES = 0.28, 0.18
_FEWEST_WORDS = 5
_TITLE_WORDS = 4

_ACCENT = re.compile(r"\\(?:[`'^\"~=.]|[uvHcdbkrt](?![a-zA-Z]))\s*\{?\\?([a-zA-Z])\}?")
_MACRO, _BRACES = re.compile(r"\\[a-zA-Z]+"), re.compile(r"[{}$]")
_WORD = re.compile(r"[^\W\d_]+|\d+")
_ROMAN = {
    roman: str(number)
    for number, roman in enumerate("i ii iii iv v vi vii viii ix x xi xii xiii xiv xv".split(), start=1)
}
_FOLLOWS = frozenset("addendum comment continued corrigendum erratum reply revisited sequel supplement".split())
_COMMON = frozenset(
    "the and for with from are that its our can which these have has not using via based paper show part this".split()
)


@dataclass(frozen=True, slots=True)
class PaperText:
    """What is compared of a paper. ``numbers`` are those of its title, Roman ones as digits, in order of size."""

    heading: tuple[str, ...]
    title: frozenset[str]
    numbers: tuple[str, ...]
    words: frozenset[str]
    phrases: frozenset[tuple[str, str]]
    authors: frozenset[str]


def paper_text(title: str, authors: Iterable[str], abstract: str) -> PaperText:
    """Return what is compared of a paper; case, accents, LaTeX and punctuation do not matter."""
    heading, words = plain_words(title), plain_words(abstract)
    return PaperText(
        heading=tuple(heading),
        title=frozenset(word for word in heading if len(word) > 1 and word not in _COMMON and not _number(word)),
        numbers=tuple(sorted(filter(None, map(_number, heading)))),
        words=frozenset(word for word in words if len(word) > 2 and word not in _COMMON),
        phrases=frozenset(pairwise(words)),
        authors=frozenset(word for name in authors for word in plain_words(name) if len(word) > 2),
    )


def plain_words(text: str) -> list[str]:
    """Return the words and numbers of a text in lower case, without accents and LaTeX."""
    if "\\" in text:
        text = _MACRO.sub(" ", _ACCENT.sub(r"\1", text))
    if "$" in text or "{" in text:
        text = _BRACES.sub("", text)
    if not text.isascii():
        text = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return _WORD.findall(text.lower())


def _number(word: str) -> str:
    if word.isdigit():
        return word.lstrip("0") or "0"
    return _ROMAN.get(word, word if word in _FOLLOWS else "")


def same_paper(one: PaperText, other: PaperText) -> bool:
    """Tell whether two records are of one paper.

    Where either has no abstract, titles of four words must agree, and authors where both are known.
    """
    if min(len(one.words), len(other.words)) >= _FEWEST_WORDS:
        return likeness(one, other) > 0
    if one.heading != other.heading or len(one.heading) < _TITLE_WORDS:
        return False
    return _authors_shared(one, other) >= _AUTHORS_UNKNOWN


def likeness(one: PaperText, other: PaperText) -> float:
    """Return the log-odds that two records with abstracts are of one paper; minus infinity for unlike abstracts."""
    words, phrases = _contained(one.words, other.words), sqrt(_jaccard(one.phrases, other.phrases))
    if words < _FEW_WORDS and phrases < _FEW_PHRASES:
        return -inf
    titles = _contained(one.title, other.title)
    sequel, other_number = _numbers_differ(one.numbers, other.numbers)
    numbers = _SEQUEL * sequel * titles + _OTHER_NUMBER * other_number
    authors = _AUTHORS * _authors_shared(one, other)
    return _BIAS + _TITLE * titles + _WORDS * words + _PHRASES * phrases + authors + numbers


def _numbers_differ(one: Sequence[str], other: Sequence[str]) -> tuple[bool, bool]:
    """Tell whether titles differ in their numbers, and whether each has one of its own.

    A first part often gets its ``I`` when the second appears: that alone is no difference.
    """
    mine, theirs = Counter(one) - Counter(other), Counter(other) - Counter(one)
    differing = list((mine + theirs).elements())
    return bool(differing) and differing != ["1"], bool(mine and theirs)


def _authors_shared(one: PaperText, other: PaperText) -> float:
    if not (one.authors and other.authors):
        return _AUTHORS_UNKNOWN
    return _contained(one.authors, other.authors)


def _contained(one: Set[object], other: Set[object]) -> float:
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


def _jaccard(one: Set[object], other: Set[object]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0
