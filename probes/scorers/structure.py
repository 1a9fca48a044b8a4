"""Structure: a finite structure that makes some formulas true and others false.

``expected``: ``true`` and ``false``, lists of formulas. A countermodel of an argument makes its premises true, its
conclusion false; an operation table that obeys some laws and breaks others is one too.
"""

from dataclasses import dataclass

from probes.attempt import Answer, Grade, right, wrong
from probes.instance import Instance
from probes.proving import UnreadableError
from probes.proving.formula import parsed
from probes.proving.structure import Structure, holds, read_structure


@dataclass(frozen=True, slots=True)
class Options:
    """``at_most`` elements in the domain."""

    at_most: int = 6


def score(answer: Answer, instance: Instance, options: Options) -> Grade:
    """Return right when each formula is as it was asked to be."""
    try:
        told = read_structure(answer.text)
        why = _flaw(told, instance, options)
    except UnreadableError as error:
        return wrong(str(error))
    return wrong(why) if why else right(f"a structure of {len(told.domain)} elements does it")


def _flaw(told: Structure, instance: Instance, options: Options) -> str:
    if len(told.domain) > options.at_most:
        return f"{len(told.domain)} elements, {options.at_most} at most were asked for"
    for wanted, key in ((True, "true"), (False, "false")):
        for formula in instance.expected.get(key, ()):
            if holds(parsed(formula), told) != wanted:
                return f"not {key}: {formula}"
    return ""
