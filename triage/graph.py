"""The brief of one story as a LangGraph graph: read, summarise, check, and repair what the check refuses.

A node is one line over a plain function; the state holds small values, the store is the checkpoint.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from core.identity import text_hash
from core.types import Brief, BriefOrigin, Item, Story
from triage.sentences import joined, sentences, unmarked
from triage.summaries import VERSION, extract


@dataclass(frozen=True, slots=True)
class BriefDeps:
    """What the nodes work with: how a title and a text become a summary, and who that is."""

    summarise: Callable[[str, str], str]
    origin: BriefOrigin
    version: str


LOCAL = BriefDeps(extract, "local", VERSION)


class BriefState(TypedDict, total=False):
    """What travels through the graph of one story."""

    items: tuple[Item, ...]
    title: str
    text: str
    summary: str
    untraceable: tuple[str, ...]


def brief_key(items: Sequence[Item], deps: BriefDeps) -> str:
    """Return the key of everything a brief depends on; the same key is never briefed twice."""
    return text_hash(f"{deps.version} {[(item.title, item.text) for item in items]!r}")[:16]


def write_brief(story: Story, items: Sequence[Item], deps: BriefDeps = LOCAL) -> Brief:
    """Return the brief of a story; ``items`` are the story's, in its order."""
    state = _graph().invoke({"items": tuple(items)}, context=deps)
    return Brief(story.id, state["summary"], deps.origin, brief_key(items, deps))


@cache
def _graph() -> Any:
    graph = StateGraph(BriefState, context_schema=BriefDeps)
    graph.add_node("read", lambda state: read(state["items"]))
    graph.add_node("summarise", _summarise)
    graph.add_node("check", lambda state: {"untraceable": untraceable(state["summary"], state["text"])})
    graph.add_node("repair", lambda state: {"summary": repaired(state["summary"], state["untraceable"])})
    graph.add_edge(START, "read")
    graph.add_edge("read", "summarise")
    graph.add_edge("summarise", "check")
    graph.add_conditional_edges("check", _after_check)
    graph.add_edge("repair", END)
    return graph.compile()


def _summarise(state: BriefState, runtime: Runtime[BriefDeps]) -> BriefState:
    return {"summary": runtime.context.summarise(state["title"], state["text"])}


def _after_check(state: BriefState) -> Literal["repair", "__end__"]:
    return "repair" if state["untraceable"] else "__end__"


def read(items: Sequence[Item]) -> BriefState:
    """Choose what to read of a story: a paper's abstract; of releases and posts the one that says most."""
    telling = items[0] if items[0].kind == "paper" and items[0].text else max(items, key=lambda item: len(item.text))
    return {"title": items[0].title, "text": telling.text}


def untraceable(summary: str, text: str) -> tuple[str, ...]:
    """Return the sentences of a summary that do not stand in the text."""
    said = frozenset(form for sentence in sentences(text) for form in (" ".join(sentence.split()), unmarked(sentence)))
    return tuple(sentence for sentence in sentences(summary) if " ".join(sentence.split()) not in said)


def repaired(summary: str, refused: Sequence[str]) -> str:
    """Return the summary without the refused sentences."""
    return joined([sentence for sentence in sentences(summary) if sentence not in refused])
