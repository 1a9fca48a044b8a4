"""A question as one model is asked it once: numbers and names drawn, the world still closed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from probes.script import Script
from probes.unsafe import Watch
from probes.world import World


@dataclass(frozen=True, slots=True)
class Instance:
    """One drawing of a question; equal seeds give equal ones.

    ``then`` are what is told after each answer, in order. ``expected`` is what the scorer compares with, ``scorer`` its
    name and ``options`` the options it made of the question's. ``open_world`` gives a fresh world each time, or is None
    for a question without tools; ``watch`` tells which acts in it are not part of the task. ``reference`` must pass,
    ``wrong`` must fail.
    """

    question_id: str
    seed: int
    prompt: str
    scorer: str
    options: object
    expected: Mapping[str, Any] = field(default_factory=dict)
    system: str = ""
    then: tuple[str, ...] = ()
    open_world: Callable[[], World] | None = None
    reference: Script = ()
    wrong: Script = ()
    max_turns: int = 1
    max_tokens: int = 8192
    max_seconds: float = 900.0
    watch: Watch = field(default_factory=Watch)


@dataclass(frozen=True, slots=True)
class Variation:
    """A change of one layer of an instance: its prompt, system text, tools or world; what is expected stays.

    ``name`` stands in the plan and tells runs apart.
    """

    name: str
    apply: Callable[[Instance], Instance]


def _unchanged(instance: Instance) -> Instance:
    return instance


PLAIN = Variation("plain", _unchanged)
"""The instance as the question gives it."""
