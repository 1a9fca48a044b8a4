"""The checks against a Slack on loopback, set up rightly and wrongly."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

import digests
from digests.slack_check import SCOPES, Finding, check, try_posting
from digests.slack_workspace import Workspace
from tests.servers.slack import APP_TOKEN, BOT_SCOPES, BOT_TOKEN, FAILED, LOST, Slack, loopback_slack, once
from tests.servers.slack import Workspace as Loopback

HIDDEN = "not-to-be-seen"
MANIFEST = yaml.safe_load((Path(str(digests.__file__)).parent / "slack-manifest.yaml").read_text("utf-8"))


@pytest.fixture(scope="module")
def running() -> Iterator[Slack]:
    with loopback_slack() as slack:
        yield slack


@pytest.fixture
def slack(running: Slack) -> Slack:
    running.workspace, running.faults = Loopback(second=0.0, scopes=tuple(SCOPES)), None
    running.workspace.add_channel("agents")
    return running


@pytest.fixture
def ours(slack: Slack) -> Workspace:
    return Workspace(BOT_TOKEN, APP_TOKEN, ("#agents",), slack.base_url)


def found(workspace: Workspace) -> dict[str, Finding]:
    return {finding.name: finding for finding in check(workspace)}


def test_all_is_well(ours: Workspace) -> None:
    states = {name: finding.state for name, finding in found(ours).items()}
    assert states == dict.fromkeys(("bot token", "scopes", "clock", "channel #agents", "socket"), "ok")


def test_a_missing_scope_is_named_with_what_cannot_be_done(slack: Slack, ours: Workspace) -> None:
    slack.workspace.scopes = tuple(scope for scope in SCOPES if scope != "im:write")
    finding = found(ours)["scopes"]
    assert finding.state == "failed"
    assert "without im:write nightdesk cannot write to people" in finding.what
    assert "install the app again" in finding.what


def test_a_scope_too_many_is_a_warning(slack: Slack, ours: Workspace) -> None:
    slack.workspace.scopes = (*SCOPES, "files:write")
    assert found(ours)["scopes"] == Finding("scopes", "warning", "not needed: files:write; they can be taken away")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        pytest.param({"is_archived": True}, "is archived; unarchive it", id="archived"),
        pytest.param({"is_member": False}, "type /invite @nightdesk there", id="not_joined"),
    ],
)
def test_a_channel_that_cannot_be_posted_to(slack: Slack, ours: Workspace, state: dict[str, bool], told: str) -> None:
    slack.workspace.add_channel("proofs", **state)
    finding = found(replace(ours, readers=("proofs",)))["channel proofs"]
    assert finding.state == "failed"
    assert told in finding.what


def test_a_channel_that_is_not_there_or_has_another_name(slack: Slack, ours: Workspace) -> None:
    slack.workspace.rename(slack.workspace.add_channel("old"), "new")
    findings = found(replace(ours, readers=("#old", "#nowhere")))
    assert "is called #new now; change the name in the configuration" in findings["channel #old"].what
    assert "no such channel that nightdesk can see" in findings["channel #nowhere"].what


def test_people_are_found_by_id_and_by_address(slack: Slack, ours: Workspace) -> None:
    ana = slack.workspace.add_member("ana", "ana@team.example")
    findings = found(replace(ours, readers=(ana.id, ana.email, "gone@team.example")))
    assert findings[f"person {ana.id}"].state == findings[f"person {ana.email}"].state == "ok"
    assert findings["person gone@team.example"].what == "nobody in the workspace has this address"


def test_a_channel_may_be_named_by_its_id(slack: Slack, ours: Workspace) -> None:
    place = slack.workspace.add_channel("proofs").id
    assert found(replace(ours, readers=(place,)))[f"channel {place}"].state == "ok"


def test_the_tokens_the_wrong_way_round(ours: Workspace) -> None:
    findings = list(check(replace(ours, bot_token=APP_TOKEN, app_token=BOT_TOKEN)))
    assert [f.state for f in findings if f.name == "bot token"] == ["failed", "failed"]
    assert "not with 'xoxb-': it is the Bot User OAuth Token" in findings[0].what
    assert "App-Level Token" in findings[1].what


def test_a_wrong_token_ends_the_checks_and_is_not_printed(ours: Workspace) -> None:
    wrong = replace(ours, bot_token=f"xoxb-{HIDDEN}", app_token="")
    findings = found(wrong)
    assert findings["bot token"].what == "the token is not valid; install the app again and set its new token"
    assert findings.keys() == {"bot token", "socket"}
    assert findings["socket"].state == "warning"
    assert HIDDEN not in repr((findings, wrong))


@pytest.mark.parametrize("fault", [LOST, FAILED])
def test_a_slack_that_does_not_answer_is_a_finding(slack: Slack, ours: Workspace, fault: object) -> None:
    slack.faults = once("auth.test", fault)  # type: ignore[arg-type]
    assert found(ours)["bot token"].state == "failed"


@pytest.mark.parametrize(("skew", "told"), [(3600, "ahead of Slack's; set it"), (-3600, "behind Slack's; set it")])
def test_a_clock_that_is_wrong(ours: Workspace, skew: int, told: str) -> None:
    findings = check(ours, lambda: datetime.now(UTC) + timedelta(seconds=skew))
    clock = next(finding for finding in findings if finding.name == "clock")
    assert clock.state == "failed"
    assert told in clock.what


def test_nothing_is_posted_unless_asked(slack: Slack, ours: Workspace) -> None:
    list(check(ours))
    (channel,) = slack.workspace.channels
    assert slack.messages(channel) == []
    assert [finding.state for finding in try_posting(ours)] == ["ok"]
    assert "nightdesk can post here" in slack.messages(channel)[0]["text"]


def test_the_manifest_asks_for_the_scopes_that_are_checked_and_no_more() -> None:
    assert MANIFEST["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert set(SCOPES) <= set(BOT_SCOPES)


def test_the_manifest_opens_what_clicks_need() -> None:
    settings = MANIFEST["settings"]
    assert settings["socket_mode_enabled"]
    assert settings["interactivity"] == {"is_enabled": True}
    assert settings["event_subscriptions"]["bot_events"] == ["reaction_added", "reaction_removed"]
    assert [each["command"] for each in MANIFEST["features"]["slash_commands"]] == ["/nightdesk"]
    assert len(MANIFEST["display_information"]["description"]) <= 140
    assert 174 <= len(MANIFEST["display_information"]["long_description"]) <= 4000
