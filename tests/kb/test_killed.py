"""Work that is killed, and work that is done twice at once, ends in the same store and a whole index."""

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from kb.embedder import Embedder
from kb.index import Index
from kb.schema import vectors
from kb.store import Store
from tests.kb.shelf import TITLES, embed, made, remember, vectors_in

SHELF = [
    made(f"{name}-{place}-{part}", f"{title}, part {part}", "and its appendix " * part)
    for name, titles in TITLES.items()
    for place, title in enumerate(titles)
    for part in range(4)
]
_PORTIONS = -(-len(SHELF) // 8)


@contextmanager
def _working(folder: Path, models: Path) -> Iterator["subprocess.Popen[str]"]:
    """Start a worker; when it is left it is dead."""
    command = [sys.executable, "-m", "tests.kb.worker", str(folder), str(models)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        try:
            yield worker
        finally:
            worker.kill()


def _read_until(worker: "subprocess.Popen[str]", line: str) -> None:
    assert worker.stdout
    for told in worker.stdout:
        if told.strip() == line:
            return
    raise AssertionError(f"the worker ended without saying {line}")


def _start(worker: "subprocess.Popen[str]") -> None:
    _read_until(worker, "ready")
    assert worker.stdin
    worker.stdin.write("go\n")
    worker.stdin.flush()


def _kill(worker: "subprocess.Popen[str]", *, after_lines: int, then: float) -> None:
    """Let a worker tell some lines of progress and work on a little, then kill it with SIGKILL."""
    _start(worker)
    assert worker.stdout
    for _, told in zip(range(after_lines), worker.stdout, strict=False):
        if told.strip() == "indexing":
            break
    time.sleep(then)
    worker.kill()
    worker.wait()


def _new_base(folder: Path) -> Store:
    store = Store(folder / "nightdesk.db")
    remember(store, *SHELF)
    return store


def _stored_bits(store: Store) -> list[tuple[object, ...]]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(select(vectors).order_by(vectors.c.item_id))]


def _assert_whole(folder: Path, store: Store) -> None:
    index, kept = Index(folder / "chroma"), vectors_in(store, *SHELF)
    assert index.count() == len(SHELF) == len(kept)
    for item_id, vector in kept.items():
        ((nearest, score),) = index.nearest(vector, 1)
        assert nearest == item_id
        assert score == pytest.approx(1.0, abs=1e-3)


@pytest.mark.usefixtures("embedder")
def test_killed_work_ends_as_undisturbed_work_does(tmp_path: Path, model_cache: Path) -> None:
    calm, killed = _new_base(tmp_path / "calm"), _new_base(tmp_path / "killed")
    chance = random.Random(random.random())
    with ExitStack() as alive:
        undisturbed = alive.enter_context(_working(tmp_path / "calm", model_cache))
        one, two, three, four, last = [
            alive.enter_context(_working(tmp_path / "killed", model_cache)) for _ in range(5)
        ]
        _start(undisturbed)
        for worker, lines in zip((one, two), chance.sample(range(1, _PORTIONS), 2), strict=True):
            _kill(worker, after_lines=lines, then=chance.uniform(0, 0.05))
        for worker in (three, four):
            _kill(worker, after_lines=_PORTIONS + 1, then=chance.uniform(0, 0.8))
        _start(last)
        _read_until(last, "done")
        _read_until(undisturbed, "done")
    assert _stored_bits(killed) == _stored_bits(calm)
    _assert_whole(tmp_path / "killed", killed)
    calm.close()
    killed.close()


def test_two_processes_draining_at_once_corrupt_nothing(tmp_path: Path, model_cache: Path, embedder: Embedder) -> None:
    store = _new_base(tmp_path)
    embed(store, embedder)
    with _working(tmp_path, model_cache) as one, _working(tmp_path, model_cache) as other:
        _start(one)
        _start(other)
        _read_until(one, "done")
        _read_until(other, "done")
    _assert_whole(tmp_path, store)
    store.close()
