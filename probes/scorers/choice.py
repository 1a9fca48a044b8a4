"""Choice: the letter behind ``Answer:`` is the expected one; the option's words instead of it will do.

``expected``: ``answer``, a letter, and perhaps ``options``, their words by letter.
"""

import re
from dataclasses import dataclass

from probes.answer_line import answer_line, normal
from probes.attempt import Answer, Grade, right, wrong
from probes.instance import Instance

_LETTER = re.compile(r"^(?:option|choice)?\s*\(?([A-Za-z])(?:[).:,]\s*.*|\s+[-–—].*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Options:
    """There are none."""


def score(answer: Answer, instance: Instance, _options: Options) -> Grade:
    """Return right or wrong."""
    said = answer_line(answer.text[-10_000:])
    if said is None:
        return wrong("no line begins with Answer:", answer.text[-200:])
    letter = _letter(said, instance.expected.get("options", {}))
    expected = str(instance.expected["answer"]).upper()
    return (right if letter == expected else wrong)(f"answered {said!r:.200}; {expected} is right", said)


def _letter(said: str, options: dict[str, str]) -> str:
    alone = _LETTER.match(said)
    if alone:
        return alone[1].upper()
    meant = [letter for letter, words in options.items() if normal(str(words)) == normal(said)]
    return meant[0].upper() if len(meant) == 1 else ""
