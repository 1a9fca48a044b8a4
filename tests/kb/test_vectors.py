"""Which items are embedded when: only what is new or says something else."""

from dataclasses import replace

import numpy as np

from core.ports import silent
from kb.embedder import Embedder
from kb.items import news_of
from kb.schema import items
from kb.store import Store
from kb.vectors import embed_pending, embedded_text, load_vectors, load_vectors_where
from tests.kb.shelf import NIGHT, TITLES, embed, made, remember, vectors_in

OWLS = made("owls", TITLES["owls"][0], "They hear mice under snow.")
KETTLES = made("kettles", TITLES["kettles"][0])


def test_new_items_are_embedded_once(store: Store, embedder: Embedder) -> None:
    remember(store, OWLS, KETTLES)
    assert embed(store, embedder) == 2
    assert embed(store, embedder) == 0
    assert set(vectors_in(store, OWLS, KETTLES)) == {OWLS.id, KETTLES.id}


def test_stored_vector_is_that_of_title_and_text(store: Store, embedder: Embedder) -> None:
    remember(store, OWLS, KETTLES)
    embed(store, embedder)
    wanted = embedder.embed([f"{OWLS.title}. {OWLS.text}", KETTLES.title])
    kept = vectors_in(store, OWLS, KETTLES)
    np.testing.assert_allclose([kept[OWLS.id], kept[KETTLES.id]], wanted, atol=1e-3)
    assert [embedded_text(item.title, item.text) for item in (OWLS, KETTLES)] == [
        f"{OWLS.title}. {OWLS.text}",
        KETTLES.title,
    ]


def test_changed_text_is_embedded_again(store: Store, embedder: Embedder) -> None:
    remember(store, OWLS, KETTLES)
    embed(store, embedder)
    before = vectors_in(store, OWLS, KETTLES)
    remember(store, replace(OWLS, text="They cannot see in full darkness."), novelty="changed")
    assert embed(store, embedder) == 1
    after = vectors_in(store, OWLS, KETTLES)
    assert not np.array_equal(before[OWLS.id], after[OWLS.id])
    np.testing.assert_array_equal(before[KETTLES.id], after[KETTLES.id])


def test_change_of_anything_but_the_text_is_not_embedded(store: Store, embedder: Embedder) -> None:
    remember(store, OWLS)
    embed(store, embedder)
    remember(store, replace(OWLS, version=2, facts=(("pages", "12"),)), novelty="changed")
    assert embed(store, embedder) == 0


def test_text_that_changes_back_is_embedded_again(store: Store, embedder: Embedder) -> None:
    remember(store, OWLS)
    embed(store, embedder)
    before = vectors_in(store, OWLS)
    for text in ("Something else.", OWLS.text):
        remember(store, replace(OWLS, text=text), novelty="changed")
        assert embed(store, embedder) == 1
    np.testing.assert_array_equal(before[OWLS.id], vectors_in(store, OWLS)[OWLS.id])


def test_text_that_changes_while_it_is_embedded_stays_pending(store: Store, embedder: Embedder) -> None:
    remember(store, OWLS)

    def slow_embedder() -> Embedder:
        remember(store, replace(OWLS, text="Edited at the same moment."), novelty="changed")
        return embedder

    assert embed_pending(store, slow_embedder, silent) == 1
    assert embed(store, embedder) == 1
    assert embed(store, embedder) == 0


def test_embedder_is_not_asked_when_nothing_is_pending(store: Store) -> None:
    def no_embedder() -> Embedder:
        raise AssertionError("asked for nothing")

    assert embed_pending(store, no_embedder, silent) == 0


def test_progress_tells_what_is_embedded(store: Store, embedder: Embedder) -> None:
    told: list[str] = []
    remember(store, *(made(f"owl-{number}", f"Owl {number}") for number in range(130)))
    assert embed_pending(store, lambda: embedder, told.append) == 130
    assert told == ["embedding 1–128 of 130 items", "embedding 129–130 of 130 items"]


def test_vectors_come_in_the_order_asked_without_those_missing(store: Store, embedder: Embedder) -> None:
    remember(store, OWLS, KETTLES)
    embed(store, embedder)
    remember(store, made("late"))
    with store.reading() as connection:
        ids, matrix = load_vectors(connection, [KETTLES.id, made("late").id, "nowhere", OWLS.id])
        none, empty = load_vectors(connection, [])
        assert len(news_of(connection, NIGHT)) == 3
    assert ids == [KETTLES.id, OWLS.id]
    np.testing.assert_array_equal(matrix, [vectors_in(store, KETTLES)[KETTLES.id], vectors_in(store, OWLS)[OWLS.id]])
    assert (none, empty.shape) == ([], (0, 384))


def test_vectors_of_a_condition_are_those_of_its_items(store: Store, embedder: Embedder) -> None:
    remember(store, OWLS, KETTLES)
    embed(store, embedder)
    with store.reading() as connection:
        ids, matrix = load_vectors_where(connection, items.c.title == KETTLES.title)
        nobody, empty = load_vectors_where(connection, items.c.title == "Not there")
    assert ids == [KETTLES.id]
    np.testing.assert_array_equal(matrix, [vectors_in(store, KETTLES)[KETTLES.id]])
    assert (nobody, empty.shape) == ([], (0, 384))
