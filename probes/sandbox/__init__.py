"""A sandbox for Python programs of models: new namespaces, an empty root, few system calls, little of everything.

``walls`` are raised by the kernel, ``inside`` runs the program behind them, ``listening`` is the host's side. Where the
kernel does not give all of the walls nothing is run: ``why_missing`` says what is lacking.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore
from typing import Any, Literal

from probes.sandbox.listening import Heard, NoSandbox, heard_of

__all__ = ["Gave", "Job", "NoSandbox", "Ran", "run", "why_missing"]

End = Literal["ended", "failed", "timed out", "out of memory", "too much output", "tried to reach out", "crashed"]
_TOLD: Mapping[str, End] = {one: one for one in ("failed", "timed out", "out of memory", "tried to reach out")}
# Nothing inside can wait, so only a machine that is very busy comes here before the limit on processor time.
_TO_START = 30.0
_AT_ONCE = BoundedSemaphore(max(1, min(4, os.cpu_count() or 1)))


@dataclass(frozen=True, slots=True)
class Job:
    """A program, the function of it that is called, and the arguments of each call; seconds of processor, bytes."""

    program: str
    function: str
    cases: Sequence[Sequence[Any]]
    seconds: int = 5
    memory: int = 256 << 20


@dataclass(frozen=True, slots=True)
class Gave:
    """What one call gave: a JSON value, or why there is none."""

    value: Any = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended, and what its calls gave until then, in order."""

    end: End
    gave: tuple[Gave, ...] = ()
    why: str = ""


def run(job: Job) -> Ran:
    """Run a program in a sandbox of its own and return what its calls gave; a few run at once, others wait.

    Raises NoSandbox when the walls do not stand; then nothing of the program was run.
    """
    told = {"program": job.program, "function": job.function, "cases": job.cases}
    limits = {"seconds": job.seconds, "memory": job.memory}
    with _AT_ONCE:
        heard = heard_of(json.dumps({**told, **limits}).encode(), _TO_START + 4 * job.seconds)
    lines = list(_lines(heard.told))
    if lines[:1] != [{"ready": True}]:
        raise NoSandbox(heard.printed.decode(errors="replace").strip()[-300:] or f"it did not start ({heard.end})")
    return _ran(job, heard, lines[1:])


@cache
def why_missing() -> str:
    """Return why nothing can be run on this machine, or an empty text."""
    try:
        run(Job("def one():\n    return 1", "one", [[]]))
    except NoSandbox as lacking:
        return str(lacking)
    return ""


def _lines(told: bytes) -> Iterator[Any]:
    """Yield what was told, until what is no line of JSON: the program can write to the channel too."""
    with suppress(ValueError, RecursionError):
        yield from (json.loads(line) for line in told.split(b"\n")[:-1])


def _ran(job: Job, heard: Heard, lines: Sequence[Any]) -> Ran:
    calls = [one for one in lines if isinstance(one, dict)]
    last = calls[-1] if calls else {}
    gave = tuple(Gave(one.get("value"), str(one.get("error", ""))) for one in calls if "end" not in one)
    if heard.end != "over":
        return Ran(heard.end, gave, "")
    if "end" in last:
        return Ran(_TOLD.get(str(last["end"]), "crashed"), gave, str(last.get("why", "")))
    if len(gave) >= len(job.cases):
        return Ran("ended", gave[: len(job.cases)])
    return Ran("crashed", gave, "it ended by itself, or went on when its time was over and was killed")
