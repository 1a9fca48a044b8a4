"""The store: one SQLite file in WAL mode, opened once and shared by the parts that read and write it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from threading import Lock

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError

from core.errors import StoreError
from kb.migrations import migrate

_BUSY_SECONDS = 30
_KEPT_OPEN = 32
_STEMMING = (
    # Where a question's words are cut and stemmed by the very code that indexed the items.
    "CREATE VIRTUAL TABLE temp.stemmed USING fts5(word, tokenize='porter unicode61 remove_diacritics 2')",
    "CREATE VIRTUAL TABLE temp.stems USING fts5vocab('temp', 'stemmed', 'instance')",
)


class Store:
    """The knowledge base's truth; see ``kb.schema`` for what it holds."""

    def __init__(self, path: Path) -> None:
        """Open the store, making it the first time.

        Raises StoreError when the file cannot be opened, written or is no store.
        """
        self.path = path
        self._engine = _engine(path)
        self._writer = self._engine.execution_options(writes=True)
        # SQLite lets writers sleep until one happens to wake in time; here they come one after the other.
        self._turn = Lock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._engine.begin() as connection:
                migrate(connection)
        except OSError as error:
            raise StoreError(f"cannot write to the data folder {path.parent}: {error.strerror}") from error
        except DatabaseError as error:
            raise StoreError(f"cannot open {path}: {error.orig}") from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store."""
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection whose writes happen together, or not at all.

        Raises StoreError when the disk refuses them.
        """
        try:
            with self._turn, self._writer.begin() as connection:
                yield connection
        except OperationalError as error:
            raise StoreError(f"cannot write to {self.path}: {error.orig}") from error

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()


def _engine(path: Path) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": _BUSY_SECONDS},
        pool_size=_KEPT_OPEN,
        max_overflow=-1,
        json_serializer=partial(json.dumps, ensure_ascii=False),  # names can be searched only as they are written
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: SqliteConnection, _record: object) -> None:
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


def _begin(connection: Connection) -> None:
    # A transaction that reads before it writes cannot wait for another writer, unless it asks for its turn at once.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
