"""What every wire must do; wires are found by their modules' names."""

import json
import logging
import pkgutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

import lm
from core.errors import ConfigError, ModelUnreachable
from core.lm import Conversation, Heard, Told, Tool, Usage
from lm.wire import WireSettings, open_wire
from tests.lm.desk import KEY, model_at, wire_to
from tests.servers.lm import SERVINGS, Fault, Hosts, Serving, Spoken, open_hosts

WIRES = [one.name.removesuffix("_wire") for one in pkgutil.iter_modules(lm.__path__) if one.name.endswith("_wire")]
PLAIN = Tool("edition", "Tells the edition.")
ASKED = Conversation("You sort news.", (Told("Which edition?"),), (PLAIN,))


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    with open_hosts([Spoken(text="The third.", thinking="Hm.", usage=(100, 7, 60))]) as hosts:
        yield hosts


def test_every_wire_has_a_serving_to_be_tested_at() -> None:
    assert sorted(WIRES) == sorted(set(SERVINGS.values()))


@pytest.mark.parametrize("serving", SERVINGS)
def test_answer_is_read_alike(serving: Serving, hosts: Hosts) -> None:
    with model_at(hosts, serving) as model:
        answer = model.complete(ASKED, stage="judge", max_tokens=321)
    assert (answer.text, answer.thinking, answer.stop, answer.model) == ("The third.", "Hm.", "end", "MiniMax-M2")
    assert answer.usage == Usage(input=40, output=7, cache_read=60)
    assert answer.usage.prompt == 100
    (asked,) = hosts.asked
    assert (asked.system, asked.told, asked.body["max_tokens"]) == ("You sort news.", "Which edition?", 321)
    assert asked.tools == {"edition": {"type": "object", "properties": {}}}
    assert asked.body["tool_choice"] in ("auto", {"type": "auto"})
    assert (asked.body["temperature"], asked.body["top_p"]) == (1.0, 0.95)
    assert "stream" not in asked.body


@pytest.mark.parametrize("serving", SERVINGS)
@pytest.mark.parametrize(
    ("spoken", "stop"),
    [
        (Spoken(text="a"), "end"),
        (Spoken(calls=(("edition", {}),)), "tools"),
        (Spoken(text="a", truncated=True), "length"),
        (Spoken(text="a", refused=True), "refused"),
    ],
)
def test_why_it_stopped(serving: Serving, spoken: Spoken, stop: str) -> None:
    with open_hosts([spoken]) as hosts, model_at(hosts, serving) as model:
        assert model.complete(ASKED, stage="judge", max_tokens=9).stop == stop


@pytest.mark.parametrize("serving", SERVINGS)
def test_usage_that_is_not_reported_is_none(serving: Serving) -> None:
    with open_hosts([Spoken(text="a", usage=None)]) as hosts, model_at(hosts, serving) as model:
        assert model.complete(ASKED, stage="judge", max_tokens=9).usage is None


@pytest.mark.parametrize("serving", SERVINGS)
def test_calls_are_read(serving: Serving) -> None:
    said = Spoken(calls=(("look", {"é": [1.5, None]}), ("edition", {})))
    with open_hosts([said]) as hosts, model_at(hosts, serving) as model:
        calls = model.complete(ASKED, stage="judge", max_tokens=9).tool_calls
    assert [(one.name, json.loads(one.arguments)) for one in calls] == [("look", {"é": [1.5, None]}), ("edition", {})]
    assert len({one.id for one in calls}) == 2


@pytest.mark.parametrize("serving", SERVINGS)
def test_only_what_is_meant_for_the_host_is_said(
    serving: Serving, hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "X-Private: from the environment")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "of another account")
    monkeypatch.setenv("OPENAI_ORG_ID", "of another account")
    with model_at(hosts, serving) as model:
        model.complete(ASKED, stage="judge", max_tokens=9)
    headers = {name.lower(): value for name, value in hosts.asked[0].headers.items()}
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["user-agent"] == "nightdesk"
    assert not [name for name in headers if "stainless" in name or "private" in name or "organization" in name]
    assert "another" not in str(headers)


@pytest.mark.parametrize("serving", SERVINGS)
@pytest.mark.parametrize("status", [401, 429, 500])
def test_key_is_nowhere_but_in_the_request(serving: Serving, status: int, caplog: pytest.LogCaptureFixture) -> None:
    fault = Fault(status, {"error": {"message": f"bad key {KEY}"}})
    with caplog.at_level(logging.DEBUG), open_hosts([fault] * 4) as hosts, model_at(hosts, serving) as model:
        with pytest.raises(Exception) as caught:  # noqa: PT011 - the kind is not the matter here
            model.complete(ASKED, stage="judge", max_tokens=9)
        shown = [str(caught.value), repr(caught.value), repr(model.wire), repr(model.wire.settings), caplog.text]
    assert not [one for one in shown if KEY in one]


@pytest.mark.parametrize("serving", SERVINGS)
def test_extra_is_put_into_every_request(serving: Serving, hosts: Hosts) -> None:
    with model_at(hosts, serving, extra={"reasoning_split": True, "top_k": 40, "temperature": 0.7}) as model:
        model.complete(ASKED, stage="judge", max_tokens=9)
    body = hosts.asked[0].body
    assert (body["reasoning_split"], body["top_k"], body["temperature"]) == (True, 40, 0.7)


def test_unchanging_beginning_is_marked_for_the_cache(hosts: Hosts) -> None:
    mark = {"cache_control": {"type": "ephemeral"}}
    with wire_to(hosts, "signed") as wire:
        body = json.loads(wire.request(ASKED.then(Heard('[{"type":"text","text":"x"}]'), Told("And now?")), 9))
    assert list(body).index("tools") < list(body).index("system") < list(body).index("messages")
    assert body["system"][-1].items() >= mark.items()
    assert body["messages"][-1]["content"][-1].items() >= mark.items()
    assert "cache_control" not in json.dumps(body["messages"][:-1])


@pytest.mark.parametrize("serving", SERVINGS)
def test_grown_conversation_begins_with_the_earlier_one(serving: Serving, hosts: Hosts) -> None:
    raw = "[]" if serving == "signed" else "{}"
    with wire_to(hosts, serving) as wire:
        earlier, later = (json.loads(wire.request(one, 9)) for one in (ASKED, ASKED.then(Heard(raw), Told("b"))))
    assert _unmarked(later)[: len(_unmarked(earlier))] == _unmarked(earlier)


def _unmarked(body: dict[str, Any]) -> list[Any]:
    bare = json.loads(json.dumps(body).replace(', "cache_control": {"type": "ephemeral"}', ""))
    return [bare["tools"], bare.get("system"), *bare["messages"]]


def test_repeated_beginning_is_counted_as_read_from_the_cache() -> None:
    asked = Conversation("You sort news. " * 200, (Told("Which edition?"),))
    with (
        open_hosts([Spoken(text="a"), Spoken(text="b")], prompt_cache=True) as hosts,
        model_at(hosts, "signed") as model,
    ):
        model.complete(asked, stage="judge", max_tokens=9)
        usage = model.complete(asked, stage="judge", max_tokens=9).usage
    assert usage is not None
    assert usage.cache_read > 700


@pytest.mark.parametrize("serving", SERVINGS)
def test_nothing_said_is_nothing_replayed_on_the_anthropic_wire(serving: Serving, hosts: Hosts) -> None:
    with wire_to(hosts, serving) as wire:
        body = json.loads(wire.request(ASKED.then(Heard("[ ]"), Told("b")), 9)) if serving == "signed" else {}
    assert "assistant" not in json.dumps(body)


@pytest.mark.parametrize("name", WIRES)
def test_nobody_there(name: str) -> None:
    wire = open_wire(name, WireSettings("http://127.0.0.1:9/", "MiniMax-M2", "k"))
    with pytest.raises(ModelUnreachable, match="base_url") as caught:
        wire.send(b"{}", 2.0)
    assert not caught.value.is_paid
    wire.close()


def test_unknown_wire_is_named() -> None:
    for name in ("telegraph", "no such", ""):
        with pytest.raises(ConfigError, match="no such wire"):
            open_wire(name, WireSettings("http://127.0.0.1/", "m", "k"))


def test_sdks_are_loaded_with_a_wire_only() -> None:
    code = (
        "import sys, lm.model, lm.submit, lm.turns, lm.preflight, lm.budget, lm.wire;"
        "print([name for name in ('openai', 'anthropic', 'httpx2') if name in sys.modules])"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
