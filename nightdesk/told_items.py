"""How an item is told to a model: lines of what it is and what became of it, for a fence to be put around."""

from collections.abc import Iterator

from core.types import History, Item, SearchHit
from feeds.repository import repositories_in


def named_by(item: Item) -> Iterator[str]:
    """Yield the repositories that an item names, in lower case, perhaps more than once."""
    facts = [f"github.com/{value}" for label, value in item.facts if label == "repository"]
    yield from repositories_in(" ".join((item.url, item.told_at, item.text, *item.links, *facts)))


def hit_lines(hit: SearchHit) -> Iterator[str]:
    """Yield what tells of a hit: which item it is, where it was found, what became of it."""
    day = hit.item.published.date().isoformat() if hit.item.published else "no date"
    yield f"id: {hit.item.id}"
    yield f"{hit.item.kind}, {day}: {hit.item.title}"
    yield f"({hit.found_in}) {hit.snippet}"
    yield from _became(hit.history)


def item_lines(item: Item, past: History) -> Iterator[str]:
    """Yield all that is stored of an item, its text last."""
    yield from (f"id: {item.id}", f"kind: {item.kind}", f"title: {item.title}", f"address: {item.url}")
    if item.authors:
        yield f"authors: {', '.join(item.authors[:20])}"
    if item.published:
        yield f"published: {item.published.date()}"
    yield from (f"{label}: {value}" for label, value in item.facts)
    if repositories := list(dict.fromkeys(named_by(item))):
        yield f"repositories: {', '.join(repositories)}"
    yield from _became(past)
    yield f"\n{item.text}"


def _became(past: History) -> Iterator[str]:
    if past.sightings:
        yield "told by: " + ", ".join(dict.fromkeys(told.source for told in past.sightings))
    for night, verdict in past.decisions[:3]:
        yield f"{night}: {verdict.decision}{f' in {verdict.subject}' if verdict.subject else ''}: {verdict.reason}"
    if past.brief:
        yield f"brief: {past.brief.summary}"
    yield from (f"a reader, {vote.at.date()}: {vote.opinion.replace('_', ' ')} {vote.note}" for vote in past.votes)
