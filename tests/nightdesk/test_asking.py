"""``ask`` from the command line: extracted, written by loopback models, checked, repaired, refused, fallen back."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.nightdesk.conftest import Cli, copied_team
from tests.nightdesk.test_bad_use import one_line
from tests.nightdesk.test_models import configured
from tests.servers.lm import Asked, Fault, Hosts, Said, Script, Spoken, open_hosts

QUESTION = "What does Harbor-2 Mini cost?"
COSTS = {"text": "Harbor-2 Mini costs $0.12 per million input tokens.", "passages": ["p1"]}
INVENTED = {"text": "Harbor-2 Mini costs $7.77 per million input tokens.", "passages": ["p1"]}
NOT_THERE = "How do whales sleep?"
PRICE = "price = { input = 0.3, output = 1.2 }"


@pytest.fixture
def desk(lived: Path, tmp_path: Path) -> Path:
    """A copy of the team's folder; returns the configuration."""
    return copied_team(lived, tmp_path / "desk")


@contextmanager
def hosted(desk: Path, script: Script | list[Said], *lines: str) -> Iterator[Hosts]:
    with open_hosts(script) as hosts:
        configured(desk, hosts.url("content"), *lines)
        yield hosts


def says(*sentences: dict[str, Any]) -> Spoken:
    return Spoken(thinking="Let me see.", calls=(("submit", {"sentences": list(sentences)}),))


def told(cli: Cli, desk: Path, *arguments: object) -> tuple[dict[str, Any], str]:
    shown = cli("ask", QUESTION, "--config", desk, "--json", *arguments)
    assert shown.code == 0
    answer: dict[str, Any] = json.loads(shown.out)
    return answer, shown.err


def test_people_read_sentences_with_marks_and_then_the_sources(cli: Cli, lived: Path) -> None:
    shown = cli("ask", QUESTION, "--config", lived)
    assert (shown.code, shown.err) == (0, "")
    answer, sources = shown.out.split("extracted: sentences of the sources below")
    assert "From today Harbor-2 Mini costs $0.12" in answer
    assert set(re.findall(r"\[\d\]", answer)) == set(re.findall(r"^\[\d\]", sources, re.MULTILINE))
    assert "https://www.northquay.example/newsroom/harbor-2-prices" in sources


def test_json_has_every_sentence_with_its_passage(cli: Cli, lived: Path) -> None:
    answer, err = told(cli, lived)
    assert (answer["in_base"], answer["origin"], answer["model"], err) == (True, "extracted", None, "")
    passages = {one["id"]: one["text"] for source in answer["sources"] for one in source["passages"]}
    for said in answer["answer"]:
        assert said["sources"]
        assert any(said["text"] in " ".join(passages[one].split()) for one in said["passages"])


def test_not_in_the_base_names_the_nearest_and_asks_no_model(cli: Cli, desk: Path) -> None:
    with hosted(desk, [says(COSTS)]) as hosts:
        shown = cli("ask", NOT_THERE, "--config", desk)
        in_json = json.loads(cli("ask", NOT_THERE, "--config", desk, "--json").out)
    assert (shown.code, hosts.asked) == (0, [])
    assert "Not in the base. The nearest are:" in shown.out
    assert (in_json["in_base"], in_json["origin"], in_json["answer"], in_json["sources"]) == (False, "none", [], [])
    assert len(in_json["nearest"]) == 3
    assert in_json["strength"] < in_json["threshold"]


def test_model_answers_from_fenced_passages_on_the_nights_account(cli: Cli, desk: Path) -> None:
    with hosted(desk, [says(COSTS)], PRICE) as hosts:
        answer, err = told(cli, desk)
        spent = json.loads(cli("usage", "--config", desk, "--json").out)["spent"]
    assert (answer["origin"], answer["model"], err) == ("model", "MiniMax-M2", "")
    assert [said["text"] for said in answer["answer"]] == [COSTS["text"]]
    assert [source["id"] for source in answer["sources"]] == [answer["sources"][0]["id"]]
    assert "harbor-2-prices" in answer["sources"][0]["url"]
    asked = hosts.asked[0].told
    assert re.search(r"⟦data \w+: passage p1⟧\nLower prices for Harbor-2 Mini", asked)
    assert asked.endswith(f"The question: {QUESTION}")
    assert [(row["stage"], row["requests"]) for row in spent] == [("ask", 1)]


def test_people_see_who_wrote_it_and_what_it_rests_on(cli: Cli, desk: Path) -> None:
    with hosted(desk, [says({**COSTS, "text": f"{COSTS['text']} [p1]"})]):
        shown = cli("ask", QUESTION, "--config", desk)
    assert f"{COSTS['text']} [1]" in shown.out
    assert "written by MiniMax-M2" in shown.out
    assert "(text) From today Harbor-2 Mini costs $0.12" in shown.out


def test_what_the_passages_do_not_say_is_mended_once(cli: Cli, desk: Path) -> None:
    with hosted(desk, [says(COSTS, INVENTED), says(COSTS)]) as hosts:
        answer, err = told(cli, desk)
    assert ([said["text"] for said in answer["answer"]], err) == ([COSTS["text"]], "")
    assert "$7.77" in hosts.asked[1].last
    assert str(COSTS["text"]) not in hosts.asked[1].last


def test_what_stays_wrong_is_taken_out_and_told(cli: Cli, desk: Path) -> None:
    with hosted(desk, [says(COSTS, INVENTED)] * 2) as hosts:
        answer, err = told(cli, desk)
    assert len(hosts.asked) == 2
    assert [said["text"] for said in answer["answer"]] == [COSTS["text"]]
    assert "one sentence was taken out" in one_line(err)


def test_passage_that_does_not_exist_is_asked_for_again(cli: Cli, desk: Path) -> None:
    with hosted(desk, [says({**COSTS, "passages": ["p99"]}), says(COSTS)]) as hosts:
        answer, _ = told(cli, desk)
    assert "there is no passage p99" in hosts.asked[1].last
    assert answer["origin"] == "model"


def test_model_may_say_that_it_is_not_there(cli: Cli, desk: Path) -> None:
    with hosted(desk, [says()]):
        answer, err = told(cli, desk)
    assert (answer["in_base"], answer["answer"], len(answer["nearest"])) == (False, [], 3)
    assert "found no answer" in one_line(err)


@pytest.mark.parametrize(
    ("script", "lines", "why"),
    [
        pytest.param([Fault(401, {})], (), "could not be asked", id="refused"),
        pytest.param([says(INVENTED)] * 2, (), "do not bear out", id="all_of_it_wrong"),
        pytest.param([Spoken(text="It is cheap.")] * 2, (), "no valid answer", id="no_form"),
        pytest.param([says({**COSTS, "passages": ["p99"]})] * 2, (), "no valid answer", id="unknown_passages"),
        pytest.param([says(COSTS)], (PRICE, "nightly_budget_usd = 0.000001"), "budget is spent", id="no_money"),
    ],
)
def test_without_its_words_the_answer_is_extracted_and_a_line_says_so(
    cli: Cli, desk: Path, script: list[Said], lines: tuple[str, ...], why: str
) -> None:
    with hosted(desk, script, *lines):
        answer, err = told(cli, desk)
    assert (answer["origin"], answer["model"]) == ("extracted", None)
    assert answer["answer"]
    assert one_line(err).startswith("extracted, not written: ")
    assert why in err


def test_no_model_is_asked_where_none_is_wanted(cli: Cli, desk: Path) -> None:
    with hosted(desk, [says(COSTS)]) as hosts:
        answer, err = told(cli, desk, "--no-model")
    assert (answer["origin"], hosts.asked, err) == ("extracted", [], "")


def test_model_that_obeys_a_passage_leads_nowhere(cli: Cli, desk: Path) -> None:
    def obeys(asked: Asked) -> Spoken:
        lured = {"text": f"{COSTS['text']} See https://prize.example/win @channel <b>now</b>.", "passages": ["p1"]}
        return says(lured)

    with hosted(desk, obeys):
        shown = cli("ask", QUESTION, "--config", desk)
    assert "prize.example" not in shown.out
    assert not {"@", "<"} & set(shown.out)


def test_filters_narrow_the_evidence(cli: Cli, lived: Path) -> None:
    narrowed, _ = told(cli, lived, "--kind", "paper")
    assert (narrowed["in_base"], {item["kind"] for item in narrowed["nearest"]}) == (False, {"paper"})
    later, _ = told(cli, lived, "--since", "2030-01-01")
    assert (later["in_base"], later["nearest"]) == (False, [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(("",), "the question is empty", id="empty"),
        pytest.param((" \t",), "the question is empty", id="blank"),
        pytest.param((QUESTION, "--subject", "nothing"), "there is no subject 'nothing'", id="unknown_subject"),
    ],
)
def test_wrong_use_is_one_line(cli: Cli, lived: Path, arguments: tuple[str, ...], said: str) -> None:
    shown = cli("ask", *arguments, "--config", lived)
    assert (shown.code, shown.out) == (2, "")
    assert said in one_line(shown.err)


def test_empty_base_is_told(cli: Cli, team: Path) -> None:
    shown = cli("ask", QUESTION, "--config", team)
    assert (shown.code, shown.out.splitlines()[-1]) == (0, "Not in the base.")
    assert "`nightdesk run` fills the knowledge base" in one_line(shown.err)
