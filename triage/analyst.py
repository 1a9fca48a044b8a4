"""The analyst of one story as a LangGraph graph: begin, then think and act in turn, until it has an answer or a cap.

The turns themselves are the worker's, for the conversation has to be replayed to the byte: the graph only drives them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, Protocol, TypedDict

from langgraph.graph import START, StateGraph
from langgraph.runtime import Runtime

from core.identity import text_hash
from core.lm import Conversation, Run, Told
from core.types import Item, Subject
from triage.analyst_findings import Findings
from triage.fencing import fenced, one_line
from triage.prompt_files import prompt

# The worker's own caps end a run; this only has to be more than their two steps a turn.
_MOST_STEPS = 100_000
_ITEM_CHARS = 6_000
_MOST_ITEMS = 8


class Worker(Protocol):
    """Takes the turns of a run, whose state is its own; the state's ``ended`` is None until it is over."""

    def begin(self, conversation: Conversation, /) -> Any:
        """Return the state before the first turn."""
        ...

    def think(self, state: Any, /) -> None:
        """Ask for the next message."""
        ...

    def act(self, state: Any, /) -> None:
        """Run the tools that it calls."""
        ...


class AnalystState(TypedDict, total=False):
    """What travels through the graph: the conversation that begins it, and the run, which the worker changes."""

    conversation: Conversation
    run: Any


@dataclass(frozen=True, slots=True)
class AnalystDeps:
    """Who takes the turns."""

    worker: Worker


def analyse(worker: Worker, conversation: Conversation) -> Run[Findings]:
    """Return what came of a run; how it ends is the worker's to say."""
    limit = {"recursion_limit": _MOST_STEPS}
    state = _graph().invoke({"conversation": conversation}, limit, context=AnalystDeps(worker))
    run: Run[Findings] = state["run"].run()
    return run


def analyst_mermaid() -> str:
    """Return the analyst's graph as Mermaid."""
    return str(_graph().get_graph().draw_mermaid())


@cache
def _graph() -> Any:
    graph = StateGraph(AnalystState, context_schema=AnalystDeps)
    graph.add_node("begin", _begin)
    graph.add_node("think", _think)
    graph.add_node("act", _act)
    graph.add_edge(START, "begin")
    graph.add_edge("begin", "think")
    graph.add_conditional_edges("think", _after_thought)
    graph.add_edge("act", "think")
    return graph.compile()


def _begin(state: AnalystState, runtime: Runtime[AnalystDeps]) -> AnalystState:
    return {"run": runtime.context.worker.begin(state["conversation"])}


def _think(state: AnalystState, runtime: Runtime[AnalystDeps]) -> AnalystState:
    runtime.context.worker.think(state["run"])
    return {"run": state["run"]}


def _act(state: AnalystState, runtime: Runtime[AnalystDeps]) -> AnalystState:
    runtime.context.worker.act(state["run"])
    return {"run": state["run"]}


def _after_thought(state: AnalystState) -> Literal["act", "__end__"]:
    return "act" if state["run"].ended is None else "__end__"


def conversation_about(items: Sequence[Item], subjects: Sequence[Subject]) -> Conversation:
    """Return what the analyst is told: whom it reads for, which never changes, and a story's items, as data."""
    follows = [f"- {one.name}: {one.description or ', '.join(one.keywords)}" for one in subjects]
    system = "\n".join(
        [prompt("analyse").text, "", "The team follows:", *follows] if follows else [prompt("analyse").text]
    )
    told = [f"Analyse the story that this item leads: id: {one_line(items[0].id, 300)}"]
    told += [fenced("item", _as_text(item), _ITEM_CHARS) for item in items[:_MOST_ITEMS]]
    return Conversation(system, (Told("\n\n".join(told)),))


def _as_text(item: Item) -> str:
    facts = [f"{label}: {value}" for label, value in item.facts if label != "votes"]  # they change all day
    head = [f"id: {item.id}", f"kind: {item.kind}", f"title: {item.title}", f"address: {item.url}", *facts]
    return "\n".join([*head, "", item.text])


def analysis_key(conversation: Conversation, model: str) -> str:
    """Return the key of everything an analysis depends on that we hold: prompt, subjects, story, and who reads."""
    return text_hash(f"{model} {conversation.system} {conversation.messages!r}")[:16]
