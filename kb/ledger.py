"""Runs, polls and what is remembered of every source."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from core.polls import Move, Poll, SourceHealth, SourceMemory, Validators
from core.sources import Cadence, PollRow, SourceSpec
from kb.schema import documents, polls, runs, sources

RunKind = Literal["night", "gathering", "watching"]
"""A whole night; every source, or those of releases alone, polled ahead of one."""

_FAILED = ("failed", "throttled", "gone")


def begin_run(connection: Connection, night: date, now: datetime, kind: RunKind = "night") -> int:
    """Return the id of the night's unfinished run of a kind, or of a new one."""
    unfinished = select(runs.c.id).where(runs.c.night == night, runs.c.kind == kind, runs.c.finished.is_(None))
    run_id = connection.execute(unfinished.order_by(runs.c.id.desc())).scalar()
    if run_id is None:
        begun = insert(runs).values(night=night, kind=kind, started=now)
        run_id = connection.execute(begun.returning(runs.c.id)).scalar_one()
    return int(run_id)


def finish_run(connection: Connection, run_id: int, now: datetime) -> None:
    """Record that every stage of a run is done."""
    connection.execute(update(runs).where(runs.c.id == run_id).values(finished=now))


def polled(connection: Connection, run_id: int) -> frozenset[str]:
    """Return the names of the sources that a run has polled already."""
    return frozenset(connection.execute(select(polls.c.source).where(polls.c.run_id == run_id)).scalars())


def run_rows(connection: Connection, run_id: int) -> tuple[PollRow, ...]:
    """Return a run's ledger in the order of polling."""
    statement = select(polls).where(polls.c.run_id == run_id).order_by(polls.c.seq)
    return tuple(_poll_row(row) for row in connection.execute(statement))


def night_rows(connection: Connection, night: date) -> tuple[PollRow, ...]:
    """Return a night's ledger over all its runs: a later poll counts where it brought news or mended a failure."""
    joined = select(polls).join(runs).where(runs.c.night == night).order_by(polls.c.seq)
    told: dict[str, PollRow] = {}
    for row in map(_poll_row, connection.execute(joined)):
        told[row.source] = _later(told.get(row.source), row)
    return tuple(told.values())


def _later(earlier: PollRow | None, later: PollRow) -> PollRow:
    if earlier is None or earlier.outcome in _FAILED:
        return later
    if not later.new:
        return earlier
    return PollRow(
        source=later.source,
        kind=later.kind,
        outcome="new",
        why=later.why,
        new=earlier.new + later.new,
        backlog=earlier.backlog + later.backlog,
        known=later.known,
        changed=earlier.changed + later.changed,
    )


def _poll_row(row: Row[tuple[object, ...]]) -> PollRow:
    fields = row._asdict()
    return PollRow(**{name: fields[name] for name in PollRow.__slots__})


def memory(connection: Connection, spec: SourceSpec) -> SourceMemory:
    """Return what is remembered of a source; one whose address was changed in the configuration starts anew."""
    row = connection.execute(select(sources).where(sources.c.name == spec.name)).one_or_none()
    if row is None or row.address != _address(spec):
        return SourceMemory()
    known = connection.execute(select(documents).where(documents.c.source == spec.name)).all()
    return SourceMemory(
        last_success=row.last_success,
        last_polled=row.last_polled,
        polled_night=row.polled_night,
        caught_up_to=row.caught_up_to,
        throttled_until=row.throttled_until,
        gone_since=row.gone_since,
        next_due=row.next_due,
        failures=row.failures,
        why=row.why,
        cadence=_cadence(row.cadence),
        validators={doc.url: Validators(doc.etag, doc.last_modified, doc.body_hash, doc.given_by) for doc in known},
        moves={doc.url: Move(doc.moved_to, doc.moved_times) for doc in known if doc.moved_to},
    )


def _cadence(stored: list[Any]) -> Cadence:
    seconds, hours, days = stored
    return Cadence(timedelta(seconds=seconds), frozenset(hours), frozenset(days))


def health(connection: Connection, specs: Iterable[SourceSpec]) -> dict[str, SourceHealth]:
    """Return how each source has been, by name; one that was never polled has only defaults."""
    remembered = {spec.name: memory(connection, spec) for spec in specs}
    return {
        name: SourceHealth(known.last_success, known.last_polled, known.next_due, known.failures)
        for name, known in remembered.items()
    }


def _address(spec: SourceSpec) -> str:
    return f"{spec.kind} {spec.options!r}"


def remember_poll(connection: Connection, run_id: int, poll: Poll, row: PollRow, now: datetime) -> None:
    """Write a poll into the ledger, and what the next poll of the source must know."""
    connection.execute(insert(polls).values(run_id=run_id, **{name: getattr(row, name) for name in PollRow.__slots__}))
    if not (poll.is_past or poll.is_spared):
        _remember_state(connection, poll, now)


def _remember_state(connection: Connection, poll: Poll, now: datetime) -> None:
    before = memory(connection, poll.spec)
    state = {
        "name": poll.spec.name,
        "address": _address(poll.spec),
        "last_success": now if poll.succeeded else before.last_success,
        "last_polled": now,
        "caught_up_to": poll.caught_up_to or before.caught_up_to,
        "throttled_until": poll.throttled_until,
        "gone_since": (before.gone_since or now) if poll.outcome == "gone" else None,
        "why": "" if poll.succeeded else poll.why,
        "polled_night": poll.polled_night,
        "next_due": poll.next_due,
        "failures": poll.failures,
        "cadence": _stored_cadence(poll.cadence),
    }
    connection.execute(upsert(sources).values(state).on_conflict_do_update(index_elements=["name"], set_=state))
    _remember_documents(connection, poll, {**before.validators, **poll.validators})


def _stored_cadence(cadence: Cadence) -> list[object]:
    return [cadence.ttl.total_seconds(), sorted(cadence.skip_hours), sorted(cadence.skip_days)]


def _remember_documents(connection: Connection, poll: Poll, validators: dict[str, Validators]) -> None:
    connection.execute(delete(documents).where(documents.c.source == poll.spec.name))
    rows = [
        {
            "source": poll.spec.name,
            "url": url,
            **_validator_columns(validators.get(url, Validators())),
            "moved_to": poll.moves[url].target if url in poll.moves else None,
            "moved_times": poll.moves[url].times if url in poll.moves else 0,
        }
        for url in {**validators, **poll.moves}
    ]
    if rows:
        connection.execute(insert(documents), rows)


def _validator_columns(known: Validators) -> dict[str, str | None]:
    return {
        "etag": known.etag,
        "last_modified": known.last_modified,
        "body_hash": known.body_hash,
        "given_by": known.url,
    }


def last_outcomes(connection: Connection, names: Iterable[str]) -> dict[str, PollRow]:
    """Return the newest ledger line of each source that has one."""
    newest = select(func.max(polls.c.seq)).where(polls.c.source.in_(list(names))).group_by(polls.c.source)
    statement = select(polls).where(polls.c.seq.in_(newest))
    return {row.source: row for row in map(_poll_row, connection.execute(statement))}


def latest_night(connection: Connection) -> date | None:
    """Return the newest night that was run, in part at least, or None where none was."""
    nights = select(runs.c.night).where(runs.c.kind == "night")
    return connection.execute(nights.order_by(runs.c.night.desc()).limit(1)).scalar()


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run of a night: how many new items it brought, and how many of its sources failed."""

    night: date
    started: datetime
    finished: datetime | None
    new: int
    failed: int


def latest_runs(connection: Connection, limit: int) -> tuple[RunRow, ...]:
    """Return the latest runs of whole nights, the newest night first, of one night the latest first."""
    new, failed = func.coalesce(func.sum(polls.c.new), 0), func.count().filter(polls.c.outcome.in_(_FAILED))
    columns = (runs.c.night, runs.c.started, runs.c.finished, new.label("new"), failed.label("failed"))
    statement = select(*columns).outerjoin(polls).where(runs.c.kind == "night").group_by(runs.c.id)
    statement = statement.order_by(runs.c.night.desc(), runs.c.id.desc())
    return tuple(RunRow(*row) for row in connection.execute(statement.limit(limit)))


def last_finished(connection: Connection, night: date) -> datetime | None:
    """Return when the newest finished run of a night began, or None where none was finished."""
    finished = select(runs.c.finished).where(
        runs.c.night == night, runs.c.kind == "night", runs.c.finished.is_not(None)
    )
    return connection.execute(finished.order_by(runs.c.finished.desc()).limit(1)).scalar()


def last_begun(connection: Connection, kinds: Iterable[RunKind]) -> datetime | None:
    """Return when the newest run of these kinds began."""
    begun = select(runs.c.started).where(runs.c.kind.in_(list(kinds)))
    return connection.execute(begun.order_by(runs.c.started.desc()).limit(1)).scalar()
