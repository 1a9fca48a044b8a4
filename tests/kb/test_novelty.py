"""What the base already knew: the nearest of earlier nights, and of what was told lately; the night itself never."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from core.earlier import Earlier, Familiar
from core.types import Decision, Verdict
from kb import novelty
from kb.embedding import Vectors
from kb.judgements import keep_shortlist
from kb.schema import vectors as stored
from kb.store import Store
from tests.kb.shelf import NEXT_NIGHT, NIGHT, made, remember

EAST, NEAR_EAST, NORTH = (1.0, 0.0), (0.8, 0.6), (0.0, 1.0)
LATER = NIGHT + timedelta(40)


def shelve(store: Store, night: date, rows: Mapping[str, tuple[float, float]]) -> None:
    remember(store, *(made(name) for name in rows), night=night)
    values = [
        {"item_id": made(name).id, "text_hash": "", "model": "", "vector": np.array(row, np.float16).tobytes()}
        for name, row in rows.items()
    ]
    with store.writing() as connection:
        connection.execute(insert(stored), values)


def judge(store: Store, night: date, name: str, decision: Decision = "kept") -> None:
    with store.writing() as connection:
        keep_shortlist(connection, night, [Verdict(made(name).id, "tea", decision, 0.5, "so")], [])


def familiar(
    store: Store, row: tuple[float, float] = EAST, name: str = "tonight", night: date = NEXT_NIGHT
) -> Familiar:
    with store.reading() as connection:
        return novelty.familiar(connection, [made(name).id], np.array([row], np.float32), night)[made(name).id]


def earlier(name: str, similarity: float, night: date = NIGHT) -> Earlier:
    return Earlier(made(name).id, f"A note on {name}", similarity, night)


def test_first_night_knows_nothing(store: Store) -> None:
    assert familiar(store) == Familiar()


def test_nearest_of_earlier_nights_is_known(store: Store) -> None:
    shelve(store, NIGHT, {"far": NORTH, "near": NEAR_EAST})
    assert familiar(store) == Familiar(known=earlier("near", 0.8))


def test_background_is_known_too(store: Store) -> None:
    remember(store, made("old"), novelty="backlog")
    with store.writing() as connection:
        row = {"item_id": made("old").id, "text_hash": "", "model": "", "vector": np.array(EAST, np.float16).tobytes()}
        connection.execute(insert(stored), [row])
    assert familiar(store).known == earlier("old", 1.0)


def test_night_itself_and_later_ones_do_not_count(store: Store) -> None:
    shelve(store, NEXT_NIGHT, {"beside": EAST, "tonight": EAST})
    shelve(store, LATER, {"later": EAST})
    assert familiar(store) == Familiar()


def test_item_is_not_its_own_past(store: Store) -> None:
    shelve(store, NIGHT, {"tonight": EAST, "other": NORTH})
    assert familiar(store).known == earlier("other", 0.0)


def test_told_is_the_nearest_of_those_kept_with_the_last_night_it_was(store: Store) -> None:
    shelve(store, NIGHT, {"near": EAST, "told": NEAR_EAST, "dropped": EAST})
    judge(store, NIGHT, "told")
    judge(store, NEXT_NIGHT, "dropped", "dropped")
    judge(store, NEXT_NIGHT + timedelta(1), "told")
    found = familiar(store, night=NEXT_NIGHT + timedelta(2))
    assert found.told == earlier("told", 0.8, NEXT_NIGHT + timedelta(1))
    assert found.known == earlier("near", 1.0)


@pytest.mark.parametrize(("nights", "is_told"), [(1, True), (30, True), (31, False)])
def test_what_was_told_is_told_for_thirty_nights(store: Store, nights: int, is_told: bool) -> None:  # noqa: FBT001
    shelve(store, NIGHT, {"told": EAST})
    judge(store, NIGHT, "told")
    assert (familiar(store, night=NIGHT + timedelta(nights)).told is not None) == is_told


def test_what_the_night_itself_kept_was_not_told_before(store: Store) -> None:
    shelve(store, NIGHT, {"known": EAST})
    judge(store, NEXT_NIGHT, "known")
    assert familiar(store).told is None


def test_equally_near_ones_are_the_first_that_came(store: Store) -> None:
    shelve(store, NIGHT, {"zebra": EAST, "aardvark": EAST})
    assert familiar(store).known == earlier("zebra", 1.0)


PAID, FREE = "openrouter:lumen/lamp", "openrouter:lumen/lamp:free"


@pytest.mark.parametrize(
    ("before", "tonight", "is_known"),
    [
        (PAID, FREE, True),
        (FREE, PAID, True),
        (f"{PAID}-2", PAID, False),
        (f"{PAID}-2", FREE, False),
        (PAID, PAID, False),
    ],
)
def test_earlier_offer_of_a_model_is_what_is_known_of_it(
    store: Store, before: str, tonight: str, *, is_known: bool
) -> None:
    shelve(store, NIGHT, {"twin": EAST})
    remember(store, replace(made("lamp"), id=before), night=NIGHT)
    with store.reading() as connection:
        found = novelty.familiar(connection, [tonight], np.array([EAST], np.float32), NEXT_NIGHT)[tonight].known
    assert found is not None
    assert found.item_id == (before if is_known else made("twin").id)
    assert found.night == NIGHT


def test_offer_of_the_night_itself_is_not_known_before(store: Store) -> None:
    remember(store, replace(made("lamp"), id=PAID), night=NEXT_NIGHT)
    with store.reading() as connection:
        assert novelty.familiar(connection, [FREE], np.array([EAST], np.float32), NEXT_NIGHT)[FREE] == Familiar()


def test_items_without_vectors_are_asked_of_nothing(store: Store) -> None:
    with store.reading() as connection:
        assert novelty.familiar(connection, [], np.zeros((0, 2), np.float32), NIGHT) == {}


ROWS = st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)).filter(any), min_size=1, max_size=12)


@given(rows=ROWS, asked=ROWS, kept=st.sets(st.integers(0, 11)), portion=st.integers(1, 5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_scan_in_portions_finds_what_comparing_all_finds(
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    rows: list[tuple[int, int]],
    asked: list[tuple[int, int]],
    kept: set[int],
    portion: int,
) -> None:
    monkeypatch.setattr(novelty, "_PORTION", portion)
    store = Store(tmp_path_factory.mktemp("base") / "nightdesk.db")
    try:
        shelve(store, NIGHT, {str(place): (float(x), float(y)) for place, (x, y) in enumerate(rows)})
        for place in kept & set(range(len(rows))):
            with store.writing() as connection:
                verdict = Verdict(made(str(place)).id, "tea", "kept", 0.5, "so")
                keep_shortlist(connection, NIGHT - timedelta(place), [verdict], [])
        ids = [f"asked {place}" for place in range(len(asked))]
        with store.reading() as connection:
            found = novelty.familiar(connection, ids, np.array(asked, np.float32), NEXT_NIGHT)
    finally:
        store.close()
    products: Vectors = np.array(rows, np.float32) @ np.array(asked, np.float32).T
    for column, item_id in enumerate(ids):
        known, told = found[item_id].known, found[item_id].told
        assert known is not None
        assert known.item_id == made(str(int(products[:, column].argmax()))).id
        there = sorted(kept & set(range(len(rows))))
        assert (told is None) == (not there)
        if told:
            assert told.similarity == max(products[place, column] for place in there)
