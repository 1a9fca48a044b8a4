"""The agent's turns: tools, caps, mishaps; it always ends with what it has."""

import time
from collections.abc import Mapping
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from pydantic import BaseModel

from core.errors import SourceError
from core.lm import Conversation, Form, ReadTool, Run, Step, Submitted, Told, Tool, Unsubmitted
from lm.turns import Agent, Caps
from tests.lm.desk import model_at
from tests.servers.lm import SERVINGS, Asked, Fault, Said, Script, Serving, Spoken, open_hosts
from tests.servers.lm.reader import reads


class Note(BaseModel):
    words: str


def _read(given: Mapping[str, Any]) -> str:
    match given.get("of"):
        case "nothing":
            raise SourceError("no such paper: give an id that search returned")
        case "all":
            return "long " * 10_000
        case "wrong":
            raise ValueError("of must be an id")
    return f"The paper {given.get('of')} says that lanterns help."


NOTE = Form(Note, "Hand in the note.")
READ = ReadTool(Tool("read", "Reads.", {"type": "object", "properties": {"of": {"type": "string"}}}), _read)
ASKED = Conversation("You analyse.", (Told("What is new in a1?"),))
DONE = Spoken(calls=(("submit", {"words": "done"}),))


def reads_of(of: str) -> Spoken:
    return Spoken(thinking=f"I read {of}.", calls=(("read", {"of": of}),))


def run(
    script: Script | list[Said], caps: Caps | None = None, serving: Serving = "content", **settings: Any
) -> Run[Note]:
    with open_hosts(script) as hosts, model_at(hosts, serving, **settings) as model:
        return Agent(model, NOTE, "analyse", [READ], caps or Caps()).run(ASKED)


def kinds(of: Run[Note]) -> list[str]:
    return [step.kind for step in of.steps]


@pytest.mark.parametrize("serving", SERVINGS)
def test_thinks_calls_reads_and_thinks_again(serving: Serving) -> None:
    seen: list[Step] = []
    with open_hosts([reads_of("a1"), DONE]) as hosts, model_at(hosts, serving) as model:
        found = Agent(model, NOTE, "analyse", [READ], watch=seen.append).run(ASKED)
    assert isinstance(found.outcome, Submitted)
    assert (found.outcome.value.words, found.ended, found.turns) == ("done", "submitted", 2)
    assert kinds(found) == ["thought", "call", "result", "call"]
    assert tuple(seen) == found.steps
    assert hosts.asked[1].results == ["The paper a1 says that lanterns help."]
    assert found.cost > 0
    assert found.usage.output > 0


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (("read", {"of": "nothing"}), "no such paper"),
        (("read", {"of": "wrong"}), "of must be an id"),
        (("write", {"of": "a1"}), "There is no tool 'write'; there are read, submit"),
        (("submit", {"verdict": 3}), "words: Field required"),
    ],
)
@pytest.mark.parametrize("serving", ["content", "signed"])
def test_errors_go_back_as_results(call: tuple[str, Any], told: str, serving: Serving) -> None:
    with open_hosts([Spoken(calls=(call,)), DONE]) as hosts, model_at(hosts, serving) as model:
        found = Agent(model, NOTE, "analyse", [READ]).run(ASKED)
    assert found.ended == "submitted"
    assert told in hosts.asked[1].results[0]
    assert "error" in kinds(found)


def test_unexpected_errors_of_a_tool_are_loud() -> None:
    broken = ReadTool(Tool("read", "Reads."), lambda given: str(given["of"]))
    with open_hosts([Spoken(calls=(("read", {}),))]) as hosts, model_at(hosts, "content") as model:
        agent = Agent(model, NOTE, "analyse", [broken])
        with pytest.raises(KeyError):
            agent.run(ASKED)


def test_long_results_are_cut() -> None:
    found = run([reads_of("all"), DONE], Caps(result_chars=100))
    assert [len(step.text) for step in found.steps if step.kind == "result"] == [106]


MISHAPS = {
    "nothing": Spoken(),
    "only thoughts": Spoken(thinking="Hm."),
    "text": Spoken(text="Lanterns help."),
    "cut": Spoken(text="Lanterns", truncated=True),
    "leaked": Spoken(text="<minimax:tool_call>read</minimax:tool_call>"),
    "broken arguments": Spoken(calls=(("read", '{"of": '),)),
}


@pytest.mark.parametrize("spoken", MISHAPS.values(), ids=MISHAPS)
@pytest.mark.parametrize("serving", ["content", "reasoning_details", "reasoning"])
def test_mishaps_are_told_and_pass(spoken: Spoken, serving: Serving) -> None:
    found = run([reads_of("a1"), spoken, spoken, reads_of("b2"), DONE], serving=serving)
    assert (found.ended, found.turns) == ("submitted", 5)
    assert kinds(found).count("told") == 2


@pytest.mark.parametrize("spoken", MISHAPS.values(), ids=MISHAPS)
def test_astray_ends_after_three_and_a_last_word(spoken: Spoken) -> None:
    found = run(lambda _: spoken)
    assert (found.ended, found.turns) == ("astray", 4)
    assert isinstance(found.outcome, Unsubmitted)
    assert "no more turns" in [step.text for step in found.steps if step.kind == "told"][-1]


def test_circling_thoughts_lead_astray() -> None:
    circling = Spoken(thinking="again and again and " * 80, calls=(("read", {"of": "a1"}),))
    assert run(lambda _: circling).ended == "astray"


def obeys(asked: Asked) -> Spoken:
    """Read for ever, but hand in when told that there are no more turns."""
    return DONE if "no more turns" in asked.told else reads_of(f"p{len(asked.heard)}")


@pytest.mark.parametrize(
    ("caps", "turns"),
    [
        (Caps(turns=1), 1),
        (Caps(turns=7), 7),
        (Caps(tokens=60_000), None),
        (Caps(money=Decimal("0.05")), None),
        (Caps(seconds=0.2), None),
    ],
)
def test_caps_hold_and_the_last_turn_hands_in(caps: Caps, turns: int | None) -> None:
    found = run(obeys, caps)
    assert isinstance(found.outcome, Submitted)
    assert found.ended == "submitted"
    assert found.turns <= (turns or 99)
    assert found.usage.total <= caps.tokens
    assert caps.money is None or found.cost <= caps.money


@pytest.mark.parametrize(
    ("caps", "ended"),
    [
        (Caps(turns=3), "turns"),
        (Caps(tokens=60_000), "tokens"),
        (Caps(money=Decimal("0.05")), "money"),
        (Caps(seconds=0.2), "time"),
    ],
)
def test_caps_hold_against_a_model_that_goes_on(caps: Caps, ended: str) -> None:
    places = count()
    found = run(lambda _: reads_of(f"p{next(places)}"), caps)
    assert found.ended == ended
    assert found.usage.total <= caps.tokens
    assert caps.money is None or found.cost <= caps.money
    assert isinstance(found.outcome, Unsubmitted)


def test_time_holds_against_a_host_that_hangs() -> None:
    caps = Caps(seconds=0.2, last_seconds=0.5)
    started = time.monotonic()
    found = run([reads_of("a1"), Fault(delay=4), Fault(delay=4)], caps)
    assert time.monotonic() - started < 3
    assert (found.ended, found.turns) == ("failed", 1)


def test_budget_and_failures_end_with_what_there_is() -> None:
    spent = run(obeys, limit=Decimal("0.02"))
    assert spent.ended == "budget"
    assert spent.turns > 0
    assert "nightly_budget_usd" in getattr(spent.outcome, "detail", "")
    failed = run([reads_of("a1"), Fault(401, {})])
    assert (failed.ended, failed.turns) == ("failed", 1)
    assert [step.kind for step in failed.steps] == ["thought", "call", "result"]


def test_stand_in_reader_reads_and_hands_in() -> None:
    with open_hosts(reads) as hosts, model_at(hosts, "signed") as model:
        told = Told("Lanterns were carried along every gradient that we knew. They found what was lost before.")
        found = Agent(model, NOTE, "analyse", [READ]).run(Conversation("", (told,)))
    assert isinstance(found.outcome, Submitted)
    assert found.outcome.value.words in told.text
    assert found.turns == 2
