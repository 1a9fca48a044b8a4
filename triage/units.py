"""Units of measure as a kind and a factor: 1,500 ms is 1.5 s, 16 GB is not 16 GiB, 3 % is not 3 percentage points."""

import re
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit of measure: what is measured, and by how much a number in it is multiplied."""

    kind: str
    factor: float = 1.0


NONE = Unit("")
PERCENT, POINTS, TIMES = Unit("percent"), Unit("points"), Unit("times")
# Units that the same quantity may lack elsewhere: 7B and 7B parameters are one size.
SOFT = frozenset({"", "parameters", "tokens", "dimensions", "degrees"})

_SPELLINGS: dict[Unit, str] = {
    PERCENT: "% percent pct",
    POINTS: "pp points point",
    TIMES: "x X × times fold folds",
    Unit("seconds", 1e-9): "ns nanoseconds nanosecond",
    Unit("seconds", 1e-6): "us µs μs microseconds microsecond",
    Unit("seconds", 1e-3): "ms milliseconds millisecond",
    Unit("seconds"): "s sec secs second seconds",
    Unit("seconds", 60): "min mins minute minutes",
    Unit("seconds", 3600): "h hr hrs hour hours",
    Unit("seconds", 86400): "day days",
    Unit("seconds", 604800): "week weeks",
    Unit("months"): "month months",
    Unit("months", 12): "year years",
    Unit("bytes", 1e3): "KB kB kilobytes",
    Unit("bytes", 1e6): "MB megabytes megabyte",
    Unit("bytes", 1e9): "GB gigabytes gigabyte",
    Unit("bytes", 1e12): "TB terabytes terabyte",
    Unit("bytes", 1e15): "PB petabytes",
    Unit("bytes", 2**10): "KiB",
    Unit("bytes", 2**20): "MiB",
    Unit("bytes", 2**30): "GiB",
    Unit("bytes", 2**40): "TiB",
    Unit("bytes", 1): "bytes byte",
    Unit("bits"): "bit bits",
    Unit("tokens"): "token tokens tok",
    Unit("parameters"): "parameter parameters params param",
    Unit("dimensions"): "D dimensions dimension dimensional",
    Unit("hertz"): "Hz",
    Unit("hertz", 1e3): "kHz",
    Unit("hertz", 1e6): "MHz",
    Unit("hertz", 1e9): "GHz",
    Unit("pixels"): "px pixel pixels",
    Unit("frames per second"): "fps FPS",
    Unit("decibels"): "dB",
    Unit("watts"): "W watts watt",
    Unit("watts", 1e3): "kW kilowatts",
    Unit("joules"): "J joules",
    Unit("degrees"): "° degrees degree",
    Unit("metres", 1e-9): "nm nanometers nanometres",
    Unit("metres", 1e-3): "mm millimeters millimetres",
    Unit("metres", 1e-2): "cm centimeters centimetres",
    Unit("metres"): "m meters metres meter metre",
    Unit("metres", 1e3): "km kilometers kilometres",
    Unit("grams", 1e3): "kg kilograms",
    Unit("orders of magnitude"): "oom",
    Unit("dollars"): "USD dollars dollar $",
    Unit("euros"): "EUR euros euro €",
    Unit("pounds"): "GBP £",
}
_BY_SPELLING = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings.split()}
_WRITTEN_OUT = {spelling for spelling in _BY_SPELLING if len(spelling) > 3}
_PHRASE = re.compile(
    r"[ -]?(?:(?P<points>percentage[ -]points?|points?|pp|% ?points?|% ?absolute|percent points?|ppts?)(?![\w])"
    r"|(?P<percent>per ?cent(?!age))(?!\w)"
    r"|(?P<orders>orders?[ -]of[ -]magnitude))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d$")
_EASILY_MISTAKEN = frozenset("x X D W J m h".split())
_WORD = re.compile(r"[ -]?([A-Za-zµμ]{1,12}|%|°|×|€|£)(?![A-Za-z0-9^])(/(?:s|sec|second|step|min|h|day)\b)?")


def unit_at(text: str, place: int) -> tuple[Unit, int]:
    """Return the unit that is written at a place of a plain text, and where it ends; ``NONE`` where there is none."""
    if phrase := _PHRASE.match(text, place):
        named = {"points": POINTS, "percent": PERCENT, "orders": Unit("orders of magnitude")}
        return named[phrase.lastgroup or ""], phrase.end()
    word = _WORD.match(text, place)
    if not word or not (unit := _unit_of(word[1])) or not _stands(text, place, word):
        return NONE, place
    return (Unit(unit.kind + word[2][:2], unit.factor) if word[2] else unit), word.end()


def _unit_of(word: str) -> Unit | None:
    return _BY_SPELLING.get(word) or (_BY_SPELLING.get(word.lower()) if word.lower() in _WRITTEN_OUT else None)


def _stands(text: str, place: int, word: re.Match[str]) -> bool:
    """Tell whether a one-letter unit is one: "3 D printers" and "2 x 4" are not."""
    after = text[word.end() : word.end() + 2].strip()[:1]
    if word[1] == "×":
        return not after.isdigit()
    if word[1] == "s" and _YEAR.search(text, max(0, place - 5), place):
        return False
    return not (text[place : place + 1] == " " and word[1] in _EASILY_MISTAKEN and after.isalnum())


def unit_of_currency(mark: str) -> Unit:
    """Return the unit of a mark of currency; ``NONE`` for any other text."""
    return _BY_SPELLING.get(mark, NONE)
