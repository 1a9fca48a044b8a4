"""Derivation: every ``Step:`` follows from the one before, the first from what is given, and the last is as asked.

``expected``: ``start``. An expression there: each step is equal to it. An equation, ``2x + 1 = 7``: each step, perhaps
several equations with ``or``, has the same solutions. ``let``, by letter: what letters that are brought in stand for.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from probes.answer_fields import fields
from probes.attempt import Answer, Grade, right, wrong
from probes.instance import Instance
from probes.proving import UnreadableError
from probes.proving.algebra import Expression, names, parsed, put_in
from probes.proving.identity import has_same_roots, is_same
from probes.proving.shapes import Shape, has_shape

_STEPS, _ALTERNATIVES = 40, 40


@dataclass(frozen=True, slots=True)
class Options:
    """``shape`` is the form of the last step; ``only`` are letters, no other of which it may have."""

    shape: Shape = "any"
    only: str = ""
    at_least: int = 1


def score(answer: Answer, instance: Instance, options: Options) -> Grade:
    """Return right when all steps follow and the end is reached."""
    steps = fields(answer.text, "Step")
    if not options.at_least <= len(steps) <= _STEPS:
        return wrong(f"{len(steps)} lines begin with Step:, not {options.at_least} to {_STEPS}")
    check = _equations if "=" in str(instance.expected["start"]) else _expressions
    for why in check(steps, instance.expected, options):
        return wrong(why)
    return right(f"{len(steps)} steps follow, the last is {steps[-1]!r:.200}", steps[-1])


def _expressions(steps: Sequence[str], expected: Mapping[str, object], options: Options) -> Iterator[str]:
    start = parsed(str(expected["start"]))
    let = {letter: parsed(str(told)) for letter, told in dict(expected.get("let") or {}).items()}  # type: ignore[call-overload]
    for step in steps:
        try:
            sides = [parsed(side) for side in step.removeprefix("=").split("=")]
            follows = all(is_same(start, _meant(side, let)) for side in sides)
        except UnreadableError as error:
            yield f"step {step!r:.100}: {error}"
            return
        if not follows:
            yield f"step {step!r:.100} is not equal to what is given"
    yield from _end(steps[-1], sides[-1], options)


def _end(step: str, last: Expression, options: Options) -> Iterator[str]:
    if options.only and not names(last) <= set(options.only):
        yield f"the last step {step!r:.100} has letters other than {options.only}"
    if not has_shape(last, options.shape):
        yield f"the last step {step!r:.100} is not in the form that was asked for"


def _meant(tree: Expression, let: Mapping[str, Expression]) -> Expression:
    for letter, what in let.items():
        tree = put_in(tree, letter, what)
    return tree


def _equations(steps: Sequence[str], expected: Mapping[str, object], options: Options) -> Iterator[str]:
    start = _differences(str(expected["start"]))
    for step in steps:
        try:
            follows = has_same_roots(start, _differences(step))
        except UnreadableError as error:
            yield f"step {step!r:.100}: {error}"
            return
        if not follows:
            yield f"step {step!r:.100} has not the same solutions"
    if options.shape == "solved" and not all(map(_is_solved, _alternatives(steps[-1]))):
        yield f"the last step {steps[-1]!r:.100} does not name the solutions"


def _alternatives(step: str) -> list[str]:
    return re.split(r"(?<=\s)or(?=\s)|∨", step)


def _differences(step: str) -> list[Expression]:
    """Return left minus right of each equation of a step."""
    sides = [one.split("=") for one in _alternatives(step)]
    if len(sides) > _ALTERNATIVES or any(len(pair) != 2 for pair in sides):
        raise UnreadableError(f"each part is to be one equation, of {_ALTERNATIVES} at most")
    return [Expression("-", (parsed(left), parsed(right))) for left, right in sides]


def _is_solved(equation: str) -> bool:
    left, right_side = equation.split("=")
    return len(left.strip()) == 1 and left.strip().isalpha() and not names(parsed(right_side))
