"""Numbers of a text with their units, however they are written: 1.2k, 12 %, 3-5 ms, 1e-3, "two-fold", "a third"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from triage.units import NONE, PERCENT, POINTS, TIMES, Unit, unit_at, unit_of_currency


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number of a text. ``value`` is in the unit's base, ``step`` the worth of its last written digit there."""

    value: float
    step: float
    unit: Unit
    words: str
    start: int
    end: int
    negative: bool = False
    rough: int = 0  # -1 "under", 1 "over", 2 "about"


_MAGNITUDES = {"k": 1e3, "K": 1e3, "thousand": 1e3, "M": 1e6, "million": 1e6, "m": 1e6, "B": 1e9, "bn": 1e9}
_MAGNITUDES |= {"billion": 1e9, "T": 1e12, "trillion": 1e12, "hundred": 1e2}
_NUMBER = re.compile(
    r"(?<![\w.])(?<![A-Z][A-Za-z]-)(?<![A-Za-z]\d-)(?P<sign>[-+±](?=[$€£\d.]))?(?P<currency>[$€£] ?)?"
    r"(?:10 ?\^ ?(?P<alone>[-+]?\d{1,2})(?!\d)"
    r"|(?P<digits>\d{1,3}(?:,\d{3}){1,8}(?!\d)(?:\.\d{1,20})?|\d{1,40}(?:\.\d{1,20})?|\.\d{1,20}))"
    r"(?:[eE](?P<exponent>[-+]?\d{1,2})(?!\w))?"
    r"(?: ?(?:×|x|X) ?10 ?\^ ?(?P<power>[-+]?\d{1,2})(?!\d))?"
    r"(?P<magnitude>(?:[kKMBT]|bn)(?![A-Za-z0-9])|m(?=[- ](?:param|token))|[ "
    r"-](?:hundred|thousand|million|billion|trillion)\b)?"
    r"(?P<ordinal>(?:st|nd|rd|th)\b)?"
)
_UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()
_UNITS += ["seventeen", "eighteen", "nineteen"]
_TENS = {word: 10 * ten for ten, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_WORDS = {word: value for value, word in enumerate(_UNITS) if value > 1} | _TENS
_WORDS |= {f"{ten}-{_UNITS[one]}": value + one for ten, value in _TENS.items() for one in range(1, 10)}
_ORDINALS = {"third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10}
_WORD_NUMBER = re.compile(
    r"(?<![\w-])(?=[efnstEFNST])(?P<word>" + "|".join(sorted(_WORDS, key=len, reverse=True)) + r")"
    r"(?P<magnitude>[ -](?:hundred|thousand|million|billion|trillion))?(?P<fold>-?fold)?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SAYINGS: dict[str, tuple[float, Unit]] = {
    r"twice|two times|doubl(?:e[sd]?|ing)(?![- ](?:blind|dip|descent|descend|precision|Q|DQN))|twofold|two-fold": (
        2,
        TIMES,
    ),
    r"tripl(?:es|ed|ing)|thrice|threefold": (3, TIMES),
    r"quadrupl(?:es|ed|ing)|fourfold": (4, TIMES),
    r"tenfold": (10, TIMES),
    r"(?:an|one|1) order of magnitude": (1, Unit("orders of magnitude")),
    r"halv(?:es|ed|ing)|in half|one half|half(?= (?:of|the|as|a)\b)|by half": (50, PERCENT),
    r"(?:a|one)[ -]third(?= (?:of|the|as|less|fewer|more)\b|[.,;)]|$)": (100 / 3, PERCENT),
    r"two[ -]thirds": (200 / 3, PERCENT),
    r"(?:a|one)[ -]quarter": (25, PERCENT),
    r"three[ -]quarters": (75, PERCENT),
    r"(?:a|one)[ -]fifth(?= of\b)": (20, PERCENT),
    r"(?:a|one)[ -]tenth(?= of\b)": (10, PERCENT),
}
_SAYING = [
    (re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE), meant) for pattern, meant in _SAYINGS.items()
]
# One of these stands in every saying; most texts have none of them, and need not be searched for each.
_SAYING_MARK = re.compile("twice|two times|doubl|fold|tripl|thrice|quadrupl|order of|hal[vf]|third|quarter|fifth|tenth")
_ORDINAL = re.compile(r"(?<![\w-])(?<!\ba )(?<!\bone )(?P<word>" + "|".join(_ORDINALS) + r")(?![\w])", re.IGNORECASE)
_ROUGH = re.compile(
    r"(?:(?P<over>over|more than|at least|above|exceeding|greater than|upwards of|>|≥)"
    r"|(?P<under>under|below|less than|fewer than|at most|up to|nearly|almost|<|≤)"
    r"|(?P<about>about|around|roughly|approximately|approx\.?|some|circa|~|close to)) ?[-+$€£]?$",
    re.IGNORECASE,
)
_LINK = re.compile(r" ?(?:-|to|and|or|,|/|, and|, or|±|vs\.?|versus|->) ?[$€£]?", re.IGNORECASE)
_COUNT_SIGNS = {
    2: r"both|pair\w*|dual\w*|twin|bi-\w+|bidirectional|bilingual|bimodal|two\w*|second(?:ly)?|duo|couple",
    3: r"trip\w+|trio|triad\w*|three\w*|third(?:ly)?",
}


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the numbers of a plain text in their order; digits inside a name (Qwen3-8B, M2.5) are not numbers."""
    found = [*_sayings(text)]
    taken = {place for one in found for place in range(one.start, one.end)}
    others = (*_digits(text), *_number_words(text))
    found += [one for one in others if one.start not in taken and one.end - 1 not in taken]
    return tuple(_with_shared_units(text, sorted(found, key=lambda one: one.start)))


def counts_told(text: str) -> frozenset[int]:
    """Return the small counts that a text tells without a number: a pair, both, "(iii)", "third"."""
    listed = {int(number) for number in re.findall(r"\(([2-9])\)", text)}
    romans = {roman: count for count, roman in enumerate(("ii", "iii", "iv", "v"), 2)}
    listed |= {romans[roman] for roman in re.findall(r"\((ii|iii|iv|v)\)", text)}
    return frozenset(listed | {n for n, signs in _COUNT_SIGNS.items() if re.search(rf"\b(?:{signs})\b", text, re.I)})


def _sayings(text: str) -> Iterator[Quantity]:
    if not _SAYING_MARK.search(text.lower()):
        return
    for pattern, (value, unit) in _SAYING:
        for found in pattern.finditer(text):
            yield Quantity(value, value / 50, unit, found[0], found.start(), found.end())


def _digits(text: str) -> Iterator[Quantity]:
    for found in _NUMBER.finditer(text):
        if not _inside_a_name(text, found):
            yield _quantity(text, found)


def _inside_a_name(text: str, found: re.Match[str]) -> bool:
    """Tell whether the digits belong to a name: ResNet-50, Qwen3-8B, 2.5-Pro, 7zip."""
    before = text[max(0, found.start() - 24) : found.start()]
    if re.search(r"(?:[A-Z][\w.]{0,20}[-_/@.]|[A-Za-z]\d[\w.]{0,16}[-_/])$", before) and not found["currency"]:
        return True
    after = text[found.end() : found.end() + 1]
    if re.fullmatch(r"(?:1[5-9]|20)\d0", found[0]) and re.match(r"s\b", text[found.end() : found.end() + 2]):
        return False
    return (after.isalpha() and unit_at(text, found.end())[0] == NONE) or after == "_"


def _quantity(text: str, found: re.Match[str]) -> Quantity:
    digits = (found["digits"] or "1").replace(",", "")
    scale = 10.0 ** int(found["exponent"] or found["power"] or found["alone"] or 0)
    scale *= _MAGNITUDES[found["magnitude"].strip(" -")] if found["magnitude"] else 1
    unit, end = _unit_after(text, found)
    if found["currency"]:
        unit, end = unit_of_currency(found["currency"].strip()), found.end()
    step = 10.0 ** -len(digits.partition(".")[2]) * scale * unit.factor
    value = float(digits) * scale * unit.factor
    negative = found["sign"] == "-"
    rough = _roughness(text, found.start())
    return Quantity(value, step, unit, text[found.start() : end].strip(), found.start(), end, negative, rough)


def _unit_after(text: str, found: re.Match[str]) -> tuple[Unit, int]:
    unit, end = unit_at(text, found.end())
    by_factor = unit == NONE and text[max(0, found.start() - 10) : found.start()].lower() == "factor of "
    return (TIMES if by_factor else unit), end


def _number_words(text: str) -> Iterator[Quantity]:
    for found in _WORD_NUMBER.finditer(text):
        scale = _MAGNITUDES[found["magnitude"].strip(" -").lower()] if found["magnitude"] else 1
        unit, end = (TIMES, found.end()) if found["fold"] else _unit_after(text, found)
        value = _WORDS[found["word"].lower()] * scale * unit.factor
        words, rough = text[found.start() : end], _roughness(text, found.start())
        yield Quantity(value, unit.factor, unit, words, found.start(), end, rough=rough)
    for found in _ORDINAL.finditer(text):
        yield Quantity(_ORDINALS[found[0].lower()], 1, NONE, found[0], found.start(), found.end())


def _roughness(text: str, place: int) -> int:
    found = _ROUGH.search(text[max(0, place - 16) : place])
    return {"over": 1, "under": -1, "about": 2}[found.lastgroup or ""] if found else 0


def _with_shared_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Give the unit at the end of a range or a list to the numbers before it: "3, 5 and 7 ms"."""
    for place in range(len(found) - 2, -1, -1):
        one, after = found[place], found[place + 1]
        if one.unit == NONE and after.unit not in {NONE, TIMES} and _LINK.fullmatch(text, one.end, after.start):
            factor = after.unit.factor
            found[place] = replace(one, value=one.value * factor, step=one.step * factor, unit=after.unit)
    return found


def is_percent_like(unit: Unit) -> bool:
    """Tell whether a unit is a percentage or a difference of two."""
    return unit in {PERCENT, POINTS}
