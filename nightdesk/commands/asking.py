"""``ask``: an answer from the knowledge base, every sentence with what it rests on, or that there is none."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

from rich.console import Console
from rich.text import Text

from core.answers import Said
from core.errors import ConfigError
from core.types import Item
from digests.outside import plain, plain_title
from kb.evidence import ENOUGH
from kb.filters import Filter
from nightdesk.answering import Told, answer, answer_locally
from nightdesk.commands.searching import LONGEST, NOTHING_FOUND
from nightdesk.config import check_subject, find_config, load_config
from nightdesk.output import print_json, progress, say
from nightdesk.wiring import Desk

_SHOWN = 280


@dataclass(frozen=True, slots=True)
class Request:
    """A question, what may serve as evidence, and whether to leave the model out."""

    question: str
    wanted: Filter
    is_local: bool = False


def ask(config: Path | None, request: Request, *, as_json: bool) -> None:
    """Print an answer to a question, or that the knowledge base has none.

    Raises ConfigError when the question is empty, or no such subject is configured.
    """
    question = plain(request.question)[:LONGEST]
    if not question:
        raise ConfigError("the question is empty; say in words what you want to know")
    settings = load_config(find_config(config))
    check_subject(settings, request.wanted.subject)
    desk = Desk(settings)
    with progress() as report:
        told = (answer_locally if request.is_local else answer)(desk, question, request.wanted, report=report)
    evidence = told.evidence
    for note in (*evidence.warnings, *told.answer.notes):
        say(plain(note))
    if not evidence.passages and not evidence.warnings:
        say(NOTHING_FOUND)
    if as_json:
        print_json(_json(told))
    else:
        _print(told)


def _print(told: Told) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(f"“{_cut(told.evidence.question)}”", "italic"))
    console.print()
    for line in _body(told, console.width):
        console.print(line)
    for number, item in enumerate(told.sources, 1):
        console.print()
        for line in _source(told, number, item):
            console.print(line)


def _body(told: Told, width: int) -> Iterator[Text]:
    if not told.answer.sentences:
        yield Text("Not in the base." + (" The nearest are:" if told.sources else ""), "bold")
        return
    for said in told.answer.sentences:
        marks = "".join(f"[{number}]" for number in told.numbers(said))
        *others, last = wrap(f"{plain(said.text)} {marks}", max(width, 40)) or [""]
        yield from (Text(line) for line in others)
        yield Text(last.removesuffix(marks)) + Text(last[len(last.removesuffix(marks)) :], "bold cyan")
    yield Text(_how(told), "dim")


def _how(told: Told) -> str:
    """Say in a line whose words the answer is made of."""
    if told.answer.origin == "model":
        return f"written by {told.model} from the sources below; every sentence was looked up in what it cites"
    return "extracted: sentences of the sources below as they stand, not put into words by a model"


def _source(told: Told, number: int, item: Item) -> Iterator[Text]:
    facts = " · ".join(filter(None, (item.kind, item.published.date().isoformat() if item.published else "")))
    yield Text(f"[{number}] ", "bold cyan") + Text(plain_title(item.title), "bold") + Text(f"  {facts}", "dim")
    yield Text(f"    {plain(item.url)}", "dim")
    if told.answer.origin == "model":
        for passage in told.passages_of(item):
            yield Text(f"    ({passage.found_in}) {_cut(plain(passage.text))}", "dim")


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 2].rsplit(' ', 1)[0]} …"


def _json(told: Told) -> dict[str, Any]:
    evidence, given = told.evidence, told.answer
    return {
        "question": evidence.question,
        "in_base": given.origin != "none",
        "origin": given.origin,
        "model": told.model,
        "strength": evidence.strength,
        "threshold": ENOUGH,
        "answer": [_said_json(told, said) for said in given.sentences],
        "sources": [_source_json(told, item) for item in told.sources] if given.sentences else [],
        "nearest": [] if given.sentences else [_item_json(item) for item in told.sources],
        "notes": [*evidence.warnings, *given.notes],
    }


def _said_json(told: Told, said: Said) -> dict[str, Any]:
    return {"text": said.text, "sources": told.numbers(said), "passages": [passage.id for passage in said.passages]}


def _source_json(told: Told, item: Item) -> dict[str, Any]:
    passages = [{"id": one.id, "found_in": one.found_in, "text": one.text} for one in told.passages_of(item)]
    return _item_json(item) | {"passages": passages}


def _item_json(item: Item) -> dict[str, Any]:
    published = item.published.isoformat() if item.published else None
    return {"id": item.id, "kind": item.kind, "title": item.title, "url": item.url, "published": published}
