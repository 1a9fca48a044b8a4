"""A spend ledger in a SQLite file, as the product keeps one: what was reserved and not settled counts as spent."""

import sqlite3
from decimal import Decimal
from pathlib import Path
from threading import Lock

from core.lm import Expense, Unit, Usage

_PICO = Decimal(10) ** 12
_SUM = "SELECT coalesce(sum(coalesce(settled, reserved)), 0) FROM spend WHERE unit = ?"

_INSERT = "INSERT INTO spend (stage, model, unit, reserved) VALUES (?, ?, ?, ?)"


class FileLedger:
    """One night's spending; amounts are whole numbers of 10^-12."""

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS spend (id INTEGER PRIMARY KEY, stage TEXT, model TEXT, unit TEXT,"
            " reserved INTEGER NOT NULL, settled INTEGER, tokens INTEGER)"
        )

    def reserve(self, expense: Expense, limit: Decimal | None, /) -> int | None:
        with self._lock, self._db:
            self._db.execute("BEGIN IMMEDIATE")
            (spent,) = self._db.execute(_SUM, (expense.unit,)).fetchone()
            if limit is not None and Decimal(spent) / _PICO + expense.amount > limit:
                return None
            row = (expense.stage, expense.model, expense.unit, int(expense.amount * _PICO))
            return self._db.execute(
                "INSERT INTO spend (stage, model, unit, reserved) VALUES (?, ?, ?, ?)", row
            ).lastrowid

    def settle(self, reservation: int, amount: Decimal, usage: Usage | None, /) -> None:
        with self._lock:
            tokens = usage.total if usage else None
            row = (int(amount * _PICO), tokens, reservation)
            self._db.execute("UPDATE spend SET settled = ?, tokens = ? WHERE id = ?", row)

    def spent(self, unit: Unit, /) -> Decimal:
        with self._lock:
            (spent,) = self._db.execute(_SUM, (unit,)).fetchone()
            return Decimal(spent) / _PICO

    def rows(self) -> list[tuple[str, str, Decimal, Decimal | None]]:
        """Return stage, model, what was reserved and what was settled."""
        with self._lock:
            found = self._db.execute("SELECT stage, model, reserved, settled FROM spend ORDER BY id").fetchall()
        return [
            (stage, model, kept / _PICO, None if paid is None else paid / _PICO) for stage, model, kept, paid in found
        ]

    def close(self) -> None:
        self._db.close()
