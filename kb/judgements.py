"""What was judged and written: matches, verdicts, stories, briefs and digests."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from core.judged import Match, Story
from core.types import Brief, Verdict
from kb.history import brief_points
from kb.schema import briefs, digests, items, matches, stories, verdicts

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class MatchKey:
    """What a match depends on beside its item: the subjects' ``wording``, and what votes ``taught``."""

    wording: str
    taught: str

    def __str__(self) -> str:
        """Return the key as it stands beside an item."""
        return f"{self.wording}:{self.taught}"


def unmatched_ids(connection: Connection, key: MatchKey, night: date) -> list[str]:
    """Return the items that are to be matched with the subjects, in the order in which they came.

    What votes taught counts for the news of ``night`` only: the matches of earlier ones stay as they were told.
    """
    matched = items.c.matched_key
    never = matched.is_(None) | ~matched.startswith(f"{key.wording}:", autoescape=True)
    taught_since = (items.c.news_night == night) & (matched != str(key))
    statement = select(items.c.id).where(never | taught_since).order_by(items.c.seq)
    return list(connection.execute(statement).scalars())


def keep_matches(connection: Connection, matched: Mapping[str, Sequence[Match]], key: MatchKey) -> None:
    """Replace the matches of these items, and record the key under which they were made."""
    ids = list(matched)
    for start in range(0, len(ids), _CHUNK):
        chunk = ids[start : start + _CHUNK]
        connection.execute(delete(matches).where(matches.c.item_id.in_(chunk)))
        connection.execute(update(items).where(items.c.id.in_(chunk)).values(matched_key=str(key)))
    rows = [
        {
            "item_id": item_id,
            "subject": match.subject,
            "score": match.score,
            "evidence": match.evidence,
            "band": match.band,
        }
        for item_id, found in matched.items()
        for match in found
    ]
    if rows:
        connection.execute(insert(matches), rows)


def fitting() -> ColumnElement[bool]:
    """Return the condition that a match is, or may be, of its subject."""
    return matches.c.band != "out"


def matches_of(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Match, ...]]:
    """Return how each item that was matched fits the subjects, best first."""
    found: dict[str, list[Match]] = {}
    for start in range(0, len(ids), _CHUNK):
        statement = select(matches).where(matches.c.item_id.in_(ids[start : start + _CHUNK]))
        for row in connection.execute(statement.order_by(matches.c.score.desc(), matches.c.subject)):
            found.setdefault(row.item_id, []).append(Match(row.subject, row.score, row.evidence, row.band))
    return {item_id: tuple(known) for item_id, known in found.items()}


def keep_shortlist(connection: Connection, night: date, judged: Iterable[Verdict], told: Iterable[Story]) -> None:
    """Replace a night's verdicts and stories."""
    connection.execute(delete(verdicts).where(verdicts.c.night == night))
    connection.execute(delete(stories).where(stories.c.night == night))
    verdict_rows = [_verdict_row(night, verdict) for verdict in judged]
    story_rows = [
        {"night": night, "item_id": item_id, "story_id": story.id, "position": position}
        for story in told
        for position, item_id in enumerate(story.item_ids)
    ]
    for table, rows in ((verdicts, verdict_rows), (stories, story_rows)):
        if rows:
            connection.execute(insert(table), rows)


def _verdict_row(night: date, verdict: Verdict) -> dict[str, Any]:
    return {
        "night": night,
        "item_id": verdict.item_id,
        "subject": verdict.subject or "",
        "decision": verdict.decision,
        "score": verdict.score,
        "reason": verdict.reason,
    }


def verdicts_of(connection: Connection, night: date | None = None) -> tuple[Verdict, ...]:
    """Return the verdicts of a night, or of all nights, kept ones and high scores first."""
    statement = select(verdicts).order_by(verdicts.c.decision.desc(), verdicts.c.score.desc(), verdicts.c.item_id)
    if night is not None:
        statement = statement.where(verdicts.c.night == night)
    rows = connection.execute(statement)
    return tuple(map(_verdict, rows))


def verdicts_on(connection: Connection, item_id: str) -> tuple[tuple[date, Verdict], ...]:
    """Return every verdict on an item with its night, the latest night first."""
    order = (verdicts.c.night.desc(), verdicts.c.decision.desc(), verdicts.c.score.desc(), verdicts.c.subject)
    rows = connection.execute(select(verdicts).where(verdicts.c.item_id == item_id).order_by(*order))
    return tuple((r.night, _verdict(r)) for r in rows)


def _verdict(row: Row[Any]) -> Verdict:
    return Verdict(row.item_id, row.subject or None, row.decision, row.score, row.reason)


def stories_of(connection: Connection, night: date) -> tuple[Story, ...]:
    """Return a night's stories."""
    grouped: dict[str, list[str]] = {}
    statement = select(stories).where(stories.c.night == night)
    for row in connection.execute(statement.order_by(stories.c.story_id, stories.c.position)):
        grouped.setdefault(row.story_id, []).append(row.item_id)
    return tuple(Story(story_id, tuple(ids)) for story_id, ids in grouped.items())


_KEEP_BRIEF = """
    INSERT INTO briefs (story_id, key, summary, origin, points, why)
    VALUES (:story_id, :key, :summary, :origin, :points, :why)
    ON CONFLICT (story_id, key) DO UPDATE
    SET summary = excluded.summary, origin = excluded.origin, points = excluded.points, why = excluded.why
    WHERE briefs.why != ''
"""


def keep_brief(connection: SqliteConnection, brief: Brief) -> None:
    """Store a brief under what it was made from, in the place of one that a model was to write and did not."""
    told = asdict(brief)
    connection.execute(_KEEP_BRIEF, {**told, "points": json.dumps(told["points"], ensure_ascii=False)})


def find_briefs(connection: Connection, keys: Mapping[str, str]) -> dict[str, Brief]:
    """Return the briefs by story of those made under the story's key; the others are still to be written."""
    found: dict[str, Brief] = {}
    ids = list(keys)
    for start in range(0, len(ids), _CHUNK):
        rows = connection.execute(select(briefs).where(briefs.c.story_id.in_(ids[start : start + _CHUNK])))
        found |= {row.story_id: brief_of(row) for row in rows if row.key == keys[row.story_id]}
    return found


def brief_of(row: Row[Any]) -> Brief:
    """Return the brief that a row of briefs holds."""
    return Brief(row.story_id, row.summary, row.origin, row.key, brief_points(row.points), row.why)


def keep_digest(connection: Connection, night: date, content: dict[str, Any]) -> None:
    """Store a night's digest in its JSON form."""
    row = {"night": night, "content": content}
    connection.execute(upsert(digests).values(row).on_conflict_do_update(index_elements=["night"], set_=row))


def latest_digests(connection: Connection, limit: int) -> list[dict[str, Any]]:
    """Return the stored digests of the latest nights, the newest first."""
    return list(connection.execute(select(digests.c.content).order_by(digests.c.night.desc()).limit(limit)).scalars())


def find_digest(connection: Connection, night: date) -> dict[str, Any] | None:
    """Return a night's digest in its JSON form, or None when there is none."""
    return connection.execute(select(digests.c.content).where(digests.c.night == night)).scalar()


def count_matches(connection: Connection) -> dict[str, int]:
    """Return how many items fit each subject."""
    statement = select(matches.c.subject, func.count()).where(fitting()).group_by(matches.c.subject)
    return {row[0]: row[1] for row in connection.execute(statement)}
