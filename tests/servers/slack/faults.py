"""What can go wrong between the loopback Slack and who asks it, by script or by chance."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Accepts = Literal["before", "after", "never"]


@dataclass(frozen=True, slots=True)
class Fault:
    """An answer that is none, or not the one that the call deserves.

    ``accepts`` is when the call takes effect all the same: before the fault, ``delay`` seconds after it, or never.
    ``status`` answers so, with ``retry_after`` where it is 429; without a status the true answer is cut off after
    ``cut`` bytes, headers included, after ``hold`` seconds of silence.
    """

    accepts: Accepts = "never"
    status: int = 0
    retry_after: int = 1
    cut: int = 0
    hold: float = 0.0
    delay: float = 0.0


LOST = Fault("before")
"""Accepted, but the connection breaks before the first byte of the answer."""
REFUSED = Fault("never")
"""The connection breaks before anything happened."""
THROTTLED = Fault("never", 429)
FAILED = Fault("never", 500)
FAILED_BUT_DONE = Fault("before", 500)

Script = Callable[[str, Mapping[str, Any]], Fault | None]
"""Decides on a call by its method and arguments; None lets it through."""


def once(method: str, *faults: Fault | None) -> Script:
    """Give the first calls of a method these faults, in turn; later ones, and other methods, none."""
    left = list(faults)

    def script(called: str, _arguments: Mapping[str, Any]) -> Fault | None:
        return left.pop(0) if called == method and left else None

    return script


def by_chance(chance: random.Random, share: float, delay: float = 0.0) -> Script:
    """Give a share of all calls a fault of any kind; what is accepted late is so within ``delay`` seconds."""

    def script(_method: str, _arguments: Mapping[str, Any]) -> Fault | None:
        if chance.random() >= share:
            return None
        kinds = (
            LOST,
            REFUSED,
            THROTTLED,
            FAILED,
            FAILED_BUT_DONE,
            Fault("before", 503),
            Fault("before", cut=chance.randrange(1, 400)),
            Fault("after", delay=chance.uniform(0, delay)),
        )
        return chance.choice(kinds)

    return script
