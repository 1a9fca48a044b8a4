"""The commands that read the knowledge base: items, digest, subjects."""

import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from core.errors import ConfigError
from core.judged import Match
from core.types import Item, ItemKind, Sighting, Verdict
from digests.compose import for_subject
from digests.forms import write
from kb import items as stored
from kb import judgements, ledger
from kb.clicks import saved_by
from nightdesk import stored_digest
from nightdesk.config import find_config, load_config
from nightdesk.output import print_json, print_table
from nightdesk.release_lines import with_probes
from nightdesk.wiring import Desk

_BACKLOG = "older than the first poll of its source: background, not news"
_PENDING = "not judged yet: its night was interrupted, run it again"


def _desk(config: Path | None, subject: str | None = None) -> Desk:
    settings = load_config(find_config(config))
    slugs = [known.slug for known in settings.subjects]
    if subject is not None and subject not in slugs:
        raise ConfigError(f"there is no subject {subject!r}; there are {', '.join(slugs) or 'none'}")
    return Desk(settings)


@dataclass(frozen=True, slots=True)
class ItemFilter:
    """Which items to list."""

    night: date | None
    everything: bool
    subject: str | None
    kind: ItemKind | None
    decision: str | None

    def admits(self, row: Mapping[str, Any]) -> bool:
        """Tell whether a row of the listing is wanted."""
        return (
            self.subject in (None, *row["subjects"])
            and self.kind in (None, row["kind"])
            and self.decision in (None, row["decision"])
        )


def items(config: Path | None, wanted: ItemFilter, *, as_json: bool) -> None:
    """Print items with what became of them."""
    desk = _desk(config, wanted.subject)
    with desk.store.reading() as connection:
        night = wanted.night or ledger.latest_night(connection)
        rows = [row for row in item_rows(connection, None if wanted.everything else night) if wanted.admits(row)]
    if as_json:
        print_json({"night": None if wanted.everything or not night else night.isoformat(), "items": rows})
        return
    title = "Everything in the knowledge base" if wanted.everything else f"News of the night of {night}"
    table = [
        (row["decision"], ", ".join(row["subjects"]), f"{row['title']}\n{row['url']}", row["reason"]) for row in rows
    ]
    print_table(f"{title}: {len(rows)} items", ("decision", "subjects", "item", "why"), table)


def item_rows(connection: Connection, night: date | None) -> list[dict[str, Any]]:
    """Return the rows of ``items --json``: a night's news, or everything where no night is named."""
    listed = stored.all_items(connection) if night is None else stored.news_of(connection, night)
    ids = [item.id for item in listed]
    verdicts: dict[str, list[Verdict]] = {}
    for verdict in judgements.verdicts_of(connection, night):
        verdicts.setdefault(verdict.item_id, []).append(verdict)
    news = stored.news_ids(connection)
    matches, sightings = judgements.matches_of(connection, ids), stored.sightings_of(connection, ids)
    return [
        _item_json(
            item,
            verdicts.get(item.id, []),
            matches.get(item.id, ()),
            sightings.get(item.id, ()),
            is_news=item.id in news,
        )
        for item in listed
    ]


def saved(config: Path | None, voter: str, *, as_json: bool) -> None:
    """Print what somebody saved for later, the last first."""
    desk = _desk(config)
    with desk.store.reading() as connection:
        ids = saved_by(connection, voter)
        found = stored.get_items(connection, ids)
        told = stored.sightings_of(connection, ids)
    listed = [found[item_id] for item_id in ids]
    if as_json:
        rows = [{"id": item.id, "kind": item.kind, "title": item.title, "url": item.url} for item in listed]
        print_json({"voter": voter, "items": rows})
        return
    table = [
        (item.kind, f"{item.title}\n{item.url}", told[item.id][0].source if item.id in told else "") for item in listed
    ]
    print_table(f"{len(table)} items saved by {voter}", ("kind", "item", "told by"), table)


def _item_json(
    item: Item,
    verdicts: Sequence[Verdict],
    matches: Sequence[Match],
    sightings: Sequence[Sighting],
    *,
    is_news: bool,
) -> dict[str, Any]:
    """Return one row of ``items --json``; a kept item's subjects are those that keep it."""
    leading = verdicts[0] if verdicts else None
    kept = [verdict.subject for verdict in verdicts if verdict.decision == "kept" and verdict.subject]
    return {
        "id": item.id,
        "kind": item.kind,
        "title": item.title,
        "url": item.url,
        "published": item.published.isoformat() if item.published else None,
        "subjects": kept or [match.subject for match in matches if match.fits],
        "decision": leading.decision if leading else "pending" if is_news else "backlog",
        "reason": leading.reason if leading else _PENDING if is_news else _BACKLOG,
        "sightings": [
            {
                "source": sighting.source,
                "url": sighting.url,
                "announced": sighting.announced.isoformat() if sighting.announced else None,
            }
            for sighting in sightings
        ],
    }


def digest(config: Path | None, night: date | None, subject: str | None, form: str) -> None:
    """Print a stored digest, or one subject's part of it."""
    desk = _desk(config, subject)
    with desk.store.reading() as connection:
        night = night or ledger.latest_night(connection)
        content = judgements.find_digest(connection, night) if night else None
        if content is None:
            raise ConfigError(f"there is no digest of {night or 'any night'}; `nightdesk run` makes one")
        whole = with_probes(connection, stored_digest.load(content))
    sys.stdout.write(write(for_subject(whole, subject) if subject else whole, form))


def subjects(config: Path | None, *, as_json: bool) -> None:
    """Print every configured subject with its numbers."""
    desk = _desk(config)
    with desk.store.reading() as connection:
        held = judgements.count_matches(connection)
        night = ledger.latest_night(connection)
        kept = Counter(v.subject for v in judgements.verdicts_of(connection, night) if v.decision == "kept")
    rows = [
        {
            "slug": subject.slug,
            "name": subject.name,
            "max_items": subject.max_items,
            "held": held.get(subject.slug, 0),
            "kept": kept[subject.slug] if night else 0,
        }
        for subject in desk.settings.subjects
    ]
    if as_json:
        print_json({"night": night.isoformat() if night else None, "subjects": rows})
        return
    columns = ("slug", "name", "items in the base", f"kept on {night or 'no night yet'}", "at most")
    print_table(
        f"{len(rows)} subjects", columns, [(r["slug"], r["name"], r["held"], r["kept"], r["max_items"]) for r in rows]
    )
