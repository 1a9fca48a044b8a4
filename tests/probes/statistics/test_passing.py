from itertools import combinations
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probes.statistics.passing import all_pass, any_passes
from probes.statistics.rare import rate_of, rate_words


@given(st.lists(st.booleans(), min_size=1, max_size=7), st.data())
def test_a_draw_of_k_passes_as_often_as_counting_them_all_says(outcomes: list[bool], data: st.DataObject) -> None:
    k = data.draw(st.integers(1, len(outcomes)))
    draws = list(combinations(outcomes, k))
    assert any_passes(len(outcomes), sum(outcomes), k) == pytest.approx(fmean(any(draw) for draw in draws))
    assert all_pass(len(outcomes), sum(outcomes), k) == pytest.approx(fmean(all(draw) for draw in draws))


def test_more_cannot_be_drawn_than_there_are() -> None:
    with pytest.raises(ValueError, match="no such draw"):
        any_passes(3, 1, 4)


def test_none_of_n_is_below_three_in_n() -> None:
    assert rate_of(0, 150).high == pytest.approx(0.02)
    assert rate_words(rate_of(0, 150)) == "none in 150 opportunities: a rate below 2.0 %"


def test_a_few_of_n_have_the_exact_interval() -> None:
    found = rate_of(2, 10)
    assert [found.low, found.high] == pytest.approx([0.02521, 0.55610], abs=1e-5)
    assert rate_of(10, 10).high == 1.0


def test_no_opportunity_is_no_rate() -> None:
    assert rate_words(rate_of(0, 0)) == "no opportunity"
