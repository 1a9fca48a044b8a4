"""Shown: an open answer, for the eye and not for a score."""

from dataclasses import dataclass

from probes.attempt import Answer, Grade
from probes.instance import Instance


@dataclass(frozen=True, slots=True)
class Options:
    """There are none."""


def score(answer: Answer, _instance: Instance, _options: Options) -> Grade:
    """Return that there is something to see."""
    return Grade(None, f"{len(answer.text.split())} words, not scored", "shown")
