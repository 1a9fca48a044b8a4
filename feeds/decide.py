"""What an item is to us: news, backlog, changed or known. Values in, values out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time

from core.identity import content_hash
from core.polls import Decided, Known, Novelty, Poll
from core.types import Item, Night, PollRow


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
    changed = stored.told_hash not in (None, now) and not poll.is_past
    return Decided(item, "changed" if changed else "known", now)


def _unseen(item: Item, poll: Poll, night: Night) -> Novelty:
    """Return what an unseen item is.

    A source's first poll, or one of a time before its last, is a backlog but for what it announced in the window;
    else what is unseen is news.
    """
    if not poll.first and not poll.is_past:
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
    return replace(row, outcome="unchanged", why=_why_nothing_new(row)) if row.outcome == "new" and not row.new else row


def _why_nothing_new(row: PollRow) -> str:
    told = [
        f"first poll: {row.backlog} older items kept as background" if row.backlog else "",
        f"{row.changed} items edited in place" if row.changed else "",
        f"{row.known} items known already" if row.known and not row.backlog else "",
        row.why,
    ]
    return "; ".join(part for part in told if part)
