"""What readers think of items: the truth that subjects and the order of a night learn from."""

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from core.types import Vote
from kb.schema import votes


def keep_vote(connection: Connection, vote: Vote) -> None:
    """Store a vote in the place of what the same reader said of the item under the subject before."""
    row = {
        "item_id": vote.item_id,
        "subject": vote.subject,
        "voter": vote.voter,
        "opinion": vote.opinion,
        "note": vote.note,
        "at": vote.at,
    }
    keys = ["item_id", "subject", "voter"]
    connection.execute(upsert(votes).values(row).on_conflict_do_update(index_elements=keys, set_=row))


def withdraw_votes(connection: Connection, item_id: str, voter: str, subject: str | None = None) -> int:
    """Remove a reader's votes on an item, under one subject or all; return how many there were."""
    statement = delete(votes).where(votes.c.item_id == item_id, votes.c.voter == voter)
    if subject is not None:
        statement = statement.where(votes.c.subject == subject)
    return connection.execute(statement).rowcount


def all_votes(connection: Connection) -> tuple[Vote, ...]:
    """Return every vote, the oldest first."""
    rows = connection.execute(select(votes).order_by(votes.c.at, votes.c.item_id, votes.c.subject, votes.c.voter))
    return tuple(Vote(r.item_id, r.subject, r.opinion, r.voter, r.at, r.note) for r in rows)
