"""Numeric: the number behind ``Answer:`` is the expected one, within a tolerance, in any unit of the same kind.

``expected``: ``answer``, a number or a text such as ``7/3``, and perhaps ``unit``. An answer without a unit is in the
expected one. Numbers are compared as fractions, exactly: ``0.5``, ``1/2`` and ``5e-1`` are one.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from probes.answer_line import answer_line
from probes.attempt import Answer, Grade, right, wrong
from probes.instance import Instance

_DIGITS = 60
_NUMBER = re.compile(
    r"^(?:[a-z]\s*=\s*)?([-+]?\d[\d,_ ]*(?:\.\d+)?|[-+]?\.\d+)(?:e([-+]?\d{1,2}))?(?:\s*/\s*(\d+))?\s*(.*)$", re.I
)
_FRACTION = re.compile(r"\\d?frac\{(\d+)\}\{(\d+)\}")
_KINDS: dict[str, dict[str, int | str]] = {
    "time": {"s sec second seconds": 1, "min minute minutes": 60, "h hr hour hours": 3600, "day days d": 86400},
    "length": {"mm millimetre millimetres": "1/1000", "cm centimetre centimetres": "1/100",
               "m metre metres meter meters": 1, "km kilometre kilometres kilometer kilometers": 1000},
    "mass": {"g gram grams": 1, "kg kilogram kilograms": 1000, "t tonne tonnes": 1_000_000},
    "volume": {"ml millilitre millilitres": 1, "l litre litres liter liters": 1000},
    "speed": {"m/s": 1, "km/h kmh kph": "5/18", "m/min": "1/60"},
    "share": {"% percent": "1/100"},
}  # fmt: skip
_UNITS = {
    name: (kind, Fraction(factor))
    for kind, names in _KINDS.items()
    for spellings, factor in names.items()
    for name in spellings.split()
}


@dataclass(frozen=True, slots=True)
class Options:
    """``within`` is the largest difference that passes, in the expected unit."""

    within: float = 0.0


def score(answer: Answer, instance: Instance, options: Options) -> Grade:
    """Return right or wrong."""
    said = answer_line(answer.text[-10_000:])
    if said is None:
        return wrong("no line begins with Answer:", answer.text[-200:])
    unit = str(instance.expected.get("unit", ""))
    value = _value(said, unit)
    if value is None:
        return wrong(f"answered {said!r:.200}: no number{f' of {unit}' if unit else ''}", said)
    wanted = Fraction(str(instance.expected["answer"]))
    is_right = abs(value - wanted) <= Fraction(str(options.within))
    return (right if is_right else wrong)(f"answered {said!r:.200}; {wanted} {unit} is right".rstrip(), said)


def _value(said: str, unit: str) -> Fraction | None:
    """Return the number in the unit, or None where there is no number, or a unit of another kind."""
    match = _NUMBER.match(_FRACTION.sub(r"\1/\2", said.replace("−", "-").strip(" $")))
    if match is None or max(len(match[1]), len(match[3] or "")) > _DIGITS or (match[3] and not int(match[3])):
        return None
    number = Fraction(re.sub(r"[,_ ]", "", match[1])) * Fraction(10) ** int(match[2] or 0) / int(match[3] or 1)
    factor = _factor(match[4], unit)
    return None if factor is None else number * factor


def _factor(said: str, unit: str) -> Fraction | None:
    plain = " ".join(said.casefold().strip(" .$").split())
    if plain in ("", unit.casefold()):
        return Fraction(1)
    mine, its = _UNITS.get(plain), _UNITS.get(unit.casefold())
    if mine is None or its is None or mine[0] != its[0]:
        return None
    return mine[1] / its[1]
