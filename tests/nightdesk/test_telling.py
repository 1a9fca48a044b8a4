"""What the configuration says of readers, and the commands that bring them their digests."""

import json
import re
import shutil
from collections.abc import Iterator
from datetime import time
from email import message_from_bytes
from pathlib import Path

import pytest

from core.errors import ConfigError
from digests.sinks import kinds
from digests.sinks.mail import message_id
from kb.store import Store
from nightdesk.config import Settings, load_config
from nightdesk.recipients import recipients
from tests.nightdesk.conftest import FIRST, SAMPLE, SECOND, Cli
from tests.servers.slack import BOT_TOKEN, Channel, Fault, Slack, Workspace, loopback_slack
from tests.servers.smtp import mail_server

TOKEN = "NIGHTDESK_TEST_BOT_TOKEN"  # noqa: S105 - its name


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slack]:
    monkeypatch.setenv(TOKEN, BOT_TOKEN)
    # Its second is too short to be met: what is tested here is not the pace.
    monkeypatch.setattr("digests.sinks.slack.Slack.pace", 0.0)
    with loopback_slack(Workspace(second=0.0)) as running:
        yield running


@pytest.fixture
def agents(slack: Slack) -> Channel:
    return slack.workspace.add_channel("agents")


@pytest.fixture
def told_team(lived: Path, tmp_path: Path) -> Path:
    """A team of its own after both sample nights, which told nobody of them; returns the configuration."""
    folder = tmp_path / "team"
    shutil.copytree(lived.parent, folder)
    return folder / lived.name


def add(team: Path, text: str, channel: str = "") -> None:
    whole = team.read_text("utf-8")
    if channel:
        whole = whole.replace("[[subject]]\n", f'[[subject]]\nchannel = "{channel}"\n', 1)
    team.write_text(f"{whole}\n{text}\n", "utf-8")


def slack_table(slack: Slack, owner: str = "") -> str:
    told = f'owner = "{owner}"' if owner else ""
    return f'[slack]\nbot_token_env = "{TOKEN}"\nbase_url = "{slack.base_url}"\n{told}\n'


def settings_of(team: Path, text: str, channel: str = "") -> Settings:
    add(team, text, channel)
    return load_config(team)


def test_every_sink_can_be_configured(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, BOT_TOKEN)
    tables = f'[slack]\nbot_token_env = "{TOKEN}"\n[mail]\nhost = "localhost"\nsender = "desk@team.example"\n[atom]\n'
    assert sorted(settings_of(team, tables).delivery.sinks) == list(kinds())


def test_who_gets_what_by_which_way(team: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOKEN, BOT_TOKEN)
    text = f"""
[slack]
bot_token_env = "{TOKEN}"
[mail]
host = "localhost"
sender = "desk@team.example"
[[person]]
name = "Ana"
slack = "U0ANA0000"
email = "ana@team.example"
timezone = "Asia/Tokyo"
digest_at = "06:45"
subjects = ["agents"]
"""
    told = recipients(settings_of(team, text, "#agents"))
    assert [(one.sink, one.reader, one.subjects, one.topic) for one in told] == [
        ("slack", "#agents", ("agents",), "agents"),
        ("slack", "U0ANA0000", ("agents",), ""),
        ("mail", "ana@team.example", ("agents",), ""),
    ]
    assert (told[1].at, told[1].timezone.key) == (time(6, 45), "Asia/Tokyo")
    assert (told[0].at, told[0].timezone.key) == (None, "America/New_York")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[slack]\nbot_token = "x"', ["[slack]", "bot_token_env"]),
        ('[[person]]\nname = "Ana"\nsubjects = ["agent"]', ["Ana", "'agent'", "'agents'"]),
        ('[[person]]\nname = "Ana"\n[[person]]\nname = "Ana"', ["Ana", "twice"]),
        ('[[person]]\nname = "Ana"\ntimezone = "Europe/Pariss"', ["Ana", "Pariss"]),
        ('[[person]]\nname = "Ana"\nemail = "ana"', ["Ana", "email"]),
        ('[[person]]\nname = "Ana"\ndigest_at = "24:00"', ["Ana", "digest_at"]),
        ('[mail]\nhost = "x"', ["[mail]", "sender"]),
        ('[mail]\nhost = "x"\nsender = "d@x.example"\ntls = "ssl"', ["[mail]", "tls"]),
    ],
)
def test_a_wrong_key_of_delivery_is_named(team: Path, text: str, named: list[str]) -> None:
    add(team, text)
    with pytest.raises(ConfigError) as caught:
        load_config(team)
    assert all(word in str(caught.value) for word in named), caught.value


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f'[slack]\nbot_token_env = "{TOKEN}"', f"{TOKEN} is not set"),
        ("[slack]", "bot_token_env"),
        ('[[person]]\nname = "Ana"\nslack = "U0ANA0000"\nsubjects = ["agents"]', "not reached by slack"),
        ('[[person]]\nname = "Ana"\nslack = "U0ANA0000"', "no subjects"),
        ('[[person]]\nname = "Ana"\nsubjects = ["agents"]', "neither slack nor email"),
    ],
)
def test_what_has_no_effect_is_said(team: Path, text: str, named: str) -> None:
    assert any(named in line for line in settings_of(team, text).unused)


def test_a_night_ends_with_its_delivery_and_is_told_once(
    cli: Cli, told_team: Path, slack: Slack, agents: Channel
) -> None:
    add(told_team, slack_table(slack), "#agents")
    for _ in range(2):
        shown = cli("run", "--config", told_team, "--recording", SAMPLE / SECOND, "--json")
        (letter,) = json.loads(shown.out)["deliveries"]
        assert (letter["reader"], letter["state"], letter["why"]) == ("#agents", "sent", "")
    posted = slack.messages(agents.id)
    assert len(posted) == letter["posts"] > 0
    assert len({message["metadata"]["event_payload"]["key"] for message in posted}) == len(posted)


def test_no_deliver_posts_nothing_until_it_is_asked_for(
    cli: Cli, told_team: Path, slack: Slack, agents: Channel
) -> None:
    add(told_team, slack_table(slack), "#agents")
    told = cli("run", "--config", told_team, "--recording", SAMPLE / SECOND, "--no-deliver", "--json")
    assert json.loads(told.out)["deliveries"] == []
    assert not slack.messages(agents.id)
    shown = cli("digest", "deliver", "--config", told_team)
    assert shown.code == 0
    assert "1 of 1 letters delivered" in shown.out
    assert slack.messages(agents.id)


def test_what_is_left_is_said_and_goes_out_with_the_next_night(
    cli: Cli, told_team: Path, slack: Slack, agents: Channel
) -> None:
    ana = slack.workspace.add_member("ana")
    add(told_team, slack_table(slack, ana.id), "#agents")
    agents.is_archived = True
    shown = cli("digest", "deliver", "--night", FIRST, "--config", told_team)
    assert shown.code == 1
    assert "the channel is archived" in shown.out
    (notice,) = slack.messages(slack.workspace.direct(ana.id).id)
    assert "archived" in notice["text"]
    agents.is_archived = False
    assert cli("run", "--config", told_team, "--recording", SAMPLE / SECOND).code == 0
    keys = [message["metadata"]["event_payload"]["key"] for message in slack.messages(agents.id)]
    nights = [FIRST if FIRST in key else SECOND for key in keys]
    assert sorted(nights) == nights
    assert set(nights) == {FIRST, SECOND}
    ledger = json.loads(cli("runs", "--config", told_team, "--json").out)
    assert {run["night"] for run in ledger["runs"]} == {SECOND, FIRST}
    assert {row["state"] for row in ledger["deliveries"]} == {"sent"}
    assert "letters delivered" in cli("runs", "--config", told_team).out


def test_an_older_night_goes_out_when_it_is_named(cli: Cli, told_team: Path, slack: Slack, agents: Channel) -> None:
    add(told_team, slack_table(slack), "#agents")
    told = json.loads(cli("digest", "deliver", "--night", FIRST, "--config", told_team, "--json").out)
    assert {row["night"] for row in told["deliveries"]} == {FIRST}
    assert slack.messages(agents.id)


def test_a_night_goes_out_as_mail_and_as_a_feed(cli: Cli, told_team: Path) -> None:
    with mail_server() as server:
        text = f'[mail]\nhost = "127.0.0.1"\nport = {server.port}\nsender = "desk@team.example"\ntls = "none"\n[atom]\n'
        text += '[[person]]\nname = "Ana"\nemail = "ana@team.example"\nsubjects = ["agents"]\n'
        add(told_team, text)
        for _ in range(2):
            told = json.loads(cli("digest", "deliver", "--config", told_team, "--json").out)
            assert [(row["sink"], row["state"]) for row in told["deliveries"]] == [("atom", "sent"), ("mail", "sent")]
    (message,) = (message_from_bytes(taken) for taken in server.mailbox)
    assert message["Message-ID"] == message_id(f"mail:ana@team.example:{SECOND}:0", "desk@team.example")
    feed = _feed(told_team)
    assert [night for night in (FIRST, SECOND) if f"{night}T00:00:00Z" in feed] == [FIRST, SECOND]


def _feed(team: Path) -> str:
    return (team.parent / "var" / "digests" / "digests.xml").read_text("utf-8")


def test_feeds_of_two_teams_share_no_id(cli: Cli, told_team: Path, tmp_path: Path) -> None:
    add(told_team, "[atom]\n")
    other = Path(shutil.copytree(told_team.parent, tmp_path / "other")) / told_team.name
    store = Store(other.parent / "var" / "nightdesk.db")
    with store.writing() as connection:
        connection.exec_driver_sql("UPDATE base SET id = 'the other team'")
    store.close()
    ids = []
    for team in (told_team, other):
        assert cli("digest", "deliver", "--config", team).code == 0
        ids.append(set(re.findall("urn:uuid:[0-9a-f-]+", _feed(team))))
    assert all(ids)
    assert not ids[0] & ids[1]


def test_an_unreachable_slack_is_one_line_and_exit_one(
    cli: Cli, told_team: Path, slack: Slack, agents: Channel
) -> None:
    add(told_team, slack_table(slack), "#agents")
    slack.faults = lambda *_: Fault("never", 429, retry_after=3600)
    shown = cli("run", "--config", told_team, "--recording", SAMPLE / SECOND, "--json")
    assert shown.code == 1
    assert "later" in json.loads(shown.out)["deliveries"][0]["why"]


def test_delivering_without_a_way_says_what_is_missing(cli: Cli, team: Path) -> None:
    shown = cli("digest", "deliver", "--config", team)
    assert shown.code == 2
    assert "[slack]" in shown.err


def test_delivering_before_any_night_says_so(cli: Cli, team: Path, slack: Slack, agents: Channel) -> None:
    add(team, slack_table(slack), "#agents")
    shown = cli("digest", "deliver", "--config", team)
    assert shown.code == 2
    assert "nightdesk run" in shown.err
