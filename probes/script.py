"""What a scripted agent does: the form of a question's reference and of its plausible wrong answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a tool."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Say:
    """A message to the asker; the last one of a turn."""

    text: str


Script = tuple[Call | Say, ...]
"""What is done, in order; every question ends with a ``Say``, and so does each of its follow-ups."""


def says(*texts: str) -> Script:
    """Return the script that answers with these texts, one for the prompt and one for each follow-up."""
    return tuple(Say(text) for text in texts)


def does(calls: Sequence[Call], *texts: str) -> Script:
    """Return the script that calls tools, then answers."""
    return (*calls, *says(*texts))
