"""Which releases are probed where, and what came of it: each once, whoever finds it and however often."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, func, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from kb.schema import release_probes

State = Literal["waiting", "under_way", "done", "given_up"]
OPEN: tuple[State, ...] = ("waiting", "under_way")
"""What is still to be done, or to be taken up again."""


@dataclass(frozen=True, slots=True)
class ReleaseProbe:
    """A release to be probed at an endpoint; ``key`` is the same for one release wherever it was told of.

    ``found`` is when it was noted, ``tried`` when it was begun last. ``spent`` is in dollars. ``told`` is what a digest
    says of it, in one line.
    """

    key: str
    item_id: str
    endpoint: str
    model: str
    found: datetime
    state: State = "waiting"
    tried: datetime | None = None
    spent: float = 0.0
    run: str = ""
    told: str = ""


def not_noted(connection: Connection, probes: Sequence[ReleaseProbe]) -> tuple[ReleaseProbe, ...]:
    """Return those that are not known yet, without waiting for whoever writes."""
    keys = select(release_probes.c.key).where(release_probes.c.key.in_([one.key for one in probes]))
    known = set(connection.execute(keys).scalars())
    return tuple(one for one in probes if one.key not in known)


def note(connection: Connection, probes: Sequence[ReleaseProbe]) -> tuple[ReleaseProbe, ...]:
    """Add those that are not known yet and return them."""
    return tuple(
        one
        for one in probes
        if connection.execute(upsert(release_probes).values(**asdict(one)).on_conflict_do_nothing()).rowcount
    )


def keep(connection: Connection, probe: ReleaseProbe) -> None:
    """Write down how far one has come."""
    changed = {name: value for name, value in asdict(probe).items() if name != "key"}
    connection.execute(update(release_probes).where(release_probes.c.key == probe.key).values(**changed))


def open_ones(connection: Connection) -> tuple[ReleaseProbe, ...]:
    """Return what is still to be done, what was begun first."""
    found = select(release_probes).where(release_probes.c.state.in_(OPEN))
    ordered = found.order_by(release_probes.c.state, release_probes.c.found, release_probes.c.key)
    return tuple(map(_probe, connection.execute(ordered)))


def of_items(connection: Connection, item_ids: Sequence[str]) -> tuple[ReleaseProbe, ...]:
    """Return the probes of some items, in the order in which they were found."""
    found = select(release_probes).where(release_probes.c.item_id.in_(item_ids))
    return tuple(map(_probe, connection.execute(found.order_by(release_probes.c.found, release_probes.c.key))))


def spent_since(connection: Connection, when: datetime) -> float:
    """Return the dollars of what was begun since a time."""
    total = select(func.sum(release_probes.c.spent)).where(release_probes.c.tried >= when)
    return connection.execute(total).scalar() or 0.0


def _probe(row: Row[Any]) -> ReleaseProbe:
    return ReleaseProbe(**row._mapping)
