"""Witness: whole numbers behind ``Answer:``, ``a = 3, b = 4``, that meet every condition.

``expected``: ``conditions``, texts with one of ``= != < <= divides`` between two expressions, perhaps ``not divides``,
and ``letters``. Any numbers that meet them pass: no list of answers is compared with.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from probes.answer_line import answer_line
from probes.attempt import Answer, Grade, right, wrong
from probes.instance import Instance
from probes.proving import UnreadableError
from probes.proving.algebra import evaluated, parsed

_GIVEN = re.compile(r"([a-z])\s*=\s*([-−]?\d{1,12})(?![\d.])")
_CONDITION = re.compile(r"(.+?)\s*(!=|<=|<|=|not divides|divides)\s*(.+)")


@dataclass(frozen=True, slots=True)
class Options:
    """There are none."""


def score(answer: Answer, instance: Instance, _options: Options) -> Grade:
    """Return right when all conditions hold."""
    said = answer_line(answer.text[-10_000:])
    if said is None:
        return wrong("no line begins with Answer:", answer.text[-200:])
    values = {letter: int(value.replace("−", "-")) for letter, value in _GIVEN.findall(said)}
    missing = [letter for letter in instance.expected["letters"] if letter not in values]
    if missing:
        return wrong(f"no whole number is told for {missing[0]}", said)
    for condition in instance.expected["conditions"]:
        if not _holds(condition, values):
            return wrong(f"it is not so that {condition}", said)
    return right("every condition holds", said)


def _holds(condition: str, values: dict[str, int]) -> bool:
    match = _CONDITION.fullmatch(condition)
    if match is None:
        raise ValueError(f"no condition: {condition!r}")
    try:
        left, last = (evaluated(parsed(side), values) for side in (match[1], match[3]))
    except UnreadableError:
        return False
    return _compared(left, match[2], last)


def _compared(left: Fraction, sign: str, last: Fraction) -> bool:
    if sign.endswith("divides"):
        return (left != 0 and last % left == 0) == (sign == "divides")
    return {"=": left == last, "!=": left != last, "<": left < last, "<=": left <= last}[sign]
