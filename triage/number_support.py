"""Whether the numbers of a claim stand in its source, whatever their spelling.

A rounded number is supported where it keeps two significant digits: 87.3 and 87 for 87.34, but not 90, nor 9 for 9.4.
"About" allows a twentieth more or less, "over" and "nearly" a tenth in their direction.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from triage.findings import Finding
from triage.quantities import Quantity, counts_told, is_percent_like, quantities
from triage.units import NONE, PERCENT, POINTS, SOFT, TIMES, Unit

_ORDERS = Unit("orders of magnitude")
_FALLING = re.compile(
    r"\b(?:reduc|decreas|drop|declin|f[ae]ll|lower|loss|lose|lost|less|worse|degrad|negative|minus|down|cut|sav)\w*",
    re.I,
)
_LAST_NAME = re.compile(r"([A-Z][\w.-]{0,30}|\w{0,20}[A-Z]\w{0,20})[ -]$")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a source, by value, and the small counts that it tells in words."""

    ordered: tuple[Quantity, ...]
    values: tuple[float, ...]
    counts: frozenset[int]
    falls: bool

    def near(self, low: float, high: float) -> tuple[Quantity, ...]:
        """Return the numbers between two values."""
        return self.ordered[bisect_left(self.values, low) : bisect_right(self.values, high)]


def numbers_of(source: str) -> Numbers:
    """Return the numbers of a plain text, each reading of them once."""
    distinct = {(one.value, one.unit, one.step, one.negative): one for one in quantities(source)}
    ordered = tuple(sorted(distinct.values(), key=lambda one: one.value))
    return Numbers(ordered, tuple(one.value for one in ordered), counts_told(source), bool(_FALLING.search(source)))


def unsupported_numbers(
    claim: str, told: Sequence[Quantity], numbers: Numbers, keys: Callable[[], frozenset[str]]
) -> Iterator[Finding]:
    """Yield a finding for each number told by a plain claim; ``keys`` give the source's names, for "GPT 4"."""
    for quantity in told:
        if (finding := _finding(claim, quantity, numbers)) and not _names_something(claim, quantity, keys()):
            yield finding


def _names_something(claim: str, quantity: Quantity, keys: frozenset[str]) -> bool:
    """Tell whether a number is part of a name of the source, "GPT 4" or the 14B of Lark-14B, or numbers a list."""
    if quantity.value < 10 and "(1)" in claim and re.search(r"\($", claim[max(0, quantity.start - 2) : quantity.start]):
        return claim[quantity.end : quantity.end + 1] == ")"
    before = _LAST_NAME.search(claim[max(0, quantity.start - 32) : quantity.start])
    size = quantity.words.lower() if quantity.words[-1].isalpha() else ""
    return size in keys or (
        before is not None and re.sub(r"[^a-z0-9.]", "", f"{before[1]}{quantity.words}".lower()) in keys
    )


def _finding(claim: str, quantity: Quantity, numbers: Numbers) -> Finding | None:
    if quantity.unit == NONE and quantity.value in numbers.counts:
        return None
    found = [(reading, one) for reading in _readings(quantity) for one in _equal(reading, numbers)]
    fitting = [one for reading, one in found if _units_agree(reading, one)]
    if any(one.negative == quantity.negative for one in fitting):
        return None
    if fitting:
        falls = numbers.falls or bool(_FALLING.search(claim))
        return None if falls else Finding("number", quantity.words, "the source has this number with the other sign")
    if found or any(_same_digits(quantity, one) for one in numbers.ordered):
        return Finding("unit", quantity.words, f"the source has this number {_told_unit(quantity, found, numbers)}")
    return Finding("number", quantity.words, f"{quantity.words} is not in the source")


def _readings(quantity: Quantity) -> Iterator[Quantity]:
    """Yield what else a number says: 12 % is 0.12, twice is a rise of 100 %, half is 2 times less."""
    yield quantity
    value, unit = quantity.value, quantity.unit
    if unit == PERCENT:
        yield replace(quantity, value=value / 100, step=quantity.step / 100, unit=NONE)
    if unit == NONE and 0 < value < 1:
        yield replace(quantity, value=value * 100, step=quantity.step * 100, unit=PERCENT)
    if unit == PERCENT and value in {50, 100, 200}:
        yield replace(quantity, value=2.0, step=0.01, unit=TIMES)
    if unit == TIMES and value == 2:
        yield from (replace(quantity, value=other, step=1.0, unit=PERCENT) for other in (50.0, 100.0, 200.0))
    if unit == TIMES and value == 10:
        yield replace(quantity, value=1.0, unit=_ORDERS)
    if unit == _ORDERS and value < 20:
        yield replace(quantity, value=10.0**value, step=10.0**value / 2, unit=TIMES)


def _equal(quantity: Quantity, numbers: Numbers) -> list[Quantity]:
    value, spare = quantity.value, 1e-9 * abs(quantity.value)
    low = {-1: 0.9, 0: 1.0, 1: 1.0, 2: 0.95}[quantity.rough] * value
    high = {-1: 1.0, 0: 1.0, 1: 1.1, 2: 1.05}[quantity.rough] * value
    rounding = quantity.step / 2 if quantity.value >= 9.5 * quantity.step else 0.0
    near = numbers.near(min(low, value - rounding) - spare, max(high, value + rounding) + spare)
    return [one for one in near if low - spare <= one.value <= high + spare or one.step < 0.99 * quantity.step]


def _units_agree(claimed: Quantity, told: Quantity) -> bool:
    if claimed.unit.kind in {told.unit.kind, ""}:
        return True
    if is_percent_like(claimed.unit):
        return told.unit == NONE and told.step < 1
    return told.unit == NONE and claimed.unit.kind in SOFT


def _same_digits(claimed: Quantity, told: Quantity) -> bool:
    written, other = claimed.value / claimed.unit.factor, told.value / told.unit.factor
    return abs(written - other) <= 1e-9 * written and claimed.unit.kind == told.unit.kind


def _told_unit(quantity: Quantity, found: list[tuple[Quantity, Quantity]], numbers: Numbers) -> str:
    told = [one for _, one in found] or [one for one in numbers.ordered if _same_digits(quantity, one)]
    if {quantity.unit, told[0].unit} == {PERCENT, POINTS}:
        return "as a percentage" if quantity.unit == POINTS else "as percentage points"
    return f'in another unit: "{told[0].words}"'
