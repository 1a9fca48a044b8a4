"""Induction: a closed form found, its base and its step worked out.

    Closed: n(n+1)/2
    Base: 1 = 1*(1+1)/2
    Step: n(n+1)/2 + (n+1) = (n^2 + 3n + 2)/2 = (n+1)(n+2)/2

``expected``: ``first``, the value at ``at`` (1 unless told), and ``next``, the value at ``n + 1`` made of ``n`` and of
``a``, the value at ``n``.
"""

from dataclasses import dataclass
from fractions import Fraction

from probes.answer_fields import last_field
from probes.attempt import Answer, Grade, right, wrong
from probes.instance import Instance
from probes.proving import UnreadableError
from probes.proving.algebra import Expression, evaluated, names, parsed, put_in
from probes.proving.identity import is_same

_PARTS = 12
_NEXT = parsed("n + 1")


@dataclass(frozen=True, slots=True)
class Options:
    """There are none."""


@dataclass(frozen=True, slots=True)
class _Told:
    """The three lines, read."""

    closed: Expression
    base: list[Expression]
    step: list[Expression]


def score(answer: Answer, instance: Instance, _options: Options) -> Grade:
    """Return right when the closed form, the base and each part of the step hold."""
    try:
        told = _told(answer.text)
        why = _flaw(told, instance)
    except UnreadableError as error:
        return wrong(str(error))
    return wrong(why) if why else right("the closed form, its base and its step hold")


def _told(text: str) -> _Told:
    lines = {word: last_field(text, word) for word in ("Closed", "Base", "Step")}
    missing = next((word for word, line in lines.items() if line is None), None)
    if missing:
        raise UnreadableError(f"no line begins with {missing}:")
    closed, base, step = ([parsed(side) for side in str(line).split("=")[:_PARTS]] for line in lines.values())
    return _Told(closed[-1], base, step)


def _flaw(told: _Told, instance: Instance) -> str:
    """Return the first thing that does not hold, or nothing."""
    first, at = Fraction(str(instance.expected["first"])), int(instance.expected.get("at", 1))
    if not names(told.closed) <= {"n"} or evaluated(told.closed, {"n": at}) != first:
        return f"the closed form is not {first} at n = {at}"
    if len(told.base) < 2 or any(evaluated(side, {"n": at}) != first for side in told.base):
        return f"the base does not show that both sides are {first}"
    after, before = put_in(told.closed, "n", _NEXT), put_in(parsed(instance.expected["next"]), "a", told.closed)
    if len(told.step) < 2 or not is_same(told.step[0], before):
        return "the step does not begin with the closed form at n and what is added"
    if not is_same(told.step[-1], after):
        return "the step does not end with the closed form at n + 1"
    return "" if all(is_same(side, after) for side in told.step) else "a part of the step is not equal to the others"
