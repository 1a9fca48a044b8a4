"""``import`` and ``export``: works in and out of the knowledge base, in the forms of other tools."""

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from core.errors import ConfigError, SourceError
from core.identity import content_hash, text_hash
from core.polls import Decided
from core.ports import Progress, system_clock
from core.sources import Reading
from core.types import Item
from digests.note import to_index, to_note
from digests.outside import plain
from feeds.arxiv_api import ArxivApi, filled
from feeds.bibliography import bibtex, json_lines, read_bibliography
from kb import items as stored
from kb.vectors import embed_pending
from nightdesk.commands.reading import ItemFilter, item_rows
from nightdesk.config import Settings, find_config, load_config
from nightdesk.output import print_json, progress, say
from nightdesk.wiring import Desk, network, replay

_PORTION = 500
_TOLD = 5
_WRITERS: dict[str, Callable[[Iterable[Item]], str]] = {"jsonl": json_lines.write, "bibtex": bibtex.write}


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of the works of a file."""

    new: int
    known: int
    problems: tuple[str, ...]


def import_file(config: Path | None, path: Path, recording: Path | None, *, as_json: bool) -> int:
    """Take the works of a file into the knowledge base as background; return 1 when some could not be read."""
    settings = load_config(find_config(config))
    reading = read_bibliography(path)
    desk = Desk(settings)
    with progress() as report:
        imported = _import(desk, _titled(reading, settings, recording), f"imported from {path.name}", report)
    if as_json:
        print_json({"new": imported.new, "known": imported.known, "problems": list(imported.problems)})
    else:
        say(f"{imported.new} new works, {imported.known} known ones")
        _tell(imported.problems)
    return 1 if imported.problems else 0


def _tell(problems: Sequence[str]) -> None:
    for problem in problems[:_TOLD]:
        say(f"left out: {plain(problem)}")
    if len(problems) > _TOLD:
        say(f"and {len(problems) - _TOLD} more; --json names all")


def _titled(reading: Reading, settings: Settings, recording: Path | None) -> Reading:
    """Ask arXiv for the papers of which only the id was told; those that stay without a title are named."""
    bare = [item for item in reading.items if not item.title]
    if not bare:
        return reading
    wire = replay(settings, recording) if recording else network(settings)
    try:
        found = {item.id: item for item in filled(bare, ArxivApi(wire.fetch))}
    except SourceError as error:
        raise ConfigError(f"arXiv did not tell what these {len(bare)} ids are: {error}") from error
    items = tuple(found.get(item.id, item) for item in reading.items)
    nameless = tuple(f"{item.id}: arXiv does not know it" for item in items if not item.title)
    return Reading(tuple(item for item in items if item.title), reading.problems + nameless)


def _import(desk: Desk, reading: Reading, source: str, report: Progress) -> Imported:
    """Store the works in portions, each whole: an import that was killed goes on where it was."""
    works = tuple({item.id: item for item in reading.items}.values())
    new = 0
    for start in range(0, len(works), _PORTION):
        portion = works[start : start + _PORTION]
        report(f"storing {start + len(portion)} of {len(works)} works")
        with desk.store.writing() as connection:
            new += _store(connection, portion, source)
    embed_pending(desk.store, lambda: desk.embedder, report)
    report("indexing")
    desk.index.drain(desk.store)
    return Imported(new, len(works) - new, reading.problems)


def _store(connection: Connection, works: Sequence[Item], source: str) -> int:
    night = system_clock().date()
    known = stored.known_items(connection, [item.id for item in works], source)
    decided = [Decided(item, "known" if item.id in known else "backlog", content_hash(item)) for item in works]
    stored.remember_items(connection, decided, source, night)
    return sum(one.novelty == "backlog" for one in decided)


@dataclass(frozen=True, slots=True)
class Wish:
    """What to export and how; without ``to`` it goes to stdout."""

    items: ItemFilter
    form: str
    to: Path | None


def export(config: Path | None, wish: Wish) -> None:
    """Write items of the knowledge base to a file, a folder of notes, or stdout.

    Raises ConfigError when that cannot be written.
    """
    desk = Desk(load_config(find_config(config)))
    with desk.store.reading() as connection:
        rows = {row["id"]: row for row in item_rows(connection, wish.items.night) if wish.items.admits(row)}
        items = list(stored.get_items(connection, rows).values())
    if wish.form == "markdown":
        _write_notes(wish.to, items, rows)
        return
    text = _WRITERS[wish.form](items)
    if wish.to is None:
        sys.stdout.write(text)
        return
    _write(wish.to, text)
    say(f"{len(items)} items in {wish.to}")


def _write_notes(folder: Path | None, items: Sequence[Item], rows: Mapping[str, Mapping[str, Any]]) -> None:
    if folder is None:
        raise ConfigError("a folder of notes needs a place: name it with --to")
    names = {item.id: _file_name(item) for item in items}
    for item in items:
        row = rows[item.id]
        _write(folder / names[item.id], to_note(item, row["subjects"], row["reason"]))
    _write(folder / "index.md", to_index([(item, names[item.id]) for item in items]))
    say(f"{len(items)} notes in {folder}")


def _file_name(item: Item) -> str:
    """Return a name that says what it is, and is one item's alone where capitals are not told apart."""
    words = re.sub(r"[^a-z0-9]+", "-", plain(item.title).lower()).strip("-")[:60]
    return f"{words or item.kind}-{text_hash(item.id)[:8]}.md"


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}") from error
