"""The lines of a journal as values, and a run put together from them.

========== ==========================================================================================================
plan       the plan; the first line
session    a process that begins to work on it: what an earlier one had under way is void
preflight  what the wire's preflight found, and what it cost
reserved   money set aside before a request; without a ``settled`` of its number it counts as spent
settled    what the request took
turn       one request and its answer, to the byte
attempt    an attempt that came to its end, its grade and unsafe acts; its turns are the lines of its key before it
end        how a session ended, when it was not killed
========== ==========================================================================================================
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.errors import StoreError
from core.lm import Finding
from probes.attempt import Answer, Attempt, Grade, Key, Turn
from probes.journal import Journal, read_journal
from probes.plan import ProbePlan, ProbeRun, Standing
from probes.unsafe import Watched


def write_plan(journal: Journal, plan: ProbePlan) -> None:
    """Write the first line."""
    journal.write("plan", plan=_plain(ProbePlan, plan))


def write_findings(journal: Journal, findings: Sequence[Finding], spent: Decimal) -> None:
    """Write what the preflight found and took."""
    journal.write("preflight", findings=_plain(tuple[Finding, ...], tuple(findings)), spent=f"{spent:f}")


def write_turn(journal: Journal, key: Key, turn: Turn) -> None:
    """Write one request with its answer."""
    journal.write("turn", key=_plain(Key, key), turn=_plain(Turn, turn))


def write_attempt(journal: Journal, attempt: Attempt) -> None:
    """Write that an attempt came to its end; its turns stand before."""
    journal.write(
        "attempt",
        key=_plain(Key, attempt.key),
        seed=attempt.seed,
        answer=_plain(Answer, attempt.answer),
        grade=_plain(Grade, attempt.grade),
        seconds=attempt.seconds,
        why=attempt.why,
        watched=_plain(Watched | None, attempt.watched),
    )


def write_end(journal: Journal, standing: Standing, why: str, seconds: float) -> None:
    """Write how a session ended."""
    journal.write("end", standing=standing, why=why, seconds=seconds)


@dataclass(slots=True)
class _Told:
    """A run as far as its journal was read."""

    plan: ProbePlan | None = None
    findings: tuple[Finding, ...] = ()
    standing: Standing = "unfinished"
    why: str = ""
    seconds: float = 0.0
    before: Decimal = Decimal(0)
    tokens: int = 0
    amounts: dict[int, Decimal] = field(default_factory=dict)
    turns: dict[Key, list[Turn]] = field(default_factory=dict)
    attempts: dict[Key, Attempt] = field(default_factory=dict)

    def take(self, line: Mapping[str, Any]) -> None:
        """Take a line; kinds that are not known are other people's."""
        match line["kind"]:
            case "plan":
                self.plan = _value(ProbePlan, line["plan"])
            case "session":
                self.turns.clear()
                self.before += sum(self.amounts.values(), Decimal(0))
                self.amounts.clear()
                self.standing, self.why = "unfinished", ""
            case "preflight":
                self.findings = _value(tuple[Finding, ...], line["findings"])
                self.before += Decimal(line["spent"])
            case "reserved" | "settled":
                self.amounts[line["number"]] = Decimal(line["amount"])
            case "turn":
                turn: Turn = _value(Turn, line["turn"])
                self.turns.setdefault(_value(Key, line["key"]), []).append(turn)
                self.tokens += turn.heard.usage.total if turn.heard.usage else 0
            case "attempt":
                attempt = self._attempt(line)
                self.attempts[attempt.key] = attempt
            case "end":
                self.standing, self.why = line["standing"], line["why"]
                self.seconds += line["seconds"]

    def _attempt(self, line: Mapping[str, Any]) -> Attempt:
        key = _value(Key, line["key"])
        return Attempt(
            key,
            line["seed"],
            tuple(self.turns.pop(key, ())),
            _value(Answer, line["answer"]),
            _value(Grade, line["grade"]),
            line["seconds"],
            line["why"],
            _value(Watched | None, line.get("watched")),
        )

    def run(self, plan: ProbePlan) -> ProbeRun:
        made = tuple(self.attempts[key] for key in plan.keys if key in self.attempts)
        spent = self.before + sum(self.amounts.values(), Decimal(0))
        return ProbeRun(plan, self.findings, made, self.standing, self.why, spent, self.seconds, self.tokens)


def read_run(path: Path) -> ProbeRun:
    """Return the run that a journal tells of, without anything beside it.

    Raises StoreError when the journal is damaged or not there.
    """
    told = _Told()
    try:
        for number, line in enumerate(read_journal(path), 1):
            _take(told, line, f"{path}, line {number}")
    except OSError as error:
        raise StoreError(f"cannot read {path}: {error.strerror}") from error
    if told.plan is None:
        raise StoreError(f"{path} begins with no plan")
    return told.run(told.plan)


def read_plan(path: Path) -> ProbePlan | None:
    """Return the plan of a journal, or None where it has none yet.

    Raises StoreError when it is damaged, or another version's.
    """
    told, first = _Told(), next(read_journal(path), None)
    if first and first["kind"] == "plan":
        _take(told, first, f"{path}, line 1")
    return told.plan


def write_run(journal: Journal, run: ProbeRun) -> None:
    """Write a whole run, as one session."""
    write_plan(journal, run.plan)
    journal.write("session")
    write_findings(journal, run.findings, run.spent)
    _write_attempts(journal, run.attempts)
    write_end(journal, run.standing, run.why, run.seconds)


def _write_attempts(journal: Journal, attempts: Iterable[Attempt]) -> None:
    for attempt in attempts:
        for turn in attempt.turns:
            write_turn(journal, attempt.key, turn)
        write_attempt(journal, attempt)


def _take(told: _Told, line: Mapping[str, Any], where: str) -> None:
    try:
        told.take(line)
    except (KeyError, TypeError, ArithmeticError, ValidationError) as error:
        raise StoreError(f"{where}: no {line['kind']} as this version writes it ({error})") from error


def _plain(form: Any, value: object) -> Any:
    return _adapter(form).dump_python(value, mode="json")


def _value(form: Any, data: object) -> Any:
    return _adapter(form).validate_python(data)


@cache
def _adapter(form: Any) -> TypeAdapter[Any]:
    return TypeAdapter(form)
