"""The store: one SQLite file in WAL mode, opened once and shared by the parts that read and write it.

A search reads in plain SQL, the rest through SQLAlchemy, whose statements cost more than SQLite's answers to a search.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Lock
from typing import TYPE_CHECKING

from core.errors import StoreError
from kb.migrations import is_newest, migrate

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from kb.engine import Engines

_BUSY_SECONDS = 30
_STEMMING = (
    # Where a question's words are cut and stemmed by the very code that indexed the items.
    "CREATE VIRTUAL TABLE temp.stemmed USING fts5(word, tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE VIRTUAL TABLE temp.stems USING fts5vocab('temp', 'stemmed', 'instance')",
    "CREATE VIRTUAL TABLE temp.items_places USING fts5vocab('main', 'items_fts', 'instance')",
)


class Store:
    """The knowledge base's truth; see ``kb.schema`` for what it holds."""

    def __init__(self, path: Path) -> None:
        """Open the store, making it the first time.

        Raises StoreError when the file cannot be opened, written or is no store.
        """
        self.path = path
        # SQLite lets writers sleep until one happens to wake in time; here they come one after the other.
        self._turn = Lock()
        self._opening = Lock()
        self._opened: Engines | None = None
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._borrowed() as connection:
                is_whole = is_newest(connection)
        except OSError as error:
            raise StoreError(f"cannot write to the data folder {path.parent}: {error.strerror}") from error
        except sqlite3.DatabaseError as error:
            raise StoreError(f"cannot open {path}: {error}") from error
        if not is_whole:
            self._migrate()

    @contextmanager
    def searching(self) -> Iterator[sqlite3.Connection]:
        """Give a plain connection that sees one state of the store.

        Raises StoreError when it cannot be read.
        """
        try:
            with self._borrowed() as connection:
                connection.execute("BEGIN")
                try:
                    yield connection
                finally:
                    connection.rollback()
        except sqlite3.DatabaseError as error:
            raise StoreError(f"cannot read {self.path}: {error}") from error

    @contextmanager
    def noting(self) -> Iterator[sqlite3.Connection]:
        """Give a plain connection on which each statement is written at once, for what is noted at every request.

        Raises StoreError when the disk refuses one.
        """
        try:
            with self._turn, self._borrowed() as connection:
                yield connection
        except sqlite3.OperationalError as error:
            raise StoreError(f"cannot write to {self.path}: {error}") from error

    @contextmanager
    def reading(self) -> Iterator["Connection"]:
        """Give a connection of SQLAlchemy that sees one state of the store."""
        with self._engines.reading.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator["Connection"]:
        """Give a connection whose writes happen together, or not at all.

        Raises StoreError when the disk refuses them.
        """
        from sqlalchemy.exc import OperationalError

        try:
            with self._turn, self._engines.writing.begin() as connection:
                yield connection
        except OperationalError as error:
            raise StoreError(f"cannot write to {self.path}: {error.orig}") from error

    def close(self) -> None:
        """Close every connection."""
        self._close_idle()
        if self._opened is not None:
            self._opened.reading.dispose()

    def _close_idle(self) -> None:
        while (connection := self._taken()) is not None:
            connection.close()

    @property
    def _engines(self) -> "Engines":
        from kb.engine import open_engines

        with self._opening:
            if self._opened is None:
                self._opened = open_engines(self.path, _BUSY_SECONDS, _prepare)
            return self._opened

    def _migrate(self) -> None:
        from sqlalchemy.exc import DatabaseError

        try:
            with self._engines.reading.begin() as connection:
                migrate(connection)
        except DatabaseError as error:
            raise StoreError(f"cannot open {self.path}: {error.orig}") from error
        # What was opened before the schema changed finds nothing any more in the words that it holds for itself.
        self._close_idle()

    @contextmanager
    def _borrowed(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that nobody else uses meanwhile."""
        connection = self._taken() or _connected(self.path)
        try:
            yield connection
        finally:
            self._idle.put(connection)

    def _taken(self) -> sqlite3.Connection | None:
        try:
            return self._idle.get_nowait()
        except Empty:
            return None


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, check_same_thread=False)
    try:
        _prepare(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection) -> None:
    # Transactions are begun by us: the driver's own would leave reads and schema changes outside them.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "temp_store = MEMORY",
        "cache_size = -65536",
    ):
        connection.execute(f"PRAGMA {pragma}")
    for statement in _STEMMING:
        connection.execute(statement)
