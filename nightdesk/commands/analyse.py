"""``analyse``: the analyst on one story, now, with its thoughts and tools to be watched."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from core.judged import Analysis, Story
from core.lm import Run, Unsubmitted
from core.types import Item
from digests.outside import plain, plain_title
from kb import judgements
from kb.items import get_items
from kb.rulings import keep_analysis
from nightdesk.analysing import Case, analyse_case, caps_for, library_of
from nightdesk.config import find_config, load_config
from nightdesk.live_view import live_view
from nightdesk.models import needed_model
from nightdesk.named_item import named_item
from nightdesk.output import print_json, print_labelled, say
from nightdesk.wiring import Desk, network, replay
from triage.analyst_findings import Findings


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be analysed, in how many turns at most, and from which recording, if not from the network."""

    item: str
    turns: int
    recording: Path | None = None


def analyse(config: Path | None, request: Request, *, as_json: bool) -> int:
    """Analyse the story of an item, print what was found, and return the exit code: 1 when there is no answer.

    Raises ConfigError when no model is configured or the knowledge base holds no such item.
    """
    desk = Desk(load_config(find_config(config)))
    settings = desk.settings
    wire = replay(settings, request.recording) if request.recording else network(settings)
    model = needed_model(desk, wire.clock().astimezone(settings.timezone).date())
    case = _case(desk, named_item(desk.store, request.item))
    with closing(model.wire):
        found, run = analyse_case(case, library_of(desk, wire), model, caps_for(model, request.turns), live_view())
    if isinstance(run.outcome, Unsubmitted):
        say(f"no answer ({run.ended}, after {run.turns} turns): {plain(run.outcome.detail)}")
    else:
        with desk.store.writing() as connection:
            keep_analysis(connection, found)
    _print(case, found, run, as_json=as_json)
    return 1 if isinstance(run.outcome, Unsubmitted) else 0


def _case(desk: Desk, item: Item) -> Case:
    with desk.store.reading() as connection:
        story = _story_of(connection, item)
        items = get_items(connection, story.item_ids)
    return Case(story, tuple(items[one] for one in story.item_ids if one in items), desk.settings.subjects)


def _story_of(connection: Connection, item: Item) -> Story:
    """Return the story of the latest night that tells an item, or one of it alone."""
    nights = judgements.verdicts_on(connection, item.id)
    told = judgements.stories_of(connection, nights[0][0]) if nights else ()
    return next((story for story in told if item.id in story.item_ids), Story(item.id, (item.id,)))


def _print(case: Case, found: Analysis, run: Run[Findings], *, as_json: bool) -> None:
    if as_json:
        print_json(_json(found, run))
    elif found.new:
        print_labelled([(label, _plain_lines(text)) for label, text in _lines(case.items[0], found)])
    usage = run.usage
    say(f"{run.turns} turns, {usage.prompt:,} tokens in ({usage.cache_read:,} cached), {usage.output:,} out")


def _lines(item: Item, found: Analysis) -> Iterator[tuple[str, str]]:
    yield item.kind, f"{plain_title(item.title)}\n{item.url}"
    yield "new", found.new
    yield "contradicts", found.contradicts
    yield from (("try", one) for one in found.try_this)
    yield "sources", "\n".join(found.sources)


def _plain_lines(text: str) -> str:
    return "\n".join(map(plain, text.split("\n")))


def _json(found: Analysis, run: Run[Findings]) -> dict[str, Any]:
    why = run.outcome.detail if isinstance(run.outcome, Unsubmitted) else ""
    return asdict(found) | {"why": why, "usage": asdict(run.usage), "cost": f"{run.cost:f}"}
