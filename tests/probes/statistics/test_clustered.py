import math
import random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.statistics.clustered import SHARE, Estimate, clustered_mean, clustered_share
from probes.statistics.rare import rate_of

_VALUES = st.lists(st.tuples(st.floats(0, 1), st.sampled_from("abcdef")), min_size=2, max_size=40)


def test_questions_on_their_own_give_the_interval_of_a_t_test() -> None:
    values = [0.2, 0.4, 0.4, 0.8, 1.0, 0.6]
    found = clustered_mean(values, list("abcdef"), SHARE)
    error = math.sqrt(sum((one - fmean(values)) ** 2 for one in values) / 5 / 6)
    assert found.error == pytest.approx(error)
    assert found.freedom == pytest.approx(5)
    assert found.high - found.mean == pytest.approx(2.570582 * error, rel=1e-6)


def test_families_of_equal_size_are_as_good_as_their_means() -> None:
    values = [0.1, 0.3, 0.9, 0.7, 0.5, 0.5, 0.2, 0.0]
    together = clustered_mean(values, list("aabbccdd"), SHARE)
    means = clustered_mean([0.2, 0.8, 0.5, 0.1], list("abcd"), SHARE)
    assert together.error == pytest.approx(means.error)
    assert together.freedom == pytest.approx(means.freedom)
    assert together.p == pytest.approx(means.p)


def test_a_question_repeated_in_its_family_adds_nothing() -> None:
    values = [0.1, 0.9, 0.4, 0.6]
    once = clustered_mean(values, list("abcd"), SHARE)
    thrice = clustered_mean(values * 3, list("abcd") * 3, SHARE)
    assert [thrice.low, thrice.high] == pytest.approx([once.low, once.high])


@pytest.mark.parametrize(("value", "low", "high"), [(1.0, 0.7, 1.0), (0.0, 0.0, 0.3), (0.5, 0.2, 0.8)])
def test_where_nothing_varies_three_in_as_many_families_may(value: float, low: float, high: float) -> None:
    found = clustered_mean([value] * 20, [str(number % 10) for number in range(20)], SHARE)
    assert [found.low, found.high] == pytest.approx([low, high])


def test_equal_answers_to_every_question_are_no_gap() -> None:
    assert clustered_mean([0.0] * 40, [str(number) for number in range(40)], (-1.0, 1.0)).p == 1.0


def test_one_family_tells_nothing_of_others() -> None:
    found = clustered_mean([0.2, 0.4], ["a", "a"], SHARE)
    assert (found.low, found.high, found.p) == (0.0, 1.0, 1.0)


def test_no_question_has_no_mean() -> None:
    with pytest.raises(ValueError, match="no question"):
        clustered_mean([], [], SHARE)


def test_of_single_answers_a_share_has_the_exact_interval() -> None:
    values = [float(number < 12) for number in range(400)]
    found, exact = clustered_share(values, [str(number) for number in range(400)]), rate_of(12, 400)
    assert [found.low, found.high] == pytest.approx([exact.low, exact.high], abs=3e-4)


def test_near_its_end_a_share_is_still_held() -> None:
    dice = random.Random(8)
    mean, share = 0, 0
    for _ in range(300):
        values, families = _seldom(dice)
        mean += _holds(clustered_mean(values, families, SHARE), 0.05)
        share += _holds(clustered_share(values, families), 0.05)
    assert mean / 300 < 0.9
    assert 0.925 < share / 300 < 0.99


def _seldom(dice: random.Random) -> tuple[list[float], list[str]]:
    """Draw a trait of 24 families of 2 questions, asked three times, that shows in 5 % and mostly in a few families."""
    chances = [dice.betavariate(0.1, 1.9) for _ in range(24)]
    drawn = [
        (fmean(dice.random() < chance for _ in range(3)), str(number))
        for number, chance in enumerate(chances)
        for _ in range(2)
    ]
    return [value for value, _ in drawn], [family for _, family in drawn]


def _holds(found: Estimate, truth: float) -> bool:
    return found.low <= truth <= found.high


@given(_VALUES)
def test_the_interval_of_a_share_holds_the_mean_and_stays_possible(drawn: list[tuple[float, str]]) -> None:
    found = clustered_share([value for value, _ in drawn], [family for _, family in drawn])
    assert 0 <= found.low <= found.mean + 1e-9
    assert found.mean - 1e-9 <= found.high <= 1


@given(_VALUES)
def test_the_interval_holds_the_mean_and_stays_possible(drawn: list[tuple[float, str]]) -> None:
    found = clustered_mean([value for value, _ in drawn], [family for _, family in drawn], SHARE)
    assert 0 <= found.low <= found.mean + 1e-9
    assert found.mean - 1e-9 <= found.high <= 1
    assert 0 <= found.p <= 1


@given(_VALUES, st.randoms(use_true_random=False))
def test_the_order_of_questions_is_nothing(drawn: list[tuple[float, str]], dice: random.Random) -> None:
    shuffled = dice.sample(drawn, len(drawn))
    one, other = (clustered_mean([v for v, _ in each], [f for _, f in each], SHARE) for each in (drawn, shuffled))
    assert [one.low, one.high] == pytest.approx([other.low, other.high], abs=1e-6)
