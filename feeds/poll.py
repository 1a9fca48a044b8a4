"""Polling a source in two steps: ask its addresses, which waits; read the answers, which computes.

Many sources are asked at once; their answers are read one source after the other, because Python gains nothing from
reading in several threads, and what is read first can be worked on first.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.errors import Gone, SourceError, Throttled
from core.polls import Move, Poll, SourceMemory, Validators
from core.sources import Cadence, PollOutcome, Reading, SourceSpec
from core.types import Item, Night
from feeds.answer import Answer, Document, Fetch, Unmodified
from feeds.arxiv_api import ArxivApi
from feeds.due import after_failures, next_due
from feeds.sources import catch_up, missed_addresses, rest_of, source

_SAID_TWICE = 2


@dataclass(frozen=True, slots=True)
class Asked:
    """What a source answered, by address; ``spared`` is the poll's outcome where it was not asked."""

    spec: SourceSpec
    memory: SourceMemory
    answers: tuple[tuple[str, Answer | SourceError], ...] = ()
    spared: Poll | None = None


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What the addresses of one source gave."""

    readings: list[Reading]
    unmodified: list[Unmodified]
    validators: dict[str, Validators]
    errors: list[SourceError]
    unfamiliar: set[str]


def asker(fetch: Fetch, night: Night) -> Callable[[tuple[SourceSpec, SourceMemory]], Asked]:
    """Return a function that asks a source's addresses, given what is known of it; it never raises SourceError."""

    def ask(known: tuple[SourceSpec, SourceMemory]) -> Asked:
        spec, memory = known
        spared = _spared(spec, memory, night)
        return Asked(spec, memory, () if spared else tuple(_answers(spec, memory, night, fetch)), spared)

    return ask


def _spared(spec: SourceSpec, memory: SourceMemory, night: Night) -> Poll | None:
    """Return the outcome of a source that is not to be asked now, or None.

    What it asked for after this night's time counts for nothing. A night asks every source once, due or not: one
    that begins a little earlier than the night before must not miss what is not due for another minute.
    """
    if memory.gone_since and memory.gone_since <= night.now:
        return Poll(spec, "gone", memory.why, is_spared=True)
    if memory.last_polled is not None and memory.last_polled > night.now:
        return None
    if memory.throttled_until is not None and night.now < memory.throttled_until:
        return Poll(spec, "throttled", memory.why, throttled_until=memory.throttled_until, is_spared=True)
    if memory.polled_night == night.date and memory.next_due is not None and night.now < memory.next_due:
        when = f"asked tonight already, not due before {memory.next_due:%Y-%m-%d %H:%M} UTC"
        outcome: PollOutcome = "failed" if memory.failures else "unchanged"
        return Poll(spec, outcome, _joined(part for part in (memory.why, when) if part), is_spared=True)
    return None


def addresses(spec: SourceSpec, night: Night) -> tuple[str, ...]:
    """Return the addresses that a source is asked at."""
    return source(spec.kind).addresses(spec, night)


def _answers(
    spec: SourceSpec, memory: SourceMemory, night: Night, fetch: Fetch
) -> Iterable[tuple[str, Answer | SourceError]]:
    for url in (*addresses(spec, night), *missed_addresses(spec, memory.caught_up_to, night)):
        try:
            yield url, fetch(_address(url, memory), memory.validators.get(url, Validators()))
        except SourceError as error:
            yield url, error


def _address(url: str, memory: SourceMemory) -> str:
    """Return where to ask for an address: where it moved to for good, once it has said so twice."""
    move = memory.moves.get(url)
    return move.target if move and move.times >= _SAID_TWICE else url


def conclude(asked: Asked, api: ArxivApi, night: Night) -> Poll:
    """Return what came of asking a source; what was missed on nights before is asked of arXiv's API now."""
    memory = asked.memory
    is_past = memory.last_polled is not None and night.now < memory.last_polled
    poll = asked.spared or _planned(_poll(asked, api, night), asked, night)
    return replace(poll, first=memory.last_success is None, is_past=is_past)


def _planned(poll: Poll, asked: Asked, night: Night) -> Poll:
    """Add to a poll when the source is asked next, and where."""
    moves = dict(_moves(asked))
    failures = asked.memory.failures + 1 if poll.outcome == "failed" else 0
    due = _due(poll, asked, night, failures)
    return replace(
        poll,
        throttled_until=due if poll.outcome == "throttled" else None,
        why=_joined(part for part in (poll.why, _told_moves(moves, asked.memory)) if part),
        moves=moves,
        next_due=due,
        failures=failures,
        polled_night=night.date,
    )


def _due(poll: Poll, asked: Asked, night: Night, failures: int) -> datetime | None:
    if poll.outcome == "gone":
        return None
    if poll.outcome == "throttled":
        return poll.throttled_until or after_failures(night.now, _SAID_TWICE, poll.spec.name)
    if poll.outcome == "failed":
        return after_failures(night.now, failures, poll.spec.name)
    good = [answer.fresh_for for _, answer in asked.answers if not isinstance(answer, SourceError)]
    return next_due(night.now, poll.spec.every, poll.cadence, max(good, default=timedelta(0)))


def _moves(asked: Asked) -> Iterable[tuple[str, Move]]:
    """Yield where each address has moved to; a new address that fails is forgotten, and the old one asked again."""
    for url, answer in asked.answers:
        known = asked.memory.moves.get(url)
        if isinstance(answer, SourceError):
            if known and (isinstance(answer, Throttled) or known.times < _SAID_TWICE):
                yield url, known
        elif answer.moved_to:
            again = known is not None and known.target == answer.moved_to
            yield url, Move(answer.moved_to, known.times + 1 if known and again else 1)
        elif known and known.times >= _SAID_TWICE:
            yield url, known


def _told_moves(moves: Mapping[str, Move], memory: SourceMemory) -> str:
    told = [
        f"{url} moved for good to {move.target}, which is asked from now on"
        for url, move in moves.items()
        if move.times >= _SAID_TWICE and move != memory.moves.get(url)
    ]
    return _joined(told)


def _poll(asked: Asked, api: ArxivApi, night: Night) -> Poll:
    gathered = _gather(asked, night)
    if not gathered.readings and not gathered.unmodified:
        return _failure(asked.spec, gathered.errors)
    return _success(asked, _caught_up(gathered, asked, night, api), night)


def _gather(asked: Asked, night: Night) -> _Gathered:
    gathered = _Gathered([], [], {}, [], set())
    for url, answer in asked.answers:
        try:
            if isinstance(answer, Document):
                reading = source(asked.spec.kind).read(answer, asked.spec, night)
                gathered.readings.append(reading)
                if _is_unfamiliar(url, asked):
                    gathered.unfamiliar.update(item.id for item in reading.items)
                if reading.problems and not reading.items:
                    continue  # what could not be read is asked for again, not taken for known
            elif isinstance(answer, Unmodified):
                gathered.unmodified.append(answer)
            else:
                raise answer
            gathered.validators[url] = answer.validators
        except SourceError as error:
            gathered.errors.append(error)
    return gathered


def _is_unfamiliar(url: str, asked: Asked) -> bool:
    known = asked.memory.validators
    return url not in known and any(other in known for other, _ in asked.answers)


def _caught_up(gathered: _Gathered, asked: Asked, night: Night, api: ArxivApi) -> _Gathered:
    """Add what was announced on nights that were not polled, and what stands behind a list that was cut."""
    spec, since = asked.spec, asked.memory.caught_up_to
    missed, rest = catch_up(spec.kind), rest_of(spec.kind)
    if missed and since:
        _add(gathered, lambda: missed(spec, since, night, api), f"nights since {since} are still missing")
    if rest and any(reading.is_cut for reading in gathered.readings):
        _add(gathered, lambda: rest(spec, night, api), "the list is cut, and what it leaves out is still missing")
    return gathered


def _add(gathered: _Gathered, read: Callable[[], Reading], else_told: str) -> None:
    try:
        reading = read()
        gathered.readings.extend([reading] if reading.items else [])
    except SourceError as error:
        gathered.errors.append(SourceError(f"{else_told}: {error}"))


def _failure(spec: SourceSpec, errors: list[SourceError]) -> Poll:
    """Return the outcome of a source none of whose addresses answered; it is gone when all of them are."""
    why = _joined(map(str, errors)) or "the source names no address to ask"
    throttled = [error for error in errors if isinstance(error, Throttled)]
    if throttled:
        until = max((error.until for error in throttled if error.until), default=None)
        return Poll(spec, "throttled", why, throttled_until=until)
    is_gone = bool(errors) and all(isinstance(error, Gone) for error in errors)
    return Poll(spec, "gone" if is_gone else "failed", why)


def _success(asked: Asked, gathered: _Gathered, night: Night) -> Poll:
    items = tuple(item for reading in gathered.readings for item in reading.items)
    problems = [*(problem for reading in gathered.readings for problem in reading.problems), *map(str, gathered.errors)]
    outcome, why = _outcome(gathered, items)
    return Poll(
        asked.spec,
        outcome,
        _joined(part for part in (why, _counted(problems)) if part),
        items,
        gathered.validators,
        # A list that is empty, or yesterday's still, may only be late: what it will say is asked of the API then.
        caught_up_to=night.date if items and not gathered.errors else None,
        unfamiliar=frozenset(gathered.unfamiliar),
        is_whole=bool(gathered.readings) and all(reading.is_whole for reading in gathered.readings),
        cadence=max((reading.cadence for reading in gathered.readings), key=_patience, default=asked.memory.cadence),
    )


def _patience(cadence: Cadence) -> tuple[timedelta, int]:
    return cadence.ttl, len(cadence.skip_hours) + len(cadence.skip_days)


def _outcome(gathered: _Gathered, items: tuple[Item, ...]) -> tuple[PollOutcome, str]:
    if items:
        return "new", ""
    empty_why = next((reading.empty_why for reading in gathered.readings if reading.empty_why), None)
    if empty_why:
        return "empty_by_schedule", empty_why
    if any(reading.problems for reading in gathered.readings):
        return "failed", ""
    if gathered.readings:
        return "unchanged", "a valid answer without items"
    if all(answer.by_server for answer in gathered.unmodified):
        return "not_modified", "HTTP 304"
    return "unchanged", "the same content as before"


def _counted(problems: list[str]) -> str:
    if len(problems) > 3:
        return f"{'; '.join(problems[:3])}; and {len(problems) - 3} more problems"
    return "; ".join(problems)


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(parts)
