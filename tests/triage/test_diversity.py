"""The spread: the best first, and not the same twice; who gives way is told to whom."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.triage.shelf import Vectors, unit
from triage.diversity import Choice, spread

EAST, NORTH, UP = unit(1, 0, 0), unit(0, 1, 0), unit(0, 0, 1)


def test_best_are_kept_where_nothing_is_close() -> None:
    assert spread([2.0, 1.0, 0.0], [EAST, NORTH, UP], 2) == Choice((0, 1), {})


def test_twin_of_a_better_one_gives_way_to_another() -> None:
    assert spread([2.0, 1.9, 1.5], [EAST, EAST, NORTH], 2) == Choice((0, 2), {1: 0})


def test_gives_way_only_to_what_is_nearly_as_good() -> None:
    assert spread([2.0, 1.9, 0.5], [EAST, EAST, NORTH], 2) == Choice((0, 1), {})


def test_same_field_is_not_the_same_trick() -> None:
    close, related = unit(1, 0.5, 0), unit(1, 2.6, 0)
    assert spread([2.0, 1.9, 1.85], [EAST, related, UP], 2).kept == (0, 1)
    assert spread([2.0, 1.9, 1.85], [EAST, close, UP], 2) == Choice((0, 2), {1: 0})


def test_names_the_closest_of_those_kept() -> None:
    between = unit(1, 0.4, 0)
    assert spread([2.0, 1.9, 1.8, 1.7], [NORTH, EAST, between, UP], 3) == Choice((0, 1, 3), {2: 1})


def test_everything_better_than_the_worst_kept_gave_way() -> None:
    assert spread([2.0, 1.95, 1.9, 1.5, 1.4], [EAST, EAST, EAST, NORTH, UP], 2) == Choice((0, 3), {1: 0, 2: 0})


def test_twins_are_kept_where_there_is_room() -> None:
    assert spread([2.0, 1.9], [EAST, EAST], 5) == Choice((0, 1), {})


def test_what_has_no_vector_is_close_to_nothing() -> None:
    assert spread([2.0, 1.9, 1.8], [None, None, EAST], 2) == Choice((0, 1), {})
    assert spread([2.0, 1.9, 1.8], [EAST, None, EAST], 2) == Choice((0, 1), {})


@pytest.mark.parametrize("limit", [0, 3])
def test_nothing_is_chosen_of_nothing_or_for_nobody(limit: int) -> None:
    assert spread([], [], limit) == Choice((), {})
    assert spread([1.0], [EAST], 0) == Choice((), {})


STORIES = st.lists(
    st.tuples(st.floats(-4, 4), st.tuples(*[st.integers(-2, 2)] * 3).filter(any).map(lambda v: unit(*v))), max_size=9
).map(lambda rows: sorted(rows, key=lambda row: -row[0]))


@given(stories=STORIES, limit=st.integers(0, 10))
def test_cap_holds_the_best_is_kept_and_every_absence_is_explained(
    stories: list[tuple[float, Vectors]], limit: int
) -> None:
    worths, vectors = [worth for worth, _ in stories], [vector for _, vector in stories]
    choice = spread(worths, vectors, limit)
    assert len(set(choice.kept)) == len(choice.kept) == min(limit, len(stories))
    assert (0 in choice.kept) == bool(choice.kept)
    assert set(range(max(choice.kept, default=-1) + 1)) == set(choice.kept) | set(choice.gave_way)
    assert not set(choice.kept) & set(choice.gave_way)
    for place, rival in choice.gave_way.items():
        nearness = [float(np.dot(vectors[place], vectors[kept])) for kept in choice.kept]
        assert float(np.dot(vectors[place], vectors[rival])) == pytest.approx(max(nearness))
        assert max(nearness) > 0.4


@given(stories=STORIES, limit=st.integers(1, 9))
def test_nothing_far_better_is_left_out(stories: list[tuple[float, Vectors]], limit: int) -> None:
    worths = [worth for worth, _ in stories]
    kept = spread(worths, [vector for _, vector in stories], limit).kept
    left = set(range(len(stories))) - set(kept)
    assert all(worths[out] - worths[into] <= 0.6 + 1e-9 for out, into in itertools.product(left, kept))
