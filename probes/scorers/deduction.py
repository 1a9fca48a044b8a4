"""Deduction: a proof in lines, ``3. Q [if elim 1, 2]``, every one of which follows, from the premises to the goal.

``expected``: ``premises``, a list of formulas, and ``goal``, a formula.
"""

from dataclasses import dataclass

from probes.attempt import Answer, Grade, right, wrong
from probes.instance import Instance
from probes.proving.deduction import StepError, proved, written
from probes.proving.formula import parsed


@dataclass(frozen=True, slots=True)
class Options:
    """``at_most`` lines."""

    at_most: int = 150


def score(answer: Answer, instance: Instance, options: Options) -> Grade:
    """Return right for a proof of the goal."""
    lines = written(answer.text[-30_000:])
    if len(lines) > options.at_most:
        return wrong(f"{len(lines)} lines, {options.at_most} at most were asked for")
    try:
        reached = proved(lines, [parsed(one) for one in instance.expected["premises"]])
    except StepError as error:
        return wrong(str(error))
    if reached != parsed(instance.expected["goal"]):
        return wrong("the proof ends with another formula than the goal", lines[-1].formula)
    return right(f"a proof of {len(lines)} lines")
