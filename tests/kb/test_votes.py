from datetime import UTC, datetime, timedelta

import pytest

from core.types import Opinion, Vote
from kb.store import Store
from kb.votes import all_votes, drop_vote, keep_vote
from tests.kb.shelf import made, remember

OWLS, RICE = made("owls"), made("rice")
NOON = datetime(2031, 3, 14, 12, tzinfo=UTC)


def vote(item_id: str = OWLS.id, opinion: Opinion = "useful", **other: str) -> Vote:
    return Vote(item_id, other.get("subject", "birds"), opinion, other.get("voter", "ada"), NOON, other.get("note", ""))


@pytest.fixture
def shelf(store: Store) -> Store:
    remember(store, OWLS, RICE)
    return store


def test_votes_come_back_the_oldest_first(shelf: Store) -> None:
    later = Vote(RICE.id, "tea", "wrong_subject", "bo", NOON + timedelta(hours=1), "this is food")
    with shelf.writing() as connection:
        keep_vote(connection, later)
        keep_vote(connection, vote())
        assert all_votes(connection) == (vote(), later)


def test_later_vote_takes_the_place_of_the_same_readers_earlier_one(shelf: Store) -> None:
    with shelf.writing() as connection:
        for given in (vote(), vote(opinion="not_useful"), vote(voter="bo"), vote(subject="tea")):
            keep_vote(connection, given)
        assert set(all_votes(connection)) == {vote(opinion="not_useful"), vote(voter="bo"), vote(subject="tea")}


def test_dropped_vote_is_gone_and_others_stay(shelf: Store) -> None:
    with shelf.writing() as connection:
        for given in (vote(), vote(subject="tea"), vote(voter="bo"), vote(RICE.id)):
            keep_vote(connection, given)
        drop_vote(connection, (OWLS.id, "tea", "ada"))
        assert set(all_votes(connection)) == {vote(), vote(voter="bo"), vote(RICE.id)}
