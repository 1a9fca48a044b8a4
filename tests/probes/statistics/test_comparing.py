import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.probe_truth import EVEN, Setting, covered, ranked_falsely, simulate
from probes.plan import ProbeRun
from probes.statistics.comparing import Gap, compare, gap_words, holm
from tests.probes.simulated import exam, sit


def gap_of(abilities: tuple[float, float], families: int = 20) -> Gap:
    dice = random.Random(7)
    given_exam = exam(dice, (2,) * families, ("logic",))
    (found,) = compare([sit(given_exam, able, dice, f"quill-{place}") for place, able in enumerate(abilities)])
    return found


def test_a_model_that_is_ahead_is_said_to_be() -> None:
    found = gap_of((2.0, -1.0))
    assert found.verdict == "ahead"
    assert gap_words(found, "Quill", "Reed").startswith("Quill is ahead by ")


def test_the_one_behind_is_never_called_ahead() -> None:
    found = gap_of((-1.0, 2.0))
    assert found.verdict == "behind"
    told = gap_words(found, "Quill", "Reed")
    assert told.startswith("Reed is ahead by ")
    assert "-" not in told


def test_equals_cannot_be_told_apart() -> None:
    assert gap_words(gap_of((0.5, 0.5)), "Quill", "Reed").startswith("cannot tell them apart; a gap of ")


def test_under_thirty_questions_nobody_is_ahead() -> None:
    found = gap_of((4.0, -4.0), families=14)
    assert found.difference.low > 0
    assert found.verdict == "too_few"
    assert gap_words(found, "Quill", "Reed") == "28 questions in common: too few to rank, 30 are needed"


def test_a_question_that_was_edited_is_another_question() -> None:
    first, second = _pair()
    edited = tuple(replace(one, version="2") for one in second.plan.questions[:10])
    second = replace(second, plan=replace(second.plan, questions=(*edited, *second.plan.questions[10:])))
    assert [gap.difference.questions for gap in compare([first, second])] == [30]


def test_another_seed_is_another_drawing() -> None:
    first, second = _pair()
    assert compare([first, second])[0].is_paired
    assert not compare([first, replace(second, plan=replace(second.plan, seed=99))])[0].is_paired


def test_every_two_of_three_are_compared_in_one_correction() -> None:
    first, second = _pair()
    third = replace(first, plan=replace(first.plan, run="third"))
    gaps = compare([first, second, third])
    assert [(gap.first, gap.second) for gap in gaps] == [
        ("quill-0-run", "quill-1-run"),
        ("quill-0-run", "third"),
        ("quill-1-run", "third"),
    ]
    assert gaps[0].adjusted == pytest.approx(min(3 * gaps[0].difference.p, 1.0))


def _pair() -> tuple[ProbeRun, ProbeRun]:
    dice = random.Random(3)
    given_exam = exam(dice, (2,) * 20, ("logic",))
    return sit(given_exam, 2.0, dice, "quill-0"), sit(given_exam, 0.0, dice, "quill-1")


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_keeps_the_order_and_lies_between_p_and_bonferroni(values: list[float]) -> None:
    adjusted = holm(values)
    assert all(p <= after <= min(len(values) * p, 1) + 1e-12 for p, after in zip(values, adjusted, strict=True))
    ranked = sorted(zip(values, adjusted, strict=True))
    assert [after for _, after in ranked] == sorted(adjusted)


def test_intervals_hold_what_is_true() -> None:
    pairs = simulate(Setting("quick", EVEN, 0.5), random.Random(11), pairs=20)
    assert covered(pairs) >= 0.9
    assert ranked_falsely(pairs) <= 0.2
