"""How often and how long a call is tried again: one policy for every wire, the SDKs' own being off.

A host that asks for quiet asks it of everybody: one gate holds all calls until then, so that a storm of 429 answers
slows a night and loses nothing. Other failures are tried a few times.
"""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TypeVar

from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_exponential, wait_random

from core.errors import ModelThrottled, Passing

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Patience:
    """Limits, in seconds: ``seconds`` for a call with all its waits, ``tries`` for what is no throttling."""

    seconds: float = 900.0
    tries: int = 4
    first_wait: float = 1.0
    longest_wait: float = 60.0

    @classmethod
    def of(cls, seconds: float) -> "Patience":
        """Return the patience whose waits are in proportion to the whole."""
        share = seconds / cls().seconds
        return cls(seconds, first_wait=cls().first_wait * share, longest_wait=cls().longest_wait * share)


@dataclass(slots=True)
class Gate:
    """Holds every call while the host wants quiet."""

    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    _opens: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def close(self, seconds: float) -> None:
        """Let nobody through for that long."""
        with self._lock:
            self._opens = max(self._opens, self.now() + seconds)

    def wait(self, deadline: float) -> None:
        """Wait until the gate is open, and a random moment longer, so that not all go through at once.

        Raises ModelThrottled when it stays closed beyond the deadline.
        """
        while (left := self._opens - self.now()) > 0:
            if self._opens > deadline:
                raise ModelThrottled(f"the model's host wants quiet for {left:.0f} s more", wait=left)
            self.sleep(left + random.uniform(0, min(left, 2.0)))  # noqa: S311 - no secret hangs on it


def attempts(patience: Patience, gate: Gate, ask: Callable[[], A]) -> A:
    """Call ``ask`` until it succeeds; what is not Passing, and what outlasts the patience, is raised."""
    wait = wait_exponential(patience.first_wait, patience.longest_wait) + wait_random(0, patience.first_wait)
    failed = 0

    def pause(state: RetryCallState) -> float:
        asked = _failure(state).wait
        return wait(state) if asked is None else asked

    def is_enough(state: RetryCallState) -> bool:
        nonlocal failed
        error = _failure(state)
        failed += not isinstance(error, ModelThrottled)
        late = (state.seconds_since_start or 0.0) + (error.wait or 0.0) > patience.seconds
        return late or failed >= patience.tries

    def tried() -> A:
        try:
            return ask()
        except Passing as error:
            if error.wait is not None and error.wait <= patience.seconds:
                gate.close(error.wait)
            raise

    retrying = Retrying(
        retry=retry_if_exception_type(Passing), wait=pause, stop=is_enough, sleep=gate.sleep, reraise=True
    )
    return retrying(tried)


def _failure(state: RetryCallState) -> Passing:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, Passing) else Passing("no failure")
