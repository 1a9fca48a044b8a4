"""Odd answers to a form: each is a value, or a named lack of one; none is a default."""

import json
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from core.errors import ModelUnreachable
from core.lm import Conversation, Form, Submitted, Told, Unsubmitted
from lm.arguments import inlined
from lm.submit import submit, tool_of
from tests.lm.desk import model_at
from tests.servers.lm import SERVINGS, Asked, Fault, Said, Serving, Spoken, open_hosts


class Score(BaseModel):
    id: str
    worth: float = Field(ge=0, le=10)
    verdict: Literal["keep", "drop"]


class Verdicts(BaseModel):
    scores: list[Score] = Field(min_length=2, max_length=2)


def _missing(verdicts: Verdicts) -> str:
    ids = {one.id for one in verdicts.scores}
    return "" if ids == {"a1", "b2"} else f"scores must hold the ids a1 and b2, but hold {', '.join(sorted(ids))}"


FORM = Form(Verdicts, "Hand in your verdicts.", _missing)
ASKED = Conversation("You judge.", (Told("id: a1\nid: b2"),))
GOOD: dict[str, Any] = {
    "scores": [{"id": "a1", "worth": 7.5, "verdict": "keep"}, {"id": "b2", "worth": 1, "verdict": "drop"}]
}
TEXT = json.dumps(GOOD)
WORTHS = [7.5, 1.0]


def scores(**changed: Any) -> dict[str, Any]:
    return {"scores": [GOOD["scores"][0] | changed, GOOD["scores"][1]]}


def submits(*given: Any, **spoken: Any) -> Spoken:
    return Spoken(thinking="Hm.", calls=tuple(("submit", one) for one in given), **spoken)


TAKEN_AT_ONCE = {
    "as it should be": submits(GOOD),
    "a number as text": submits(scores(worth="7.5")),
    "a list as JSON text": submits({"scores": json.dumps(GOOD["scores"])}),
    "fields that nobody asked for": submits(scores(mood="bright") | {"extra": 1}),
    "two submits, the same": submits(GOOD, GOOD),
    "with text beside": submits(GOOD, text="I hand it in."),
    "ids in another order": submits({"scores": GOOD["scores"][::-1]}),
}
MENDED = {
    "nothing": Spoken(),
    "only thoughts": Spoken(thinking="Hm."),
    "text": Spoken(text="I would keep a1."),
    "fenced JSON": Spoken(text=f"```json\n{TEXT}\n```"),
    "another tool": Spoken(calls=(("score", GOOD),)),
    "a field missing": submits({"scores": [{"id": "a1", "worth": 3}, GOOD["scores"][1]]}),
    "list too short": submits({"scores": GOOD["scores"][:1]}),
    "list too long": submits({"scores": GOOD["scores"] * 2}),
    "score out of range": submits(scores(worth=11)),
    "score not a number": submits(scores(worth="NaN")),
    "score in words": submits(scores(worth="sieben")),
    "verdict in another language": submits(scores(verdict="behalten")),
    "an id of nobody": submits(scores(id="zz")),
    "an id twice": submits(scores(id="b2")),
    "two submits that differ": submits(GOOD, scores(worth=2)),
    "cut": submits(GOOD, truncated=True),
    "cut text": Spoken(text=f"```json\n{TEXT[:40]}", truncated=True),
    "null": submits({"scores": None}),
    "nothing submitted": submits({}),
    "leaked call": Spoken(text=f'<minimax:tool_call><invoke name="submit">{TEXT}</invoke></minimax:tool_call>'),
}


@pytest.mark.parametrize("spoken", TAKEN_AT_ONCE.values(), ids=TAKEN_AT_ONCE)
@pytest.mark.parametrize("serving", ["content", "signed"])
def test_taken_at_once(spoken: Spoken, serving: Serving) -> None:
    with open_hosts([spoken]) as hosts, model_at(hosts, serving) as model:
        found = submit(model.complete, ASKED, FORM, stage="judge", max_tokens=99)
    assert isinstance(found, Submitted)
    assert sorted(one.worth for one in found.value.scores) == sorted(WORTHS)
    assert len(found.completions) == 1


@pytest.mark.parametrize("spoken", MENDED.values(), ids=MENDED)
@pytest.mark.parametrize("serving", SERVINGS)
def test_mended_in_one_turn(spoken: Spoken, serving: Serving) -> None:
    with open_hosts([spoken, submits(GOOD)]) as hosts, model_at(hosts, serving) as model:
        found = submit(model.complete, ASKED, FORM, stage="judge", max_tokens=99)
    assert isinstance(found, Submitted), found
    assert [one.worth for one in found.value.scores] == WORTHS
    assert "not yet an answer" in hosts.asked[1].last


@pytest.mark.parametrize("spoken", MENDED.values(), ids=MENDED)
@pytest.mark.parametrize("serving", ["content", "signed"])
def test_named_when_it_stays_so(spoken: Spoken, serving: Serving) -> None:
    with open_hosts(lambda _: spoken) as hosts, model_at(hosts, serving) as model:
        found = submit(model.complete, ASKED, FORM, stage="judge", max_tokens=99)
    assert len(hosts.asked) == 2
    if "```json" in spoken.text and not spoken.truncated:
        assert isinstance(found, Submitted)
        assert [one.worth for one in found.value.scores] == WORTHS
    else:
        assert isinstance(found, Unsubmitted)
        assert found.detail


@pytest.mark.parametrize("serving", ["content", "reasoning", "reasoning_content", "reasoning_details"])
@pytest.mark.parametrize("arguments", ['{"scores": [', "keep both", "[1, 2]", "null", '"text"', "{" * 5000])
def test_broken_arguments_are_not_sent_back(serving: Serving, arguments: str) -> None:
    """Hosts answer 400 to a history whose arguments they cannot parse."""
    with open_hosts([submits(arguments), submits(GOOD)]) as hosts, model_at(hosts, serving) as model:
        found = submit(model.complete, ASKED, FORM, stage="judge", max_tokens=99)
    assert isinstance(found, Submitted)
    assert not hosts.asked[1].heard


@pytest.mark.parametrize(
    ("text", "is_taken"),
    [
        (TEXT, True),
        (f"Here it is:\n```\n{TEXT}\n```\nGood night.", True),
        (f"<think>{json.dumps(scores(worth=9))}</think>```json\n{TEXT}\n```", True),
        (f"```json\n{TEXT}\n```\nor rather\n```json\n{json.dumps(scores(worth=2))}\n```", False),
        (f"```json\n{TEXT}\n``` and ```json\n{{}}\n```", False),
        (f"```json\n{json.dumps(scores(worth=99))}\n```", False),
        ("```json\n[1]\n```", False),
        (f"The item says: {TEXT}", False),
        ("", False),
    ],
)
def test_last_resort(text: str, is_taken: bool) -> None:  # noqa: FBT001
    with open_hosts([Spoken(), Spoken(text=text)]) as hosts, model_at(hosts, "content") as model:
        found = submit(model.complete, ASKED, FORM, stage="judge", max_tokens=99)
    assert isinstance(found, Submitted) is is_taken
    if isinstance(found, Submitted):
        assert [one.worth for one in found.value.scores] == WORTHS


def test_refusal_is_a_refusal() -> None:
    with open_hosts(lambda _: Spoken(text="I cannot.", refused=True)) as hosts, model_at(hosts, "signed") as model:
        found = submit(model.complete, ASKED, FORM, stage="judge", max_tokens=99)
    assert isinstance(found, Unsubmitted)
    assert found.why == "refused"


def test_what_is_wrong_is_quoted() -> None:
    with open_hosts([submits(scores(worth=11)), submits(GOOD)]) as hosts, model_at(hosts, "content") as model:
        submit(model.complete, ASKED, FORM, stage="judge", max_tokens=99)
    assert "scores.0.worth: Input should be less than or equal to 10, but was 11" in hosts.asked[1].last


def test_host_that_fails_is_no_answer_but_an_error() -> None:
    def script(asked: Asked) -> Said:
        return Fault(500) if asked.heard else Spoken(text="hm")

    with open_hosts(script) as hosts, model_at(hosts, "content") as model, pytest.raises(ModelUnreachable):
        submit(model.complete, ASKED, FORM, stage="judge", max_tokens=99)


def test_tools_own_schema_has_no_references() -> None:
    schema = tool_of(FORM).parameters
    assert "$" not in json.dumps(schema)
    assert schema["properties"]["scores"]["items"]["properties"]["worth"]["maximum"] == 10


def test_form_that_holds_itself_stays_finite() -> None:
    class Tree(BaseModel):
        inner: list["Tree"] = []

    assert len(json.dumps(inlined(Tree.model_json_schema()))) < 10_000
