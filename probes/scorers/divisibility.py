"""Divisibility: an induction that a number divides each of a sequence.

    Base: 0
    A: 7
    B: 7^n + 2

``expected``: ``sequence``, an expression f in ``n``, ``by``, the number d, and ``at``, the first n (0 unless told).
Right when f(first) = d * base and f(n+1) = A * f(n) + d * B, where A and B are whole for every whole n.
"""

from dataclasses import dataclass

from probes.answer_fields import last_field
from probes.attempt import Answer, Grade, right, wrong
from probes.instance import Instance
from probes.proving import UnreadableError
from probes.proving.algebra import Expression, evaluated, names, parsed, put_in
from probes.proving.identity import is_same, is_whole


@dataclass(frozen=True, slots=True)
class Options:
    """There are none."""


def score(answer: Answer, instance: Instance, _options: Options) -> Grade:
    """Return right when base and step hold."""
    try:
        why = _flaw(answer.text, instance)
    except UnreadableError as error:
        return wrong(str(error))
    return wrong(why) if why else right("base and step hold")


def _flaw(text: str, instance: Instance) -> str:
    base, factor, rest = (_field(text, word) for word in ("Base", "A", "B"))
    sequence, by = parsed(instance.expected["sequence"]), parsed(str(instance.expected["by"]))
    at = int(instance.expected.get("at", 0))
    if evaluated(_times(by, base), {"n": at}) != evaluated(sequence, {"n": at}):
        return "the base does not hold"
    if not (names(factor) | names(rest) <= {"n"} and is_whole(factor) and is_whole(rest)):
        return "A or B is not whole for every n"
    after = Expression("+", (_times(factor, sequence), _times(by, rest)))
    return "" if is_same(put_in(sequence, "n", parsed("n+1")), after) else "f(n+1) is not A f(n) + d B"


def _times(left: Expression, right_side: Expression) -> Expression:
    return Expression("*", (left, right_side))


def _field(text: str, word: str) -> Expression:
    told = last_field(text, word)
    if told is None:
        raise UnreadableError(f"no line begins with {word}:")
    return parsed(told.rpartition("=")[2])
