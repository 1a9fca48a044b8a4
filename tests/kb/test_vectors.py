"""Which items are embedded when: only what is new or says something else."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import func, select

from core.errors import EmbedderError
from core.ports import silent
from kb.embedder import Embedder
from kb.embedding import EmbeddingModel, Vectors
from kb.items import news_of
from kb.schema import vectors
from kb.store import Store
from kb.vector_rows import count_pending, current_model, embedded_text, last_change, load_vectors
from kb.vectors import embed_pending, use_model
from tests.kb.shelf import NIGHT, TITLES, embed, made, remember, vectors_in

OWLS = made("owls", TITLES["owls"][0], "They hear mice under snow.")
KETTLES = made("kettles", TITLES["kettles"][0])


class Letters:
    """A model of a few numbers: how often each of the first letters of the alphabet occurs."""

    def __init__(self, name: str = "letters", dimensions: int = 5) -> None:
        self.name, self.dimensions = name, dimensions

    def embed(self, texts: Sequence[str], /) -> Vectors:
        letters = "abcdefghijklmnopqrstuvwxyz"[: self.dimensions]
        rows = np.array([[1 + text.count(letter) for letter in letters] for text in texts], np.float32)
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


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


def test_text_that_changes_while_it_is_embedded_stays_pending(store: Store) -> None:
    class Slow(Letters):
        def embed(self, texts: Sequence[str], /) -> Vectors:
            if OWLS.text in texts[0]:
                remember(store, replace(OWLS, text="Edited at the same moment."), novelty="changed")
            return super().embed(texts)

    remember(store, OWLS)
    assert embed_pending(store, Slow, silent) == 1
    assert embed_pending(store, Slow, silent) == 1
    assert embed_pending(store, Slow, silent) == 0


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
    with store.searching() as connection:
        ids, matrix = load_vectors(connection, [KETTLES.id, made("late").id, "nowhere", OWLS.id])
        none, empty = load_vectors(connection, [])
    with store.reading() as reading:
        assert len(news_of(reading, NIGHT)) == 3
    assert ids == [KETTLES.id, OWLS.id]
    np.testing.assert_array_equal(matrix, [vectors_in(store, KETTLES)[KETTLES.id], vectors_in(store, OWLS)[OWLS.id]])
    assert (none, empty.shape) == ([], (0, 384))


def _models_in(store: Store) -> dict[str, int]:
    with store.reading() as connection:
        counted = select(vectors.c.model, func.count()).group_by(vectors.c.model)
        return {row[0]: row[1] for row in connection.execute(counted)}


def test_another_model_takes_the_place_of_the_former_whole(store: Store) -> None:
    remember(store, OWLS, KETTLES)
    assert embed_pending(store, Letters, silent) == 2
    assert embed_pending(store, lambda: Letters("others", 7), silent) == 0  # nothing waits, so nobody is asked
    use_model(store, Letters("others", 7))
    assert _models_in(store) == {"letters": 2}
    assert {len(vector) for vector in vectors_in(store, OWLS, KETTLES).values()} == {5}  # until it has taken over
    assert embed_pending(store, lambda: Letters("others", 7), silent) == 2
    assert _models_in(store) == {"others": 2}
    assert {len(vector) for vector in vectors_in(store, OWLS, KETTLES).values()} == {7}
    with store.searching() as connection:
        assert current_model(connection) == EmbeddingModel("others", 7)


def test_change_of_model_that_was_stopped_goes_on_and_never_mixes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.vectors._PORTION", 1)
    remember(store, OWLS, KETTLES)
    embed_pending(store, Letters, silent)
    use_model(store, other := Letters("others", 7))
    with pytest.raises(KeyboardInterrupt):
        embed_pending(store, lambda: other, _stop_at_second)
    assert _models_in(store) == {"letters": 2, "others": 1}
    assert {len(vector) for vector in vectors_in(store, OWLS, KETTLES).values()} == {5}
    assert embed_pending(store, lambda: other, silent) == 1
    assert _models_in(store) == {"others": 2}


def test_going_back_to_the_former_model_embeds_only_what_changed_since(store: Store) -> None:
    lamps = made("lamps")
    remember(store, OWLS, KETTLES, lamps)
    embed_pending(store, Letters, silent)
    remember(store, replace(lamps, text="Edited before."), novelty="changed")
    use_model(store, Letters("others", 7))
    remember(store, replace(KETTLES, text="Edited since."), novelty="changed")
    use_model(store, Letters())
    assert set(vectors_in(store, OWLS, KETTLES, lamps)) == {OWLS.id}
    assert embed_pending(store, Letters, silent) == 2


def test_model_that_was_left_half_way_is_forgotten_with_the_next_embedding(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.vectors._PORTION", 1)
    remember(store, OWLS, KETTLES)
    embed_pending(store, Letters, silent)
    use_model(store, other := Letters("others", 7))
    with pytest.raises(KeyboardInterrupt):
        embed_pending(store, lambda: other, _stop_at_second)
    use_model(store, Letters())
    assert embed_pending(store, Letters, silent) == 0
    assert _models_in(store) == {"letters": 2}


def test_killed_before_it_took_over_the_new_model_takes_over_next_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(store, OWLS)
    embed_pending(store, Letters, silent)
    use_model(store, other := Letters("others", 7))
    with monkeypatch.context() as killed:
        killed.setattr("kb.vectors._take_over", _die)
        with pytest.raises(KeyboardInterrupt):
            embed_pending(store, lambda: other, silent)
    assert embed_pending(store, lambda: other, silent) == 0
    with store.searching() as connection:
        assert current_model(connection) == EmbeddingModel("others", 7)


def test_what_is_told_while_a_model_is_built_waits_for_that(store: Store) -> None:
    remember(store, OWLS)
    embed_pending(store, Letters, silent)
    use_model(store, other := Letters("others", 7))
    remember(store, KETTLES)
    assert embed_pending(store, lambda: other, silent) == 2
    assert _models_in(store) == {"others": 2}


def _stop_at_second(line: str) -> None:
    if "2–2" in line:
        raise KeyboardInterrupt


def _die(store: Store) -> None:
    raise KeyboardInterrupt


def test_other_length_under_the_same_name_is_refused(store: Store) -> None:
    remember(store, OWLS)
    embed_pending(store, Letters, silent)
    remember(store, KETTLES)
    with pytest.raises(EmbedderError, match="letters gave vectors of 5 numbers and now gives 6"):
        embed_pending(store, lambda: Letters("letters", 6), silent)
    with store.searching() as connection:
        assert count_pending(connection) == 1


def test_every_stored_vector_is_a_change(store: Store) -> None:
    def last() -> int:
        with store.searching() as connection:
            return last_change(connection)

    assert last() == 0
    remember(store, OWLS)
    before = last()
    embed_pending(store, Letters, silent)
    assert last() > before
