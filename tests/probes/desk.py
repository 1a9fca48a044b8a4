"""A small stack, and models of known ability: each answers a prompt by its reference or by its wrong answer."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from core.lm import Completion, Conversation, Heard, Told, ToolCall, Usage
from probes.attempt import Key
from probes.instance import Instance
from probes.plan import Limits, ProbePlan, Served, asked_of
from probes.question import Question, seed_of
from probes.script import Say, Script
from probes.stack import Selection, selected, stack_folders
from tests.probes.conftest import PLAIN
from tests.servers.lm import Asked, Spoken

SEED = 5
AT = datetime(2026, 10, 14, 3, tzinfo=UTC)
_ERRAND = """
id = "{id}"
family = "errands"
domain = "agentic"
generator = "agentic_notes:moved_meeting"
max_turns = 6
prompt = "Errand {id}: the visit that {{host}} hosts begins at {{new}}:00. Correct its note and nothing else."
[parameters]
notes = 3
[scorer]
name = "final_state"
whole = ["notes.notes"]
"""


def stack_of(folder: Path, sums: int = 6, errands: int = 2) -> tuple[Question, ...]:
    """Write a stack of sums and errands and read it."""
    names = [("logic", f"sum-{number}", PLAIN) for number in range(sums)]
    names += [("agentic", f"errand-{number}", _ERRAND) for number in range(errands)]
    for domain, name, text in names:
        path = folder / "ours" / domain / f"{name}.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.format(id=name, more="").replace("What is", f"({name}) What is"), "utf-8")
    return selected(stack_folders([folder / "ours"]), Selection(("ours",)))


def plan_of(questions: Sequence[Question], epochs: int = 2, limits: Limits | None = None) -> ProbePlan:
    served = Served("stub", "MiniMax-M2", "openai", "127.0.0.1")
    asked = tuple(asked_of(one) for one in questions)
    return ProbePlan("run-1", served, asked, epochs, SEED, AT, limits=limits or Limits())


Able = Callable[[str, int], bool]
"""Whether a question is answered rightly in an epoch."""


def scripts_of(questions: Iterable[Question], epochs: int, able: Able) -> dict[str, Script]:
    """Return what a model of that ability does, by prompt."""
    return {
        instance.prompt: instance.reference if able(question.id, epoch) else instance.wrong
        for question in questions
        for epoch in range(epochs)
        for instance in [question.instance(seed_of(SEED, question.id, epoch))]
    }


class Scripted:
    """A ``Complete`` in this process: it finds its script by the prompt and goes on by the number of its answers."""

    def __init__(self, scripts: dict[str, Script]) -> None:
        self.scripts = scripts
        self.asked: list[Conversation] = []

    def __call__(self, conversation: Conversation, /, **_given: Any) -> Completion:
        self.asked.append(conversation)
        first = conversation.messages[0]
        assert isinstance(first, Told)
        turn = sum(isinstance(message, Heard) for message in conversation.messages)
        return completion(self.scripts[first.text], turn)


def completion(script: Script, turn: int) -> Completion:
    step = script[turn]
    usage = Usage(10, 5)
    if isinstance(step, Say):
        return Completion(f'{{"content": {turn}}}', text=step.text, thinking="Let me see.", usage=usage)
    call = ToolCall(f"call-{turn}", step.tool, _json(step.arguments))
    return Completion(f'{{"call": {turn}}}', tool_calls=(call,), usage=usage, stop="tools", cost=Decimal("0.01"))


def host_of(scripts: dict[str, Script]) -> Callable[[Asked], Spoken]:
    """Return the same model for a host on loopback; what it does not know, the preflight, it takes in its stride."""

    def answer(asked: Asked) -> Spoken:
        script = next((scripts[one] for one in scripts if asked.told.startswith(one)), None)
        if script is None:
            name = next(iter(asked.tools), "")
            return Spoken(calls=((name, {"first": 4821, "second": 1739} if name == "add" else {}),))
        step = script[len(asked.heard)]
        if isinstance(step, Say):
            return Spoken(text=step.text)
        return Spoken(calls=((step.tool, dict(step.arguments)),), thinking="Let me see.")

    return answer


def instance_of(questions: Sequence[Question], name: str, epoch: int = 0) -> tuple[Key, Instance]:
    question = next(one for one in questions if one.id == name)
    return Key(name, epoch), question.instance(seed_of(SEED, name, epoch))


def _json(arguments: Any) -> str:
    return json.dumps(dict(arguments))
