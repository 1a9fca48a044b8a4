"""The configured model: what it cost is told, what it cannot do is found out, and without one nothing changes."""

import json
from pathlib import Path

import pytest

from tests.nightdesk.conftest import FIRST, SAMPLE, SECOND, Cli
from tests.servers.lm import open_hosts
from tests.servers.lm.reader import reads


def configured(team: Path, url: str, *lines: str) -> Path:
    """Let the sample team have a model."""
    text = team.read_text("utf-8")
    table = "\n".join(['wire = "openai"', f'base_url = "{url}"', 'model = "MiniMax-M2"', *lines])
    team.write_text(text.replace('wire = "offline"', table), "utf-8")
    return team


def test_usage_of_a_desk_without_a_model_is_empty(cli: Cli, team: Path) -> None:
    shown = cli("usage", "--config", team, "--json")
    assert (shown.code, json.loads(shown.out)) == (0, {"spent": [], "totals": []})


def test_doctor_asks_the_wire_and_usage_tells_what_it_cost(cli: Cli, team: Path) -> None:
    with open_hosts(reads) as hosts:
        configured(team, hosts.url("content"), "price = { input = 0.3, output = 1.2, cache_read = 0.03 }")
        shown = cli("doctor", "--wire", "--config", team, "--json")
    checks = [check for check in json.loads(shown.out)["checks"] if check["name"].startswith("wire: ")]
    assert len(checks) == 7
    spent = json.loads(cli("usage", "--config", team, "--json").out)
    assert [row["stage"] for row in spent["spent"]] == ["doctor"]
    assert float(spent["totals"][0]["amount"]) > 0
    assert spent["totals"][0]["unit"] == "usd"


def test_doctor_tells_of_a_spent_budget_as_itself(cli: Cli, team: Path) -> None:
    with open_hosts(reads) as hosts:
        price = "price = { input = 0.3, output = 1.2, cache_read = 0.03 }"
        configured(team, hosts.url("content"), price, "nightly_budget_usd = 0.0001")
        shown = cli("doctor", "--wire", "--config", team, "--json")
    told = [check["what"] for check in json.loads(shown.out)["checks"] if check["name"].startswith("wire")]
    assert shown.code == 1
    assert "raise [llm] nightly_budget_usd" in "".join(told)
    assert hosts.asked == []


def test_doctor_names_what_is_missing_for_the_wire(cli: Cli, team: Path) -> None:
    shown = cli("doctor", "--wire", "--config", team, "--json")
    (check,) = [check for check in json.loads(shown.out)["checks"] if check["name"] == "wire"]
    assert shown.code == 1
    assert "[llm] wire" in check["what"]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (['wire = "openai"', 'model = "M"'], "base_url"),
        (['wire = "openai"', 'base_url = "http://127.0.0.1:9"'], "model"),
    ],
)
def test_half_a_model_is_refused(cli: Cli, team: Path, lines: list[str], said: str) -> None:
    team.write_text(team.read_text("utf-8").replace('wire = "offline"', "\n".join(lines)), "utf-8")
    refused = cli("subjects", "--config", team)
    assert refused.code == 2
    assert said in refused.err


def test_wrong_price_is_refused(cli: Cli, team: Path) -> None:
    configured(team, "http://127.0.0.1:9", "price = { in = 1.0 }")
    shown = cli("doctor", "--wire", "--config", team, "--json")
    (check,) = [check for check in json.loads(shown.out)["checks"] if check["name"] == "wire"]
    assert "[llm] price" in check["what"]


@pytest.mark.parametrize("name", ["night", "brief", "analyst"])
def test_graph_is_drawn_from_the_code(cli: Cli, name: str) -> None:
    shown = cli("graph", name)
    assert shown.code == 0
    assert shown.out.startswith("---")
    assert "__start__" in shown.out


def lived_night(cli: Cli, config: Path) -> dict[str, object]:
    for night in (FIRST, SECOND):
        shown = cli("run", "--config", config, "--recording", SAMPLE / night, "--json")
    return dict(json.loads(shown.out))


def test_night_with_a_model_tells_its_briefs_with_evidence(cli: Cli, team: Path) -> None:
    with open_hosts(reads) as hosts:
        configured(team, hosts.url("content"), "price = { input = 0.3, output = 1.2 }", "nightly_budget_usd = 1.0")
        report = lived_night(cli, team)
    briefs = report["briefs"]
    assert isinstance(briefs, dict)
    assert briefs["local"] < briefs["written"]
    digest = json.loads(cli("digest", "--config", team, "--json").out)
    entries = [entry for section in digest["sections"] for entry in section["entries"]]
    by_model = [entry for entry in entries if entry["origin"] == "model"]
    assert all("summary by MiniMax-M2" in entry["mark"] for entry in by_model)
    assert any(point["quote"] for entry in by_model for point in entry["points"])
    stages = {row["stage"] for row in json.loads(cli("usage", "--config", team, "--json").out)["spent"]}
    assert stages == {"judging", "brief", "analyse"}


def test_night_whose_model_is_away_is_told_from_the_sources_and_says_so(cli: Cli, team: Path) -> None:
    with open_hosts([]) as hosts:
        url = hosts.url("content")
    configured(team, url, "patience_seconds = 0.5")
    report = lived_night(cli, team)
    briefs = report["briefs"]
    assert isinstance(briefs, dict)
    assert briefs["written"] == briefs["local"] > 0
    assert briefs["unscored"] > 0
    digest = json.loads(cli("digest", "--config", team, "--json").out)
    marks = [entry["mark"] for section in digest["sections"] for entry in section["entries"]]
    assert all("the model could not be asked" in mark for mark in marks)


def test_spent_budget_leaves_local_summaries_marked(cli: Cli, team: Path) -> None:
    with open_hosts(reads) as hosts:
        configured(team, hosts.url("content"), "price = { input = 0.3, output = 1.2 }", "nightly_budget_usd = 0.012")
        lived_night(cli, team)
    totals = json.loads(cli("usage", "--config", team, "--json").out)["totals"]
    assert all(float(total["amount"]) <= 0.012 for total in totals)
    digest = json.loads(cli("digest", "--config", team, "--json").out)
    marks = [entry["mark"] for section in digest["sections"] for entry in section["entries"]]
    assert any("budget" in mark for mark in marks)
