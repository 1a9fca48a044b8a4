"""Clicks over a real WebSocket: stored once, shown on their message, answered politely."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from core.delivery import Letter, Post, Receipt
from core.errors import DeliveryUnclear
from digests.sinks.slack import Options, Slack, open_sink
from digests.slack_events import Pressed, Reacted
from digests.slack_state import in_words
from digests.slack_subject_menu import CHOOSE
from kb.clicks import less_wanted, saved_by
from kb.outbox import arrived, find_posted, keep_letter
from kb.schema import digests, posts
from nightdesk.ear import clicks, listening
from nightdesk.ear.line import Line
from nightdesk.ear.state import Shown
from nightdesk.ear.told import reacted
from nightdesk.ear.voters import Voters
from tests.digests.night import NIGHT
from tests.nightdesk.conftest import Cli
from tests.nightdesk.slack_team import Team, told_team
from tests.servers.lm import Fault as LmFault
from tests.servers.lm import open_hosts
from tests.servers.slack import BOT_TOKEN, FAILED, once
from tests.servers.slack.schema import problems

PACE = 0.01


@dataclass(frozen=True)
class Heard:
    """A team that is listened to, and the lines that were told."""

    team: Team
    told: list[str]


@contextmanager
def hearing(team: Team) -> Iterator[Heard]:
    told: list[str] = []
    with listening.listening(team.desk, told.append):
        until(lambda: any("hearing" in line for line in told))
        yield Heard(team, told)


def until(is_so: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it did not come to be"
        time.sleep(0.01)


def sink_of(team: Team) -> Slack:
    return open_sink(Options(BOT_TOKEN, team.slack.base_url))


@pytest.fixture
def team(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    monkeypatch.setattr("nightdesk.ear.listening.PACE", PACE)
    monkeypatch.setattr("nightdesk.ear.listening._ENDS_WITHIN", 0.2)
    with told_team(tmp_path, monkeypatch) as told:
        yield told


@pytest.fixture
def heard(team: Team) -> Iterator[Heard]:
    with hearing(team) as one:
        yield one


def state(team: Team, at: tuple[str, str]) -> list[str]:
    """Return the lines of a message that show votes."""
    blocks = team.message(at)["blocks"]
    lines = [block["elements"][0]["text"] for block in blocks if block["type"] == "context"]
    return [line for line in lines if str(line).startswith("useful ")]


def test_a_press_is_acknowledged_stored_and_shown(heard: Heard) -> None:
    team = heard.team
    at, _ = team.stories[0]
    before = team.message(at)["blocks"]
    envelope = team.slack.press(team.ana.id, at, "useful")
    until(lambda: state(team, at) == ["useful 1, not 0"])
    assert envelope.seconds is not None
    assert envelope.seconds < 3.0
    assert team.votes() == {("Ana", "planning"): "useful"}
    blocks = team.message(at)["blocks"]
    assert [block for block in blocks if block in before] == before
    assert len(blocks) == len(before) + 1


def test_what_is_sent_twice_is_stored_once(heard: Heard) -> None:
    team = heard.team
    at, _ = team.stories[0]
    envelope = team.slack.press(team.ana.id, at, "not_useful")
    team.slack.send_again(envelope)
    team.slack.press(team.bo.id, at, "useful")
    until(lambda: state(team, at) == ["useful 1, not 1"])
    assert team.votes() == {("Ana", "planning"): "not_useful", ("Bo", "planning"): "useful"}


def test_reactions_count_and_can_be_taken_away(heard: Heard) -> None:
    team = heard.team
    at, _ = team.stories[0]
    before = team.message(at)["blocks"]
    team.slack.react(team.ana.id, at, "+1::skin-tone-3")
    until(lambda: state(team, at) == ["useful 1, not 0"])
    team.slack.react(team.ana.id, at, "+1::skin-tone-3", "reaction_removed")
    until(lambda: team.message(at)["blocks"] == before)
    assert team.votes() == {}


def test_reactions_elsewhere_are_not_heard(heard: Heard) -> None:
    team = heard.team
    at, _ = team.stories[0]
    head = team.slack.messages(team.channel.id)[0]
    team.slack.react(team.ana.id, (team.channel.id, head["ts"]), "+1")
    team.slack.react(team.ana.id, (team.channel.id, "1.000001"), "+1")
    team.slack.react(team.ana.id, at, "tada")
    team.slack.press(team.bo.id, at, "useful")
    until(lambda: state(team, at) == ["useful 1, not 0"])
    assert team.votes() == {("Bo", "planning"): "useful"}
    assert team.answers() == []


def test_reaction_under_several_stories_is_no_vote(team: Team) -> None:
    (first, _), (second, _) = team.stories[:2]
    blocks = (*team.message(first)["blocks"], *team.message(second)["blocks"])
    letter = Letter("slack", "#others", NIGHT, (Post("Two stories.", blocks),))
    with team.desk.store.writing() as connection:
        keep_letter(connection, letter, datetime(2031, 3, 14, 8, tzinfo=UTC))
        arrived(connection, letter.post_key(0), Receipt("C0", "1.000001"))
    assert reacted(team.desk.store, Reacted(team.ana.id, *first, 1, "+1", is_added=True)) is not None
    assert reacted(team.desk.store, Reacted(team.ana.id, "C0", "1.000001", 1, "+1", is_added=True)) is None


def test_a_stranger_votes_under_their_member_id(heard: Heard) -> None:
    team = heard.team
    at, _ = team.stories[0]
    stranger = team.slack.workspace.add_member("cy")
    team.slack.press(stranger.id, at, "useful")
    until(lambda: state(team, at) == ["useful 1, not 0"])
    assert team.votes() == {(stranger.id, "planning"): "useful"}


def test_who_is_known_by_member_id_votes_though_slack_does_not_look_up_others(team: Team) -> None:
    delivery = team.desk.settings.delivery
    team.slack.faults = lambda method, _: FAILED if method == "users.lookupByEmail" else None
    voters = Voters(replace(delivery, people=delivery.people[::-1]), sink_of(team))
    assert voters.named(team.ana.id) == "Ana"
    with pytest.raises(DeliveryUnclear):
        voters.named(team.bo.id)


def test_strangers_may_be_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with told_team(tmp_path, monkeypatch, 'strangers = "refuse"') as team, hearing(team):
        at, _ = team.stories[0]
        team.slack.press(team.slack.workspace.add_member("cy").id, at, "useful")
        until(lambda: team.answers() == [clicks.NOT_COUNTED])
        assert team.votes() == {}


@pytest.mark.parametrize(("button", "words"), [("evidence", "The evidence for"), ("why", "is here because")])
def test_evidence_and_why_are_shown_to_who_asked(heard: Heard, button: str, words: str) -> None:
    team = heard.team
    at, _ = team.stories[0]
    team.slack.press(team.ana.id, at, button)
    until(lambda: any(words in text for text in team.answers()))
    (answer,) = team.slack.workspace.responses
    assert (answer["response_type"], answer["replace_original"]) == ("ephemeral", False)
    assert answer["thread_ts"] == team.slack.messages(team.channel.id)[0]["ts"]
    assert problems(answer["blocks"]) == []
    assert team.votes() == {}


def asked_where(team: Team, at: tuple[str, str]) -> dict[str, Any]:
    """Say that a story is of the wrong subject, and return the menu that comes."""
    team.slack.press(team.ana.id, at, "more", "wrong_subject")
    until(lambda: len(team.answers()) == 1)
    return team.slack.workspace.responses[0]


def test_a_story_of_the_wrong_subject_is_moved(heard: Heard) -> None:
    team = heard.team
    at, _ = team.stories[0]
    menu = asked_where(team, at)
    assert problems(menu["blocks"]) == []
    assert "planning" not in [option["value"] for option in menu["blocks"][1]["elements"][0]["options"]]
    assert team.votes() == {("Ana", "planning"): "wrong_subject"}
    team.slack.choose(team.ana.id, menu, CHOOSE, "speech")
    until(lambda: len(team.answers()) == 2)
    assert team.answers()[1] == clicks.MOVED.format(subject="Speech")
    assert team.slack.workspace.responses[1]["replace_original"]
    assert team.votes() == {("Ana", "planning"): "wrong_subject", ("Ana", "speech"): "useful"}
    until(lambda: state(team, at) == ["useful 0, not 0, wrong subject 1"])


@pytest.mark.parametrize("forged", ["subject", "row", "message"])
def test_forged_menu_moves_nothing(heard: Heard, forged: str) -> None:
    team = heard.team
    at, _ = team.stories[0]
    menu = asked_where(team, at)
    row = menu["blocks"][1]
    option = row["elements"][0]["options"][0]
    if forged == "subject":
        option["value"] = "cooking"
    else:
        row["block_id"] = row["block_id"][:-3] + "000" if forged == "row" else f"move-C0-1.1-{row['block_id'][-30:]}"
    team.slack.choose(team.ana.id, menu, CHOOSE, option["value"])
    until(lambda: len(team.answers()) == 2)
    assert team.answers()[1] == clicks.GONE
    assert team.votes() == {("Ana", "planning"): "wrong_subject"}


def test_saving_is_confirmed(heard: Heard) -> None:
    team = heard.team
    at, story = team.stories[0]
    team.slack.press(team.ana.id, at, "more", "save")
    until(lambda: team.answers() == [clicks.SAVED])
    with team.desk.store.reading() as connection:
        assert saved_by(connection, "Ana") == (story,)


def test_less_of_a_source_is_remembered_and_taken_back(heard: Heard) -> None:
    team = heard.team
    at, _ = team.stories[0]
    before = team.message(at)["blocks"]
    team.slack.press(team.ana.id, at, "useful")
    team.slack.press(team.ana.id, at, "more", "less_of_source")
    until(lambda: team.answers() == [clicks.LESS.format(source="Lantern Labs")])
    with team.desk.store.reading() as connection:
        assert less_wanted(connection) == {"planning": {"Lantern Labs": ("Ana",)}}
    team.slack.press(team.ana.id, at, "more", "take_back")
    until(lambda: len(team.answers()) == 2)
    until(lambda: team.message(at)["blocks"] == before)
    with team.desk.store.reading() as connection:
        assert less_wanted(connection) == {}
    assert team.votes() == {}


def test_click_on_what_is_gone_touches_nothing(heard: Heard) -> None:
    team = heard.team
    at, _ = team.stories[0]
    with team.desk.store.writing() as connection:
        connection.execute(delete(digests))
    team.slack.press(team.ana.id, at, "why")
    until(lambda: team.answers() == [clicks.GONE])
    with team.desk.store.writing() as connection:
        connection.execute(delete(posts))
    team.slack.press(team.ana.id, at, "useful")
    until(lambda: team.answers() == [clicks.GONE] * 2)
    assert team.votes() == {}


def test_connection_that_is_refreshed_or_lost_is_made_anew(heard: Heard) -> None:
    team = heard.team
    at, _ = team.stories[0]
    team.slack.refresh()
    team.slack.press(team.ana.id, at, "useful")
    until(lambda: state(team, at) == ["useful 1, not 0"])
    team.slack.drop_sockets()
    team.slack.press(team.bo.id, at, "useful")
    until(lambda: state(team, at) == ["useful 2, not 0"])


def test_what_cannot_be_read_is_acknowledged_and_told(heard: Heard) -> None:
    slack = heard.team.slack
    envelope = slack.send("interactive", {"type": "block_actions", "user": {"id": "U0"}})
    until(lambda: any("cannot be read" in line for line in heard.told))
    until(lambda: envelope.acknowledged is not None)


def test_a_bad_app_token_is_one_line(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    delivery = replace(team.desk.settings.delivery, app_token="xapp-wrong")  # noqa: S106 - no secret
    monkeypatch.setattr(team.desk, "settings", replace(team.desk.settings, delivery=delivery))
    with listening.listening(team.desk, told.append):
        until(lambda: bool(told))
        until(lambda: not any(thread.name == "slack-socket" for thread in threading.enumerate()))
    assert len(told) == 1
    assert "the app token is not valid" in told[0]
    assert [call.method for call in team.slack.calls].count("apps.connections.open") == 1


def test_nothing_listens_without_an_app_token(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    delivery = replace(team.desk.settings.delivery, app_token="")
    monkeypatch.setattr(team.desk, "settings", replace(team.desk.settings, delivery=delivery))
    before = set(threading.enumerate())
    with listening.listening(team.desk, pytest.fail):
        assert set(threading.enumerate()) <= before


def test_a_message_is_written_once_for_all_that_came(team: Team) -> None:
    now = [0.0]
    shown = Shown(team.desk.store, sink_of(team), pytest.fail, 1.0, lambda: now[0])
    first, second = (Receipt(*at) for at, _ in team.stories[:2])
    for receipt in (first, first, second, first):
        shown.mark(receipt)
    waits = [shown.update(), shown.update()]
    now[0] = 1.0
    waits.append(shown.update())
    assert waits == [1.0, 1.0, None]
    assert [call.arguments["ts"] for call in team.slack.calls if call.method == "chat.update"] == [first.id, second.id]


def test_an_update_whose_answer_is_lost_is_made_again(heard: Heard) -> None:
    team = heard.team
    at, _ = team.stories[0]
    team.slack.faults = once("chat.update", FAILED)
    team.slack.press(team.ana.id, at, "useful")
    until(lambda: state(team, at) == ["useful 1, not 0"])


def typed(team: Team, text: str) -> dict[str, Any]:
    """Type a command, and return what is answered."""
    before = len(team.answers())
    team.slack.command(team.ana.id, team.channel.id, text)
    until(lambda: len(team.answers()) > before)
    return team.slack.workspace.responses[-1]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("search asking twice", "found for asking twice. Asking twice: when an agent should repeat a tool call"),
        ("Search zeppelins", "Nothing found for zeppelins."),
        ("ask How many zeppelins are there?", "Not in the base."),
        ("why story:web:99", "That did not work: there is no item"),
        ("saved", "Your list is empty"),
        ("help", "/nightdesk search WORDS"),
        ("search", "/nightdesk search WORDS"),
        ("", "/nightdesk search WORDS"),
        ("search <!channel> *bold*", "Nothing found for &lt;!channel&gt; *bold*."),
    ],
)
def test_command_is_answered_to_who_typed_it(heard: Heard, text: str, words: str) -> None:
    answer = typed(heard.team, text)
    assert words in answer["text"]
    assert answer["response_type"] == "ephemeral"
    assert problems(answer.get("blocks", [])) == []
    assert heard.told == ["hearing clicks from Slack"]


def test_an_answer_says_why_no_model_wrote_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_hosts([LmFault(401, {})]) as host:
        model = f'[llm]\nwire = "openai"\nbase_url = "{host.url("content")}"\nmodel = "M"'
        with told_team(tmp_path, monkeypatch, model) as team, hearing(team):
            answer = typed(team, "ask When should an agent repeat a tool call?")
    assert "extracted, not written: " in str(answer["blocks"])


def test_why_tells_what_was_decided_and_saved_lists_what_was_saved(heard: Heard) -> None:
    team = heard.team
    at, story = team.stories[0]
    team.slack.press(team.ana.id, at, "more", "save")
    until(lambda: team.answers() == [clicks.SAVED])
    told = typed(team, f"why {story}")
    assert "What was decided on Asking twice" in told["text"]
    assert "judged" in str(told["blocks"])
    listed = typed(team, "saved")
    assert "1 saved. Asking twice" in listed["text"]
    assert problems(told["blocks"]) == problems(listed["blocks"]) == []


def test_line_survives_what_it_cannot_work(caplog: pytest.LogCaptureFixture) -> None:
    worked: list[float] = []
    line: Line[int] = Line("test", lambda number: worked.append(1 / number))
    line.take(0)
    line.take(1)
    assert line.close(10.0)
    assert worked == [1.0]
    assert "was not worked" in caplog.text


def test_who_cannot_be_looked_up_is_asked_to_press_again(heard: Heard) -> None:
    team = heard.team
    at, _ = team.stories[0]
    team.slack.faults = once("users.lookupByEmail", FAILED)
    team.slack.press(team.bo.id, at, "useful")
    until(lambda: team.answers() == [clicks.TRY_AGAIN])
    assert team.votes() == {}
    team.slack.press(team.bo.id, at, "useful")
    until(lambda: state(team, at) == ["useful 1, not 0"])
    assert team.votes() == {("Bo", "planning"): "useful"}


def test_line_that_takes_no_more_says_so_to_who_clicked(team: Team) -> None:
    told: list[str] = []
    ear = listening.Ear(team.desk, sink_of(team), told.append)
    ear.close(5.0)
    at, _ = team.stories[0]
    press = Pressed(team.ana.id, *at, 1, {}, f"http://127.0.0.1:{team.slack.port}/respond/x/y")
    ear.take(press)
    assert team.answers() == [listening.BUSY]
    assert told


def test_line_works_what_waits_before_it_closes() -> None:
    worked: list[int] = []
    line: Line[int] = Line("test", worked.append)
    for number in range(50):
        assert line.take(number)
    assert line.close(10.0)
    assert worked == list(range(50))
    assert not line.take(50)


def test_line_that_is_full_takes_nothing() -> None:
    go = threading.Event()
    line: Line[int] = Line("test", lambda _: void(go.wait(10)), size=1)
    while line.take(1):
        pass
    assert not line.take(1)
    go.set()
    assert line.close(10.0)


def void(_: object) -> None:
    """Return nothing."""


@pytest.mark.parametrize(
    ("tally", "line"),
    [
        ({}, ""),
        ({"useful": 2, "not_useful": 1}, "useful 2, not 1"),
        ({"wrong_subject": 3}, "useful 0, not 0, wrong subject 3"),
    ],
)
def test_votes_in_words(tally: dict[str, int], line: str) -> None:
    assert in_words(tally) == line


def test_receipt_of_nothing_is_no_message(team: Team) -> None:
    with team.desk.store.reading() as connection:
        assert find_posted(connection, Receipt("C0", "1.1")) is None


def test_the_list_of_what_was_saved_is_printed(heard: Heard, cli: Cli) -> None:
    team = heard.team
    at, story = team.stories[0]
    team.slack.press(team.ana.id, at, "more", "save")
    until(lambda: team.answers() == [clicks.SAVED])
    config = team.desk.settings.path
    (row,) = json.loads(cli("items", "--saved", "--as", "Ana", "--config", config, "--json").out)["items"]
    assert row["id"] == story
    assert "1 items saved by Ana" in cli("items", "--saved", "--as", "Ana", "--config", config).out
    assert json.loads(cli("items", "--saved", "--as", "Bo", "--config", config, "--json").out)["items"] == []
