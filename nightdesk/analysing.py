"""One story given to the analyst: tools, caps and form put together, and what came of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.judged import Analysis, Story
from core.lm import Run, Step
from core.types import Item, Subject
from feeds.full_text import reader
from feeds.repository import Repositories
from kb.search import Search
from lm.model import Model
from lm.turns import Agent, Caps
from nightdesk.analyst_tools import RESULT_CHARS, Library, analyst_tools
from nightdesk.wiring import Desk, Wire
from triage.analyst import analyse, analysis_key, conversation_about
from triage.analyst_findings import Findings, Occasion, Trail, analysis_of, findings_form

STAGE = "analyse"
DOLLARS = Decimal("0.50")


@dataclass(frozen=True, slots=True)
class Case:
    """A story to be analysed: its items in its order, and what the team follows."""

    story: Story
    items: tuple[Item, ...]
    subjects: Sequence[Subject] = ()


def library_of(desk: Desk, wire: Wire) -> Library:
    """Return what the analyst reads from: the desk's knowledge base, and the world through its polite fetch."""
    search = Search(desk.store, desk.index, lambda: desk.questioner)
    return Library(desk.store, search, reader(wire.fetch), Repositories(wire.fetch), wire.clock)


def caps_for(model: Model, turns: int = 40) -> Caps:
    """Return the caps of one analysis; of a model without a price, tokens are the money."""
    return Caps(
        turns=turns,
        tokens=1_500_000,
        money=DOLLARS if model.budget.price.unit == "usd" else None,
        seconds=900.0,
        last_seconds=180.0,
        result_chars=RESULT_CHARS,
    )


def key_of(case: Case, model: Model) -> str:
    """Return the key under which an analysis of the case is kept."""
    return analysis_key(conversation_about(case.items, case.subjects), model.wire.settings.model)


def analyse_case(
    case: Case, library: Library, model: Model, caps: Caps, watch: Callable[[Step], None] = lambda _: None
) -> tuple[Analysis, Run[Findings]]:
    """Return the analysis of a story, and the run that led to it; any number may be under way at once.

    Raises nothing of the model's: a failing host or a spent budget ends it with what it has.
    """
    trail = Trail()
    trail.meet(*case.items)
    tools = analyst_tools(library, case.items, trail)
    agent = Agent(model, findings_form(trail), STAGE, tools, caps, watch)
    run = analyse(agent, conversation_about(case.items, case.subjects))
    return analysis_of(Occasion(case.story.id, key_of(case, model)), run), run
