"""Exact: what stands behind ``Answer:`` is the expected one, case and spaces aside.

``expected``: ``answer``, a text or number, and perhaps ``also``, a list of other spellings.
"""

from dataclasses import dataclass

from probes.answer_line import answer_line, normal
from probes.attempt import Answer, Grade, right, wrong
from probes.instance import Instance


@dataclass(frozen=True, slots=True)
class Options:
    """``any_order``: the answer is a list with commas, whose order says nothing."""

    any_order: bool = False


def score(answer: Answer, instance: Instance, options: Options) -> Grade:
    """Return right or wrong; an answer without the line is wrong, for the prompt asked for it."""
    said = answer_line(answer.text)
    if said is None:
        return wrong("no line begins with Answer:", answer.text[-200:])
    accepted = [str(one) for one in (instance.expected["answer"], *instance.expected.get("also", ()))]
    if _form(said, options) in [_form(one, options) for one in accepted]:
        return right(f"answered {said!r:.200}", said)
    return wrong(f"answered {said!r:.200}, not {accepted[0]!r:.200}", said)


def _form(text: str, options: Options) -> str:
    plain = normal(text)
    return ",".join(sorted(plain.split(","))) if options.any_order else plain
