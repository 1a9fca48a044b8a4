"""Polling a source in two steps: ask its addresses, which waits; read the answers, which computes.

Many sources are asked at once; their answers are read one source after the other, because Python gains nothing from
reading in several threads, and what is read first can be worked on first.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from core.errors import Gone, SourceError, Throttled
from core.polls import Poll, SourceMemory, Validators
from core.types import Item, Night, PollOutcome, Reading, SourceSpec
from feeds.arxiv_api import ArxivApi
from feeds.http import Answer, Document, Fetch, Unmodified
from feeds.sources import catch_up, source


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


def asker(fetch: Fetch, night: Night) -> Callable[[tuple[SourceSpec, SourceMemory]], Asked]:
    """Return a function that asks a source's addresses, given what is known of it; it never raises SourceError."""

    def ask(known: tuple[SourceSpec, SourceMemory]) -> Asked:
        spec, memory = known
        if memory.gone_since and memory.gone_since <= night.now:
            return Asked(spec, memory, spared=Poll(spec, "gone", memory.why))
        if _must_wait(memory, night):
            waiting = Poll(spec, "throttled", memory.why, throttled_until=memory.throttled_until)
            return Asked(spec, memory, spared=waiting)
        return Asked(spec, memory, tuple(_answers(spec, memory, night, fetch)))

    return ask


def _must_wait(memory: SourceMemory, night: Night) -> bool:
    """Tell whether the source asked to be left alone; what it asked after this night's time counts for nothing."""
    asked_before = memory.last_polled is None or memory.last_polled <= night.now
    return asked_before and memory.throttled_until is not None and night.now < memory.throttled_until


def _answers(
    spec: SourceSpec, memory: SourceMemory, night: Night, fetch: Fetch
) -> Iterable[tuple[str, Answer | SourceError]]:
    for url in source(spec.kind).addresses(spec, night):
        try:
            yield url, fetch(url, memory.validators.get(url, Validators()))
        except SourceError as error:
            yield url, error


def conclude(asked: Asked, api: ArxivApi, night: Night) -> Poll:
    """Return what came of asking a source; what was missed on nights before is asked of arXiv's API now."""
    memory = asked.memory
    is_past = memory.last_polled is not None and night.now < memory.last_polled
    found = asked.spared or _poll(asked, api, night)
    return replace(found, first=memory.last_success is None, is_past=is_past)


def _poll(asked: Asked, api: ArxivApi, night: Night) -> Poll:
    gathered = _gather(asked, night)
    if not gathered.readings and not gathered.unmodified:
        return _failure(asked.spec, gathered.errors)
    return _success(asked.spec, _caught_up(gathered, asked, night, api), night)


def _gather(asked: Asked, night: Night) -> _Gathered:
    gathered = _Gathered([], [], {}, [])
    for url, answer in asked.answers:
        try:
            if isinstance(answer, Document):
                gathered.readings.append(source(asked.spec.kind).read(answer, asked.spec, night))
            elif isinstance(answer, Unmodified):
                gathered.unmodified.append(answer)
            else:
                raise answer
            gathered.validators[url] = answer.validators
        except SourceError as error:
            gathered.errors.append(error)
    return gathered


def _caught_up(gathered: _Gathered, asked: Asked, night: Night, api: ArxivApi) -> _Gathered:
    """Add what was announced on nights that were not polled."""
    missed, since = catch_up(asked.spec.kind), asked.memory.caught_up_to
    if missed is None or since is None:
        return gathered
    try:
        reading = missed(asked.spec, since, night, api)
        gathered.readings.extend([reading] if reading.items else [])
    except SourceError as error:
        gathered.errors.append(SourceError(f"nights since {since} are still missing: {error}"))
    return gathered


def _failure(spec: SourceSpec, errors: list[SourceError]) -> Poll:
    error = errors[0] if errors else SourceError("the source names no address to ask")
    if isinstance(error, Throttled):
        return Poll(spec, "throttled", str(error), throttled_until=error.until)
    return Poll(spec, "gone" if isinstance(error, Gone) else "failed", _joined(map(str, errors)) or str(error))


def _success(spec: SourceSpec, gathered: _Gathered, night: Night) -> Poll:
    items = tuple(item for reading in gathered.readings for item in reading.items)
    problems = [*(problem for reading in gathered.readings for problem in reading.problems), *map(str, gathered.errors)]
    outcome, why = _outcome(gathered, items)
    return Poll(
        spec,
        outcome,
        _joined(part for part in (why, _counted(problems)) if part),
        items,
        # What could not be read is asked for again, not taken for known.
        {} if outcome == "failed" else gathered.validators,
        caught_up_to=None if gathered.errors else night.date,
    )


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
