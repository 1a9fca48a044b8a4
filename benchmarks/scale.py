"""How the knowledge base grows: ``python -m benchmarks.scale [N] [--base FOLDER] [--no-index]``.

N made-up papers (``benchmarks.made_papers``) are stored, given vectors and indexed the product's own way; questions are
asked within one process and by the command, with and without filters. Beside each figure stands a baseline of
the same run: an exact scan by numpy of all vectors in memory, and a bare start of Python with sqlite3, numpy and
onnxruntime. On a shared machine read the ratios, and the least of several repeats. Papers' vectors are synthetic.
"""

import benchmarks.one_thread  # noqa: F401

# isort: split

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.made_papers import DAYS, FIRST_DAY, SOURCES, SUBJECTS, Library, subject_of
from core.identity import content_hash
from core.judged import Match
from core.polls import Decided
from kb.embedder import Embedder
from kb.embedding import Vectors
from kb.filters import ANYTHING, Filter, Seqs
from kb.index import Index
from kb.items import remember_items
from kb.judgements import MatchKey, keep_matches
from kb.meaning import Meaning
from kb.search import Search
from kb.store import Store
from kb.vector_rows import current_model, vectors_of
from kb.vectors import embed_pending

POLL = 1000
QUESTIONS, COMMANDS = 100, 7
BARE = (sys.executable, "-c", "import sqlite3, numpy, onnxruntime")
CONFIG = 'data_dir = "."\n' + "".join(f'[[subject]]\nslug = "{slug}"\nname = "{slug}"\n' for slug in SUBJECTS)
CONFIG += '[[source]]\nkind = "arxiv"\nname = "arXiv"\ncategory = "cs.CL"\n'
CONFIG += '[[source]]\nkind = "rss"\nname = "a feed"\nurl = "https://papers.example/feed"\n'


def filters(count: int) -> dict[str, Filter]:
    """Return filters that let through from everything to a hundredth."""
    late = (FIRST_DAY + timedelta(days=min(DAYS, count) * 0.9)).date()
    return {
        "no filter": ANYTHING,
        "kind (67 %)": Filter(kind="paper"),
        "since (10 %)": Filter(since=late),
        "subject (5 %)": Filter(subject=SUBJECTS[3]),
        "source (5 %)": Filter(source=SOURCES[3]),
        "subject and since (0.5 %)": Filter(subject=SUBJECTS[3], since=late),
    }


@contextmanager
def folder_of(kept: Path | None) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="nightdesk-scale-") as passing:
        folder = kept or Path(passing)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "nightdesk.toml").write_text(CONFIG, "utf-8")
        yield folder


def fill(store: Store, library: Library, count: int) -> None:
    """Store, match and embed papers, a poll at a time, and say at what rate."""
    seconds = dict.fromkeys(("stored, words indexed", "vectors stored"), 0.0)
    for start in range(0, count, POLL):
        papers = library.papers(start, min(POLL, count - start))
        decided = [Decided(paper, "backlog", content_hash(paper)) for paper in papers]
        fitting = {
            paper.id: [Match(subject, 0.9, "near")]
            for number, paper in enumerate(papers, start)
            if (subject := subject_of(number))
        }
        begun = time.perf_counter()
        with store.writing() as connection:
            remember_items(connection, decided, SOURCES[start // POLL % len(SOURCES)], date(2031, 3, 14))
        seconds["stored, words indexed"] += time.perf_counter() - begun
        with store.writing() as connection:
            keep_matches(connection, fitting, MatchKey("k", ""))
        begun = time.perf_counter()
        embed_pending(store, lambda: library, lambda _: None)
        seconds["vectors stored"] += time.perf_counter() - begun
    for name, took in seconds.items():
        print(f"  {name}: {count / took:,.0f} items a second")


def index_all(store: Store, index: Index, count: int) -> None:
    began = time.perf_counter()
    index.vectors.follow(store)
    print(f"  file of vectors: {count / (time.perf_counter() - began):,.0f} items a second")


def drain(store: Store, index: Index, count: int) -> None:
    began = time.perf_counter()
    index.drain(store)
    print(f"  Chroma: {count / (time.perf_counter() - began):,.0f} items a second")


def disk(folder: Path, store: Store, count: int) -> None:
    with store.reading() as connection:
        text = connection.exec_driver_sql(
            "SELECT sum(length(CAST(title || text || authors AS BLOB))) FROM items"
        ).scalar_one()
    parts = {
        "nightdesk.db": sum(file.stat().st_size for file in folder.glob("nightdesk.db*")) - text,
        **{name: sum(part.stat().st_size for part in (folder / name).rglob("*")) for name in ("vectors", "chroma")},
    }
    told = ", ".join(f"{name} {size / count / 1024:.2f}" for name, size in parts.items())
    whole = sum(parts.values()) / count / 1024
    print(f"  disk: {whole:.2f} KB an item beyond its text ({text / count / 1024:.2f}): {told}")


def quantiles(work: Callable[[str], object], questions: list[str]) -> str:
    """Return wall-clock quantiles, and what the thread itself worked, which other programs disturb less."""
    took, worked = [], []
    for question in questions:
        wall, own = time.perf_counter(), time.thread_time()
        work(question)
        took.append(time.perf_counter() - wall)
        worked.append(time.thread_time() - own)
    p50, p95 = 1000 * np.quantile(took, (0.5, 0.95))
    own50, own95 = 1000 * np.quantile(worked, (0.5, 0.95))
    return f"p50 {p50:7.1f} ms  p95 {p95:7.1f} ms   (of its thread {own50:.1f} and {own95:.1f})"


def within_process(store: Store, index: Index, embedder: Embedder, questions: list[str]) -> None:
    with store.searching() as connection:
        model = current_model(connection)
        assert model
        seqs, rows = vectors_of(connection, model, None)
    matrix, count = rows.astype(np.float32), len(seqs)
    del rows
    asked = dict(zip(questions, embedder.embed(questions), strict=True))
    print(f"  numpy, exact scan alone      {quantiles(lambda question: best(matrix, asked[question]), questions)}")
    search = Search(store, index, lambda: embedder)
    began = time.perf_counter()
    search.find(questions[0])
    print(f"  first search of an open base {1000 * (time.perf_counter() - began):.1f} ms")
    for name, wanted in filters(count).items():
        print(f"  {name:28} {quantiles(partial(search.find, wanted=wanted), questions)}")
    with store.searching() as connection:
        meaning, found = Meaning(index), 0
        for vector in asked.values():
            near = meaning.nearest(connection, vector, None, limit=100, also=np.zeros(0, np.int64))
            ten = near.seqs[np.argsort(-near.cosines)[:10]]
            found += len(np.intersect1d(ten, seqs[best(matrix, vector)]))
    print(f"  recall@10 of meaning against the exact scan: {found / 10 / len(asked):.4f}")


def best(matrix: Vectors, vector: Vectors) -> Seqs:
    cosines = matrix @ vector
    return np.argpartition(-cosines, 10)[:10]


def as_command(folder: Path, questions: list[str]) -> None:
    """Ask by the command, taking turns with a bare start."""
    search = (sys.executable, "-m", "nightdesk", "search", "--config", str(folder / "nightdesk.toml"))
    ways: dict[str, Callable[[str], tuple[str, ...]]] = {
        "bare start": lambda _: BARE,
        "command": lambda question: (*search, question),
        "command, kind": lambda question: (*search, "--kind", "paper", question),
    }
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    bytecode = folder / "bytecode"
    for command in ways.values():
        started(command(questions[0]), bytecode)
    for question in questions[:COMMANDS]:
        for name, command in ways.items():
            runs[name].append(started(command(question), bytecode))
    for name, took in runs.items():
        walls, worked = zip(*took, strict=True)
        print(
            f"  {name:28} p50 {np.median(walls):.2f} s  p95 {np.quantile(walls, 0.95):.2f} s  least {min(walls):.2f} s"
            f"   (processor: least {min(worked):.2f} s)"
        )
    for file in (*folder.glob("nightdesk.db"), *(folder / "vectors").glob("*.vectors"), *folder.glob("models/*")):
        with file.open("rb") as opened:
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    print(f"  command, files not in memory {started((*search, questions[-1]), bytecode)[0]:.2f} s")


def started(command: tuple[str, ...], bytecode: Path) -> tuple[float, float]:
    """Return the seconds until a command ended, and those of processor that it took.

    It finds its modules compiled, as an installed one does, whether or not this machine keeps any.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept["PYTHONPYCACHEPREFIX"] = str(bytecode)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False, text=True, env=kept)
    took, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise SystemExit(done.stderr)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    arguments = argparse.ArgumentParser(description="A base of N made-up papers: rates, sizes, search.")
    arguments.add_argument("count", type=int, nargs="?", default=10_000)
    arguments.add_argument("--base", type=Path, help="where to keep the base; else it is thrown away")
    arguments.add_argument("--no-index", action="store_true", help="leave Chroma out, which takes most of the time")
    chosen = arguments.parse_args()
    with folder_of(chosen.base) as folder:
        store, index = Store(folder / "nightdesk.db"), Index(folder / "chroma")
        library = Library(Embedder(folder / "models"))
        with store.reading() as connection:
            present = connection.exec_driver_sql("SELECT count(*) FROM items").scalar_one()
        print(f"{present or chosen.count:,} items")
        if not present:
            fill(store, library, chosen.count)
        index_all(store, index, present or chosen.count)
        if not chosen.no_index:
            drain(store, index, present or chosen.count)
        disk(folder, store, present or chosen.count)
        questions = list(dict.fromkeys(library.questions(library.papers(0, 400), QUESTIONS)))
        within_process(store, index, Embedder(folder / "models", "questions"), questions)
        store.close()
        as_command(folder, questions)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(f"  memory of the command at most {peak / 1024:.0f} MB, mapped files among it")


if __name__ == "__main__":
    main()
