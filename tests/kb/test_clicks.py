"""Words of readers, in whatever order and however often they come."""

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, text
from sqlalchemy.exc import IntegrityError

from core.types import Vote
from kb import migrations
from kb.clicks import (
    About,
    Click,
    ClickKind,
    all_clicks,
    keep_click,
    less_wanted,
    microseconds,
    saved_by,
    say_now,
    subjects_voted,
    take_back,
    withdraw_now,
)
from kb.schema import clicks, votes
from kb.store import Store
from kb.votes import all_votes
from tests.kb.shelf import made, remember

OWLS, RICE = made("owls"), made("rice")
NOON = datetime(2031, 3, 14, 12, tzinfo=UTC)
T = microseconds(NOON)
ADA = About("ada", OWLS.id, "birds")


@pytest.fixture
def shelf(store: Store) -> Store:
    remember(store, OWLS, RICE)
    return store


def heard(store: Store, *told: Click) -> dict[tuple[str, str, str], str]:
    with store.writing() as connection:
        for click in told:
            keep_click(connection, click)
        return {(vote.voter, vote.item_id, vote.subject): vote.opinion for vote in all_votes(connection)}


def of_ada(store: Store, *told: Click) -> str | None:
    return heard(store, *told).get((ADA.voter, ADA.item_id, ADA.subject))


WORDS = st.builds(
    Click,
    st.builds(About, st.sampled_from(["ada", "bo"]), st.sampled_from([OWLS.id, RICE.id]), st.just("birds")),
    st.sampled_from(get_args(ClickKind)),
    st.integers(T, T + 6),
    st.booleans(),
    st.sampled_from(["", "Lantern Labs"]),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, max_size=8), st.randoms(use_true_random=False))
def test_any_order_with_duplicates_gives_one_state(shelf: Store, said: list[Click], chance: random.Random) -> None:
    shuffled = [*said, *chance.choices(said, k=len(said))] if said else []
    chance.shuffle(shuffled)
    states = []
    for history in (said, shuffled):
        with shelf.writing() as connection:
            connection.execute(delete(clicks))
            connection.execute(delete(votes))
            for click in history:
                keep_click(connection, click)
            states.append((all_clicks(connection), all_votes(connection)))
    assert states[0] == states[1]


def test_the_latest_opinion_is_the_vote(shelf: Store) -> None:
    assert of_ada(shelf, Click(ADA, "useful", T), Click(ADA, "not_useful", T + 1)) == "not_useful"
    assert of_ada(shelf, Click(ADA, "wrong_subject", T - 1)) == "not_useful"


def test_opinion_that_is_taken_back_leaves_the_one_before_it(shelf: Store) -> None:
    both = (Click(ADA, "useful", T), Click(ADA, "not_useful", T + 1))
    assert of_ada(shelf, *both, Click(ADA, "not_useful", T + 2, is_given=False)) == "useful"
    assert of_ada(shelf, Click(ADA, "useful", T + 3, is_given=False)) is None


def test_word_that_comes_after_its_own_withdrawal_is_not_heard(shelf: Store) -> None:
    assert of_ada(shelf, Click(ADA, "useful", T + 1, is_given=False), Click(ADA, "useful", T)) is None


def test_saving_and_less_of_a_source_are_no_votes(shelf: Store) -> None:
    assert heard(shelf, Click(ADA, "save", T), Click(ADA, "less_of_source", T, said="Lantern Labs")) == {}
    with shelf.reading() as connection:
        assert saved_by(connection, "ada") == (OWLS.id,)
        assert less_wanted(connection) == {"birds": {"Lantern Labs": ("ada",)}}


def test_the_list_has_what_was_saved_last_first(shelf: Store) -> None:
    rice = About("ada", RICE.id, "tea")
    heard(shelf, Click(ADA, "save", T), Click(rice, "save", T + 1), Click(About("bo", RICE.id, "tea"), "save", T))
    with shelf.writing() as connection:
        assert saved_by(connection, "ada") == (RICE.id, OWLS.id)
        keep_click(connection, Click(rice, "save", T + 2, is_given=False))
        assert saved_by(connection, "ada") == (OWLS.id,)


def test_what_is_said_now_is_the_last_word_though_clocks_disagree(shelf: Store) -> None:
    heard(shelf, Click(ADA, "not_useful", T + 60))
    with shelf.writing() as connection:
        made_of_it = say_now(connection, Click(ADA, "useful", T, said="for the review"))
        assert made_of_it == Vote(OWLS.id, "birds", "useful", "ada", NOON, "for the review")
        withdraw_now(connection, ADA, T)
        assert all_votes(connection) == ()
        assert subjects_voted(connection, "ada", OWLS.id) == ()


def test_what_was_said_before_it_is_taken_back_stays_so_when_it_comes_late(shelf: Store) -> None:
    with shelf.writing() as connection:
        take_back(connection, ADA, T)
    assert of_ada(shelf, Click(ADA, "useful", T - 1)) is None
    assert of_ada(shelf, Click(ADA, "useful", T + 1)) == "useful"


def test_word_on_an_item_that_is_not_there_is_refused(shelf: Store) -> None:
    with pytest.raises(IntegrityError), shelf.writing() as connection:
        keep_click(connection, Click(About("ada", "web:nowhere", "birds"), "useful", T))


def test_votes_of_an_older_store_are_its_first_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        older = migrations.STEPS[: migrations.STEPS.index(migrations.hear_clicks)]
        patched.setattr(migrations, "STEPS", older)
        store = Store(tmp_path / "older.db")
        remember(store, OWLS)
        with store.writing() as connection:
            row = {"item": OWLS.id, "at": NOON.isoformat()}
            connection.execute(text("INSERT INTO votes VALUES (:item, 'birds', 'ada', 'useful', 'a note', :at)"), row)
        store.close()
    store = Store(tmp_path / "older.db")
    with store.reading() as connection:
        assert all_clicks(connection) == (Click(ADA, "useful", T, said="a note"),)
    store.close()
