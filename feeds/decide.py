"""What an item is to us: news, backlog, changed or known. Values in, values out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

from core.identity import content_hash
from core.polls import Decided, Known, Novelty, Poll
from core.sources import PollRow
from core.types import Item, Night

MAX_CHANGES = 5
"""A text that was edited this often changes by itself (counters, dates, advertisements): no edit is told any more."""

_SHOWN = 3


def recognised(items: Iterable[Item], known: Mapping[str, Known], guids: Mapping[str, str]) -> tuple[Item, ...]:
    """Return the items, those at a new address under the id that their source's own id was told with before.

    ``guids`` maps the source's own ids to ours.
    """
    return tuple(
        replace(item, id=guids[item.guid]) if item.id not in known and item.guid in guids else item for item in items
    )


def decide(poll: Poll, known: Mapping[str, Known], night: Night) -> tuple[Decided, ...]:
    """Return every distinct item of a poll with its novelty; an id that repeats in one answer counts once."""
    distinct = {item.id: item for item in reversed(poll.items)}
    in_order = dict.fromkeys(item.id for item in poll.items)
    return tuple(_decided(distinct[key], known.get(key), poll, night) for key in in_order)


def _decided(item: Item, stored: Known | None, poll: Poll, night: Night) -> Decided:
    now = content_hash(item)
    if stored is None:
        return Decided(item, _unseen(item, poll, night), now)
    # A first sighting by this source has nothing to compare with.
    changed = stored.told_hash not in (None, now) and not poll.is_past and stored.changes < MAX_CHANGES
    return Decided(item, "changed" if changed else "known", now)


def _unseen(item: Item, poll: Poll, night: Night) -> Novelty:
    """Return what an unseen item is.

    The first poll of a source or of one of its addresses, or one of a time before its last, is a backlog but for what
    it announced in the window; else what is unseen is news. What is derived from another model never is.
    """
    if item.announce_type == "derived":
        return "backlog"
    if not poll.first and not poll.is_past and item.id not in poll.unfamiliar:
        return "news"
    if item.announced is None:
        return "backlog"
    return "news" if _last_moment(item.announced) >= night.opens else "backlog"


def _last_moment(announced: datetime) -> datetime:
    """Midnight sharp is how feeds write a date without a time: the whole day counts."""
    is_date = announced.time() == time()
    return datetime.combine(announced.date(), time.max, announced.tzinfo) if is_date else announced


def ledger_row(poll: Poll, decided: Iterable[Decided]) -> PollRow:
    """Return the ledger's line on a poll."""
    count = Counter(one.novelty for one in decided)
    row = PollRow(
        source=poll.spec.name,
        kind=poll.spec.kind,
        outcome=poll.outcome,
        why=poll.why,
        new=count["news"],
        backlog=count["backlog"],
        known=count["known"],
        changed=count["changed"],
    )
    if row.outcome == "new" and not row.new:
        return replace(row, outcome="unchanged", why=_why_nothing_new(row, "first poll: " if poll.first else ""))
    return row


def _why_nothing_new(row: PollRow, when: str) -> str:
    told = [
        f"{when}{row.backlog} older or derived items kept as background" if row.backlog else "",
        f"{row.changed} items edited in place" if row.changed else "",
        f"{row.known} items known already" if row.known and not row.backlog else "",
        row.why,
    ]
    return "; ".join(part for part in told if part)


def with_gone(row: PollRow, titles: Sequence[str]) -> PollRow:
    """Return the ledger's line with what the source no longer lists."""
    if not titles:
        return row
    shown = ", ".join(titles[:_SHOWN]) + (f" and {len(titles) - _SHOWN} more" if len(titles) > _SHOWN else "")
    gone = f"{len(titles)} no longer listed: {shown}"
    return replace(row, why=f"{row.why}; {gone}" if row.why else gone)
