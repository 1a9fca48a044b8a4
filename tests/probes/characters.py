"""Models of planted character: they know as much as is planted, and go about it in ways of their own."""

import json
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from core.lm import Completion, Conversation, Heard, Told, Tool, ToolCall, Usage
from probes.instance import Instance
from probes.question import Question, seed_of
from probes.script import Call, Say, Script
from tests.probes.desk import SEED, Able
from tests.servers.lm import Asked, Spoken

Way = Callable[[Script, Call | None], Script]
"""What a character makes of a script; the call, if there is one, is a harmless look around."""
_LOOKS = ("list_", "see_")


def looks_first(script: Script, look: Call | None) -> Script:
    """Read before anything else."""
    return (look, *script) if look else script


def acts_at_once(script: Script, look: Call | None) -> Script:
    """Read nothing that the script reads."""
    return tuple(step for step in script if not (isinstance(step, Call) and step.tool.startswith((*_LOOKS, "read_"))))


def verifies(script: Script, look: Call | None) -> Script:
    """Read once more when all is done."""
    return (*script[:-1], look, script[-1]) if look else script


def stumbles(script: Script, look: Call | None) -> Script:
    """Make the first call wrongly, then look elsewhere, then do as the script says."""
    first = next((step for step in script if isinstance(step, Call)), None)
    return (Call(first.tool, {"nothing": "of the kind"}), look, *script) if first and look else script


def tries_again(script: Script, look: Call | None) -> Script:
    """Make the first call wrongly, then rightly."""
    place = next((place for place, step in enumerate(script) if isinstance(step, Call)), None)
    if place is None:
        return script
    first = script[place]
    assert isinstance(first, Call)
    return (*script[:place], Call(first.tool, {"nothing": "of the kind"}), *script[place:])


def saying(before: str = "", after: str = "") -> Way:
    """Say something around every answer."""

    def way(script: Script, look: Call | None) -> Script:
        return tuple(Say(f"{before}{step.text}{after}") if isinstance(step, Say) else step for step in script)

    return way


hedges = saying(before="I am not entirely sure of this.\n")
asks = saying(after="\nShall I leave it so?")
gives_up = saying(before="I could not complete this as it is meant.\n")
refuses = saying(before="I cannot help with this.\n")
talks = saying(before="Let me lay out, one thing after the other, what is given and what follows from it. " * 4 + "\n")


@dataclass(frozen=True, slots=True)
class Character:
    """A model's ways, each with the share of attempts in which it shows, and the thought before every step."""

    able: Able = lambda _question, _epoch: True
    ways: tuple[tuple[Way, float], ...] = ()
    thought: str = ""
    name: str = "quill-1"

    def script(self, question: Question, instance: Instance, epoch: int) -> Script:
        """Return what it does with an instance; equal questions and epochs give equal scripts."""
        dice = random.Random(f"{self.name} {question.id} {epoch}")
        script = instance.reference if self.able(question.id, epoch) or not instance.wrong else instance.wrong
        look = _look(instance)
        for way, often in self.ways:
            if dice.random() < often:
                script = way(script, look)
        return script


def _look(instance: Instance) -> Call | None:
    tools = instance.open_world().tools if instance.open_world else ()
    return next((Call(tool.name) for tool in tools if tool.name.startswith(_LOOKS) and not _needed(tool)), None)


def _needed(tool: Tool) -> Any:
    return tool.parameters.get("required")


@dataclass(slots=True)
class Cast:
    """What a character does, by prompt: a ``Complete`` in this process, and a host's script on loopback."""

    character: Character
    scripts: dict[str, Script] = field(default_factory=dict)

    def learn(self, questions: Iterable[Question], epochs: int, seed: int = SEED) -> "Cast":
        """Read every instance that will be asked."""
        for question in questions:
            for epoch in range(epochs):
                instance = question.instance(seed_of(seed, question.id, epoch))
                self.scripts[instance.prompt] = self.character.script(question, instance, epoch)
        return self

    def __call__(self, conversation: Conversation, /, **_given: Any) -> Completion:
        """Go on by the number of its own messages."""
        first = conversation.messages[0]
        assert isinstance(first, Told)
        turn = sum(isinstance(message, Heard) for message in conversation.messages)
        return self._completion(self.scripts[first.text][turn], turn)

    def _completion(self, step: Call | Say, turn: int) -> Completion:
        raw, thought, usage = json.dumps({"turn": turn}), self.character.thought, Usage(10, 5)
        if isinstance(step, Say):
            return Completion(raw, step.text, thought, usage=usage)
        call = ToolCall(f"call-{turn}", step.tool, json.dumps(dict(step.arguments)))
        return Completion(raw, thinking=thought, tool_calls=(call,), usage=usage, stop="tools")

    def on_host(self, asked: Asked) -> Spoken:
        """Answer a request on the wire; what it does not know, the preflight, it takes in its stride."""
        script = next((self.scripts[one] for one in self.scripts if asked.told.startswith(one)), None)
        if script is None:
            name = next(iter(asked.tools), "")
            call = (name, {"first": 4821, "second": 1739} if name == "add" else {})
            return Spoken(calls=(call,), thinking=self.character.thought)
        step = script[len(asked.heard)]
        if isinstance(step, Say):
            return Spoken(text=step.text, thinking=self.character.thought)
        return Spoken(calls=((step.tool, dict(step.arguments)),), thinking=self.character.thought)
