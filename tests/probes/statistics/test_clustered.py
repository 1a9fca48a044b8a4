import math
import random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.statistics.clustered import clustered_mean

SHARE = (0.0, 1.0)
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
