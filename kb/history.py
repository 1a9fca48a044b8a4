"""What became of an item since it was first seen: who told of it, what was decided, written and said."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from sqlite3 import Connection
from typing import Any, TypeVar

from core.types import Brief, BriefPoint, History, Sighting, Verdict, Vote

A = TypeVar("A")

_SIGHTINGS = (
    "SELECT item_id, source, url, announced, announce_type, facts FROM sightings"
    " WHERE item_id IN (SELECT value FROM json_each(?)) ORDER BY seq"
)
_DECISIONS = (
    "SELECT item_id, night, subject, decision, score, reason FROM verdicts"
    " WHERE item_id IN (SELECT value FROM json_each(?)) ORDER BY night DESC, score DESC"
)
# One that a model wrote comes last.
_BRIEFS = (
    "SELECT item_id, briefs.story_id, summary, origin, key, points, why FROM stories"
    " JOIN briefs ON briefs.story_id = stories.story_id"
    " WHERE item_id IN (SELECT value FROM json_each(?)) ORDER BY origin"
)
_STORIES = "SELECT item_id, night, story_id FROM stories WHERE item_id IN (SELECT value FROM json_each(?))"
_TOLD = (
    "SELECT json_extract(pair.value, '$[0]'), digests.night FROM json_each(?) AS pair"
    " JOIN digests ON digests.night = json_extract(pair.value, '$[1]')"
    " WHERE instr(digests.content, json_extract(pair.value, '$[2]'))"
    " OR instr(digests.content, json_extract(pair.value, '$[3]')) ORDER BY digests.night"
)
_VOTES = (
    "SELECT item_id, subject, opinion, voter, at, note FROM votes"
    " WHERE item_id IN (SELECT value FROM json_each(?)) ORDER BY at, subject, voter"
)


def histories(connection: Connection, ids: Sequence[str]) -> dict[str, History]:
    """Return the history of each of some dozen items."""
    asked = (json.dumps(ids),)
    told = _by_item(connection.execute(_SIGHTINGS, asked), _sighting)
    decided = _by_item(connection.execute(_DECISIONS, asked), _decision)
    written = _by_item(connection.execute(_BRIEFS, asked), _brief)
    shown = _by_item(_tellings(connection, asked), lambda _, night: date.fromisoformat(night))
    said = _by_item(connection.execute(_VOTES, asked), _vote)
    return {
        item_id: History(
            tuple(told.get(item_id, ())),
            tuple(decided.get(item_id, ())),
            written[item_id][-1] if item_id in written else None,
            tuple(shown.get(item_id, ())),
            tuple(said.get(item_id, ())),
        )
        for item_id in ids
    }


def brief_points(told: Iterable[dict[str, Any]]) -> tuple[BriefPoint, ...]:
    """Return the points of a brief out of their JSON form."""
    return tuple(BriefPoint(**{**point, "unsupported": tuple(point["unsupported"])}) for point in told)


def _by_item(rows: Iterable[tuple[Any, ...]], read: Callable[..., A]) -> dict[str, list[A]]:
    """Return rows as they are read, by the item in the first column."""
    found: dict[str, list[A]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(read(*row))
    return found


def _sighting(_: str, source: str, url: str, announced: str | None, announce_type: str, facts: str) -> Sighting:
    told = tuple((label, value) for label, value in json.loads(facts))
    return Sighting(source, url, datetime.fromisoformat(announced) if announced else None, announce_type, told)


def _decision(item_id: str, night: str, subject: str, *judged: Any) -> tuple[date, Verdict]:
    return date.fromisoformat(night), Verdict(item_id, subject or None, *judged)


def _brief(_: str, story_id: str, summary: str, origin: Any, key: str, *rest: str) -> Brief:
    points, why = rest
    return Brief(story_id, summary, origin, key, brief_points(json.loads(points)), why)


def _tellings(connection: Connection, asked: tuple[str]) -> Iterable[tuple[str, str]]:
    """Return the items whose story was told in a night's digest, and the night."""
    stories = connection.execute(_STORIES, asked).fetchall()
    pairs = [(item_id, night, *_written(story_id)) for item_id, night, story_id in stories]
    return connection.execute(_TOLD, (json.dumps(pairs),)) if pairs else ()


def _written(story_id: str) -> tuple[str, str]:
    """Return an id as JSON has it, in both ways that there are."""
    return json.dumps(story_id, ensure_ascii=False), json.dumps(story_id)


def _vote(item_id: str, subject: str, opinion: Any, voter: str, *rest: str) -> Vote:
    at, note = rest
    return Vote(item_id, subject, opinion, voter, datetime.fromisoformat(at), note)
