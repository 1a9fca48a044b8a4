"""Each digest reaches each reader once, at the reader's own hour, over changes of clocks, sleep and a leap day."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from core.digest import Digest
from core.ports import silent
from kb import ledger
from kb.judgements import keep_digest
from nightdesk import stored_digest
from nightdesk.config import load_config
from nightdesk.due import Hour
from nightdesk.morning import deliver_due, due_at
from nightdesk.serving import due_night
from nightdesk.wiring import Desk
from tests.digests.night import digest_of
from tests.nightdesk.test_due import DAYS, HOURS
from tests.servers.slack import BOT_TOKEN, Slack, Workspace, loopback_slack

TOKEN = "NIGHTDESK_TEST_BOT_TOKEN"  # noqa: S105 - its name
ZONES = {"agents": "Europe/Paris", "Ana": "Asia/Tokyo", "Ben": "America/New_York"}
AT = {"agents": time(7, 30), "Ana": time(6, 45), "Ben": time(2, 30)}
_STEPS = [timedelta(minutes=minutes) for minutes in (1, 47, 180, 15, 540, 7)]


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Slack]:
    monkeypatch.setenv(TOKEN, BOT_TOKEN)
    # Its second is too short to be met: what is tested here is not the pace.
    monkeypatch.setattr("digests.sinks.slack.Slack.pace", 0.0)
    with loopback_slack(Workspace(second=0.0)) as running:
        yield running


@pytest.fixture
def desk(slack: Slack, tmp_path: Path) -> Desk:
    return _desk(slack, tmp_path)


def _desk(slack: Slack, folder: Path) -> Desk:
    ana, ben = (slack.workspace.add_member(name) for name in ("Ana", "Ben"))
    config = folder / "nightdesk.toml"
    config.write_text(
        f"""
data_dir = "var"
timezone = "Europe/Paris"
[[subject]]
slug = "agents"
name = "agents"
channel = "{slack.workspace.add_channel("agents").id}"
people = ["Ana", "Ben"]
[[person]]
name = "Ana"
slack = "{ana.id}"
timezone = "Asia/Tokyo"
digest_at = "06:45"
[[person]]
name = "Ben"
slack = "{ben.id}"
timezone = "America/New_York"
digest_at = "02:30"
[slack]
bot_token_env = "{TOKEN}"
base_url = "{slack.base_url}"
""",
        "utf-8",
    )
    return Desk(load_config(config))


def _quiet(night: date) -> Digest:
    return replace(digest_of(), night=night, sections=(), dropped=(), trends=())


def run_if_due(desk: Desk, now: datetime) -> None:
    """Do what a night leaves behind, without its work."""
    if night := due_night(desk, now):
        with desk.store.writing() as connection:
            ledger.finish_run(connection, ledger.begin_run(connection, night, now), now)
            keep_digest(connection, night, stored_digest.dump(_quiet(night)))


def live(
    desk: Desk, begins: datetime, ends: datetime, other: Desk | None = None
) -> Mapping[str, list[tuple[date, datetime]]]:
    """Wake at uneven times, perhaps two servers in turn; return by reader which night they were told of, and when."""
    told: dict[str, list[tuple[date, datetime]]] = {name: [] for name in ZONES}
    now = begins
    for step, awake in zip(cycle(_STEPS), cycle([desk, other or desk]), strict=False):
        run_if_due(awake, now)
        for line in deliver_due(awake, now, silent):
            assert ": sent" in line
            name, _, rest = line.partition(" of ")
            told[name].append((date.fromisoformat(rest.split(" to ")[0]), now))
        now += step
        if now > ends:
            return told
    raise AssertionError("time ends")


@pytest.mark.parametrize(
    ("begins", "days"), [(datetime(2026, 3, 6, tzinfo=UTC), 26), (datetime(2026, 10, 23, tzinfo=UTC), 11)]
)
def test_each_night_is_told_once_to_each_over_changes_of_clocks(
    desk: Desk, slack: Slack, begins: datetime, days: int
) -> None:
    told = live(desk, begins, begins + timedelta(days=days))
    for name, zone in ZONES.items():
        first = told[name][0][0]
        # The night that was due when the desk was opened is told too.
        assert [night for night, _ in told[name]] == [first + timedelta(days=n) for n in range(days + 1)]
        where = [channel for channel in slack.workspace.channels.values() if name in _readers(slack, channel.id)]
        keys = [message["metadata"]["event_payload"]["key"] for one in where for message in slack.messages(one.id)]
        assert len(keys) == len(set(keys)) == days + 1
        for night, at in told[name][1:]:
            due = due_at(night, desk.settings.schedule.night, Hour(AT[name], ZoneInfo(zone)))
            assert timedelta(0) <= at - due <= max(_STEPS)


def _readers(slack: Slack, channel: str) -> set[str]:
    """Return whose channel it is, by name."""
    members = slack.workspace.members
    names = {slack.workspace.direct(id_).id: one.name for id_, one in members.items()}
    return {names.get(channel, slack.workspace.channels[channel].name)}


def test_two_servers_on_one_base_tell_each_night_once_on_a_leap_day_too(desk: Desk) -> None:
    begins = datetime(2028, 2, 27, tzinfo=UTC)
    told = live(desk, begins, begins + timedelta(days=4), Desk(desk.settings))
    assert {name: len(times) for name, times in told.items()} == dict.fromkeys(ZONES, 5)


def test_sleep_over_the_hour_is_made_up_once(desk: Desk) -> None:
    bedtime = datetime(2026, 5, 4, 4, tzinfo=UTC)
    run_if_due(desk, bedtime)
    assert not list(deliver_due(desk, bedtime, silent))
    morning = bedtime + timedelta(hours=9)
    told = [line.split(" of ")[0] for line in deliver_due(desk, morning, silent)]
    assert sorted(told) == ["Ben", "agents"]
    assert not list(deliver_due(desk, morning, silent))


def test_what_cannot_be_brought_is_tried_again_after_a_while_only(desk: Desk, slack: Slack) -> None:
    (channel,) = (one for one in slack.workspace.channels.values() if one.name == "agents")
    channel.is_archived = True
    # The outbox writes down real times, so that a night's hour has to be one at which it is told, whenever this runs.
    schedule = replace(desk.settings.schedule, digest=desk.settings.schedule.night)
    desk, now = Desk(replace(desk.settings, schedule=schedule)), datetime.now(UTC)
    run_if_due(desk, now)
    first = [line for line in deliver_due(desk, now, silent) if line.startswith("agents")]
    assert "pending" in first[0]
    soon = now + timedelta(minutes=5)
    assert not [line for line in deliver_due(desk, soon, silent) if line.startswith("agents")]
    channel.is_archived = False
    later = [line for line in deliver_due(desk, now + timedelta(hours=1), silent) if line.startswith("agents")]
    assert "sent" in later[0]


@given(night=DAYS, begins=HOURS, reader=HOURS)
def test_reader_is_told_at_the_first_of_their_hours_from_the_nights_on(night: date, begins: Hour, reader: Hour) -> None:
    at = due_at(night, begins, reader)
    assert timedelta(0) <= at - begins.on(night) <= timedelta(hours=49)
    assert reader.on(reader.last_day(at)) == at


def test_morning_hour_after_the_night_is_on_its_day() -> None:
    paris = ZoneInfo("Europe/Paris")
    at = due_at(date(2026, 3, 29), Hour(time(5), paris), Hour(time(7, 30), paris))
    assert at == datetime(2026, 3, 29, 5, 30, tzinfo=UTC)
