"""What a model decided on items and found out about stories, each under the key of what it depends on."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from core.judged import Analysis, Ruling
from kb.schema import analyses, rulings

_CHUNK = 500
_NAMES = ("belongs", "score", "reason", "model", "prompt")
_LISTS = ("try_this", "sources")


def keep_rulings(connection: Connection, ruled: Iterable[tuple[Ruling, str]]) -> None:
    """Store rulings with their keys, in the place of earlier ones on the same item and subject."""
    rows = [asdict(ruling) | {"key": key} for ruling, key in ruled]
    if rows:
        statement = upsert(rulings)
        kept = {name: statement.excluded[name] for name in ("key", *_NAMES)}
        connection.execute(statement.on_conflict_do_update(index_elements=["item_id", "subject"], set_=kept), rows)


def rulings_of(connection: Connection, ids: Sequence[str]) -> dict[tuple[str, str], tuple[Ruling, str]]:
    """Return the rulings on items by item and subject, each with its key."""
    found = {}
    for start in range(0, len(ids), _CHUNK):
        chunk = select(rulings).where(rulings.c.item_id.in_(ids[start : start + _CHUNK]))
        for row in connection.execute(chunk):
            ruling = Ruling(row.item_id, row.subject, *(getattr(row, name) for name in _NAMES))
            found[row.item_id, row.subject] = (ruling, row.key)
    return found


def keep_analysis(connection: Connection, analysis: Analysis) -> None:
    """Store an analysis under what it was made from."""
    row = {"story_id": analysis.story_id, "key": analysis.key, "content": asdict(analysis)}
    statement = upsert(analyses).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["story_id", "key"], set_=row))


def find_analysis(connection: Connection, story_id: str, key: str) -> Analysis | None:
    """Return the analysis of a story made under ``key``, or None when there is none."""
    statement = select(analyses.c.content).where(analyses.c.story_id == story_id, analyses.c.key == key)
    content = connection.execute(statement).scalar()
    return Analysis(**{**content, **{name: tuple(content[name]) for name in _LISTS}}) if content else None
