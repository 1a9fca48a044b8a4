"""What of the base is compared with a night: news with its source, of this night and the thirty days before."""

from datetime import date, timedelta

from kb.store import Store
from kb.trends import DAYS_BEFORE, news_by_night
from tests.kb.shelf import NEXT_NIGHT, NIGHT, made, remember


def told(store: Store, night: date = NIGHT) -> dict[date, list[tuple[str, str]]]:
    with store.reading() as connection:
        by_night = news_by_night(connection, night)
    return {day: [(source, item.title) for source, item in items] for day, items in by_night.items()}


def test_each_night_has_its_news_with_the_source_that_told_it_first(store: Store) -> None:
    owl, kettle = made("owl"), made("kettle")
    remember(store, kettle, owl, source="Lantern Labs", night=NIGHT)
    remember(store, owl, novelty="known", source="Old Mill", night=NEXT_NIGHT)
    remember(store, made("rice"), source="Old Mill", night=NEXT_NIGHT)
    assert told(store, NEXT_NIGHT) == {
        NIGHT: [("Lantern Labs", "A note on kettle"), ("Lantern Labs", "A note on owl")],
        NEXT_NIGHT: [("Old Mill", "A note on rice")],
    }


def test_background_later_nights_and_nights_long_ago_are_left_out(store: Store) -> None:
    remember(store, made("backlog"), novelty="backlog")
    remember(store, made("later"), night=NEXT_NIGHT)
    remember(store, made("old"), night=NIGHT - timedelta(days=DAYS_BEFORE + 1))
    remember(store, made("first"), night=NIGHT - timedelta(days=DAYS_BEFORE))
    assert list(told(store)) == [NIGHT - timedelta(days=DAYS_BEFORE)]


def test_an_empty_base_has_no_night(store: Store) -> None:
    assert told(store) == {}
