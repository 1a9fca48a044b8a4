"""The night as a LangGraph graph, from gather, remember, classify, judge and shortlist to brief, compose and deliver.

A node is one line over a plain function of ``nightdesk.stages``. The store is the checkpoint: a night that was killed
goes on where it was, and a night that is run again adds and tells nothing.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from datetime import time as time_of_day
from functools import cache
from operator import or_
from pathlib import Path
from typing import Annotated, Any, TypedDict

from filelock import FileLock, Timeout
from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from core.delivery import DeliveryRow
from core.digest import ItemCounts
from core.errors import ConfigError
from core.ports import Progress
from core.sources import PollRow
from core.types import BriefOrigin, Night
from feeds.sources import tells_releases
from kb import judgements, ledger
from kb.ledger import RunKind
from nightdesk import briefing, judging, stages
from nightdesk.lessons import Matcher, matcher_of, taught_before
from nightdesk.models import Asking, open_model
from nightdesk.night_deps import Deliver, NightDeps
from nightdesk.wiring import Desk, Wire, fan_out

# Enough that no processor waits for the last texts of one source while those of the next are there.
_EMBEDDED_AT_ONCE = 8
STAGES = ("gather", "remember", "classify", "judge", "shortlist", "brief", "analyse", "compose", "deliver")


@dataclass(frozen=True, slots=True)
class NightReport:
    """What one run did: ``seconds`` by stage, ``subjects`` as kept and dropped, ``briefs`` by who wrote them.

    ``notes`` are those of the digest; ``is_model_away`` tells whether the model's host was given up.
    """

    night: date
    rows: tuple[PollRow, ...]
    counts: ItemCounts
    subjects: dict[str, dict[str, int]]
    briefs: Counter[BriefOrigin]
    unscored: int
    markdown: Path
    page: Path
    seconds: dict[str, float]
    deliveries: tuple[DeliveryRow, ...] = ()
    notes: tuple[str, ...] = ()
    is_model_away: bool = False

    @property
    def briefs_written(self) -> int:
        """How many briefs this run wrote."""
        return self.briefs.total()

    @property
    def undelivered(self) -> tuple[DeliveryRow, ...]:
        """The letters that are not wholly sent."""
        return tuple(row for row in self.deliveries if row.state != "sent")

    @property
    def failures(self) -> tuple[PollRow, ...]:
        """The sources that failed."""
        return tuple(row for row in self.rows if row.outcome == "failed")


class NightState(TypedDict, total=False):
    """What travels through the graph: numbers only, the store holds the rest."""

    briefs: Counter[BriefOrigin]
    analyses: int
    notes: tuple[str, ...]
    deliveries: tuple[DeliveryRow, ...]
    seconds: Annotated[dict[str, float], or_]


def a_night(timezone: tzinfo, day: date | None, since: timedelta, now: datetime) -> Night:
    """Return the night of a day (today's, where none is named) with its window.

    The window opens ``since`` before the day begins where the team is.
    """
    day = day or now.astimezone(timezone).date()
    try:
        opens = (datetime.combine(day, time_of_day.min, timezone) - since).astimezone(UTC)
    except OverflowError as error:
        raise ConfigError(
            f"the window of the night of {day} is out of range; name a later night or a shorter --since"
        ) from error
    return Night(day, opens, now)


def run_night(desk: Desk, wire: Wire, night: Night, progress: Progress, deliver: Deliver | None = None) -> NightReport:
    """Run one night, or what is left of it, and return what was done; ``deliver`` brings the digest to its readers.

    Waits while another run works on the same data folder. Raises StoreError when the data folder cannot be written.
    """
    model = open_model(desk, night.date)
    with _alone(desk, progress), closing(model.wire) if model else nullcontext():
        asking = Asking(model, desk.settings.llm) if model and desk.settings.llm else None
        with _run(desk, night, "night") as (run_id, embedding, ready):
            deps = NightDeps(
                desk, wire, night, run_id, fan_out, progress, embedding, ready, model, asking, deliver=deliver
            )
            state = _graph().invoke({"seconds": {}}, context=deps)
        return _report(deps, state)


def gather_ahead(desk: Desk, wire: Wire, night: Night, progress: Progress) -> tuple[PollRow, ...]:
    """Poll every source for a night that is still to come, and return what each said.

    What they tell is stored, embedded and sorted by subject at once; the night itself decides on it.
    """
    return _poll_ahead(desk, wire, night, progress, "gathering")


def watch_releases(desk: Desk, wire: Wire, night: Night, progress: Progress) -> tuple[PollRow, ...]:
    """Poll the sources of model releases alone for a night that is still to come, and return what each said."""
    return _poll_ahead(desk, wire, night, progress, "watching")


def _poll_ahead(desk: Desk, wire: Wire, night: Night, progress: Progress, kind: RunKind) -> tuple[PollRow, ...]:
    sources = tuple(spec for spec in desk.settings.sources if kind == "gathering" or tells_releases(spec.kind))
    with _alone(desk, progress), _run(desk, night, kind) as (run_id, embedding, ready):
        deps = NightDeps(desk, wire, night, run_id, fan_out, progress, embedding, ready, sources=sources)
        for stage in (stages.gather, stages.remember, stages.classify):
            stage(deps)
        with desk.store.reading() as connection:
            return ledger.run_rows(connection, run_id)


@contextmanager
def _run(desk: Desk, night: Night, kind: RunKind) -> Iterator[tuple[int, ThreadPoolExecutor, Future[Matcher]]]:
    """Begin a run or go on with one that was left; yield its id, where to embed, and what sorts, when it is ready."""
    with desk.store.writing() as connection:
        run_id = ledger.begin_run(connection, night.date, night.now, kind)
    # Read before anything of the night is stored: what it brings must not teach how it is judged.
    taught = taught_before(desk, night.date)
    with ThreadPoolExecutor(_EMBEDDED_AT_ONCE) as embedding:
        yield run_id, embedding, embedding.submit(matcher_of, desk, taught)
    with desk.store.writing() as connection:
        ledger.finish_run(connection, run_id, night.now)


@contextmanager
def _alone(desk: Desk, progress: Progress) -> Iterator[None]:
    lock = FileLock(desk.data_dir / "night.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        progress("another run works on this data folder; waiting for it")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _report(deps: NightDeps, state: NightState) -> NightReport:
    with deps.desk.store.reading() as connection:
        rows = ledger.run_rows(connection, deps.run_id)
        slugs = [subject.slug for subject in deps.desk.settings.subjects]
        subjects = stages.subject_numbers(connection, deps.night, slugs)
        unscored = judging.count_unscored(judgements.verdicts_of(connection, deps.night.date))
    markdown, page = stages.digest_files(deps.desk, deps.night.date)
    return NightReport(
        deps.night.date,
        rows,
        stages.count(rows),
        subjects,
        state["briefs"],
        unscored,
        markdown,
        page,
        state["seconds"],
        state["deliveries"],
        state["notes"],
        is_model_away=deps.asking is not None and deps.asking.is_away,
    )


@cache
def _graph() -> Any:
    graph = StateGraph(NightState, context_schema=NightDeps)
    graph.add_node("gather", _timed("gather", stages.gather))
    graph.add_node("remember", _timed("remember", stages.remember))
    graph.add_node("classify", _timed("classify", stages.classify))
    graph.add_node("judge", _timed("judge", judging.judge))
    graph.add_node("shortlist", _timed("shortlist", stages.make_shortlist))
    graph.add_node("brief", _timed("brief", lambda deps: {"briefs": briefing.brief(deps)}))
    graph.add_node("analyse", _timed("analyse", lambda deps: {"analyses": briefing.analyse(deps)}))
    graph.add_node("compose", _timed("compose", lambda deps: {"notes": stages.compose_digest(deps).notes}))
    graph.add_node(
        "deliver", _timed("deliver", lambda deps: {"deliveries": deps.deliver(deps) if deps.deliver else ()})
    )
    for before, after in zip((START, *STAGES), (*STAGES, END), strict=True):
        graph.add_edge(before, after)
    return graph.compile()


def night_mermaid() -> str:
    """Return the night's graph as Mermaid."""
    return str(_graph().get_graph().draw_mermaid())


def _timed(name: str, stage: Callable[[NightDeps], NightState | None]) -> Callable[..., NightState]:
    """Make a node of a stage; its update says how many seconds it took."""

    def node(_state: NightState, runtime: Runtime[NightDeps]) -> NightState:
        started = time.perf_counter()
        update = stage(runtime.context) or {}
        return {**update, "seconds": {name: round(time.perf_counter() - started, 3)}}

    return node
