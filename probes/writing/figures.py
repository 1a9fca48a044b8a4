"""Figures of a text, however they are written: ``1,240`` and ``1240``, ``2:05 pm`` and ``14:05``, ``12k``, ``seven``.

A figure is told by its key: a number without sign and unit, a time of day, or a version.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

_JOINED = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_SIGNS = str.maketrans({"‐": "-", "‑": "-", "–": "-", "−": "-", "—": " ", "‘": "'", "’": "'", "“": '"', "”": '"'})
_SCALES = {"k": 3, "thousand": 3, "million": 6, "billion": 9, "hundred": 2}
_FIGURE = re.compile(
    r"(?<![\w.])(?:(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\s?(?P<half>[ap])\.?m\b)?"
    r"|v?(?P<version>\d{1,9}(?:\.\d{1,9}){2,5})"
    r"|(?P<digits>\d{1,3}(?:,\d{3}){1,6}(?!\d)|\d{1,30})(?P<rest>\.\d{1,30})?"
    r"(?:\s?(?P<scale>k|thousand|million|billion)(?![A-Za-z]))?)"
)
_ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
_SMALL = {word: value for value, word in enumerate((*_ONES.split(), "seventeen", "eighteen", "nineteen"))}
_TENS = {word: 10 * ten for ten, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_WORD = re.compile(
    rf"(?<![\w-])(?:(?P<ten>{'|'.join(_TENS)})(?:[- ](?P<one>{'|'.join(list(_SMALL)[1:10])}))?"
    rf"|(?P<small>{'|'.join(sorted(_SMALL, key=len, reverse=True))}))"
    r"(?:[- ](?P<scale>hundred|thousand|million|billion))?(?![\w-])",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its place in the text; ``is_word`` tells of a number written in letters."""

    key: str
    start: int
    end: int
    is_word: bool = False


def plain(text: str) -> str:
    """Return a text with one kind of hyphen, quotation mark and space, and groups of digits joined."""
    return unicodedata.normalize("NFKC", _JOINED.sub("", text).translate(_SIGNS)).translate(_SIGNS)


@lru_cache(maxsize=256)
def figures(text: str) -> tuple[Figure, ...]:
    """Return the figures of a plain text, those in digits first; digits within a name (R2) are none."""
    digits = (Figure(_key(found), *found.span()) for found in _FIGURE.finditer(text))
    words = (Figure(_word_key(found), *found.span(), is_word=True) for found in _WORD.finditer(text))
    return (*digits, *words)


def only_figure(text: str) -> str | None:
    """Return the key where a text is one figure and nothing else."""
    found = _FIGURE.fullmatch(text.strip())
    return _key(found) if found else None


def _key(found: re.Match[str]) -> str:
    if found["hour"]:
        hour = int(found["hour"])
        if found["half"]:
            hour = hour % 12 + (12 if found["half"] == "p" else 0)
        return f"{hour}:{found['minute']}" + (f":{found['second']}" if found["second"] else "")
    if found["version"]:
        return f"v{found['version']}"
    value = Decimal(found["digits"].replace(",", "") + (found["rest"] or ""))
    return _number_key(value.scaleb(_SCALES.get(found["scale"] or "", 0)))


def _word_key(found: re.Match[str]) -> str:
    if found["ten"]:
        value = _TENS[found["ten"].lower()] + _SMALL.get((found["one"] or "").lower(), 0)
    else:
        value = _SMALL[found["small"].lower()]
    return _number_key(Decimal(value).scaleb(_SCALES.get((found["scale"] or "").lower(), 0)))


def _number_key(value: Decimal) -> str:
    return f"{value.normalize():f}"
