"""What the base already knew of a night's items: the nearest item of earlier nights, and the nearest one told lately.

An exact scan over the stored vectors. Only what came before the night counts, so that a night that is run again, or
went on after a kill, is compared with the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, func, select

from core.earlier import Earlier, Familiar
from core.identity import catalogue
from kb.embedding import Vectors
from kb.items import get_items
from kb.schema import items, vectors, verdicts

NIGHTS = 30
# Rows a portion: with 400 items to compare, 13 MB at once.
_PORTION = 4096


class _Nearest:
    """The nearest earlier item so far of each item; of equally near ones, the one that came first."""

    def __init__(self, count: int) -> None:
        """Begin with nothing found for ``count`` items."""
        self.similarity = np.full(count, -np.inf, np.float32)
        self._ids: list[str | None] = [None] * count

    def consider(self, ids: Sequence[str], similarity: NDArray[np.float32]) -> None:
        """Take over what is nearer; ``similarity`` has a row for each item, a column for each of ``ids``."""
        if not ids:
            return
        columns = similarity.argmax(axis=1)
        best = similarity[np.arange(len(columns)), columns]
        for row in np.flatnonzero(best > self.similarity):
            self.similarity[row] = best[row]
            self._ids[row] = ids[columns[row]]

    @property
    def found(self) -> list[str | None]:
        """The id found for each item, None where there is none."""
        return self._ids


def familiar(connection: Connection, ids: Sequence[str], matrix: Vectors, night: date) -> dict[str, Familiar]:
    """Return what comes nearest to each item: of all that came before the night, and of what was told shortly before.

    Of an offer of a model, the first other offer of that model is the nearest. ``matrix`` holds the unit vector of each
    of ``ids``, shape (ids, dimensions).
    """
    lately = _told_lately(connection, night)
    known, told = _Nearest(len(ids)), _Nearest(len(ids))
    for portion, stored in _before(connection, night) if len(ids) else ():
        similarity = _similarity(portion, stored, ids, matrix)
        known.consider(portion, similarity)
        columns = [column for column, item_id in enumerate(portion) if item_id in lately]
        told.consider([portion[column] for column in columns], similarity[:, columns])
    came = _first_seen(connection, known.found)
    found = _named(connection, ids, ((known, came), (told, lately)))
    return found | {
        item_id: replace(found[item_id], known=offer)
        for item_id in ids
        if (offer := _offered_before(connection, item_id, night))
    }


def _offered_before(connection: Connection, item_id: str, night: date) -> Earlier | None:
    """Return the first other offer of a model that came before a night: ``openrouter:lumen/lamp:free`` is one."""
    if catalogue(item_id) != "openrouter":
        return None
    model = ":".join(item_id.split(":")[:2])
    is_offer = (items.c.id == model) | ((items.c.id > f"{model}:") & (items.c.id < f"{model};"))
    offers = select(items.c.id, items.c.title, items.c.first_seen).where(is_offer, items.c.id != item_id)
    row = connection.execute(offers.where(items.c.first_seen < night).order_by(items.c.seq).limit(1)).first()
    return Earlier(row.id, row.title, 1.0, row.first_seen) if row else None


def _told_lately(connection: Connection, night: date) -> dict[str, date]:
    """Return what was kept on the nights before, with the last night on which it was."""
    lately = (verdicts.c.night < night) & (verdicts.c.night >= night - timedelta(NIGHTS))
    kept = select(verdicts.c.item_id, func.max(verdicts.c.night, type_=verdicts.c.night.type))
    rows = connection.execute(kept.where(lately, verdicts.c.decision == "kept").group_by(verdicts.c.item_id))
    return {row[0]: row[1] for row in rows}


def _before(connection: Connection, night: date) -> Iterator[tuple[list[str], Vectors]]:
    """Yield the ids and vectors of all that came before a night, in the order in which it came, in portions."""
    stored = select(vectors.c.item_id, vectors.c.vector).join(items).where(items.c.first_seen < night)
    for rows in connection.execute(stored.order_by(items.c.seq)).partitions(_PORTION):
        flat = np.frombuffer(b"".join(row.vector for row in rows), np.float16)
        yield [row.item_id for row in rows], flat.reshape(len(rows), -1).astype(np.float32)


def _similarity(portion: Sequence[str], stored: Vectors, ids: Sequence[str], matrix: Vectors) -> NDArray[np.float32]:
    """Return the cosines, shape (ids, portion); that an item is like itself does not count."""
    similarity: NDArray[np.float32] = matrix @ stored.T
    rows = {item_id: row for row, item_id in enumerate(ids)}
    for column, item_id in enumerate(portion):
        if item_id in rows:
            similarity[rows[item_id], column] = -np.inf
    return similarity


def _first_seen(connection: Connection, ids: Sequence[str | None]) -> dict[str, date]:
    wanted = sorted({item_id for item_id in ids if item_id})
    found: dict[str, date] = {}
    for start in range(0, len(wanted), 500):
        statement = select(items.c.id, items.c.first_seen).where(items.c.id.in_(wanted[start : start + 500]))
        found |= {row.id: row.first_seen for row in connection.execute(statement)}
    return found


def _named(
    connection: Connection, ids: Sequence[str], nearest: Sequence[tuple[_Nearest, Mapping[str, date]]]
) -> dict[str, Familiar]:
    """Return what was found with its title and its night."""
    wanted = {item_id for found, _ in nearest for item_id in found.found if item_id}
    titles = {item.id: item.title for item in get_items(connection, sorted(wanted)).values()}

    def earlier(place: int, found: _Nearest, nights: Mapping[str, date]) -> Earlier | None:
        item_id = found.found[place]
        if item_id is None:
            return None
        return Earlier(item_id, titles[item_id], round(float(found.similarity[place]), 3), nights[item_id])

    return {
        item_id: Familiar(*(earlier(place, found, nights) for found, nights in nearest))
        for place, item_id in enumerate(ids)
    }
