"""What became of an item since it was first seen: who told of it, what was decided, written and said."""

import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from core.types import Brief, History, Verdict, Vote
from kb.items import sightings_of
from kb.judgements import brief_of
from kb.schema import briefs, stories, verdicts, votes

_TOLD = (
    "SELECT json_extract(pair.value, '$[0]'), digests.night FROM json_each(?) AS pair"
    " JOIN digests ON digests.night = json_extract(pair.value, '$[1]')"
    " WHERE instr(digests.content, json_extract(pair.value, '$[2]'))"
    " OR instr(digests.content, json_extract(pair.value, '$[3]')) ORDER BY digests.night"
)


def histories(connection: Connection, ids: Sequence[str]) -> dict[str, History]:
    """Return the history of each of some dozen items."""
    told, decided = sightings_of(connection, ids), _decisions(connection, ids)
    written, shown, said = _briefs(connection, ids), _digests(connection, ids), _votes(connection, ids)
    return {
        item_id: History(
            told.get(item_id, ()),
            tuple(decided.get(item_id, ())),
            written.get(item_id),
            tuple(shown.get(item_id, ())),
            tuple(said.get(item_id, ())),
        )
        for item_id in ids
    }


def _decisions(connection: Connection, ids: Sequence[str]) -> dict[str, list[tuple[date, Verdict]]]:
    found: dict[str, list[tuple[date, Verdict]]] = {}
    of_items = select(verdicts).where(verdicts.c.item_id.in_(ids))
    for row in connection.execute(of_items.order_by(verdicts.c.night.desc(), verdicts.c.score.desc())):
        verdict = Verdict(row.item_id, row.subject or None, row.decision, row.score, row.reason)
        found.setdefault(row.item_id, []).append((row.night, verdict))
    return found


def _briefs(connection: Connection, ids: Sequence[str]) -> dict[str, Brief]:
    """Return the brief of each item's story, one that a model wrote before a local one."""
    joined = select(stories.c.item_id, briefs).join(briefs, briefs.c.story_id == stories.c.story_id)
    rows = connection.execute(joined.where(stories.c.item_id.in_(ids)).order_by(briefs.c.origin))
    return {row.item_id: brief_of(row) for row in rows}


def _digests(connection: Connection, ids: Sequence[str]) -> dict[str, list[date]]:
    """Return the nights in whose digest each item's story was told."""
    told = connection.execute(select(stories).where(stories.c.item_id.in_(ids)).order_by(stories.c.night))
    pairs = [(row.item_id, row.night.isoformat(), *_written(row.story_id)) for row in told]
    found: dict[str, list[date]] = {}
    for item_id, night in connection.exec_driver_sql(_TOLD, (json.dumps(pairs),)):
        found.setdefault(item_id, []).append(date.fromisoformat(night))
    return found


def _written(story_id: str) -> tuple[str, str]:
    """Return an id as JSON has it, in both ways that there are."""
    return json.dumps(story_id, ensure_ascii=False), json.dumps(story_id)


def _votes(connection: Connection, ids: Sequence[str]) -> dict[str, list[Vote]]:
    found: dict[str, list[Vote]] = {}
    for row in connection.execute(
        select(votes).where(votes.c.item_id.in_(ids)).order_by(votes.c.at, votes.c.subject, votes.c.voter)
    ):
        vote = Vote(row.item_id, row.subject, row.opinion, row.voter, row.at, row.note)
        found.setdefault(row.item_id, []).append(vote)
    return found
