"""The brief of one story as a LangGraph graph: read, summarise, check, and repair once what the check refuses.

A node is one line over a plain function; the state holds small values, the store is the checkpoint. Without a writer
the summary is extracted; with one it is the model's, and extracted where the model's cannot be told.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from core.identity import text_hash
from core.judged import Story
from core.types import Brief, BriefOrigin, BriefPoint, Item
from triage.brief_check import Checked, Ground, borne_out, check, mended
from triage.briefs import Answer, Writer, as_read, ask, ask_again, cut
from triage.sentences import joined, sentences, unmarked
from triage.summaries import VERSION, extract


@dataclass(frozen=True, slots=True)
class BriefDeps:
    """What the nodes work with: how a title and a text become a local summary, and who writes in its place, if any."""

    summarise: Callable[[str, str], str]
    version: str
    writer: Writer | None = None


LOCAL = BriefDeps(extract, VERSION)


def written_by(writer: Writer) -> BriefDeps:
    """Return what it takes for a model to write the briefs."""
    return BriefDeps(extract, VERSION, writer)


class BriefState(TypedDict, total=False):
    """What travels through the graph of one story; ``answer`` and ``checked`` are of a model's brief only."""

    items: tuple[Item, ...]
    title: str
    text: str
    summary: str
    why: str
    untraceable: tuple[str, ...]
    answer: Answer
    ground: Ground
    checked: Checked
    is_repaired: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a brief says; ``why`` tells why it is no full one of the model."""

    summary: str
    origin: BriefOrigin
    points: tuple[BriefPoint, ...]
    why: str


def brief_key(items: Sequence[Item], deps: BriefDeps) -> str:
    """Return the key of everything a brief depends on; the same key is never briefed twice.

    A model's brief depends on its prompt, its model and the subjects, not on how a local summary is made.
    """
    version = deps.writer.version if deps.writer else deps.version
    return text_hash(f"{version} {[(item.title, item.text) for item in items]!r}")[:16]


def write_brief(story: Story, items: Sequence[Item], deps: BriefDeps = LOCAL) -> Brief:
    """Return the brief of a story; ``items`` are the story's, in its order. A model that fails raises nothing."""
    told = settled(_graph().invoke({"items": tuple(items)}, context=deps), deps)
    return Brief(story.id, told.summary, told.origin, brief_key(items, deps), told.points, told.why)


def brief_mermaid() -> str:
    """Return the brief's graph as Mermaid."""
    return str(_graph().get_graph().draw_mermaid())


@cache
def _graph() -> Any:
    graph = StateGraph(BriefState, context_schema=BriefDeps)
    graph.add_node("read", lambda state: read(state["items"]))
    graph.add_node("summarise", _summarise)
    graph.add_node("check", _check)
    graph.add_node("repair", _repair)
    graph.add_edge(START, "read")
    graph.add_edge("read", "summarise")
    graph.add_edge("summarise", "check")
    graph.add_conditional_edges("check", after_check, ["repair", END])
    graph.add_edge("repair", "check")
    return graph.compile()


def _summarise(state: BriefState, runtime: Runtime[BriefDeps]) -> BriefState:
    return summarised(state["title"], state["text"], runtime.context)


def _check(state: BriefState) -> BriefState:
    return checked(state)


def _repair(state: BriefState, runtime: Runtime[BriefDeps]) -> BriefState:
    return {**repaired_once(state, runtime.context), "is_repaired": True}


def read(items: Sequence[Item]) -> BriefState:
    """Choose what to read of a story: a paper's abstract; of releases and posts the one that says most."""
    telling = items[0] if items[0].kind == "paper" and items[0].text else max(items, key=lambda item: len(item.text))
    return {"title": items[0].title, "text": telling.text}


def summarised(title: str, text: str, deps: BriefDeps) -> BriefState:
    """Return what the writer answers, or the local summary and why it takes its place."""
    if deps.writer is None:
        return {"summary": deps.summarise(title, text)}
    answer = ask(title, text, deps.writer)
    if answer.draft is None:
        return {"summary": deps.summarise(title, text), "why": answer.why}
    return {"answer": answer, "ground": Ground(title, as_read(text), deps.writer.subjects)}


def checked(state: BriefState) -> BriefState:
    """Return what is wrong with the model's draft, or which sentences of a local summary do not stand in the text."""
    answer = state.get("answer")
    if answer is None or answer.draft is None:
        return {"untraceable": untraceable(state["summary"], state["text"])}
    return {"checked": check(answer.draft, state["ground"])}


def after_check(state: BriefState) -> str:
    """Return where to go: what is wrong is repaired once."""
    is_sound = state["checked"].is_sound if "checked" in state else not state["untraceable"]
    return END if is_sound or state.get("is_repaired") else "repair"


def repaired_once(state: BriefState, deps: BriefDeps) -> BriefState:
    """Ask the writer to mend what is wrong, or take the sentences out that do not stand in the text."""
    if "checked" not in state or deps.writer is None:
        return {"summary": repaired(state["summary"], state["untraceable"])}
    again = ask_again(state["answer"], state["checked"], deps.writer)
    return {"answer": replace(again, draft=mended(state["checked"], again.draft))} if again.draft else {}


def settled(state: BriefState, deps: BriefDeps) -> Told:
    """Return what is told: points that are borne out, and an extracted summary for one that is not."""
    if "checked" not in state:
        return Told(state["summary"], "local", (), state.get("why", ""))
    found, points = state["checked"], borne_out(state["checked"])
    if not found.summary:
        return Told(found.draft.summary, "model", points, state["answer"].why)
    local = deps.summarise(state["title"], state["text"])
    summary = repaired(local, untraceable(local, state["text"]))
    return Told(summary, "local", points, _unsupported(found))


def _unsupported(found: Checked) -> str:
    named = ", ".join(dict.fromkeys(trouble.what for trouble in found.summary))
    return cut(f"the model’s summary was not borne out by its source: {named}")


def untraceable(summary: str, text: str) -> tuple[str, ...]:
    """Return the sentences of a summary that do not stand in the text."""
    said = frozenset(form for sentence in sentences(text) for form in (" ".join(sentence.split()), unmarked(sentence)))
    return tuple(sentence for sentence in sentences(summary) if " ".join(sentence.split()) not in said)


def repaired(summary: str, refused: Sequence[str]) -> str:
    """Return the summary without the refused sentences."""
    return joined([sentence for sentence in sentences(summary) if sentence not in refused])
