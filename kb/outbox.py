"""The outbox: letters as they were composed, and how far each post of them has come.

A post is ``pending`` until it is tried, ``trying`` from before the request until its answer, then ``sent`` with a
receipt. A process that dies in between leaves ``trying``: the post may have arrived. Where nobody can look whether it
has, it becomes ``unknown`` and is not sent again by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from core.delivery import DeliveryRow, DeliveryState, Letter, Post, Receipt
from kb.schema import letters, posts

_ORDER = (letters.c.night, letters.c.sink, letters.c.reader, letters.c.topic)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A post in the outbox; ``tried`` is when, in seconds since 1970, ``receipt`` is None until it was sent."""

    key: str
    post: Post
    state: DeliveryState
    tried: float | None
    receipt: Receipt | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that is not wholly sent; its parcels are in the order in which they go out."""

    key: str
    sink: str
    reader: str
    night: date
    topic: str
    title: str
    parcels: tuple[Parcel, ...]

    @property
    def place(self) -> str:
        """Where the letter was begun, or "": it goes on there, whatever the reader is called today."""
        return next((one.receipt.place for one in self.parcels if one.receipt), "")


def keep_letter(connection: Connection, letter: Letter, now: datetime) -> None:
    """Put a letter into the outbox; one that was composed anew replaces it as long as no post of it was tried."""
    begun = select(posts.c.key).where(posts.c.letter == letter.key, posts.c.state != "pending")
    if not connection.execute(begun.limit(1)).first():
        _replace(connection, letter, now)


def renew_letter(connection: Connection, letter: Letter, now: datetime) -> None:
    """Put a letter into the outbox; one that says something else replaces it, sent or not."""
    statement = select(posts.c.content).where(posts.c.letter == letter.key).order_by(posts.c.position)
    if list(connection.execute(statement).scalars()) != [_content(post) for post in letter.posts]:
        _replace(connection, letter, now)


def _replace(connection: Connection, letter: Letter, now: datetime) -> None:
    connection.execute(delete(posts).where(posts.c.letter == letter.key))
    if not is_kept(connection, letter.key):
        names = ("sink", "reader", "night", "topic", "title")
        row = {name: getattr(letter, name) for name in names} | {"key": letter.key, "why": "", "at": now}
        connection.execute(insert(letters).values(row))
    rows = [_fresh(letter, position) for position in range(len(letter.posts))]
    if rows:
        connection.execute(insert(posts), rows)


def _fresh(letter: Letter, position: int) -> dict[str, object]:
    content = _content(letter.posts[position])
    row = {"key": letter.post_key(position), "letter": letter.key, "position": position, "content": content}
    return {**row, "state": "pending", "tried": None, "place": "", "receipt": ""}


def _content(post: Post) -> dict[str, object]:
    return {"text": post.text, "blocks": [dict(block) for block in post.blocks], "in_thread": post.in_thread}


def is_kept(connection: Connection, key: str) -> bool:
    """Tell whether a letter is in the outbox, sent or not."""
    return connection.execute(select(letters.c.key).where(letters.c.key == key)).first() is not None


def waiting(connection: Connection, since: date, until: date) -> tuple[Waiting, ...]:
    """Return the letters of some nights that are not wholly sent, the oldest night first."""
    unsent = select(posts.c.letter).where(posts.c.state.in_(("pending", "trying")))
    wanted = letters.c.key.in_(unsent) & letters.c.night.between(since, until)
    found = connection.execute(select(letters).where(wanted).order_by(*_ORDER)).all()
    return tuple(_waiting(connection, row) for row in found)


def _waiting(connection: Connection, row: Row[tuple[object, ...]]) -> Waiting:
    statement = select(posts).where(posts.c.letter == row.key).order_by(posts.c.position)
    parcels = tuple(_parcel(part) for part in connection.execute(statement))
    return Waiting(row.key, row.sink, row.reader, row.night, row.topic, row.title, parcels)


def _parcel(row: Row[tuple[object, ...]]) -> Parcel:
    content = row.content
    post = Post(content["text"], tuple(content["blocks"]), content["in_thread"])
    receipt = Receipt(row.place, row.receipt) if row.state == "sent" else None
    return Parcel(row.key, post, row.state, row.tried, receipt)


def find_posted(connection: Connection, receipt: Receipt) -> Parcel | None:
    """Return what was sent as it was composed, or None where the receipt is of nothing that is kept."""
    statement = select(posts).where(posts.c.place == receipt.place, posts.c.receipt == receipt.id)
    row = connection.execute(statement.where(posts.c.state == "sent")).first()
    return _parcel(row) if row else None


def begin(connection: Connection, key: str, now: datetime) -> None:
    """Write down that a post is going to be sent; this stands before the request is made."""
    _set(connection, key, state="trying", tried=now.timestamp())


def put_back(connection: Connection, key: str) -> None:
    """Write down that a post was not taken, for certain."""
    _set(connection, key, state="pending", tried=None)


def doubt(connection: Connection, key: str) -> None:
    """Write down that a post may have arrived, and that nobody can look."""
    _set(connection, key, state="unknown")


def arrived(connection: Connection, key: str, receipt: Receipt) -> None:
    """Write down that a post was sent, and where it stands."""
    _set(connection, key, state="sent", place=receipt.place, receipt=receipt.id)


def _set(connection: Connection, key: str, **values: object) -> None:
    connection.execute(update(posts).where(posts.c.key == key).values(**values))


def tell(connection: Connection, letter: str, why: str, now: datetime) -> None:
    """Write down what keeps a letter, or "" when nothing does."""
    connection.execute(update(letters).where(letters.c.key == letter).values(why=why, at=now))


def send_again(connection: Connection, since: date, until: date) -> int:
    """Let posts go out once more that may have arrived; return how many there were."""
    of_nights = select(letters.c.key).where(letters.c.night.between(since, until))
    doubtful = (posts.c.state == "unknown") & posts.c.letter.in_(of_nights)
    return connection.execute(update(posts).where(doubtful).values(state="pending", tried=None)).rowcount


def rows_of(connection: Connection, since: date, until: date) -> tuple[DeliveryRow, ...]:
    """Return the ledger of some nights' deliveries, the oldest night first."""
    statement = select(letters).where(letters.c.night.between(since, until)).order_by(*_ORDER)
    return tuple(_ledger_row(connection, row) for row in connection.execute(statement).all())


def _ledger_row(connection: Connection, row: Row[tuple[object, ...]]) -> DeliveryRow:
    counts = select(posts.c.state, func.count().label("posts")).where(posts.c.letter == row.key).group_by(posts.c.state)
    states: dict[DeliveryState, int] = {row.state: row.posts for row in connection.execute(counts)}
    sent, whole = states.get("sent", 0), sum(states.values())
    return DeliveryRow(row.sink, row.reader, row.night, row.title, _state(list(states)), sent, whole, row.why, row.at)


def _state(states: Sequence[DeliveryState]) -> DeliveryState:
    """Return the state of a letter from those of its posts: what needs attention comes first."""
    ranked: tuple[DeliveryState, ...] = ("unknown", "trying", "pending")
    return next((state for state in ranked if state in states), "sent")
