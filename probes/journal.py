"""The journal of a run: JSON Lines, only ever appended to; every figure can be computed from it again.

Each line is written by one call, so that a killed process leaves whole lines and at most one torn at the end, which is
read over and cut off by the next writer. The disk is told to keep it once a second and at the end: a power failure may
cost a second, a killed process nothing.
"""

import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any

from filelock import FileLock, Timeout

from core.errors import ConfigError, StoreError

NAME = "journal.jsonl"
_SYNC_SECONDS = 1.0
_SHORTEST_SECRET = 6


class JournalClosed(Exception):
    """The run is over, and what is still under way is not written any more."""


class Journal:
    """A journal open for writing, by one process at a time; ``write`` may be called from any thread."""

    def __init__(self, folder: Path, secrets: Sequence[str] = ()) -> None:
        """Open it, made if it is not there, its torn end cut off. Raises ConfigError when another process writes it."""
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / NAME
        self._lock = Lock()
        self._secrets = [form for one in secrets if len(one) >= _SHORTEST_SECRET for form in _written(one)]
        self._alone = FileLock(folder / "lock")
        try:
            self._alone.acquire(timeout=0)
        except Timeout as error:
            raise ConfigError(f"{folder.name} is being probed by another process; wait for it") from error
        self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.ftruncate(self._file, _whole(self.path))
        self._synced = time.monotonic()

    def write(self, kind: str, **data: Any) -> None:
        """Append one line; secrets are blotted out. Raises JournalClosed, and StoreError when the disk is full."""
        line = json.dumps({"kind": kind, **data}, separators=(",", ":"))
        for secret in self._secrets:
            line = line.replace(secret, "…")
        with self._lock:
            if self._file < 0:
                raise JournalClosed
            self._append(f"{line}\n".encode())
            if time.monotonic() - self._synced > _SYNC_SECONDS:
                os.fsync(self._file)
                self._synced = time.monotonic()

    def _append(self, line: bytes) -> None:
        """Write the whole line or nothing of it: one that is torn would be damage as soon as another follows."""
        try:
            written = os.write(self._file, line)
        except OSError as error:
            raise StoreError(f"cannot write {self.path}: {error.strerror}") from error
        if written < len(line):
            os.ftruncate(self._file, os.fstat(self._file).st_size - written)
            raise StoreError(f"cannot write {self.path}: there is no room left")

    def close(self) -> None:
        """Keep what was written; writers that come later are told."""
        with self._lock:
            if self._file >= 0:
                os.fsync(self._file)
                os.close(self._file)
                self._file = -1
        self._alone.release()

    def __enter__(self) -> "Journal":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _written(secret: str) -> tuple[str, str]:
    """Return a secret as it stands in a line: in a text, or in JSON that is itself a text."""
    once = json.dumps(secret)[1:-1]
    return json.dumps(once)[1:-1], once


def read_journal(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the lines of a journal, a torn last one left out.

    Raises StoreError, naming the line, when another one is damaged.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            if not line.endswith(b"\n"):
                return
            try:
                read = json.loads(line)
            except ValueError as error:
                raise StoreError(f"{path}, line {number} is no JSON: {error}") from error
            if not isinstance(read, dict) or "kind" not in read:
                raise StoreError(f"{path}, line {number} is no line of a journal")
            yield read


def _whole(path: Path) -> int:
    """Return the size of a file up to the end of its last whole line."""
    data = path.read_bytes()
    return data.rfind(b"\n") + 1
