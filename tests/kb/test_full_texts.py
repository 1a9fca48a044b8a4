"""A text is read once, a failure again, and a new version anew."""

from dataclasses import replace

from sqlalchemy import select

from core.types import FullText, Item
from kb.full_texts import find_full_text, remember_full_text
from kb.schema import full_texts
from kb.store import Store
from tests.kb.shelf import NOW, made, remember

OWLS = made("owls", text="Owls hear mice under snow.")
READ = FullText(OWLS.id, "https://lantern.example/owls.html", "Owls.\nThe whole of it.", "article")
FAILED = FullText(OWLS.id, OWLS.url, OWLS.text, "told", "HTTP 503")


def _keep(store: Store, item: Item, text: FullText) -> None:
    with store.writing() as connection:
        remember_full_text(connection, item, text, NOW)


def _kept(store: Store, item: Item) -> FullText | None:
    with store.reading() as connection:
        return find_full_text(connection, item)


def test_nothing_is_kept_at_first(store: Store) -> None:
    remember(store, OWLS)
    assert _kept(store, OWLS) is None


def test_text_comes_back_as_it_was(store: Store) -> None:
    remember(store, OWLS)
    _keep(store, OWLS, READ)
    assert _kept(store, OWLS) == READ


def test_text_of_an_older_version_does_not_count(store: Store) -> None:
    remember(store, OWLS)
    _keep(store, OWLS, READ)
    assert _kept(store, replace(OWLS, version=2)) is None


def test_newer_text_takes_the_place_of_the_older(store: Store) -> None:
    remember(store, OWLS)
    _keep(store, OWLS, READ)
    newer = replace(READ, text="The second version.")
    _keep(store, replace(OWLS, version=2), newer)
    assert _kept(store, replace(OWLS, version=2)) == newer
    assert _kept(store, OWLS) is None


def test_failure_is_kept_with_its_reason_until_a_text_comes(store: Store) -> None:
    remember(store, OWLS)
    _keep(store, OWLS, FAILED)
    assert _kept(store, OWLS) == FAILED
    _keep(store, OWLS, replace(FAILED, why="HTTP 404"))
    assert _kept(store, OWLS) == replace(FAILED, why="HTTP 404")
    _keep(store, OWLS, READ)
    assert _kept(store, OWLS) == READ


def test_failure_does_not_forget_a_text(store: Store) -> None:
    remember(store, OWLS)
    _keep(store, OWLS, READ)
    _keep(store, replace(OWLS, version=2), FAILED)
    assert _kept(store, OWLS) == READ


def test_time_of_reading_is_kept(store: Store) -> None:
    remember(store, OWLS)
    _keep(store, OWLS, READ)
    with store.reading() as connection:
        assert connection.execute(select(full_texts.c.fetched)).scalar_one() == NOW
