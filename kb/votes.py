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


def drop_vote(connection: Connection, vote: tuple[str, str, str]) -> None:
    """Remove a vote, named by its item, subject and voter, where there is one."""
    item_id, subject, voter = vote
    ours = (votes.c.item_id == item_id, votes.c.subject == subject, votes.c.voter == voter)
    connection.execute(delete(votes).where(*ours))


def all_votes(connection: Connection) -> tuple[Vote, ...]:
    """Return every vote, the oldest first."""
    rows = connection.execute(select(votes).order_by(votes.c.at, votes.c.item_id, votes.c.subject, votes.c.voter))
    return tuple(Vote(r.item_id, r.subject, r.opinion, r.voter, r.at, r.note) for r in rows)


def votes_on(connection: Connection, item_id: str, subject: str) -> tuple[Vote, ...]:
    """Return the votes on an item under a subject, the oldest first."""
    ours = select(votes).where(votes.c.item_id == item_id, votes.c.subject == subject)
    rows = connection.execute(ours.order_by(votes.c.at, votes.c.voter))
    return tuple(Vote(r.item_id, r.subject, r.opinion, r.voter, r.at, r.note) for r in rows)
