"""SQLAlchemy over the store's file; loaded when something is written, or read that a search does not read.

Its import takes a third of the second that a search from the command line needs without it.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import URL, Connection, Engine, create_engine, event

_KEPT_OPEN = 32


@dataclass(frozen=True, slots=True)
class Engines:
    """One pool of connections, for those who read and for those who say at once that they will write."""

    reading: Engine
    writing: Engine


def open_engines(path: Path, timeout: int, prepare: Callable[[SqliteConnection], None]) -> Engines:
    """Return what gives connections to a file, each of them prepared."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": timeout},
        pool_size=_KEPT_OPEN,
        max_overflow=-1,
        json_serializer=partial(json.dumps, ensure_ascii=False),  # names can be searched only as they are written
    )
    event.listen(engine, "connect", lambda connection, _record: prepare(connection))
    event.listen(engine, "begin", _begin)
    return Engines(engine, engine.execution_options(writes=True))


def driver_of(connection: Connection) -> SqliteConnection:
    """Return what is below SQLAlchemy, for what is read in plain SQL within the same transaction."""
    driver = connection.connection.driver_connection
    if not isinstance(driver, SqliteConnection):
        raise TypeError(f"{type(driver).__name__} is no connection to SQLite")
    return driver


def _begin(connection: Connection) -> None:
    # A transaction that reads before it writes cannot wait for another writer, unless it asks for its turn at once.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")
