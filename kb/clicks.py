"""What readers said of items, by a click, a reaction or a command: the latest word on each matter.

One row is kept for each voter, item, subject and kind. Of two words on one matter the later stands, and of two of one
time the one that takes back; so the state is the same in whatever order and however often words arrive. The votes
(``kb.votes``) are what follows from it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Row, and_, func, select
from sqlalchemy.dialects.sqlite import insert as upsert

from core.types import Opinion, Vote
from kb.schema import clicks, votes
from kb.votes import drop_vote, keep_vote

ClickKind = Literal["useful", "not_useful", "wrong_subject", "less_of_source", "save"]

OPINIONS: tuple[Opinion, ...] = get_args(Opinion)
KINDS: tuple[ClickKind, ...] = get_args(ClickKind)
_KEY = ("voter", "item_id", "subject", "kind")


@dataclass(frozen=True, slots=True)
class About:
    """Whose word it is, and on what."""

    voter: str
    item_id: str
    subject: str


@dataclass(frozen=True, slots=True)
class Click:
    """One word; ``at`` is when it was said, in microseconds since 1970, ``is_given`` is False where it takes back.

    ``said`` is the note to an opinion, or the name of the source of which less is wanted.
    """

    about: About
    kind: ClickKind
    at: int
    is_given: bool = True
    said: str = ""


def microseconds(at: datetime) -> int:
    """Return a time as clicks are ordered by it."""
    return round(at.timestamp() * 1_000_000)


def keep_click(connection: Connection, click: Click) -> bool:
    """Store a word unless a later one stands; return whether it changed anything.

    Raises IntegrityError where there is no such item.
    """
    row = _row(click)
    held = connection.execute(select(clicks).where(*(clicks.c[name] == row[name] for name in _KEY))).first()
    if held is not None and _rank(click) <= _rank(_click(held)):
        return False
    connection.execute(upsert(clicks).values(row).on_conflict_do_update(index_elements=_KEY, set_=row))
    _settle_vote(connection, click.about)
    return True


def say_now(connection: Connection, click: Click) -> Vote:
    """Store an opinion as the latest word on its matter, whatever clocks say; return the vote that it makes."""
    keep_click(connection, replace(click, at=_after_all(connection, click.about, click.at)))
    [vote] = filter(None, [_vote(connection, click.about)])
    return vote


def take_back(connection: Connection, about: About, at: int, kinds: Iterable[ClickKind] = OPINIONS) -> bool:
    """Take back what a voter said of an item under a subject before a time; return whether that changed anything."""
    changed = [keep_click(connection, Click(about, kind, at, is_given=False)) for kind in kinds]
    return any(changed)


def withdraw_now(connection: Connection, about: About, at: int) -> None:
    """Take back every opinion that was heard of the matter, whatever clocks say."""
    take_back(connection, about, _after_all(connection, about, at))


def subjects_voted(connection: Connection, voter: str, item_id: str) -> tuple[str, ...]:
    """Return the subjects under which a reader's vote on an item stands."""
    mine = (votes.c.voter == voter, votes.c.item_id == item_id)
    return tuple(connection.execute(select(votes.c.subject).where(*mine).order_by(votes.c.subject)).scalars())


def saved_by(connection: Connection, voter: str) -> tuple[str, ...]:
    """Return the ids of the items on a reader's list, the one saved last first."""
    mine = (clicks.c.voter == voter, clicks.c.kind == "save", clicks.c.given)
    latest = func.max(clicks.c.at).desc()
    statement = select(clicks.c.item_id).where(*mine).group_by(clicks.c.item_id).order_by(latest, clicks.c.item_id)
    return tuple(connection.execute(statement).scalars())


def less_wanted(connection: Connection) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return, by subject and source, who wants less of the source there."""
    asked = (clicks.c.kind == "less_of_source", clicks.c.given, clicks.c.said != "")
    statement = select(clicks.c.subject, clicks.c.said, clicks.c.voter).where(*asked).distinct()
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for subject, source, voter in connection.execute(statement.order_by(*statement.selected_columns)):
        of_subject = found.setdefault(subject, {})
        of_subject[source] = (*of_subject.get(source, ()), voter)
    return found


def all_clicks(connection: Connection) -> tuple[Click, ...]:
    """Return every word that stands, and every one that was taken back."""
    return tuple(map(_click, connection.execute(select(clicks).order_by(*(clicks.c[name] for name in _KEY)))))


def _after_all(connection: Connection, about: About, at: int) -> int:
    """Return a time, or the first one after all that was heard of a matter where that is later."""
    latest = connection.execute(select(func.max(clicks.c.at)).where(_of(about))).scalar()
    return max(at, (latest or 0) + 1)


def _settle_vote(connection: Connection, about: About) -> None:
    """Make the vote of a voter, item and subject what the opinions on it say."""
    if vote := _vote(connection, about):
        keep_vote(connection, vote)
        return
    drop_vote(connection, (about.item_id, about.subject, about.voter))


def _vote(connection: Connection, about: About) -> Vote | None:
    given = list(_standing(connection, about))
    if not given:
        return None
    opinion, last = max(given, key=lambda told: (told[1].at, told[0]))
    at = datetime.fromtimestamp(last.at // 1_000_000, UTC)
    return Vote(about.item_id, about.subject, opinion, about.voter, at, last.said)


def _standing(connection: Connection, about: About) -> Iterator[tuple[Opinion, Click]]:
    for row in connection.execute(select(clicks).where(_of(about), clicks.c.given, clicks.c.kind.in_(OPINIONS))):
        yield row.kind, _click(row)


def _of(about: About) -> Any:
    """Return the condition for the rows of a voter, item and subject."""
    names = ("voter", "item_id", "subject")
    return and_(*(clicks.c[name] == getattr(about, name) for name in names))


def _rank(click: Click) -> tuple[int, bool, str]:
    return click.at, not click.is_given, click.said


def _row(click: Click) -> dict[str, Any]:
    about = click.about
    key = {"voter": about.voter, "item_id": about.item_id, "subject": about.subject, "kind": click.kind}
    return key | {"at": click.at, "given": click.is_given, "said": click.said}


def _click(row: Row[Any]) -> Click:
    return Click(About(row.voter, row.item_id, row.subject), row.kind, row.at, row.given, row.said)
