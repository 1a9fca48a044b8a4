"""Report: a text keeps the facts that it was given, invents none, and has the form that was asked for.

``expected`` is a demand (``probes.writing.demand``), and perhaps ``derived``: figures to be calculated, which the
prompt does not have. What cannot go out as it is has half a point at most, however much of it holds.
"""

from dataclasses import dataclass

from probes.attempt import Answer, Grade, held
from probes.instance import Instance
from probes.writing.conditions import conditions, invented
from probes.writing.demand import demand
from probes.writing.outline import outline

_SIGNS = 40_000


@dataclass(frozen=True, slots=True)
class Options:
    """``closed``: each figure and name must stand in what was told to the model, or be derived."""

    closed: bool = True


def score(answer: Answer, instance: Instance, options: Options) -> Grade:
    """Return right when every condition holds, else half of the share that does, with what does not."""
    text = outline(answer.text[:_SIGNS])
    asked = {key: value for key, value in instance.expected.items() if key != "derived"}
    checks = [(bool(text.blocks), "nothing is written"), *conditions(text, demand(asked))]
    if options.closed:
        told = "\n".join((instance.system, instance.prompt, *instance.then))
        checks += invented(text, told, map(str, instance.expected.get("derived", ())))
    return held(checks, at_most=0.5)
