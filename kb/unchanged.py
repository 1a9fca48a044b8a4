"""What was read of a store, kept while nobody writes to it."""

from collections.abc import Hashable
from sqlite3 import Connection
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Unchanged(Generic[K, V]):
    """What was read through one connection since another last wrote."""

    def __init__(self, most: int) -> None:
        """Keep some ``most`` entries: beyond that all are forgotten."""
        self._most = most
        self._kept: tuple[tuple[Connection, int] | None, dict[K, V]] = (None, {})

    def of(self, connection: Connection) -> dict[K, V]:
        """Return what was kept of the state that a connection sees; the caller adds what it reads."""
        state = (connection, int(connection.execute("PRAGMA data_version").fetchone()[0]))
        former, kept = self._kept
        if former != state or len(kept) >= self._most:
            kept = {}
            self._kept = (state, kept)
        return kept
