"""``why``: everything that was decided on one item, and on what grounds."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from core.judged import Match, Ruling, Story
from core.types import Brief, Item, Sighting, Verdict, Vote
from digests.outside import plain, plain_title
from kb import judgements
from kb.engine import driver_of
from kb.history import histories
from kb.items import get_items
from kb.rulings import rulings_of
from nightdesk.ballots import IN_WORDS
from nightdesk.commands.searching import brief_json
from nightdesk.config import find_config, load_config
from nightdesk.named_item import named_item
from nightdesk.output import print_json, print_labelled
from nightdesk.wiring import Desk

_BANDS = {"clear": "clearly", "uncertain": "perhaps", "out": "not"}


@dataclass(frozen=True, slots=True)
class Record:
    """What the desk knows of an item and did with it.

    ``also`` are the other items of its story, ``digests`` the nights in whose digest that was told.
    """

    item: Item
    sightings: tuple[Sighting, ...]
    matches: tuple[Match, ...]
    verdicts: tuple[tuple[date, Verdict], ...]
    also: tuple[Item, ...]
    brief: Brief | None
    digests: tuple[date, ...]
    votes: tuple[Vote, ...]
    rulings: tuple[Ruling, ...] = ()


def why(config: Path | None, named: str, *, as_json: bool) -> None:
    """Print what was decided on an item, and why.

    ``named`` is its id or address. Raises ConfigError when the knowledge base holds no such item.
    """
    desk = Desk(load_config(find_config(config)))
    record = record_of(desk, named_item(desk.store, named))
    if as_json:
        print_json(_json(record))
    else:
        names = {subject.slug: subject.name for subject in desk.settings.subjects}
        print_labelled(record_lines(record, names))


def record_of(desk: Desk, item: Item) -> Record:
    """Return what the desk knows of an item and did with it."""
    with desk.store.reading() as connection:
        verdicts = judgements.verdicts_on(connection, item.id)
        told = judgements.stories_of(connection, verdicts[0][0]) if verdicts else ()
        story = next((story for story in told if item.id in story.item_ids), Story(item.id, (item.id,)))
        others = get_items(connection, [other for other in story.item_ids if other != item.id])
        past = histories(driver_of(connection), [item.id])[item.id]
        return Record(
            item,
            past.sightings,
            judgements.matches_of(connection, [item.id]).get(item.id, ()),
            verdicts,
            tuple(others[other] for other in story.item_ids if other in others),
            past.brief,
            past.digests,
            past.votes,
            tuple(ruling for ruling, _ in rulings_of(connection, [item.id]).values()),
        )


def record_lines(record: Record, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what there is to tell of an item, each with a label; ``names`` are those of the subjects by slug."""
    item = record.item
    yield item.kind, f"{plain_title(item.title)}\n{item.url}\n{item.id}"
    yield "told by", "\n".join(map(_sighting, record.sightings)) or "nobody"
    yield "subjects", "\n".join(_match(match, names) for match in record.matches) or "not matched yet"
    for ruling in record.rulings:
        yield "model", f"{ruling.model} {_ruling(ruling, names)}"
    for night, verdict in record.verdicts:
        where = names.get(verdict.subject, verdict.subject) if verdict.subject else "every subject"
        said = f"{verdict.decision} in" if verdict.subject else "dropped from"
        yield night.isoformat(), f"{said} {where}, at {verdict.score:.2f}: {verdict.reason}"
    if not record.verdicts:
        yield "judged", "never: it was background when its source was first read, or its night is not done"
    for other in record.also:
        yield "same story", f"{plain_title(other.title)}\n{other.url}"
    if record.brief:
        yield "brief", _brief(record.brief)
    if record.digests:
        yield "told in", "the digest of " + ", ".join(map(str, record.digests))
    for vote in record.votes:
        note = f": {vote.note}" if vote.note else ""
        yield "vote", f"{IN_WORDS[vote.opinion]} in {names.get(vote.subject, vote.subject)}, by {vote.voter}{note}"


def _sighting(sighting: Sighting) -> str:
    day = f", {sighting.announced.date()}" if sighting.announced else ""
    return f"{sighting.source}{day}: {sighting.url}"


def _brief(brief: Brief) -> str:
    points = (f"{point.kind}: {plain(point.text)}" for point in brief.points)
    return "\n".join(filter(None, (plain(brief.summary), *points, plain(brief.why))))


def _match(match: Match, names: dict[str, str]) -> str:
    name = names.get(match.subject, match.subject)
    return f"{_BANDS[match.band]} {name}, {match.score:.2f}: {match.evidence}"


def _ruling(ruling: Ruling, names: dict[str, str]) -> str:
    name = names.get(ruling.subject, ruling.subject)
    said = {True: f"of {name}, worth {ruling.score} of 10", False: f"not of {name}", None: f"no answer on {name}"}
    return f"(prompt {ruling.prompt}): {said[ruling.belongs]}: {ruling.reason}"


def _json(record: Record) -> dict[str, Any]:
    item = record.item
    return {
        "id": item.id,
        "kind": item.kind,
        "title": item.title,
        "url": item.url,
        "sightings": [
            {
                "source": told.source,
                "url": told.url,
                "announced": told.announced.isoformat() if told.announced else None,
                "announce_type": told.announce_type,
            }
            for told in record.sightings
        ],
        "subjects": [
            {"subject": match.subject, "score": match.score, "band": match.band, "evidence": match.evidence}
            for match in record.matches
        ],
        "rulings": [asdict(ruling) for ruling in record.rulings],
        "verdicts": [
            {
                "night": night.isoformat(),
                "subject": verdict.subject,
                "decision": verdict.decision,
                "score": verdict.score,
                "reason": verdict.reason,
            }
            for night, verdict in record.verdicts
        ],
        "story": [other.id for other in record.also],
        "brief": brief_json(record.brief),
        "digests": [night.isoformat() for night in record.digests],
        "votes": [
            {"subject": vote.subject, "opinion": vote.opinion, "voter": vote.voter, "note": vote.note}
            for vote in record.votes
        ],
    }
