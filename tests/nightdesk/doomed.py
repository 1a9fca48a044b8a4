"""Work on a base that is killed at it, in a process of its own; and whether what is derived is as the store says."""

import random
from contextlib import redirect_stderr
from io import StringIO
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import kb.index
import kb.migrations
import kb.vectors
import nightdesk.commands.exchange
from core.ports import silent
from core.types import Item
from feeds.bibliography import json_lines
from kb.index import Index
from kb.store import Store
from kb.vectors import embed_pending
from nightdesk.cli import app
from nightdesk.wiring import Desk
from tests.kb.sameness import Sums, differences
from tests.kb.shelf import made, remember

KINDS = ("drain", "reindex", "import", "migration")
_WORDS = ("owl", "moth", "lantern", "kettle", "arch", "paddy", "lemma", "viaduct", "steam", "tactic", "snow", "harvest")
_BEFORE_SEARCH = 4  # the steps of the schema before there were words, pending vectors and several models
_CONFIG = 'data_dir = "."\n[[subject]]\nslug = "owls"\nname = "Owls"\n'


def work(kind: str, folder: Path) -> None:
    """Do the work of a kind to its end; what was done of it before is not done again."""
    if kind == "reindex":
        _command(folder, "sums-2", "reindex")
    elif kind == "import":
        _command(folder, "sums", "import", str(folder / "works.jsonl"))
    else:
        store = Store(folder / "nightdesk.db")
        if kind == "migration":
            embed_pending(store, Sums, silent)
        Index(folder / "chroma").drain(store)
        store.close()


def _command(folder: Path, model: str, *arguments: str) -> None:
    Desk.embedder = Sums(model)  # type: ignore[assignment,method-assign]
    with redirect_stderr(StringIO()):
        app([*arguments, "--config", str(folder / "nightdesk.toml")], standalone_mode=False)


def prepare(kind: str, folder: Path, count: int) -> None:
    """Make a base with work of a kind before it."""
    folder.mkdir(parents=True)
    (folder / "nightdesk.toml").write_text(_CONFIG, "utf-8")
    works = [_work(number) for number in range(count)]
    if kind == "migration":
        _prepare_old(folder, works)
        return
    if kind == "import":
        (folder / "works.jsonl").write_text(json_lines.write(works), "utf-8")
        works = works[: count // 3]
    store = Store(folder / "nightdesk.db")
    remember(store, *works)
    embed_pending(store, Sums, silent)
    if kind != "drain":
        Index(folder / "chroma").drain(store)
    store.close()


def _work(number: int) -> Item:
    chance = random.Random(number)
    text = " ".join(chance.choice(_WORDS) for _ in range(60))
    return made(f"work-{number}", f"{chance.choice(_WORDS).title()} number {number}", text)


def _prepare_old(folder: Path, works: list[Item]) -> None:
    """Make a store as it was before search; it is filled as that release did."""
    all_steps = kb.migrations.STEPS
    kb.migrations.STEPS = all_steps[:_BEFORE_SEARCH]  # type: ignore[assignment]
    store = Store(folder / "nightdesk.db")
    kb.migrations.STEPS = all_steps
    with store.writing() as connection:
        for work in works:
            connection.exec_driver_sql(
                "INSERT INTO items (id, kind, title, url, text, authors, categories, links, facts, source, first_seen)"
                " VALUES (?, 'post', ?, ?, ?, '[\"Ada M\\u00f6th\"]', '[]', '[]', '[]', 'Lantern Labs', '2026-06-12')",
                (work.id, work.title, work.url, work.text),
            )
            connection.exec_driver_sql(
                "INSERT INTO full_texts VALUES (?, ?, 'html', ?, '', 'x', '2026-06-12')",
                (work.id, work.url, work.text * 9),
            )
    store.close()


def left_over(kind: str, folder: Path, count: int) -> list[str]:
    """Return how a base differs from what undisturbed work would have left."""
    store = Store(folder / "nightdesk.db")
    model = "sums-2" if kind == "reindex" else "sums"
    told = differences(store, Index(folder / "chroma"), model)
    with store.reading() as connection:
        held = connection.exec_driver_sql("SELECT count(*) FROM items").scalar()
        steps = connection.exec_driver_sql("SELECT count(*) FROM migrations").scalar()
    store.close()
    if (held, steps) != (count, len(kb.migrations.STEPS)):
        told.append(f"{held} items of {count}, {steps} steps of {len(kb.migrations.STEPS)}")
    return told


def worker(kind: str, folder: Path, pipe: Pipe) -> None:
    """Say that all is ready, wait for a word, work, and say that it is done."""
    _in_small_portions()
    pipe.send("ready")
    pipe.recv()
    work(kind, folder)
    pipe.send("done")


def finished(kind: str, folder: Path, count: int) -> list[str]:
    """Do what killed work left to do; return how the base differs then from what it should be."""
    _in_small_portions()
    work(kind, folder)
    return left_over(kind, folder, count)


def _in_small_portions() -> None:
    """Make many moments to die in."""
    kb.vectors._PORTION, kb.index._PORTION, nightdesk.commands.exchange._PORTION = 16, 20, 40
