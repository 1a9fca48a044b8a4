from dataclasses import replace

import pytest

from probes.attempt import Grade, Key, State, right, wrong
from probes.plan import Asked, ProbePlan, ProbeRun, Served
from probes.statistics.scores import domain_scores, question_scores
from tests.probes.desk import AT, SEED
from tests.probes.simulated import attempt


def run_of(*grades: Grade, epochs: int = 2) -> ProbeRun:
    """Return a run of one domain; the grades are those of the first question, then of the second, and so on."""
    count = len(grades) // epochs
    asked = tuple(Asked(f"q-{number}", f"f-{number}", "logic", "ours", "1") for number in range(count))
    plan = ProbePlan("run-1", Served("stub", "quill-1", "openai", "127.0.0.1"), asked, epochs, SEED, AT)
    made = [attempt(Key(f"q-{place // epochs}", place % epochs), grade) for place, grade in enumerate(grades)]
    return ProbeRun(plan, (), tuple(made), "finished")


def lost(state: State) -> Grade:
    return Grade(None, "as planted", state)


def test_the_score_is_a_mean_over_questions_of_the_mean_over_repeats() -> None:
    (domain,) = domain_scores(run_of(right(""), lost("error"), wrong(""), wrong(""), right(""), wrong("")))
    assert domain.score is not None
    assert domain.score.mean == pytest.approx((1 + 0 + 0.5) / 3)


def test_what_this_machine_could_not_score_says_nothing_against_a_model() -> None:
    (domain,) = domain_scores(run_of(right(""), lost("unscored"), wrong(""), lost("unscored"), *[lost("unscored")] * 2))
    assert domain.counting is not None
    assert domain.counting.mean == 0.5
    assert dict(domain.states) == {"scored": 2, "unscored": 4}


@pytest.mark.parametrize("state", ["refused", "truncated", "no_answer", "error", "timeout"])
def test_an_attempt_without_a_score_is_left_out_and_counted_beside(state: State) -> None:
    (domain,) = domain_scores(run_of(right(""), lost(state), right(""), right("")))
    assert domain.score is not None
    assert domain.counting is not None
    assert (domain.score.mean, domain.counting.mean) == (1.0, 0.75)
    assert dict(domain.states) == {"scored": 3, state: 1}


def test_a_question_without_a_score_is_not_zero() -> None:
    (domain,) = domain_scores(run_of(lost("error"), lost("error")))
    assert domain.score is None
    assert domain.detectable is None
    assert domain.attempts == 2


def test_what_is_shown_is_not_scored() -> None:
    (domain,) = domain_scores(run_of(lost("shown"), lost("shown")))
    assert (domain.score, domain.counting, domain.questions) == (None, None, 1)


def test_passing_counts_whole_successes_over_all_repeats() -> None:
    half = Grade(0.5, "half of it")
    (domain,) = domain_scores(run_of(right(""), half, right(""), right(""), right(""), lost("timeout")))
    assert domain.some_pass is not None
    assert domain.all_pass is not None
    assert (domain.k, domain.some_pass.questions) == (2, 2)
    assert (domain.some_pass.mean, domain.all_pass.mean) == (1.0, 0.5)


def test_a_question_that_was_never_tried_is_not_there() -> None:
    run = run_of(right(""), right(""), wrong(""), wrong(""))
    assert [one.asked.id for one in question_scores(replace(run, attempts=run.attempts[:2]))] == ["q-0"]
