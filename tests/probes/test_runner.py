"""A session on a plan, with a model in this process."""

import threading
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.errors import BudgetSpent, ModelUnreachable, NoBalance
from core.lm import Complete, Completion, Conversation, Expense, Told
from probes.attempt import Attempt
from probes.journal import Journal
from probes.plan import Limits, ProbeRun
from probes.question import Question
from probes.records import read_run, write_plan
from probes.runner import Line, Probe
from probes.spending import RunSpending
from tests.probes.desk import Scripted, plan_of, scripts_of, stack_of

EPOCHS = 3


def some(question: str, epoch: int) -> bool:
    return (len(question) + int(question[-1]) + epoch) % 3 > 0


@pytest.fixture
def questions(tmp_path: Path) -> tuple[Question, ...]:
    return stack_of(tmp_path / "stack")


def session(
    folder: Path, questions: Sequence[Question], complete: Complete, limits: Limits | None = None, **line: Any
) -> ProbeRun:
    plan = plan_of(questions, EPOCHS, limits)
    with Journal(folder / "run") as journal:
        if not journal.path.stat().st_size:
            write_plan(journal, plan)
        spending = line.pop("spending", None) or RunSpending(journal.write)
        return Probe(plan, questions, journal).run(Line(complete, spending, line.pop("at_once", 4)))


def figures(attempts: Sequence[Attempt]) -> list[Any]:
    return [(one.key, one.seed, one.grade, one.answer, len(one.turns)) for one in attempts]


def test_every_attempt_is_made_once_and_graded_as_planted(tmp_path: Path, questions: tuple[Question, ...]) -> None:
    run = session(tmp_path, questions, Scripted(scripts_of(questions, EPOCHS, some)))
    assert run.standing == "finished"
    assert [one.key for one in run.attempts] == list(run.plan.keys)
    planted = {key: some(key.question_id, key.epoch) for key in run.plan.keys}
    sums = {one.key: one.grade.score == 1.0 for one in run.attempts if "errand" in one.key.question_id}
    assert sums == {key: able for key, able in planted.items() if "errand" in key.question_id}
    assert read_run(tmp_path / "run" / "journal.jsonl") == run


class Until:
    """A model that is as good as another, until it has answered so often; then it raises."""

    def __init__(self, model: Complete, times: int, error: Exception) -> None:
        self.model, self.times, self.error = model, times, error
        self.lock = threading.Lock()

    def __call__(self, conversation: Conversation, /, **given: Any) -> Completion:
        with self.lock:
            self.times -= 1
            if self.times < 0:
                raise self.error
        return self.model(conversation, **given)


@pytest.mark.parametrize("error", [NoBalance("the account is empty"), BudgetSpent("spent")])
@pytest.mark.parametrize("times", [0, 1, 9])
def test_a_run_that_was_stopped_goes_on_to_the_same_figures(
    tmp_path: Path, questions: tuple[Question, ...], error: Exception, times: int
) -> None:
    model = Scripted(scripts_of(questions, EPOCHS, some))
    stopped = session(tmp_path / "one", questions, Until(model, times, error))
    assert stopped.standing == "stopped"
    assert stopped.why
    assert all(one.grade.state == "scored" for one in stopped.attempts)
    resumed = session(tmp_path / "one", questions, model)
    undisturbed = session(tmp_path / "two", questions, Scripted(scripts_of(questions, EPOCHS, some)))
    assert figures(resumed.attempts) == figures(undisturbed.attempts)
    asked_twice = len(model.asked) - sum(len(one.turns) for one in undisturbed.attempts)
    assert asked_twice <= 4 * 3  # of each of the four under way, the turns before its last


def test_a_dead_host_stops_the_run_and_its_failures_are_made_anew(
    tmp_path: Path, questions: tuple[Question, ...]
) -> None:
    model = Scripted(scripts_of(questions, EPOCHS, some))
    stopped = session(tmp_path, questions, Until(model, 6, ModelUnreachable("no answer")), at_once=1)
    assert "8 attempts in a row failed" in stopped.why
    assert "no answer" in stopped.why
    assert {one.grade.state for one in stopped.attempts} == {"scored", "error"}
    resumed = session(tmp_path, questions, model)
    assert resumed.standing == "finished"
    assert {one.grade.state for one in resumed.attempts} == {"scored"}
    assert len(resumed.attempts) == len(resumed.plan.keys)


def test_single_failures_stop_nothing(tmp_path: Path, questions: tuple[Question, ...]) -> None:
    model = Scripted(scripts_of(questions, EPOCHS, some))
    count = iter(range(10**6))

    def sometimes(conversation: Conversation, /, **given: Any) -> Completion:
        if next(count) % 5 == 0:
            raise ModelUnreachable("cut")
        return model(conversation, **given)

    run = session(tmp_path, questions, sometimes)
    assert run.standing == "finished"
    assert 0 < sum(one.grade.state == "error" for one in run.attempts) < len(run.attempts)


def test_the_cap_on_time_does_not_wait_for_a_slow_host(tmp_path: Path, questions: tuple[Question, ...]) -> None:
    open_again = threading.Event()

    def slow(_conversation: Conversation, /, **_given: Any) -> Completion:
        open_again.wait(60)
        return Completion("{}", text="Answer: 1")

    run = session(tmp_path, questions, slow, Limits(seconds=0.2))
    open_again.set()
    assert (run.standing, run.attempts) == ("stopped", ())
    assert "cap of 0 s" in run.why


def test_the_cap_on_tokens_is_looked_at_before_each_request(tmp_path: Path, questions: tuple[Question, ...]) -> None:
    spending = RunSpending(lambda *_, **__: None)
    model = Scripted(scripts_of(questions, EPOCHS, some))

    def counting(conversation: Conversation, /, **given: Any) -> Completion:
        answer = model(conversation, **given)
        spending.tokens += 15
        return answer

    run = session(tmp_path, questions, counting, Limits(tokens=100), spending=spending, at_once=1)
    assert "cap of 100 tokens" in run.why
    assert spending.tokens == 105


def test_a_cap_on_spending_is_never_passed() -> None:
    lines: list[tuple[str, Any]] = []
    spending = RunSpending(lambda kind, **data: lines.append((kind, data)), spent=Decimal("0.5"))
    asked = Expense("probe", "m", "usd", Decimal("0.3"))
    number = spending.reserve(asked, Decimal(1))
    assert number is not None
    assert spending.reserve(asked, Decimal(1)) is None
    spending.settle(number, Decimal("0.1"), None)
    assert spending.spent("usd") == Decimal("0.6")
    assert [kind for kind, _ in lines] == ["reserved", "settled"]


def test_a_fault_of_ours_is_raised(tmp_path: Path, questions: tuple[Question, ...]) -> None:
    with Journal(tmp_path / "run") as journal:
        write_plan(journal, plan_of(questions, EPOCHS))
        line = Line(Scripted({}), RunSpending(journal.write))
        with pytest.raises(KeyError):
            Probe(plan_of(questions, EPOCHS), questions[:1], journal).run(line)


def test_epochs_come_one_after_the_other(tmp_path: Path, questions: tuple[Question, ...]) -> None:
    model = Scripted(scripts_of(questions, EPOCHS, some))
    session(tmp_path, questions, model, at_once=1)
    prompts = [one.messages[0] for one in model.asked if len(one.messages) == 1]
    first = [one.text for one in prompts[: len(questions)] if isinstance(one, Told)]
    assert len({text.split(":")[0].split(")")[0] for text in first}) == len(questions)
