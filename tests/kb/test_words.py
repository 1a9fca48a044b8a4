"""BM25 as it is computed here is that of FTS5."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kb.query import parse
from kb.store import Store
from kb.words import ByWords, search_words
from tests.kb.shelf import made, remember

WORDS = ("owls", "kettles", "provers", "bridges", "rice", "lanterns", "snow", "arches")
_FTS5 = "SELECT rowid, -bm25(items_fts, 3.0, 1.0, 1.0) FROM items_fts WHERE items_fts MATCH ? ORDER BY rowid"

_titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True).map(" ".join)
_texts = st.tuples(st.lists(st.sampled_from(WORDS), max_size=6), st.sampled_from([0, 3, 150, 20_000])).map(
    lambda told: " ".join([*told[0], *["filling"] * told[1]])
)


def _both(store: Store, typed: str, expression: str) -> tuple[ByWords, dict[int, float]]:
    with store.searching() as connection:
        return search_words(connection, parse(typed)), dict(connection.execute(_FTS5, (expression,)).fetchall())


@settings(max_examples=40, deadline=None)
@given(
    items=st.lists(st.tuples(_titles, _texts), min_size=1, max_size=12),
    again=st.lists(st.tuples(st.integers(0, 11), _texts), max_size=3),
    asked=st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True),
)
def test_scores_are_those_of_fts5(items: list[tuple[str, str]], again: list[tuple[int, str]], asked: list[str]) -> None:
    """Of whatever lengths the texts are, and when some of them changed."""
    with TemporaryDirectory() as folder:
        store = Store(Path(folder) / "nightdesk.db")
        remember(store, *(made(f"item-{number}", *item) for number, item in enumerate(items)))
        for number, text in again:
            remember(store, made(f"item-{number}", f"item {number}", text))
        found, expected = _both(store, " ".join(asked), " OR ".join(asked))
        store.close()
    assert found.seqs.tolist() == list(expected)
    assert found.scores.tolist() == pytest.approx(list(expected.values()), rel=1e-4)


def test_phrase_is_scored_as_fts5_does(store: Store) -> None:
    remember(store, made("a", "Barn owls", "They hear mice."), made("b", "Mice", "What barn owls hear: mice, mostly."))
    remember(store, *(made(str(number), "Kettles") for number in range(9)))
    found, expected = _both(store, '"barn owls"', '"barn owls" OR "barn" OR "owls"')
    assert dict(zip(found.seqs.tolist(), found.scores.tolist(), strict=True)) == pytest.approx(expected, rel=1e-4)


def test_best_of_many_are_scored_exactly_and_the_rest_nearly(store: Store) -> None:
    texts = (f"{'owls ' * (number % 5 + 1)}{'filling ' * (200 + number * 7 % 60)}" for number in range(700))
    remember(store, *(made(str(number), "A note", text) for number, text in enumerate(texts)))
    remember(store, *(made(f"other {number}", "Kettles") for number in range(900)))
    found, expected = _both(store, "owls", "owls")
    assert found.seqs.tolist() == list(expected)
    exact = np.array(list(expected.values()))
    assert 300 <= np.isclose(found.scores, exact, rtol=1e-4).sum() < 700
    assert found.scores == pytest.approx(exact, rel=0.4)
    assert np.sort(found.scores)[-20:] == pytest.approx(np.sort(exact)[-20:], rel=1e-4)


def test_words_that_nearly_all_have_are_asked_for_together(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.words._ROWS", 30)
    notes = ("owls and kettles", "owls", "kettles")
    remember(store, *(made(str(number), notes[number % 3]) for number in range(60)))
    with store.searching() as connection:
        found = search_words(connection, parse("owls kettles"))
    assert found.seqs.tolist() == list(range(1, 60, 3))
