"""The vectors of the store in a file that a search maps into memory: derived, thrown away and written anew at will.

Reading a hundred thousand vectors out of SQLite takes a second, mapping them none. The file is blocks one behind the
other, each the numbers, signs and rows of some items; a marker beside it says which file, of which model, how many
blocks, and up to which change of the store. Blocks are on the disk before the marker tells of them, so what a killed or
torn write left behind is never read. One writer at a time, under the lock of the index.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from sqlite3 import Connection
from typing import BinaryIO
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from core.errors import StoreError
from kb.embedding import EmbeddingModel
from kb.filters import Seqs
from kb.nearness import Block, Nearness, Rows, signs_of
from kb.store import Store
from kb.vector_rows import changed_since, count_vectors, current_model, drained_to, last_change, vectors_of

_MOST_BLOCKS = 48
_MOST_CHANGED = 5000
_PORTION = 4096


@dataclass(frozen=True, slots=True)
class _Marker:
    """What a file holds: vectors of a model, ``rows`` of each block, up to a change of the store."""

    file: str
    model: str
    dimensions: int
    change: int
    rows: tuple[int, ...]


_Held = tuple[_Marker, list[Block]]


class VectorFile:
    """The file in one folder."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; it is made when there is something to write."""
        self._folder = folder

    def open(self, connection: Connection, model: EmbeddingModel) -> Nearness | None:
        """Return all vectors as the connection sees them; None where the file is not to be trusted for that."""
        held = self._trusted(connection, model)
        if held is None:
            return None
        marker, blocks = held
        changed = changed_since(connection, marker.change, _MOST_CHANGED + 1)
        if len(changed) > _MOST_CHANGED:
            return None
        return Nearness([*blocks, Block.of(*vectors_of(connection, model, changed))])

    def follow(self, store: Store) -> None:
        """Take over what changed in the store; what cannot be gone on with is written anew.

        The caller holds the lock of the index. Raises StoreError when the disk refuses.
        """
        with store.searching() as connection:
            model, last = current_model(connection), last_change(connection)
            if model is None:
                return
            held = self._trusted(connection, model)
            if held and held[0].change == last:
                return
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                self._mark(self._written(connection, model, held) if held else self._anew(connection, model))
            except OSError as error:
                raise StoreError(f"cannot write {self._folder}: {error.strerror}") from error

    def forget(self) -> None:
        """Make the next writer begin anew."""
        self._place.unlink(missing_ok=True)

    def _written(self, connection: Connection, model: EmbeddingModel, held: "_Held") -> _Marker:
        """Write what changed behind what there is, unless much of that would be out of date."""
        marker, blocks = held
        bearable = sum(marker.rows) // 4
        changed = changed_since(connection, marker.change, bearable + 1)
        new = Block.of(*vectors_of(connection, model, changed))
        if len(marker.rows) >= _MOST_BLOCKS or Nearness([*blocks, new]).superseded + len(changed) > bearable:
            return self._anew(connection, model)
        if len(new.seqs):
            _append(self._folder / marker.file, marker, new)
        rows = (*marker.rows, len(new.seqs)) if len(new.seqs) else marker.rows
        return replace(marker, change=last_change(connection), rows=rows)

    def _anew(self, connection: Connection, model: EmbeddingModel) -> _Marker:
        """Write all vectors into a new file; a reader of the former keeps what it has open."""
        count, file = count_vectors(connection, model), self._folder / f"{uuid4().hex}.vectors"
        with file.open("wb") as opened:
            _write(opened, count, model.dimensions, _portions(connection, model))
        return _Marker(file.name, model.name, model.dimensions, last_change(connection), (count,))

    def _trusted(self, connection: Connection, model: EmbeddingModel) -> "_Held | None":
        """Return what the file holds, if that is of this model and lacks nothing but changes that are still logged."""
        marker = self._marker()
        if marker is None or (marker.model, marker.dimensions) != (model.name, model.dimensions):
            return None
        if not drained_to(connection) <= marker.change <= last_change(connection):
            return None
        blocks = _blocks(self._folder / marker.file, marker)
        return (marker, blocks) if blocks is not None and _is_of(connection, model, marker, blocks) else None

    @property
    def _place(self) -> Path:
        return self._folder / "marker.json"

    def _marker(self) -> _Marker | None:
        try:
            told = json.loads(self._place.read_text("utf-8"))
            return _Marker(**(told | {"rows": tuple(told["rows"])}))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _mark(self, marker: _Marker) -> None:
        unfinished = self._place.with_suffix(".tmp")
        unfinished.write_text(json.dumps(asdict(marker)), "utf-8")
        unfinished.replace(self._place)
        for other in self._folder.glob("*.vectors"):
            if other.name != marker.file:
                with suppress(OSError):  # where a file that is open cannot be removed, the next writer does it
                    other.unlink()


def _size(rows: int, dimensions: int) -> int:
    return rows * (8 + 8 * -(-dimensions // 64) + 2 * dimensions)


def _padded(size: int) -> int:
    """Return where the next block begins: numbers of eight bytes lie at multiples of eight."""
    return -(-size // 8) * 8


def _blocks(file: Path, marker: _Marker) -> list[Block] | None:
    """Map a file's blocks into memory; None when it is shorter than it should be."""
    sizes = [_padded(_size(rows, marker.dimensions)) for rows in marker.rows]
    try:
        if file.stat().st_size < sum(sizes):
            return None
        whole = np.memmap(file, np.uint8, "r") if sum(sizes) else np.zeros(0, np.uint8)
    except (OSError, ValueError):
        return None
    ends = np.cumsum(sizes).tolist()
    return [
        _block(whole[end - size : end], rows, marker.dimensions)
        for end, size, rows in zip(ends, sizes, marker.rows, strict=True)
    ]


def _block(part: NDArray[np.uint8], rows: int, dimensions: int) -> Block:
    words = -(-dimensions // 64)
    signs, vectors, end = 8 * rows, 8 * rows * (1 + words), _size(rows, dimensions)
    return Block(
        part[:signs].view(np.int64),
        part[signs:vectors].view(np.uint64).reshape(words, rows),
        part[vectors:end].view(np.float16).reshape(rows, dimensions),
    )


def _is_of(connection: Connection, model: EmbeddingModel, marker: _Marker, blocks: list[Block]) -> bool:
    """Tell whether the newest vector is the store's: not so beside a store that was put back from a copy."""
    if not blocks or not len(blocks[-1].seqs):
        return count_vectors(connection, model) == 0 or bool(changed_since(connection, marker.change, 1).size)
    newest = blocks[-1].seqs[-1:]
    stored = vectors_of(connection, model, newest)[1]
    is_same = len(stored) == 1 and np.array_equal(stored[0], blocks[-1].rows[-1])
    return is_same or bool(np.isin(newest, changed_since(connection, marker.change, _MOST_CHANGED))[0])


def _append(file: Path, marker: _Marker, new: Block) -> None:
    """Write a block behind those that the marker tells of, over whatever an unfinished write left there."""
    with file.open("r+b") as opened:
        opened.seek(sum(_padded(_size(rows, marker.dimensions)) for rows in marker.rows))
        opened.truncate()
        _write(opened, len(new.seqs), marker.dimensions, iter([(new.seqs, new.rows)]))


def _write(target: BinaryIO, count: int, dimensions: int, portions: Iterator[tuple[Seqs, Rows]]) -> None:
    """Write a block of ``count`` rows where the file stands, and wait until it is on the disk."""
    start, words, done = target.tell(), -(-dimensions // 64), 0
    for seqs, rows in portions:
        numbers = (seqs, *signs_of(rows))
        for column, part in enumerate(numbers):
            target.seek(start + 8 * (count * column + done))
            target.write(np.ascontiguousarray(part).data)
        target.seek(start + 8 * count * (1 + words) + 2 * dimensions * done)
        target.write(np.ascontiguousarray(rows).data)
        done += len(seqs)
    target.truncate(start + _padded(_size(count, dimensions)))
    target.flush()
    os.fsync(target.fileno())


def _portions(connection: Connection, model: EmbeddingModel) -> Iterator[tuple[Seqs, Rows]]:
    after = 0
    while len((found := vectors_of(connection, model, None, after=after, limit=_PORTION))[0]):
        yield found
        after = int(found[0][-1])
