"""An index that is missing, torn or older: search answers as before, with one warning at most, and a rebuild mends it.

What Chroma reads is looked at by another process: a damaged one may end the process that reads it.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import kb.meaning
from core.ports import silent
from kb.index import Index
from kb.search import Search
from kb.store import Store
from kb.vectors import embed_pending
from tests.apart import apart
from tests.kb.sameness import Sums, differences
from tests.kb.shelf import made, remember

# More than a thousand, from where on Chroma writes its graph to files of its own.
_SHELF = [
    made(f"work-{number}", f"Lantern number {number}", "owls and moths " * (number % 7)) for number in range(1100)
]
Harm = Callable[[Path], None]


def _halved(pattern: str) -> Harm:
    def harm(folder: Path) -> None:
        for file in _files(folder, pattern):
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    return harm


def _garbage(pattern: str, beyond: int = 0) -> Harm:
    def harm(folder: Path) -> None:
        for file in _files(folder, pattern):
            whole = file.read_bytes()
            file.write_bytes((whole[:beyond] + b"a shopping list\n" * len(whole))[: len(whole)])

    return harm


def _gone(pattern: str) -> Harm:
    def harm(folder: Path) -> None:
        for file in _files(folder, pattern):
            file.unlink()

    return harm


def _files(folder: Path, pattern: str) -> list[Path]:
    found = [path for path in folder.glob(pattern) if path.is_file()]
    assert found
    return found


HARMS: dict[str, Harm] = {
    "chroma_deleted": lambda folder: shutil.rmtree(folder / "chroma"),
    "chroma_sqlite_halved": _halved("chroma/chroma.sqlite3"),
    "chroma_sqlite_garbage": _garbage("chroma/chroma.sqlite3"),
    "chroma_sqlite_garbage_behind_its_head": _garbage("chroma/chroma.sqlite3", 100),
    "chroma_sqlite_gone": _gone("chroma/chroma.sqlite3"),
    "marker_gone": _gone("chroma/marker.json"),
    "marker_garbage": _garbage("chroma/marker.json"),
    "hnsw_gone": _gone("chroma/*/*.bin"),
    "hnsw_halved": _halved("chroma/*/*.bin"),
    "hnsw_garbage": _garbage("chroma/*/*.bin"),
    "hnsw_of_other_vectors": _garbage("chroma/*/data_level0.bin"),
    "hnsw_names_garbage": _garbage("chroma/*/*.pickle"),
    "vectors_gone": _gone("vectors/*.vectors"),
    "vectors_halved": _halved("vectors/*.vectors"),
    "vectors_garbage": _garbage("vectors/*.vectors"),
    "vectors_deleted": lambda folder: shutil.rmtree(folder / "vectors"),
    "vectors_marker_garbage": _garbage("vectors/marker.json"),
}
# A search does not read all that the index holds, so it sees no other vectors in a file of the same length.
_UNSEEN = ("hnsw_of_other_vectors",)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A base with a whole index, made by a process that has ended."""
    folder = tmp_path_factory.mktemp("whole")
    store = Store(folder / "nightdesk.db")
    remember(store, *_SHELF)
    embed_pending(store, Sums, silent)
    store.close()
    assert apart(_drained, folder, "drain") == []
    return folder


def _drained(folder: Path, how: str) -> list[str]:
    """Drain or rebuild the index; return how it differs from the store afterwards."""
    store, index = Store(folder / "nightdesk.db"), Index(folder / "chroma")
    getattr(index, how)(store)
    told = differences(store, Index(folder / "chroma"), "sums")
    store.close()
    return told


@pytest.mark.parametrize("name", HARMS)
def test_harm_costs_one_warning_and_reindex_mends_it(whole: Path, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "base"))
    HARMS[name](folder)
    assert _found(folder)[0] == _found(whole)[0]
    assert len(_found(folder)[1]) <= 1
    assert apart(_drained, folder, "rebuild") == []
    assert _found(folder) == _found(whole)


def _found(folder: Path) -> tuple[list[str], tuple[str, ...]]:
    store = Store(folder / "nightdesk.db")
    found = Search(store, Index(folder / "chroma"), Sums).find("lantern owls")
    store.close()
    return [hit.item.id for hit in found.hits], found.warnings


@pytest.mark.parametrize("name", [name for name in HARMS if name not in _UNSEEN])
def test_search_that_needs_the_index_gives_words_and_one_warning(whole: Path, tmp_path: Path, name: str) -> None:
    folder = Path(shutil.copytree(whole, tmp_path / "base"))
    HARMS[name](folder)
    hits, warnings = apart(_found_by_index, folder)
    assert hits
    assert len(warnings) == (not name.startswith("vectors"))


def _found_by_index(folder: Path) -> tuple[list[str], tuple[str, ...]]:
    """Search as if there were more items than are compared one by one."""
    kb.meaning.EXACT = 0
    return _found(folder)


def test_base_is_moved_by_copying_its_folder(whole: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(whole, tmp_path / "elsewhere"))
    assert _found(moved) == _found(whole)
    store = Store(moved / "nightdesk.db")
    remember(store, late := made("late", "Told in the new place"))
    embed_pending(store, Sums, silent)
    store.close()
    assert apart(_drained, moved, "drain") == []
    assert late.id not in _found(whole)[0]
