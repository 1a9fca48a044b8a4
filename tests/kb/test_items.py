"""Items and their sightings: what is written is what is read, and whose words count."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from core.identity import content_hash
from core.polls import Known
from core.types import Item, Sighting
from kb import items as stored
from kb.judgements import MatchKey, keep_matches, unmatched_ids
from kb.store import Store
from tests.kb.shelf import NEXT_NIGHT, NIGHT, NOW, made, remember

OWLS = made("owls", text="Owls hear mice under snow.")
KETTLES = made("kettles")

WORDS = st.text(st.characters(codec="utf-8"), max_size=40)
MOMENTS = st.datetimes(datetime(1991, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
LISTS = st.lists(WORDS, max_size=3).map(tuple)
KEPT: Mapping[str, st.SearchStrategy[object]] = {
    **dict.fromkeys(("id", "title", "url", "text"), WORDS),
    **dict.fromkeys(("authors", "categories", "links"), LISTS),
    "kind": st.sampled_from(["paper", "post", "release"]),
    "published": st.none() | MOMENTS,
    "version": st.none() | st.integers(1, 99),
    "facts": st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple),
}
ITEMS = st.builds(Item, **KEPT)


def read(store: Store, *wanted: Item) -> Mapping[str, Item]:
    with store.reading() as connection:
        return stored.get_items(connection, [item.id for item in wanted])


def sightings(store: Store, item: Item) -> tuple[Sighting, ...]:
    with store.reading() as connection:
        return stored.sightings_of(connection, [item.id])[item.id]


@settings(max_examples=40, deadline=None)
@given(items=st.lists(ITEMS, max_size=4, unique_by=lambda item: item.id))
def test_any_item_survives(tmp_path_factory: pytest.TempPathFactory, items: list[Item]) -> None:
    store = Store(tmp_path_factory.mktemp("any") / "nightdesk.db")
    remember(store, *items)
    assert read(store, *items) == {item.id: replace(item, announced=item.published) for item in items}
    store.close()


def test_every_field_of_an_item_is_kept_or_in_its_sighting() -> None:
    in_sighting = {"announced", "announce_type", "told_at", "guid"}
    assert {field.name for field in fields(Item)} == set(KEPT) | in_sighting


def test_time_of_another_zone_is_the_same_moment(store: Store) -> None:
    local = datetime.fromisoformat("2031-03-13T22:30:00-05:00")
    remember(store, replace(OWLS, published=local))
    published = read(store, OWLS)[OWLS.id].published
    assert published == local
    assert published is not None
    assert published.tzinfo == UTC


def test_more_items_than_one_statement_takes(store: Store) -> None:
    many = [made(f"owl-{number}") for number in range(1201)]
    remember(store, *many)
    assert len(read(store, *many)) == 1201
    with store.reading() as connection:
        assert stored.count_items(connection) == 1201
        assert len(stored.known_items(connection, [item.id for item in many], "Lantern Labs")) == 1201


def test_unknown_ids_are_left_out(store: Store) -> None:
    remember(store, OWLS)
    assert set(read(store, OWLS, KETTLES)) == {OWLS.id}


def test_known_tells_what_this_source_told_last(store: Store) -> None:
    remember(store, OWLS, source="Lantern Labs")
    with store.reading() as connection:
        mine = stored.known_items(connection, [OWLS.id, KETTLES.id], "Lantern Labs")
        theirs = stored.known_items(connection, [OWLS.id, KETTLES.id], "The Copper Kettle")
    assert mine == {OWLS.id: Known(content_hash(OWLS))}
    assert theirs == {OWLS.id: Known(None)}


def test_news_of_a_night_are_without_backlog_in_order(store: Store) -> None:
    remember(store, KETTLES, OWLS)
    remember(store, made("old"), novelty="backlog")
    remember(store, made("late"), night=NEXT_NIGHT)
    with store.reading() as connection:
        assert [item.id for item in stored.news_of(connection, NIGHT)] == [KETTLES.id, OWLS.id]
        assert stored.news_ids(connection) == {KETTLES.id, OWLS.id, made("late").id}
        assert [item.id for item in stored.all_items(connection)][-1] == KETTLES.id


def test_changed_item_is_overwritten_by_its_own_source(store: Store) -> None:
    remember(store, OWLS)
    told = replace(OWLS, title="Owls, corrected", facts=(("pages", "12"),), version=2)
    remember(store, told, novelty="changed", night=NEXT_NIGHT)
    assert read(store, OWLS)[OWLS.id] == told
    with store.reading() as connection:
        assert [item.title for item in stored.news_of(connection, NIGHT)] == ["Owls, corrected"]
        assert stored.news_of(connection, NEXT_NIGHT) == ()


def test_changed_item_is_not_overwritten_by_another_source(store: Store) -> None:
    remember(store, OWLS)
    theirs = replace(OWLS, title="owls!!")
    remember(store, OWLS, novelty="known", source="The Copper Kettle")
    remember(store, theirs, novelty="changed", source="The Copper Kettle")
    assert read(store, OWLS)[OWLS.id] == OWLS
    with store.reading() as connection:
        known = stored.known_items(connection, [OWLS.id], "The Copper Kettle")
    assert known == {OWLS.id: Known(content_hash(theirs), changes=1)}


def test_change_asks_for_new_matches_only_from_its_own_source(store: Store) -> None:
    remember(store, OWLS, KETTLES)
    remember(store, KETTLES, novelty="known", source="The Copper Kettle")
    with store.writing() as connection:
        keep_matches(connection, {OWLS.id: [], KETTLES.id: []}, MatchKey("k", ""))
    remember(store, replace(OWLS, text="Owls again."), novelty="changed")
    remember(store, replace(KETTLES, text="Steam."), novelty="changed", source="The Copper Kettle")
    with store.reading() as connection:
        assert unmatched_ids(connection, MatchKey("k", ""), NIGHT) == [OWLS.id]


def test_known_item_changes_nothing(store: Store) -> None:
    remember(store, OWLS)
    with store.writing() as connection:
        connection.execute(text("DELETE FROM changes"))
    remember(store, replace(OWLS, title="Not taken over"), novelty="known")
    assert read(store, OWLS)[OWLS.id] == OWLS
    with store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM changes")).scalar() == 0


def test_sightings_are_in_order_and_once_a_source(store: Store) -> None:
    voted = replace(OWLS, facts=(("votes", "3"),), announced=NOW, told_at="https://kettle.example/owls")
    remember(store, OWLS, source="Lantern Labs")
    remember(store, voted, novelty="known", source="The Copper Kettle")
    remember(store, replace(OWLS, announce_type="cross"), novelty="known", source="Parchment")
    remember(store, replace(voted, facts=(("votes", "8"),)), novelty="known", source="The Copper Kettle")
    assert sightings(store, OWLS) == (
        Sighting("Lantern Labs", OWLS.url, None),
        Sighting("The Copper Kettle", "https://kettle.example/owls", NOW, facts=(("votes", "8"),)),
        Sighting("Parchment", OWLS.url, None, "cross"),
    )


def test_edits_are_counted_by_source(store: Store) -> None:
    remember(store, OWLS)
    for title in ("Owls 2", "Owls 3"):
        remember(store, replace(OWLS, title=title), novelty="changed")
    remember(store, replace(OWLS, title="Owls 3"), novelty="known")
    remember(store, OWLS, novelty="known", source="The Copper Kettle")
    with store.reading() as connection:
        sources = (stored.known_items(connection, [OWLS.id], name) for name in ("Lantern Labs", "The Copper Kettle"))
        assert [known[OWLS.id].changes for known in sources] == [2, 0]


def gone(store: Store, *listed: Item, source: str = "Lantern Labs") -> tuple[str, ...]:
    with store.writing() as connection:
        return stored.mark_gone(connection, [item.id for item in listed], source, NEXT_NIGHT)


def test_what_is_no_longer_listed_is_gone_once_and_may_come_back(store: Store) -> None:
    remember(store, OWLS)
    assert gone(store, OWLS) == ()
    assert gone(store, source="The Copper Kettle") == ()
    assert gone(store) == (OWLS.title,)
    assert gone(store) == ()
    remember(store, OWLS, novelty="known")
    assert gone(store) == (OWLS.title,)


def test_own_ids_of_a_source_lead_to_its_items(store: Store) -> None:
    remember(store, replace(OWLS, guid="tag:owls"))
    with store.reading() as connection:
        assert stored.ids_of_guids(connection, "Lantern Labs", ["tag:owls", "tag:other", ""]) == {"tag:owls": OWLS.id}
        assert stored.ids_of_guids(connection, "The Copper Kettle", ["tag:owls"]) == {}
