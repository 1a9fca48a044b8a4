"""What the preflight tells of servings that are right and of those that are not."""

from decimal import Decimal
from typing import Any

import pytest

from core.errors import BudgetSpent
from core.lm import Finding
from lm.preflight import preflight
from tests.lm.desk import model_at
from tests.servers.lm import SERVINGS, Asked, Fault, Said, Script, Serving, Spoken, open_hosts
from tests.servers.lm.reader import reads

REFUSED = Fault(400, {"error": {"message": "auto tool choice requires --enable-auto-tool-choice"}})


def findings(script: Script, serving: Serving = "content", **settings: Any) -> dict[str, Finding]:
    model = settings.pop("model", "MiniMax-M2")
    with open_hosts(script, **settings) as hosts, model_at(hosts, serving, model=model) as asked:
        return {one.name: one for one in preflight(asked)}


@pytest.mark.parametrize("serving", SERVINGS)
@pytest.mark.parametrize("strict", [True, False])
def test_right_serving(serving: Serving, strict: bool) -> None:  # noqa: FBT001
    found = findings(reads, serving, strict=strict)
    assert list(found) == [
        "reachable", "model known", "tools called", "parameterless tool accepted", "thinking replayed",
        "no tool XML leaked", "usage reported",
    ]  # fmt: skip
    assert [one for one in found.values() if not one.ok] == []


@pytest.mark.parametrize("serving", SERVINGS)
def test_thoughts_that_are_dropped_show_in_the_tokens(serving: Serving) -> None:
    found = findings(reads, serving, strict=False, drops_thinking=True)["thinking replayed"]
    assert found.ok is False
    assert "another serving" in found.advice


def test_unknown_model() -> None:
    found = findings(reads, model="MiniMax-M9")
    assert (found["reachable"].ok, found["model known"].ok) == (True, False)
    assert "[llm] model" in found["model known"].advice


def test_another_model_answers() -> None:
    with open_hosts(reads, answers_as="tiny-1") as hosts, model_at(hosts, "content") as model:
        found = {one.name: one for one in preflight(model)}["model known"]
    assert found.ok is False
    assert "tiny-1" in found.advice


def test_nobody_there() -> None:
    found = findings(lambda _: Fault(hang_up=True))
    assert list(found) == ["reachable"]
    assert found["reachable"].ok is False


def test_a_budget_that_does_not_suffice_is_no_finding_about_the_serving() -> None:
    with (
        open_hosts(reads) as hosts,
        model_at(hosts, "content", limit=Decimal("0.0001")) as model,
        pytest.raises(BudgetSpent),
    ):
        preflight(model)


def test_tools_not_served() -> None:
    def script(asked: Asked) -> Said:
        return REFUSED if asked.tools else reads(asked)

    found = findings(script)
    assert found["reachable"].ok
    assert found["tools called"].ok is False
    assert "--enable-auto-tool-choice" in found["tools called"].advice


def test_parameterless_tool_refused() -> None:
    def script(asked: Asked) -> Said:
        return Fault(400, {"error": {"message": "invalid params (2013)"}}) if "edition" in asked.tools else reads(asked)

    found = findings(script)
    assert found["tools called"].ok
    assert found["parameterless tool accepted"].ok is False


def test_tool_xml_leaks() -> None:
    leak = '<minimax:tool_call><invoke name="add"></invoke></minimax:tool_call>'
    found = findings(lambda _: Spoken(thinking="Hm.", text=leak))
    assert found["tools called"].ok is False
    assert found["no tool XML leaked"].ok is False
    assert found["thinking replayed"].ok is None


def test_no_usage() -> None:
    def script(asked: Asked) -> Said:
        name = next(iter(asked.tools))
        return Spoken(thinking="Hm.", calls=((name, {}),), usage=None)

    found = findings(script, strict=False)
    assert found["usage reported"].ok is False
    assert found["thinking replayed"].ok is None
