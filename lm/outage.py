"""Whether a host is there: two failures in a row close the way to it, and after a pause one call tries for all.

Calls wait meanwhile, so that a short outage slows a night and loses nothing. When several such trials in a row fail,
each after a longer pause, when the host wants quiet for longer than a call may take, or when it accepts neither key
nor name, it is given up.
"""

import time
from collections.abc import Callable
from math import inf
from threading import Condition
from typing import TypeVar

from core.errors import ModelClosed, ModelError, ModelRefused, NoBalance, Passing
from lm.patience import Patience

A = TypeVar("A")
_IN_A_ROW, _TRIALS = 2, 3
_PAUSE = 1 / 60  # of the patience; each pause is twice the one before


class Outage:
    """Lets calls through while their host answers; any number of threads may call."""

    def __init__(self, patience: Patience, now: Callable[[], float] = time.monotonic) -> None:
        """Begin with the host there; ``now`` counts seconds."""
        self._patience = patience
        self._now = now
        self._changed = Condition()
        self._last: ModelError | None = None
        self._failed = self._trials = self._closed = 0
        self._is_tried = False
        self._opens = 0.0

    @property
    def is_over(self) -> bool:
        """Whether the host is given up."""
        return self._opens == inf

    def outlast(self, ask: Callable[[], A]) -> A:
        """Make a call when the way is open; what an outage took is made once more after it.

        Raises what the call raises, or the last ModelError when the host is given up.
        """
        for is_last in (False, True):
            entered = self._enter()
            try:
                answer = ask()
            except (Passing, ModelClosed) as error:
                if not self._note_failure(error, entered) or is_last:
                    raise
            except ModelRefused:
                self._note_answer()
                raise
            except BaseException:
                self._let_another_try()
                raise
            else:
                self._note_answer()
                return answer
        raise AssertionError  # the second time always ends

    def _enter(self) -> int:
        """Wait until a call may be made; return how often the way was closed before it."""
        with self._changed:
            while self._failed >= _IN_A_ROW:
                if self.is_over and self._last:
                    raise self._last
                left = self._opens - self._now()
                if left <= 0 and not self._is_tried:
                    self._is_tried = True
                    break
                self._changed.wait(None if left <= 0 else left)
            return self._closed

    def _note_answer(self) -> None:
        """Open the way for all: the host answered, whatever it said."""
        with self._changed:
            self._failed = self._trials = 0
            self._is_tried = False
            self._changed.notify_all()

    def _let_another_try(self) -> None:
        """Leave the trial to another: the call was not made after all."""
        with self._changed:
            self._is_tried = False
            self._changed.notify_all()

    def _note_failure(self, error: ModelError, entered: int) -> bool:
        """Count a failure; tell whether the outage took the call, so that it is worth being made again.

        Calls under way when the way was closed failed of the same cause: they count no more.
        """
        with self._changed:
            if entered != self._closed:
                return not self.is_over
            was_trial, self._is_tried = self._is_tried, False
            self._last, self._failed = error, self._failed + 1
            if self._failed >= _IN_A_ROW or isinstance(error, NoBalance):
                self._close(error)
            self._changed.notify_all()
            return self._failed >= _IN_A_ROW and not was_trial and not self.is_over

    def _close(self, error: ModelError) -> None:
        asked = (error.wait or 0.0) if isinstance(error, Passing) else inf
        is_enough = asked > self._patience.seconds or self._trials == _TRIALS
        pause = max(asked, self._patience.seconds * _PAUSE * 2**self._trials)
        self._failed = max(self._failed, _IN_A_ROW)
        self._opens = inf if is_enough else self._now() + pause
        self._closed += 1
        self._trials += 1
