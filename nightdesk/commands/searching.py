"""``search``: the knowledge base asked from the command line."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ConfigError
from core.types import Brief, History, SearchHit
from digests.outside import plain
from kb.filters import Filter
from nightdesk.base import Base
from nightdesk.config_base import check_subject, find_config, load_base_config
from nightdesk.hit_lines import hit_lines
from nightdesk.lines import Line, print_json, print_lines, say

if TYPE_CHECKING:
    from kb.search import Found

LONGEST = 10_000
NOTHING_FOUND = "nothing found; `nightdesk run` fills the knowledge base, and fewer filters find more"


def search(
    config: Path | None, query: str | None, similar: str | None, wanted: Filter, *, limit: int, as_json: bool
) -> None:
    """Print the items that answer a query best, or that are most like the item named by ``similar``.

    Raises ConfigError when there is neither, or both, or no such subject or item.
    """
    asked = plain(query or "")
    if bool(asked) == bool(similar):
        raise ConfigError("the query is empty; say in words what to look for, or name an item with --similar")
    settings = load_base_config(find_config(config))
    check_subject(settings, wanted.subject)
    base = Base(settings, "once")
    questioner = base.begin_questioner()
    from kb.search import Search

    find = Search(base.store, base.index, questioner.result)
    if similar:
        from nightdesk.named_item import named_item

        item = named_item(base.store, similar)
        found, title = find.similar(item, wanted, limit=limit), f"like {item.title}"
    else:
        found, title = find.find(asked[:LONGEST], wanted, limit=limit), asked
    for warning in found.warnings:
        say(plain(warning))
    if as_json:
        told = {"query": asked or None, "similar": similar, "warnings": list(found.warnings)}
        print_json(told | {"hits": [_hit_json(hit) for hit in found.hits]})
    else:
        print_lines(_lines(title, found))
        if not found.hits and not found.warnings:
            say(NOTHING_FOUND)


def _lines(asked: str, found: "Found") -> Iterator[Line]:
    title = plain(asked)
    title = title if len(title) <= 80 else f"{title[:78]} …"
    yield ((f"{len(found.hits)} hits for “{title}”", "italic"),)
    for place, hit in enumerate(found.hits, 1):
        yield ()
        yield from hit_lines(place, hit)


def _hit_json(hit: SearchHit) -> dict[str, Any]:
    return {
        "id": hit.item.id,
        "kind": hit.item.kind,
        "title": hit.item.title,
        "url": hit.item.url,
        "published": hit.item.published.isoformat() if hit.item.published else None,
        "score": hit.score,
        "closeness": hit.closeness,
        "subjects": list(hit.subjects),
        "snippet": hit.snippet,
        "found_in": hit.found_in,
        "matched": [hit.snippet[start:end] for start, end in hit.marks],
        "history": _history_json(hit.history),
    }


def _history_json(past: History) -> dict[str, Any]:
    return {
        "sightings": [
            {
                "source": sighting.source,
                "url": sighting.url,
                "announced": sighting.announced.isoformat() if sighting.announced else None,
            }
            for sighting in past.sightings
        ],
        "decisions": [
            {"night": night.isoformat(), "subject": verdict.subject, "decision": verdict.decision}
            | {"score": verdict.score, "reason": verdict.reason}
            for night, verdict in past.decisions
        ],
        "brief": brief_json(past.brief),
        "digests": [night.isoformat() for night in past.digests],
        "votes": [
            {"voter": vote.voter, "subject": vote.subject, "opinion": vote.opinion, "note": vote.note}
            | {"at": vote.at.isoformat()}
            for vote in past.votes
        ],
    }


def brief_json(brief: Brief | None) -> dict[str, Any] | None:
    """Return a brief for ``--json``: its summary with whose words it is, its points, and why no model wrote it."""
    if brief is None:
        return None
    points = [{"kind": point.kind, "text": point.text, "quote": point.quote} for point in brief.points]
    return {"summary": brief.summary, "origin": brief.origin, "points": points, "why": brief.why}
