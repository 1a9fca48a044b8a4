"""The run: every attempt of the plan that its journal does not have yet, many at once.

Attempts are taken in the plan's order, so that a run that is cut short has looked at everything alike. A cap, an empty
account or a host that fails time after time ends it; what is under way then is neither waited for nor counted.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from core.errors import BudgetSpent, NoBalance
from core.lm import Complete, Completion, Conversation
from core.ports import Progress, silent
from probes.attempt import Attempt, Key
from probes.attempting import Asker, attempted
from probes.instance import PLAIN, Variation
from probes.journal import Journal, JournalClosed
from probes.plan import ProbePlan, ProbeRun
from probes.question import Question, seed_of
from probes.records import read_run, write_attempt, write_end, write_turn
from probes.spending import RunSpending

_FAILURES_IN_A_ROW = 8
_AGAIN = ("error",)
"""States that are no finding on the model: a run that is taken up again makes these attempts anew."""


@dataclass(frozen=True, slots=True)
class Line:
    """The line to the model: how it is asked, what that spends, and how many attempts are under way ``at_once``."""

    complete: Complete
    spending: RunSpending
    at_once: int = 8


@dataclass(slots=True)
class _Work:
    """What the workers share: attempts to be made, those that ended, and why no more are begun."""

    waiting: Iterator[Key]
    ended: "SimpleQueue[Attempt | BaseException | None]" = field(default_factory=SimpleQueue)
    lock: Lock = field(default_factory=Lock)
    why: str = ""
    failed: int = 0

    def next(self) -> Key | None:
        """Return the next attempt to be made, or None when no more are begun."""
        with self.lock:
            return None if self.why else next(self.waiting, None)

    def stop(self, why: str) -> None:
        """Begin no more; the first reason counts."""
        with self.lock:
            self.why = self.why or why

    def note(self, attempt: Attempt) -> None:
        """Stop when so many attempts in a row failed that the host is taken for dead."""
        self.failed = self.failed + 1 if attempt.grade.state in _AGAIN else 0
        if self.failed >= _FAILURES_IN_A_ROW:
            self.stop(f"{self.failed} attempts in a row failed, the last one so: {attempt.why}")


class Probe:
    """One session on a plan: from what its journal has to its end."""

    def __init__(self, plan: ProbePlan, questions: Sequence[Question], journal: Journal) -> None:
        """Take up the work; the journal holds the plan already."""
        self.plan = plan
        self.variation: Variation = PLAIN
        self._questions = {question.id: question for question in questions}
        self._journal = journal

    def run(self, line: Line, report: Progress = silent) -> ProbeRun:
        """Make what is missing and return the run.

        Raises nothing of the model's: what ended the run is told in ``standing`` and ``why``.
        """
        done = {one.key for one in read_run(self._journal.path).attempts if one.grade.state not in _AGAIN}
        self._journal.write("session")
        began = time.monotonic()
        keys = self.plan.keys
        work = _Work(iter([key for key in keys if key not in done]))
        working = min(line.at_once, len(keys) - len(done))
        self._start(work, line, working)
        for made, _ in enumerate(self._ended(work, working), 1):
            report(f"{len(done) + made} of {len(keys)} attempts; {_spent(self.plan, line.spending)}")
        write_end(self._journal, "stopped" if work.why else "finished", work.why, time.monotonic() - began)
        return read_run(self._journal.path)

    def _start(self, work: _Work, line: Line, count: int) -> None:
        """Start the workers: daemons, so that an interrupted or capped run need not wait for a slow host."""
        for _ in range(count):
            Thread(target=self._worker, args=(work, line), daemon=True).start()

    def _worker(self, work: _Work, line: Line) -> None:
        try:
            asker = Asker(self._capped(line), lambda key, turn: write_turn(self._journal, key, turn))
            while (key := work.next()) is not None:
                attempt = self._attempted(key, asker)
                write_attempt(self._journal, attempt)
                work.ended.put(attempt)
        except BudgetSpent:
            work.stop(self._cap(line.spending))
        except NoBalance as error:
            work.stop(str(error))
        except JournalClosed:
            return
        except BaseException as fault:  # noqa: BLE001 - it is raised where the run is waited for
            work.ended.put(fault)
        work.ended.put(None)

    def _attempted(self, key: Key, asker: Asker) -> Attempt:
        seed = seed_of(self.plan.seed, key.question_id, key.epoch)
        return attempted(self.variation.apply(self._questions[key.question_id].instance(seed)), key, asker)

    def _capped(self, line: Line) -> Complete:
        """Return the way to the model that asks nothing beyond the cap on tokens."""
        most = self.plan.limits.tokens
        if most is None:
            return line.complete

        def complete(
            conversation: Conversation, /, *, stage: str, max_tokens: int, seconds: float | None = None
        ) -> Completion:
            if line.spending.tokens >= most:
                raise BudgetSpent("the cap on tokens is reached")
            return line.complete(conversation, stage=stage, max_tokens=max_tokens, seconds=seconds)

        return complete

    def _cap(self, spending: RunSpending) -> str:
        most = self.plan.limits.tokens
        if most is not None and spending.tokens >= most:
            return f"the cap of {most:,} tokens is reached: raise [probe] max_tokens to go on"
        return f"the cap on spending is reached ({_spent(self.plan, spending)}): raise it with --max-usd to go on"

    def _ended(self, work: _Work, working: int) -> Iterator[Attempt]:
        """Yield attempts as they end, until all workers are done or the cap on time is reached."""
        seconds = self.plan.limits.seconds
        until = None if seconds is None else time.monotonic() + seconds
        while working:
            try:
                one = work.ended.get(timeout=None if until is None else max(0.0, until - time.monotonic()))
            except Empty:
                work.stop(f"the cap of {seconds:.0f} s is reached: the same command goes on")
                return
            if isinstance(one, BaseException):
                raise one
            if one is None:
                working -= 1
                continue
            work.note(one)
            yield one


def _spent(plan: ProbePlan, spending: RunSpending) -> str:
    amount = spending.spent(plan.served.unit)
    return f"${amount:.4f} spent" if plan.served.unit == "usd" else f"{amount:,.0f} tokens used"
