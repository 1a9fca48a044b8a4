"""The arithmetic of merging: what holds for any scores."""

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.fusion import at_least_as_words, fused, reranked, standardised

SCORES = st.lists(st.integers(0, 50).map(float), min_size=1, max_size=20)


def _apart(count: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Return vectors that have nothing to do with each other."""
    return np.eye(count, dtype=np.float32)


@given(SCORES)
def test_standardised_keeps_order_and_centre(scores: list[float]) -> None:
    given_scores = np.array(scores, np.float32)
    shown = standardised(given_scores)
    assert abs(float(shown.mean())) < 1e-2
    for one, other in zip(range(len(scores) - 1), range(1, len(scores)), strict=True):
        if given_scores[one] > given_scores[other]:
            assert shown[one] >= shown[other]


@given(SCORES)
def test_constant_half_leaves_the_order_to_the_other(scores: list[float]) -> None:
    same, told = np.full(len(scores), 3.0, np.float32), np.array(scores, np.float32)
    np.testing.assert_allclose(fused(told, same), fused(same, told), atol=1e-4)
    np.testing.assert_array_equal(fused(told, same), 0.5 * standardised(told))


@given(SCORES | st.just([]), st.randoms(use_true_random=False))
def test_only_what_a_passage_was_found_of_is_raised_and_nothing_is_lowered(scores: list[float], chance: Random) -> None:
    words, meaning = np.array(scores, np.float32), np.array([chance.random() for _ in scores], np.float32)
    by_passage = np.array([chance.random() < 0.5 for _ in scores], bool)
    raised = at_least_as_words(meaning, words, by_passage)
    assert (raised >= meaning).all()
    np.testing.assert_array_equal(raised[~by_passage], meaning[~by_passage])


def test_beginning_of_a_long_text_tells_nothing_against_its_passage() -> None:
    words, meaning = np.array([9, 5, 5, 1], np.float32), np.array([0.1, 0.6, 0.5, 0.2], np.float32)
    by_passage = np.array([True, False, False, False])
    assert fused(words, meaning).argmax() == 1
    assert fused(words, at_least_as_words(meaning, words, by_passage)).argmax() == 0


def test_candidate_close_to_good_ones_is_raised_and_none_is_lowered() -> None:
    words = np.array([9, 8, 1, 1, 0], np.float32)
    meaning = np.array([0.8, 0.7, 0.3, 0.3, 0.1], np.float32)
    vectors = _apart(5).copy()
    vectors[2] = (vectors[0] + vectors[1]) / np.sqrt(2)
    before, after = fused(words, meaning), reranked(words, meaning, vectors)
    assert after[2] - after[3] > 0.3 > before[2] - before[3]
    assert after.argmax() == before.argmax() == 0


@pytest.mark.parametrize("count", [1, 2, 3])
def test_few_candidates_are_ranked(count: int) -> None:
    scores = np.arange(count, 0, -1).astype(np.float32)
    assert reranked(scores, scores, _apart(count)).argmax() == 0
