"""``sources check``: poll one source now and explain what came of it; nothing is stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from pathlib import Path
from typing import Any

from core.errors import SourceError
from core.polls import Poll, SourceMemory, Validators
from core.sources import PollRow, SourceSpec
from core.types import Item, Night
from feeds.answer import Answer, Document
from feeds.decide import decide, ledger_row
from feeds.poll import Asked, asker, conclude
from kb import items as stored
from kb import ledger
from nightdesk.commands.sources import count_words, find_source
from nightdesk.config import Settings, find_config, load_config
from nightdesk.night import a_night
from nightdesk.output import print_json, print_labelled
from nightdesk.wiring import Desk, Wire, network, replay

_DAY = timedelta(hours=24)
_SHOWN = 3
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One address, the condition it was asked under, and what it answered; ``size`` is that of the body in bytes."""

    url: str
    known: Validators
    answer: str
    final_url: str | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """What a poll of one source brought: a line as of the ledger, the exchanges, and the items, newest first."""

    row: PollRow
    exchanges: tuple[Exchange, ...]
    items: tuple[Item, ...]
    succeeded: bool


def check(config: Path | None, name: str, recording: Path | None, *, as_json: bool) -> int:
    """Poll a source, print what came of it, and return the exit code: 1 when it did not answer as it should."""
    settings = load_config(find_config(config))
    spec = find_source(name, settings.sources)
    wire = replay(settings, recording) if recording else network(settings)
    checked = _check(Desk(settings), spec, wire)
    if as_json:
        print_json(_check_json(checked))
    else:
        print_labelled(_lines(checked, settings))
    return 0 if checked.succeeded else 1


def _check(desk: Desk, spec: SourceSpec, wire: Wire) -> Check:
    night = a_night(desk.settings.timezone, None, _DAY, wire.clock())
    with desk.store.reading() as connection:
        memory = ledger.memory(connection, spec)
    asked, poll = poll_now(spec, memory, wire, night)
    with desk.store.reading() as connection:
        known = stored.known_items(connection, [item.id for item in poll.items], spec.name)
    row = ledger_row(poll, decide(poll, known, night))
    return Check(row, tuple(_exchanges(asked)), newest_first(poll.items), poll.succeeded)


def poll_now(spec: SourceSpec, memory: SourceMemory, wire: Wire, night: Night) -> tuple[Asked, Poll]:
    """Ask a source now, due or not, and be it for gone; only where it asked for quiet it is left alone.

    Nights that were missed are not caught up: that is a night's work.
    """
    now = replace(memory, gone_since=None, next_due=None, caught_up_to=None, polled_night=None)
    asked = asker(wire.fetch, night)((spec, now))
    return asked, conclude(asked, wire.arxiv, night)


def newest_first(items: Sequence[Item]) -> tuple[Item, ...]:
    """Return items newest first; those without a date come last, in their order."""
    return tuple(sorted(items, key=lambda item: item_date(item) or _LONG_AGO, reverse=True))


def item_date(item: Item) -> datetime | None:
    """Return when an item was announced, or else published."""
    return item.announced or item.published


def _exchanges(asked: Asked) -> Iterable[Exchange]:
    for url, answer in asked.answers:
        known = asked.memory.validators.get(url, Validators())
        yield _exchange(url, known, answer)


def _exchange(url: str, known: Validators, answer: Answer | SourceError) -> Exchange:
    if isinstance(answer, SourceError):
        return Exchange(url, known, str(answer))
    moved = answer.url if answer.url != url else None
    if isinstance(answer, Document):
        declared = answer.content_type.split(";")[0] or "no declared type"
        return Exchange(url, known, declared, moved, len(answer.body))
    return Exchange(url, known, "HTTP 304: not modified" if answer.by_server else "the same content as before", moved)


def _check_json(checked: Check) -> dict[str, Any]:
    row = checked.row
    return {
        "name": row.source,
        "kind": row.kind,
        "outcome": row.outcome,
        "why": row.why,
        "entries": len(checked.items),
        "new": row.new,
        "backlog": row.backlog,
        "changed": row.changed,
        "known": row.known,
        "asked": [_exchange_json(exchange) for exchange in checked.exchanges],
        "newest": newest_json(checked.items),
    }


def _exchange_json(exchange: Exchange) -> dict[str, Any]:
    return {
        "url": exchange.url,
        "final_url": exchange.final_url or exchange.url,
        "if_none_match": exchange.known.etag,
        "if_modified_since": exchange.known.last_modified,
        "answer": exchange.answer,
        "bytes": exchange.size,
    }


def newest_json(items: Sequence[Item]) -> list[dict[str, Any]]:
    """Return the newest items as ``--json`` shows them; ``items`` are newest first."""
    return [
        {"title": item.title, "url": item.url, "date": date.isoformat() if (date := item_date(item)) else None}
        for item in items[:_SHOWN]
    ]


def _lines(checked: Check, settings: Settings) -> Iterable[tuple[str, str]]:
    """Yield labels and what stands beside them."""
    row = checked.row
    yield "source", f"{row.source} ({row.kind})"
    for exchange in checked.exchanges:
        yield from _exchange_lines(exchange)
        # An error is told with the outcome.
        if exchange.answer not in row.why or exchange.size is not None:
            yield "answer", exchange.answer + (f", {size_words(exchange.size)}" if exchange.size is not None else "")
    yield "outcome", row.outcome.replace("_", " ") + (f": {row.why}" if row.why else "")
    if checked.items:
        yield "entries", f"{len(checked.items)}: {count_words(row)}"
    yield from newest_lines(checked.items, settings)
    yield "stored", "nothing: `nightdesk run` does that"


def _exchange_lines(exchange: Exchange) -> Iterable[tuple[str, str]]:
    yield "asked", exchange.url
    if exchange.final_url:
        yield "led to", exchange.final_url
    conditions = {"If-None-Match": exchange.known.etag, "If-Modified-Since": exchange.known.last_modified}
    told = "; ".join(f"{name}: {value}" for name, value in conditions.items() if value)
    yield "condition", told or "none: nothing is remembered of an earlier answer"


def size_words(size: int) -> str:
    """Return a size in bytes as people say it."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def newest_lines(items: Sequence[Item], settings: Settings) -> Iterable[tuple[str, str]]:
    """Yield the newest titles with their days where the team is; ``items`` are newest first."""
    for place, item in enumerate(items[:_SHOWN]):
        yield "" if place else "newest", f"{_day(item_date(item), settings.timezone)}  {item.title}"


def _day(moment: datetime | None, zone: tzinfo) -> str:
    if moment is None:
        return "undated   "
    # Midnight sharp is how feeds write a day without a time; elsewhere it would become the day before.
    return f"{moment if moment.time() == time() else moment.astimezone(zone):%Y-%m-%d}"
