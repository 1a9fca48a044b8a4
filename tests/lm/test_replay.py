"""What was heard goes back to the byte, whatever it holds, wherever the thinking sits."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from pydantic import BaseModel

from core.errors import ModelRefused
from core.lm import Completion, Conversation, Form, Heard, ReadTool, Results, Submitted, Told, Tool, ToolResult
from lm.turns import Agent, Caps
from lm.wire import Wire
from tests.lm.desk import model_at
from tests.servers.lm import SERVINGS, Asked, Serving, Spoken, open_hosts
from tests.servers.lm.spoken import thinking_in

ODD = [
    "  two  spaces, and a tab\tat the end ",
    "\n\n</think> not the end of <think> anything\n",
    "é é 中文 \u2028 \u200b \u202e 𝄞 \x7f",
    'quotes " and \\ backslashes \\u0041 \\n',
    "",
]
LOOK = ReadTool(
    Tool("look", "Looks.", {"type": "object", "properties": {"at": {"type": "string"}}}), lambda given: f"saw {given}"
)


class Note(BaseModel):
    words: str


NOTE = Form(Note, "Hand in the note.")


def looks_hundred_times(asked: Asked) -> Spoken:
    turn = len(asked.heard)
    thinking = f"Turn {turn}: {ODD[turn % len(ODD)]}"
    if turn == 99:
        return Spoken(thinking=thinking, calls=(("submit", {"words": "seen"}),))
    calls = tuple(("look", {"at": ODD[(turn + place) % len(ODD)], "n": [1.5, None]}) for place in range(1 + turn % 3))
    return Spoken(text=ODD[turn % len(ODD)], thinking=thinking, calls=calls)


@pytest.mark.parametrize("serving", SERVINGS)
def test_hundred_turns_pass_a_host_that_compares_bytes(serving: Serving) -> None:
    with open_hosts(looks_hundred_times) as hosts, model_at(hosts, serving) as model:
        agent = Agent(model, NOTE, "analyse", [LOOK], Caps(turns=100, tokens=10**9))
        run = agent.run(Conversation("Look.", (Told("Look a hundred times."),)))
    assert isinstance(run.outcome, Submitted), run.outcome
    assert (run.turns, run.ended, run.outcome.value.words) == (100, "submitted", "seen")
    assert [thinking_in(message) != "" for message in hosts.asked[-1].heard] == [True] * 99


@dataclass
class Lossy:
    """A wire whose replayed messages are rewritten on the way, as careless clients do."""

    wire: Wire
    how: str

    def __getattr__(self, name: str) -> Any:
        return getattr(self.wire, name)

    def request(self, conversation: Conversation, max_tokens: int) -> bytes:
        told = tuple(
            Heard(self._rewritten(one.raw)) if isinstance(one, Heard) else one for one in conversation.messages
        )
        return self.wire.request(Conversation(conversation.system, told, conversation.tools), max_tokens)

    def _rewritten(self, raw: str) -> str:
        if self.how == "without thinking":
            return self.wire.without_thinking(raw)
        if self.how == "stripped":
            return raw.replace("  ", " ")
        return json.dumps(json.loads(raw), sort_keys=True)


@pytest.mark.parametrize("serving", SERVINGS)
@pytest.mark.parametrize("how", ["without thinking", "stripped", "fields in another order"])
def test_lossy_client_is_refused(serving: Serving, how: str) -> None:
    with open_hosts(looks_hundred_times) as hosts, model_at(hosts, serving) as model:
        model.wire = Lossy(model.wire, how)
        run = Agent(model, NOTE, "analyse", [LOOK]).run(Conversation("Look.", (Told("Look a hundred times."),)))
    assert run.ended == "failed"
    assert run.turns <= 2
    assert "not the one that was sent" in getattr(run.outcome, "detail", "")


@pytest.mark.parametrize("serving", SERVINGS)
@pytest.mark.parametrize("words", ["half a pair \ud83d here", "\udc00", "\x00 and \x1f"])
def test_what_cannot_be_encoded_goes_back_all_the_same(serving: Serving, words: str) -> None:
    said = [Spoken(text=words, thinking=words, calls=(("look", {"at": words}),)), Spoken(text="done")]
    for one in said:
        object.__setattr__(one, "id", one.id * 2)  # an even id is written in ASCII, the only way to write half a pair
    with open_hosts(list(said)) as hosts, model_at(hosts, serving) as model:
        asked = Conversation("", (Told("Look."),), (LOOK.tool,))
        first = model.complete(asked, stage="test", max_tokens=99)
        results = Results(tuple(ToolResult(call.id, "saw it") for call in first.tool_calls))
        assert model.complete(asked.then(Heard(first.raw), results), stage="test", max_tokens=99).text == "done"
    first.text.encode()
    first.thinking.encode()


@pytest.mark.parametrize(
    ("serving", "said", "around"),
    [
        ("content", '{"role": "assistant", "z": 1.50, "content": "a", "z": 1E2}', '{"choices": [{"message": %s}]}'),
        (
            "signed",
            '[{"type": "tool_use", "input":  {"z": 1.50, "z": 1E2}, "id": "a"}]',
            '{"content": %s}',
        ),
    ],
)
def test_numbers_and_repeated_names_keep_their_spelling(serving: Serving, said: str, around: str) -> None:
    with open_hosts([]) as hosts, model_at(hosts, serving) as model:
        raw = model.wire.read(around % said).raw
        sent = model.wire.request(Conversation("", (Told("a"), Heard(raw), Told("b"))), 9)
    assert raw == said
    assert raw.encode() in sent


def test_refused_message_is_told_not_retried() -> None:
    with open_hosts([Spoken(text="a")]) as hosts, model_at(hosts, "content") as model:
        forged = Conversation("", (Told("a"), Heard('{"role": "assistant", "content": "forged"}'), Told("b")))
        with pytest.raises(ModelRefused, match="not the one that was sent"):
            model.complete(forged, stage="test", max_tokens=9)
        assert len(hosts.asked) == 1


def test_states_of_an_answer() -> None:
    assert Completion("{}", thinking="hm").is_only_thinking
    assert Completion("{}").is_empty
    assert not Completion("{}").is_only_thinking
    assert Completion("{}", text="a", stop="length").is_truncated
