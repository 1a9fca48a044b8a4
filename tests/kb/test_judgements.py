"""Matches, verdicts, stories, briefs and digests: kept under what they depend on, replaced whole."""

import pytest
from sqlalchemy import Connection, select

from core.judged import Match, Story
from core.types import Brief, BriefPoint, Verdict
from kb import judgements
from kb.engine import driver_of
from kb.schema import passages
from kb.store import Store
from tests.kb.shelf import NEXT_NIGHT, NIGHT, made, remember

OWLS, KETTLES, RICE = (made(name) for name in ("owls", "kettles", "rice"))
NEAR = Match("birds", 0.9, "close to its description")
FIRST, SECOND = judgements.MatchKey("k1", ""), judgements.MatchKey("k2", "")
FAR = Match("tea", 0.1, "far from its description", band="out")


@pytest.fixture
def shelf(store: Store) -> Store:
    remember(store, OWLS, KETTLES, RICE)
    return store


def keep(store: Store, key: judgements.MatchKey, **matched: list[Match]) -> None:
    with store.writing() as connection:
        judgements.keep_matches(connection, {made(name).id: found for name, found in matched.items()}, key)


def test_matches_come_best_first(shelf: Store) -> None:
    keep(shelf, FIRST, owls=[FAR, Match("quiet", 0.9, "mentions owls"), NEAR], rice=[FAR])
    with shelf.reading() as connection:
        found = judgements.matches_of(connection, [OWLS.id, KETTLES.id, RICE.id])
    assert found == {OWLS.id: (NEAR, Match("quiet", 0.9, "mentions owls"), FAR), RICE.id: (FAR,)}


def test_new_matches_replace_those_of_their_items_only(shelf: Store) -> None:
    keep(shelf, FIRST, owls=[NEAR], rice=[NEAR])
    keep(shelf, SECOND, owls=[FAR])
    with shelf.reading() as connection:
        assert judgements.matches_of(connection, [OWLS.id, RICE.id]) == {OWLS.id: (FAR,), RICE.id: (NEAR,)}


def test_item_is_unmatched_until_it_was_matched_under_the_key(shelf: Store) -> None:
    keep(shelf, FIRST, owls=[NEAR], rice=[])
    with shelf.reading() as connection:
        assert judgements.unmatched_ids(connection, FIRST, NIGHT) == [KETTLES.id]
        assert judgements.unmatched_ids(connection, SECOND, NIGHT) == [OWLS.id, KETTLES.id, RICE.id]


def test_votes_ask_for_new_matches_of_the_nights_news_only(store: Store) -> None:
    remember(store, OWLS, night=NIGHT)
    remember(store, KETTLES, night=NEXT_NIGHT)
    remember(store, RICE, night=NEXT_NIGHT, novelty="backlog")
    keep(store, FIRST, owls=[NEAR], kettles=[NEAR], rice=[NEAR])
    taught = judgements.MatchKey(FIRST.wording, "votes")
    with store.reading() as connection:
        assert judgements.unmatched_ids(connection, taught, NEXT_NIGHT) == [KETTLES.id]
        assert judgements.unmatched_ids(connection, FIRST, NEXT_NIGHT) == []


def test_only_fitting_matches_are_counted(shelf: Store) -> None:
    keep(shelf, FIRST, owls=[NEAR, FAR], rice=[NEAR])
    with shelf.reading() as connection:
        assert judgements.count_matches(connection) == {"birds": 2}


def test_more_matches_than_one_statement_takes(store: Store) -> None:
    many = [made(f"owl-{number}") for number in range(1100)]
    remember(store, *many)
    with store.writing() as connection:
        judgements.keep_matches(connection, {item.id: [NEAR] for item in many}, FIRST)
        assert len(judgements.matches_of(connection, [item.id for item in many])) == 1100
        assert judgements.unmatched_ids(connection, FIRST, NIGHT) == []


VERDICTS = (
    Verdict(RICE.id, None, "dropped", 0.2, "fits no subject"),
    Verdict(OWLS.id, "tea", "dropped", 0.95, "ranked 3 of 3"),
    Verdict(KETTLES.id, "birds", "kept", 0.5, "near"),
    Verdict(KETTLES.id, "tea", "kept", 0.9, "close"),
    Verdict(OWLS.id, "birds", "kept", 0.9, "close"),
)
STORIES = (Story(OWLS.id, (OWLS.id, KETTLES.id)), Story(RICE.id, (RICE.id,)))


def test_verdicts_are_kept_first_then_by_score_then_by_item(shelf: Store) -> None:
    with shelf.writing() as connection:
        judgements.keep_shortlist(connection, NIGHT, VERDICTS, STORIES)
        told = judgements.verdicts_of(connection, NIGHT)
    assert told == (VERDICTS[3], VERDICTS[4], VERDICTS[2], VERDICTS[1], VERDICTS[0])


def test_stories_keep_the_order_of_their_items(shelf: Store) -> None:
    backwards = Story(RICE.id, (RICE.id, OWLS.id, KETTLES.id))
    with shelf.writing() as connection:
        judgements.keep_shortlist(connection, NIGHT, (), (backwards,))
        assert judgements.stories_of(connection, NIGHT) == (backwards,)


def test_new_shortlist_replaces_that_of_its_night_only(shelf: Store) -> None:
    with shelf.writing() as connection:
        judgements.keep_shortlist(connection, NIGHT, VERDICTS, STORIES)
        judgements.keep_shortlist(connection, NEXT_NIGHT, VERDICTS[:1], STORIES[1:])
        judgements.keep_shortlist(connection, NIGHT, VERDICTS[2:3], STORIES[:1])
        assert judgements.verdicts_of(connection, NIGHT) == VERDICTS[2:3]
        assert judgements.stories_of(connection, NIGHT) == STORIES[:1]
        assert judgements.verdicts_of(connection, NEXT_NIGHT) == VERDICTS[:1]
        assert judgements.stories_of(connection, NEXT_NIGHT) == STORIES[1:]
        assert judgements.verdicts_of(connection) == (VERDICTS[2], VERDICTS[0])


def test_empty_shortlist_empties_the_night(shelf: Store) -> None:
    with shelf.writing() as connection:
        judgements.keep_shortlist(connection, NIGHT, VERDICTS, STORIES)
        judgements.keep_shortlist(connection, NIGHT, (), ())
        assert judgements.verdicts_of(connection, NIGHT) == ()
        assert judgements.stories_of(connection, NIGHT) == ()


def find_brief(connection: Connection, story_id: str, key: str) -> Brief | None:
    return judgements.find_briefs(connection, {story_id: key}).get(story_id)


def test_brief_is_found_by_its_key(store: Store) -> None:
    first = Brief(OWLS.id, "Owls hear mice.", "local", "k1")
    with store.writing() as connection:
        judgements.keep_brief(driver_of(connection), first)
        assert find_brief(connection, OWLS.id, "k1") == first
        assert find_brief(connection, OWLS.id, "k2") is None
        assert find_brief(connection, RICE.id, "k1") is None


def test_brief_is_written_once_under_a_key(store: Store) -> None:
    first, other = Brief(OWLS.id, "Owls hear mice.", "local", "k1"), Brief(OWLS.id, "Owls hunt.", "model", "k2")
    with store.writing() as connection:
        for brief in (first, other, Brief(OWLS.id, "Said twice.", "local", "k1")):
            judgements.keep_brief(driver_of(connection), brief)
        assert find_brief(connection, OWLS.id, "k1") == first
        assert find_brief(connection, OWLS.id, "k2") == other


def test_every_brief_of_many_is_found_under_its_own_key(store: Store) -> None:
    told = [Brief(f"story {number}", "Owls hunt.", "local", f"k{number % 3}") for number in range(1100)]
    with store.writing() as connection:
        for brief in told:
            judgements.keep_brief(driver_of(connection), brief)
        keys = {brief.story_id: "k1" for brief in told}
        found = judgements.find_briefs(connection, keys)
    assert found == {brief.story_id: brief for brief in told if brief.key == "k1"}


POINTS = (
    BriefPoint("new", "Owls hear 12 mice.", "Owls hear 12 mice, “all told” 字."),
    BriefPoint("limits", "Not in rain.", "", ("rain", "a sentence that says it")),
)


def test_brief_comes_back_with_its_points_and_why(store: Store) -> None:
    whole = Brief(OWLS.id, "Owls hear mice.", "model", "k1", POINTS)
    marked = Brief(RICE.id, "Rice boils.", "local", "k1", (), "the night's budget is spent")
    with store.writing() as connection:
        for brief in (whole, marked):
            judgements.keep_brief(driver_of(connection), brief)
    with store.reading() as connection:
        assert find_brief(connection, OWLS.id, "k1") == whole
        assert find_brief(connection, RICE.id, "k1") == marked


def test_brief_that_a_model_could_not_write_gives_way_to_one_that_it_wrote(store: Store) -> None:
    marked = Brief(OWLS.id, "Owls hear.", "local", "k1", (), "the night's budget is spent")
    written = Brief(OWLS.id, "Owls hear mice.", "model", "k1", POINTS)
    with store.writing() as connection:
        for brief in (marked, written, marked):
            judgements.keep_brief(driver_of(connection), brief)
        assert find_brief(connection, OWLS.id, "k1") == written


def test_search_follows_a_brief_that_is_written_again(shelf: Store) -> None:
    with shelf.writing() as connection:
        judgements.keep_shortlist(connection, NIGHT, (), STORIES)
        for brief in (
            Brief(OWLS.id, "Owls hear.", "local", "k1", (), "late"),
            Brief(OWLS.id, "It listens.", "model", "k1"),
        ):
            judgements.keep_brief(driver_of(connection), brief)
        told = select(passages.c.text).where(passages.c.item_id == OWLS.id, passages.c.origin == "brief")
        assert connection.execute(told).scalars().all() == ["It listens."]


def test_empty_summary_is_a_brief(store: Store) -> None:
    silent = Brief(OWLS.id, "", "local", "k1")
    with store.writing() as connection:
        judgements.keep_brief(driver_of(connection), silent)
        assert find_brief(connection, OWLS.id, "k1") == silent


def test_digest_of_a_night_is_replaced(store: Store) -> None:
    with store.writing() as connection:
        assert judgements.find_digest(connection, NIGHT) is None
        for title in ("Owls", "Owls, “corrected” 字"):
            judgements.keep_digest(connection, NIGHT, {"sections": [{"title": title}]})
        assert judgements.find_digest(connection, NIGHT) == {"sections": [{"title": "Owls, “corrected” 字"}]}
        assert judgements.find_digest(connection, NEXT_NIGHT) is None
