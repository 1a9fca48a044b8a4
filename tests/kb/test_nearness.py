"""The closest vectors, and the file that holds them: whatever befalls it, what is found is what the store holds."""

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from core.ports import silent
from kb.embedding import EmbeddingModel, Vectors
from kb.filters import Seqs
from kb.index import Index
from kb.nearness import Block, Nearness, Rows, among_these, united, widened
from kb.store import Store
from kb.vector_file import VectorFile
from kb.vector_rows import current_model, vectors_of
from kb.vectors import embed_pending
from tests.kb.shelf import made, remember

_DIMENSIONS = 100


class Points:
    """Embeds a text as a point that its words and length decide."""

    name = "points"
    dimensions = _DIMENSIONS

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors, shape (texts, dimensions)."""
        rows = [np.random.default_rng(list(text.encode())).standard_normal(_DIMENSIONS) for text in texts]
        points = np.array(rows, np.float32)
        unit: Vectors = points / np.linalg.norm(points, axis=1, keepdims=True)
        return unit


def keep(store: Store, *titles: str, novelty: str = "news") -> None:
    """Store and embed items; an item's name is the first word of its title."""
    remember(store, *(made(title.split()[0], title) for title in titles), novelty=novelty)  # type: ignore[arg-type]
    embed_pending(store, Points, silent)


def _opened(store: Store, file: VectorFile) -> Nearness | None:
    with store.searching() as connection:
        model = current_model(connection)
        assert model
        return file.open(connection, model)


def _assert_holds_the_store(store: Store, file: VectorFile) -> None:
    """Require of the file every item's present vector, and nothing else."""
    near = _opened(store, file)
    assert near is not None
    with store.searching() as connection:
        seqs, rows = vectors_of(connection, EmbeddingModel("points", _DIMENSIONS), None)
    question = Points().embed(["a question"])[0]
    found = near.nearest(question, None, len(seqs) + 5)
    assert found.seqs.tolist() == seqs.tolist()
    assert (found.vectors == rows.astype(np.float32)).all()
    assert found.cosines == pytest.approx(rows.astype(np.float32) @ question, abs=1e-5)


@pytest.fixture
def file(tmp_path: Path) -> VectorFile:
    return VectorFile(tmp_path / "vectors")


TITLES = [f"owl{number} hears" for number in range(30)]


def test_what_was_followed_is_found(store: Store, file: VectorFile) -> None:
    keep(store, *TITLES)
    file.follow(store)
    _assert_holds_the_store(store, file)


@pytest.mark.parametrize("later", ["owl3 sees", "owl99 sees"], ids=["changed", "new"])
def test_later_changes_are_seen_before_and_after_they_are_followed(store: Store, file: VectorFile, later: str) -> None:
    keep(store, *TITLES)
    file.follow(store)
    keep(store, later, novelty="changed" if "owl3" in later else "news")
    _assert_holds_the_store(store, file)
    file.follow(store)
    _assert_holds_the_store(store, file)


def test_small_changes_are_written_behind_and_many_anew(store: Store, file: VectorFile, tmp_path: Path) -> None:
    keep(store, *TITLES)
    file.follow(store)
    (first,) = (tmp_path / "vectors").glob("*.vectors")
    size = first.stat().st_size
    keep(store, "owl99 sees")
    file.follow(store)
    assert [part.name for part in (tmp_path / "vectors").glob("*.vectors")] == [first.name]
    assert first.stat().st_size > size
    keep(store, *(f"owl{number} sees" for number in range(30)), novelty="changed")
    file.follow(store)
    (other,) = (tmp_path / "vectors").glob("*.vectors")
    assert other.name != first.name
    _assert_holds_the_store(store, file)


def test_changes_that_the_index_took_off_the_log_are_not_lost(store: Store, tmp_path: Path) -> None:
    index = Index(tmp_path / "chroma")
    keep(store, *TITLES[:20])
    index.drain(store)
    keep(store, *TITLES[20:])
    index.drain(store)
    _assert_holds_the_store(store, index.vectors)


def test_file_that_missed_what_was_struck_is_not_trusted(store: Store, tmp_path: Path) -> None:
    index = Index(tmp_path / "chroma")
    keep(store, *TITLES[:20])
    index.drain(store)
    former = (tmp_path / "vectors" / "marker.json").read_text("utf-8")
    keep(store, *TITLES[20:])
    index.drain(store)
    (tmp_path / "vectors" / "marker.json").write_text(former, "utf-8")
    assert _opened(store, index.vectors) is None
    index.drain(store)
    _assert_holds_the_store(store, index.vectors)


@pytest.mark.parametrize("damage", ["torn", "deleted", "emptied", "marker", "model"])
def test_damaged_file_is_not_trusted_and_written_anew(
    store: Store, file: VectorFile, tmp_path: Path, damage: str
) -> None:
    keep(store, *TITLES)
    file.follow(store)
    marker = tmp_path / "vectors" / "marker.json"
    (data,) = (tmp_path / "vectors").glob("*.vectors")
    match damage:
        case "torn":
            data.write_bytes(data.read_bytes()[:-1000])
        case "deleted":
            data.unlink()
        case "emptied":
            data.write_bytes(b"")
        case "marker":
            marker.write_text(marker.read_text("utf-8")[:-9], "utf-8")
        case "model":
            marker.write_text(json.dumps(json.loads(marker.read_text("utf-8")) | {"model": "lines"}), "utf-8")
    assert _opened(store, file) is None
    file.follow(store)
    _assert_holds_the_store(store, file)


def test_what_a_killed_write_left_behind_is_written_over(store: Store, file: VectorFile, tmp_path: Path) -> None:
    keep(store, *TITLES)
    file.follow(store)
    (data,) = (tmp_path / "vectors").glob("*.vectors")
    with data.open("ab") as opened:
        opened.write(b"half a block" * 999)
    _assert_holds_the_store(store, file)
    keep(store, "owl99 sees")
    file.follow(store)
    _assert_holds_the_store(store, file)


def test_file_beside_a_store_put_back_from_a_copy_is_not_trusted(tmp_path: Path, file: VectorFile) -> None:
    store, other = Store(tmp_path / "a.db"), Store(tmp_path / "b.db")
    keep(store, *TITLES)
    file.follow(store)
    keep(other, *TITLES[:29], "owl40 sees")
    assert _opened(other, file) is None
    store.close()
    other.close()


def test_two_processes_killed_while_they_write_leave_a_whole_file(store: Store, file: VectorFile) -> None:
    """Kill a writer at some moments, while another goes on: what is read is the store's at each of them."""
    keep(store, *TITLES)
    script = (
        "import sys; from pathlib import Path; from filelock import FileLock; from kb.store import Store;"
        "from kb.vector_file import VectorFile; folder = Path(sys.argv[1]);"
        "store, file = Store(folder / 'nightdesk.db'), VectorFile(folder / 'vectors'); print('ready', flush=True)\n"
        "while True:\n  with FileLock(folder / 'vectors.lock'): file.forget(); file.follow(store)"
    )
    command = [sys.executable, "-c", script, str(store.path.parent)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root) as steady:
        try:
            for moment in (0.01, 0.02, 0.04):
                with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE) as killed:
                    assert killed.stdout
                    killed.stdout.readline()
                    time.sleep(moment)
                    if _opened(store, file) is not None:
                        _assert_holds_or_is_none(store, file)
                    killed.kill()
        finally:
            steady.kill()
    file.follow(store)
    _assert_holds_the_store(store, file)


def _assert_holds_or_is_none(store: Store, file: VectorFile) -> None:
    near = _opened(store, file)
    if near is not None:
        question = Points().embed(["a question"])[0]
        assert len(near.nearest(question, None, 100).seqs) == len(TITLES)


@settings(max_examples=40)
@given(
    seqs=st.lists(st.sets(st.integers(1, 60), max_size=40), min_size=1, max_size=4),
    among=st.none() | st.sets(st.integers(1, 80), max_size=60),
    dimensions=st.sampled_from([3, 64, 100]),
)
def test_nearest_is_what_comparing_everything_finds(
    seqs: list[set[int]], among: set[int] | None, dimensions: int
) -> None:
    """Later blocks take the place of earlier ones, whichever way is taken."""
    chance, blocks = np.random.default_rng(5), []
    present: dict[int, Rows] = {}
    for numbers in seqs:
        rows = chance.standard_normal((len(numbers), dimensions)).astype(np.float16)
        blocks.append(Block.of(np.array(sorted(numbers), np.int64), rows))
        present |= dict(zip(sorted(numbers), rows, strict=True))
    question = chance.standard_normal(dimensions).astype(np.float32)
    allowed = {seq: row.astype(np.float32) @ question for seq, row in present.items() if among is None or seq in among}
    wanted = sorted(sorted(allowed, key=lambda seq: -allowed[seq])[:7])
    listed = None if among is None else np.array(sorted(among), np.int64)
    near = Nearness(blocks)
    assert near.nearest(question, listed, 7).seqs.tolist() == wanted
    assert near.of(np.array(sorted(present), np.int64), question).seqs.tolist() == sorted(present)


def test_signs_find_the_closest_of_many() -> None:
    """Of 30,000 points about 300 centres, at least 0.97 of the closest ten are found."""
    chance = np.random.default_rng(3)
    centres = chance.standard_normal((300, 384))
    rows = centres[chance.integers(0, 300, 30_000)] + chance.standard_normal((30_000, 384))
    assert _recall(rows, centres[:40] + chance.standard_normal((40, 384))) >= 0.97


def test_differences_count_by_the_size_of_the_numbers() -> None:
    """Of 60,000 points that lie anywhere, 0.9 are found: 0.83 where only large numbers count, and all alike."""
    chance = np.random.default_rng(3)
    assert _recall(chance.standard_normal((60_000, 64)), chance.standard_normal((20, 64))) >= 0.88


def _recall(rows: NDArray[np.float64], questions: NDArray[np.float64]) -> float:
    """Return which part of the ten closest is found."""
    halves = rows.astype(np.float16)
    near, exact = Nearness([Block.of(np.arange(1, len(rows) + 1), halves)]), halves.astype(np.float32)
    found = 0
    for question in questions.astype(np.float32):
        best = 1 + np.argsort(-(exact @ question))[:10]
        found += len(np.intersect1d(near.nearest(question, None, 10).seqs, best))
    return found / (10 * len(questions))


_numbers = st.lists(st.integers(0, 40), max_size=12).map(lambda found: np.unique(np.array(found, np.int64)))


def test_every_finite_half_is_widened_to_the_very_same_number() -> None:
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = halves[np.isfinite(halves)].reshape(-1, 16)
    np.testing.assert_array_equal(widened(finite).view(np.int32), finite.astype(np.float32).view(np.int32))


@given(_numbers, _numbers)
def test_sets_of_numbers_are_as_numpy_has_them(one: Seqs, other: Seqs) -> None:
    np.testing.assert_array_equal(united(one, other), np.union1d(one, other))
    np.testing.assert_array_equal(among_these(one, other), np.isin(one, other))
