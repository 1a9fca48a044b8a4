"""The index follows the store: what was drained, in whatever order things happened, is what is found."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import chromadb
import pytest
from chromadb.config import Settings
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.errors import StoreError
from core.types import Item
from kb.embedder import Embedder
from kb.index import Index
from kb.schema import changes
from kb.store import Store
from tests.kb.shelf import TITLES, embed, made, remember, vectors_in

SHELF = [made(name, titles[0]) for name, titles in TITLES.items()]


def _assert_mirrors(index: Index, store: Store, shelf: Sequence[Item]) -> None:
    """Require the ids of the store, and each item nearest to its own vector."""
    kept = vectors_in(store, *shelf)
    assert set(kept) == {item.id for item in shelf}
    assert index.count() == len(shelf)
    for item_id, vector in kept.items():
        found = index.nearest(vector, len(shelf))
        assert {found_id for found_id, _ in found} == set(kept)
        assert found[0][0] == item_id
        assert found[0][1] == pytest.approx(1.0, abs=1e-3)


def _logged(store: Store) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(changes)).scalar_one()


def test_index_never_drained_is_empty(index: Index, embedder: Embedder) -> None:
    assert index.count() == 0
    assert index.nearest(embedder.embed(["owls"])[0], 5) == []


def test_drain_takes_over_what_was_embedded(store: Store, index: Index, embedder: Embedder) -> None:
    remember(store, *SHELF)
    embed(store, embedder)
    assert index.drain(store) > 0
    assert _logged(store) == 0
    assert index.drain(store) == 0
    _assert_mirrors(index, store, SHELF)


def test_item_without_vector_is_indexed_once_it_has_one(store: Store, index: Index, embedder: Embedder) -> None:
    remember(store, *SHELF)
    index.drain(store)
    assert index.count() == 0
    embed(store, embedder)
    index.drain(store)
    _assert_mirrors(index, store, SHELF)


def test_more_changes_than_one_portion(
    store: Store, index: Index, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kb.index._PORTION", 2)
    remember(store, *SHELF)
    embed(store, embedder)
    index.drain(store)
    assert _logged(store) == 0
    _assert_mirrors(index, store, SHELF)


def test_update_between_two_drains_wins(store: Store, index: Index, embedder: Embedder) -> None:
    remember(store, *SHELF)
    embed(store, embedder)
    index.drain(store)
    owls = SHELF[0]
    for title in (TITLES["owls"][1], TITLES["owls"][2]):
        remember(store, replace(owls, title=title), novelty="changed")
        embed(store, embedder)
    index.drain(store)
    _assert_mirrors(index, store, SHELF)
    question = embedder.embed([TITLES["owls"][2]])[0]
    ((nearest, score),) = index.nearest(question, 1)
    assert nearest == owls.id
    assert score == pytest.approx(1.0, abs=1e-3)


def test_change_while_a_portion_is_written_is_not_lost(
    store: Store, index: Index, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(store, *SHELF)
    embed(store, embedder)
    write = chromadb.Collection.upsert
    edited = replace(SHELF[0], title=TITLES["owls"][2])

    def write_while_editing(collection: chromadb.Collection, **rows: object) -> None:
        write(collection, **rows)  # type: ignore[arg-type]
        monkeypatch.setattr(chromadb.Collection, "upsert", write)
        remember(store, edited, novelty="changed")
        embed(store, embedder)

    monkeypatch.setattr(chromadb.Collection, "upsert", write_while_editing)
    index.drain(store)
    _assert_mirrors(index, store, SHELF)


def test_deleted_folder_is_filled_again(store: Store, index: Index, embedder: Embedder, tmp_path: Path) -> None:
    remember(store, *SHELF)
    embed(store, embedder)
    index.drain(store)
    shutil.rmtree(tmp_path / "chroma")
    assert index.drain(store) == len(SHELF)
    _assert_mirrors(index, store, SHELF)


def test_power_cut_while_the_index_is_made_again_loses_nothing(
    store: Store, index: Index, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remember(store, *SHELF)
    embed(store, embedder)
    index.drain(store)
    shutil.rmtree(tmp_path / "chroma")
    make = chromadb.api.client.Client.create_collection

    def make_and_die(*args: object, **named: object) -> None:
        make(*args, **named)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(chromadb.api.client.Client, "create_collection", make_and_die)
        with pytest.raises(KeyboardInterrupt):
            index.drain(store)
    index.drain(store)
    _assert_mirrors(index, store, SHELF)


def test_damaged_folder_says_what_to_delete(store: Store, index: Index, embedder: Embedder, tmp_path: Path) -> None:
    remember(store, *SHELF)
    embed(store, embedder)
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"a shopping list\n" * 500)
    with pytest.raises(StoreError, match=r"chroma.*delete that folder"):
        index.drain(store)


def test_file_in_place_of_the_folder_is_named(store: Store, index: Index, embedder: Embedder, tmp_path: Path) -> None:
    remember(store, *SHELF)
    embed(store, embedder)
    (tmp_path / "chroma").write_text("taken")
    with pytest.raises(StoreError, match="chroma"):
        index.drain(store)


STEPS = st.lists(
    st.tuples(st.just("tell"), st.sampled_from(sorted(TITLES)), st.integers(0, 2))
    | st.tuples(st.sampled_from(["embed", "drain"]), st.just(""), st.just(0)),
    max_size=12,
)


@settings(max_examples=12, deadline=None)
@given(steps=STEPS)
def test_any_order_of_changes_and_drains_ends_in_the_store(
    tmp_path_factory: pytest.TempPathFactory, embedder: Embedder, steps: list[tuple[str, str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    store, index = Store(folder / "nightdesk.db"), Index(folder / "chroma")
    told: dict[str, Item] = {}
    for step, name, version in [*steps, ("embed", "", 0), ("drain", "", 0)]:
        if step == "embed":
            embed(store, embedder)
        elif step == "drain":
            index.drain(store)
        else:
            remember(store, item := made(name, TITLES[name][version]), novelty="changed" if name in told else "news")
            told[name] = item
    _assert_mirrors(index, store, list(told.values()))
    store.close()


def _state(store: Store, index: Index) -> str:
    with store.searching() as connection:
        return index.state(connection)


def test_state_tells_what_the_folder_is_worth(store: Store, index: Index, embedder: Embedder, tmp_path: Path) -> None:
    folder, older = tmp_path / "chroma", tmp_path / "older"
    assert _state(store, index) == "empty"
    remember(store, SHELF[0])
    embed(store, embedder)
    assert _state(store, index) == "empty"
    index.drain(store)
    assert _state(store, index) == "whole"
    shutil.copytree(folder, older)
    remember(store, SHELF[1])
    embed(store, embedder)
    assert _state(store, index) == "whole"
    index.drain(store)
    shutil.rmtree(folder)
    assert _state(store, index) == "missing"
    shutil.copytree(older, folder)
    assert _state(store, index) == "older"
    (folder / "chroma.sqlite3").write_bytes(b"a shopping list")
    assert _state(store, index) == "damaged"


def test_older_copy_is_filled_again(store: Store, index: Index, embedder: Embedder, tmp_path: Path) -> None:
    folder, older = tmp_path / "chroma", tmp_path / "older"
    remember(store, *SHELF[:2])
    embed(store, embedder)
    index.drain(store)
    shutil.copytree(folder, older)
    remember(store, replace(SHELF[0], title=TITLES["owls"][2]), novelty="changed")
    remember(store, *SHELF[2:])
    embed(store, embedder)
    index.drain(store)
    shutil.rmtree(folder)
    shutil.copytree(older, folder)
    Index(folder).drain(store)
    _assert_mirrors(Index(folder), store, SHELF)


@pytest.mark.parametrize("damage", ["torn", "deleted", "emptied"])
def test_rebuild_makes_any_index_whole(
    store: Store, index: Index, embedder: Embedder, tmp_path: Path, damage: str
) -> None:
    remember(store, *SHELF)
    embed(store, embedder)
    index.drain(store)
    if damage == "torn":
        (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"a shopping list\n" * 500)
    elif damage == "deleted":
        shutil.rmtree(tmp_path / "chroma")
    else:
        client = chromadb.PersistentClient(str(tmp_path / "chroma"), Settings(anonymized_telemetry=False))
        (collection,) = client.list_collections()
        collection.delete(ids=[SHELF[0].id])
        client.close()  # type: ignore[attr-defined]
    again = Index(tmp_path / "chroma")
    again.rebuild(store)
    assert _state(store, again) == "whole"
    _assert_mirrors(again, store, SHELF)


def test_index_that_others_opened_is_not_made_anew(
    store: Store, index: Index, embedder: Embedder, tmp_path: Path
) -> None:
    remember(store, *SHELF)
    embed(store, embedder)
    index.drain(store)
    assert Index(tmp_path / "chroma").count() == len(SHELF)
    assert Index(tmp_path / "chroma").drain(store) == 0
    _assert_mirrors(index, store, SHELF)


def test_index_is_made_anew_while_others_have_it_open(
    store: Store, index: Index, embedder: Embedder, tmp_path: Path
) -> None:
    remember(store, *SHELF)
    embed(store, embedder)
    index.drain(store)
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"a shopping list")
    assert Index(tmp_path / "chroma").drain(store) == len(SHELF)
    _assert_mirrors(index, store, SHELF)


def test_rebuild_of_a_whole_index_writes_nothing(store: Store, index: Index, embedder: Embedder) -> None:
    remember(store, *SHELF)
    embed(store, embedder)
    assert index.rebuild(store) == len(SHELF)
    assert index.rebuild(store) == 0


def test_progress_is_told(store: Store, index: Index, embedder: Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kb.index._PORTION", 4)
    told: list[str] = []
    remember(store, *SHELF)
    embed(store, embedder)
    index.drain(store, told.append)
    assert told == ["indexed 4 items", "indexed 5 items"]


def test_another_process_is_followed(store: Store, index: Index, embedder: Embedder, tmp_path: Path) -> None:
    remember(store, *SHELF[:3])
    embed(store, embedder)
    index.drain(store)
    assert index.count() == 3
    remember(store, *SHELF[3:])
    embed(store, embedder)
    script = (
        "import sys; from pathlib import Path; from kb.index import Index; from kb.store import Store;"
        " folder = Path(sys.argv[1]); Index(folder / 'chroma').drain(Store(folder / 'nightdesk.db'))"
    )
    subprocess.run([sys.executable, "-c", script, tmp_path], check=True, cwd=Path(__file__).parents[2])
    _assert_mirrors(index, store, SHELF)


def test_what_chroma_raises_is_a_store_error(store: Store, index: Index, embedder: Embedder) -> None:
    remember(store, *SHELF)
    embed(store, embedder)
    index.drain(store)
    with pytest.raises(StoreError, match="nightdesk reindex"):
        index.nearest(embedder.embed(["owls"])[0][:7], 3)
