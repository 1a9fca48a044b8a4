"""``nightdesk doctor --slack`` on a configuration, against a Slack on loopback."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from digests.slack_check import SCOPES
from tests.nightdesk.conftest import Cli
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, Slack, Workspace, loopback_slack


@pytest.fixture(scope="module")
def running() -> Iterator[Slack]:
    with loopback_slack() as slack:
        yield slack


@pytest.fixture
def slack(running: Slack, monkeypatch: pytest.MonkeyPatch) -> Slack:
    monkeypatch.setenv("BOT", BOT_TOKEN)
    monkeypatch.setenv("APP", APP_TOKEN)
    running.workspace = Workspace(second=0.0, scopes=tuple(SCOPES))
    return running


@pytest.fixture
def ours(team: Path, slack: Slack) -> Path:
    """A team with a channel for its first subject, and a person."""
    text = team.read_text("utf-8").replace('slug = "agents"', 'slug = "agents"\nchannel = "#agents"', 1)
    text += f'\n[slack]\nbot_token_env = "BOT"\napp_token_env = "APP"\nbase_url = "{slack.base_url}"\n'
    text += '\n[[person]]\nname = "Ana"\nslack = "ana@team.example"\nsubjects = ["agents"]\n'
    team.write_text(text, "utf-8")
    return team


def checks(out: str) -> dict[str, Any]:
    return {row["name"]: row for row in json.loads(out)["checks"] if row["name"].startswith("slack: ")}


def test_a_workspace_that_is_ready(cli: Cli, ours: Path, slack: Slack) -> None:
    channel = slack.workspace.add_channel("agents").id
    slack.workspace.add_member("ana", "ana@team.example")
    outcome = cli("doctor", "--slack", "--json", "--config", ours)
    told = checks(outcome.out)
    assert {row["state"] for row in told.values()} == {"ok"}
    assert {"slack: channel #agents", "slack: person ana@team.example", "slack: socket"} <= told.keys()
    assert slack.messages(channel) == []
    assert outcome.code == 0


def test_a_test_message_is_posted_where_that_is_asked(cli: Cli, ours: Path, slack: Slack) -> None:
    channel = slack.workspace.add_channel("agents").id
    slack.workspace.add_member("ana", "ana@team.example")
    assert cli("doctor", "--post", "--config", ours).code == 0
    assert len(slack.messages(channel)) == 1


def test_a_failure_says_what_to_do_and_ends_with_1(cli: Cli, ours: Path, slack: Slack) -> None:
    slack.workspace.add_channel("agents", is_member=False)
    slack.workspace.add_member("ana", "ana@team.example")
    outcome = cli("doctor", "--slack", "--json", "--config", ours)
    assert "type /invite @nightdesk there" in checks(outcome.out)["slack: channel #agents"]["what"]
    assert outcome.code == 1


def test_without_a_token_it_says_how_to_set_one(cli: Cli, team: Path) -> None:
    outcome = cli("doctor", "--slack", "--json", "--config", team)
    assert "set [slack] bot_token_env" in checks(outcome.out)["slack: bot token"]["what"]
    assert outcome.code == 1
