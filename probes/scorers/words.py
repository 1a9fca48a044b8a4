"""Words: a text keeps to a length, has the phrases that it must have and none that it must not have.

``expected``: ``required`` and ``forbidden``, lists of phrases; a list within ``required`` is a choice of spellings.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from probes.attempt import Answer, Grade, held
from probes.instance import Instance


@dataclass(frozen=True, slots=True)
class Options:
    """Limits of the length in words."""

    at_least: int = 0
    at_most: int = 1_000_000


def score(answer: Answer, instance: Instance, options: Options) -> Grade:
    """Return the share of what was asked that holds, with what does not."""
    return held(list(_checks(answer.text, instance, options)))


def _checks(text: str, instance: Instance, options: Options) -> Iterator[tuple[bool, str]]:
    words = len(text.split())
    yield options.at_least <= words <= options.at_most, f"{words} words"
    for given in instance.expected.get("required", ()):
        spellings = given if isinstance(given, list) else [given]
        yield any(_has(text, one) for one in spellings), f"lacks {spellings[0]!r}"
    for phrase in instance.expected.get("forbidden", ()):
        yield not _has(text, phrase), f"has {phrase!r}"


def _has(text: str, phrase: object) -> bool:
    """Tell whether a phrase stands in a text as whole words, case aside."""
    spaced = r"\s+".join(re.escape(word) for word in str(phrase).split())
    return re.search(rf"(?<!\w){spaced}(?!\w)", text, re.IGNORECASE) is not None
