"""Novelty: what was told is worth less, what is only known somewhat less, what shares a topic nothing less."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.earlier import Earlier, Familiar
from tests.triage.shelf import item
from triage.novelty import novelty

NIGHT = date(2031, 6, 1)


def near(similarity: float, title: str = "On trams") -> Earlier:
    return Earlier("x", title, similarity, NIGHT)


def test_nothing_known_lowers_nothing() -> None:
    assert novelty(item("a"), Familiar()).size == 0


def test_shared_topic_is_no_repetition() -> None:
    lift = novelty(item("a"), Familiar(near(0.75), near(0.7)))
    assert lift.size == 0
    assert not lift.reason


def test_what_was_told_is_named_with_its_night() -> None:
    lift = novelty(item("a"), Familiar(None, near(0.96)))
    assert lift.size == pytest.approx(-2)
    assert lift.reason == "close to “On trams”, told on 1 June"


def test_what_is_only_known_weighs_half() -> None:
    lift = novelty(item("a"), Familiar(near(0.96)))
    assert lift.size == pytest.approx(-1)
    assert lift.reason == "close to “On trams”, known since 1 June"


def test_worse_of_the_two_counts_once() -> None:
    lift = novelty(item("a"), Familiar(near(0.99), near(0.9, "Rails")))
    assert lift.size == novelty(item("a"), Familiar(None, near(0.9))).size
    assert "“Rails”, told on" in lift.reason


@pytest.mark.parametrize(
    ("title", "before", "is_lowered"),
    [
        ("Lumen: Glimmer 2.1 (fast)", "Lumen: Glimmer 2.0 (fast)", False),
        ("Lumen: Glimmer 2 8B", "Lumen: Glimmer 2 32B", False),
        ("Lumen: Glimmer 2 (free)", "Lumen: Glimmer 2", True),
    ],
)
def test_releases_are_compared_by_name(title: str, before: str, is_lowered: bool) -> None:  # noqa: FBT001
    lift = novelty(item("a", kind="release", title=title), Familiar(near(0.99, before)))
    assert (lift.size < -0.9) == is_lowered


@given(low=st.floats(-1, 1), high=st.floats(-1, 1))
def test_nearer_is_never_worth_more(low: float, high: float) -> None:
    low, high = sorted((low, high))
    assert (
        -2 <= novelty(item("a"), Familiar(None, near(high))).size <= novelty(item("a"), Familiar(None, near(low))).size
    )
