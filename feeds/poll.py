"""Polling one source: ask its addresses, read the answers, and say what came of it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from core.errors import Gone, SourceError, Throttled
from core.polls import Poll, SourceMemory, Validators
from core.types import Item, Night, PollOutcome, Reading, SourceSpec
from feeds.arxiv_api import ArxivApi
from feeds.http import Document, Fetch, Unmodified
from feeds.sources import catch_up, source


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What the addresses of one source gave."""

    readings: list[Reading]
    unmodified: list[Unmodified]
    validators: dict[str, Validators]
    errors: list[SourceError]


def poller(fetch: Fetch, api: ArxivApi, night: Night) -> Callable[[tuple[SourceSpec, SourceMemory]], Poll]:
    """Return a function that polls a source, given what is known of it; it never raises SourceError."""

    def poll(known: tuple[SourceSpec, SourceMemory]) -> Poll:
        spec, memory = known
        is_past = memory.last_polled is not None and night.now < memory.last_polled
        return replace(_poll(spec, memory, night, fetch, api), first=memory.last_success is None, is_past=is_past)

    return poll


def _poll(spec: SourceSpec, memory: SourceMemory, night: Night, fetch: Fetch, api: ArxivApi) -> Poll:
    if memory.gone_since and memory.gone_since <= night.now:
        return Poll(spec, "gone", memory.why)
    if _must_wait(memory, night):
        return Poll(spec, "throttled", memory.why, throttled_until=memory.throttled_until)
    gathered = _gather(spec, memory, night, fetch)
    if not gathered.readings and not gathered.unmodified:
        return _failure(spec, gathered.errors)
    return _success(spec, _caught_up(gathered, spec, memory, night, api), night)


def _must_wait(memory: SourceMemory, night: Night) -> bool:
    """Tell whether the source asked to be left alone; what it asked after this night's time counts for nothing."""
    asked_before = memory.last_polled is None or memory.last_polled <= night.now
    return asked_before and memory.throttled_until is not None and night.now < memory.throttled_until


def _gather(spec: SourceSpec, memory: SourceMemory, night: Night, fetch: Fetch) -> _Gathered:
    gathered = _Gathered([], [], {}, [])
    module = source(spec.kind)
    for url in module.addresses(spec, night):
        try:
            answer = fetch(url, memory.validators.get(url, Validators()))
            if isinstance(answer, Document):
                gathered.readings.append(module.read(answer, spec, night))
            else:
                gathered.unmodified.append(answer)
            gathered.validators[url] = answer.validators
        except SourceError as error:
            gathered.errors.append(error)
    return gathered


def _caught_up(gathered: _Gathered, spec: SourceSpec, memory: SourceMemory, night: Night, api: ArxivApi) -> _Gathered:
    """Add what was announced on nights that were not polled."""
    missed = catch_up(spec.kind)
    if missed is None or memory.caught_up_to is None:
        return gathered
    try:
        reading = missed(spec, memory.caught_up_to, night, api)
        gathered.readings.extend([reading] if reading.items else [])
    except SourceError as error:
        gathered.errors.append(SourceError(f"nights since {memory.caught_up_to} are still missing: {error}"))
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
