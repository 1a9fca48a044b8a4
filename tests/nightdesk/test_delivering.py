"""Each post reaches its reader once, in order, whatever fails: shown against a Slack that accepts and loses answers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.delivery import DeliveryRow, Letter, Post
from digests.sinks import atom, mail
from kb import outbox
from nightdesk.delivering import Round, deliver
from tests.nightdesk.histories import Errand, History, live, start
from tests.nightdesk.posts import NIGHT, NIGHTS, letter, round_of, told, workspace_sink
from tests.servers.slack import (
    FAILED,
    FAILED_BUT_DONE,
    LOST,
    REFUSED,
    THROTTLED,
    Channel,
    Fault,
    Slack,
    Workspace,
    loopback_slack,
    once,
)
from tests.servers.smtp import MailServer, mail_server


@pytest.fixture(scope="module")
def running() -> Iterator[Slack]:
    with loopback_slack(Workspace(second=0.0)) as slack:
        yield slack


@pytest.fixture
def slack(running: Slack) -> Slack:
    running.workspace, running.faults = Workspace(second=0.0), None
    running.calls.clear()
    return running


@pytest.fixture
def agents(slack: Slack) -> Channel:
    return slack.workspace.add_channel("agents")


@pytest.fixture
def rounds(slack: Slack, tmp_path: Path) -> Iterator[Round]:
    """A round whose waits last as long as what they are for: until what was put off has happened."""
    sinks = {"slack": workspace_sink(slack.base_url)}
    rounds = round_of(tmp_path, sinks, sleep=lambda _seconds: slack.settle())
    yield rounds
    rounds.store.close()


def row(rounds: Round, *letters: Letter) -> DeliveryRow:
    (only,) = deliver(rounds, letters, NIGHTS)
    return only


def texts(reader: str, posts: int = 4) -> list[str]:
    return [post.text for post in letter(reader, posts).posts]


def test_a_letter_is_a_head_and_its_thread(slack: Slack, agents: Channel, rounds: Round) -> None:
    only = row(rounds, letter("#agents"))
    assert (only.state, only.sent, only.posts, only.why) == ("sent", 4, 4, "")
    head, *replies = slack.messages(agents.id)
    assert [head["text"], *(reply["text"] for reply in replies)] == texts("#agents")
    assert {reply["thread_ts"] for reply in replies} == {head["ts"]}
    assert not head["unfurls"]


def test_delivered_again_nothing_is_posted(slack: Slack, agents: Channel, rounds: Round) -> None:
    row(rounds, letter("#agents"))
    asked = len(slack.calls)
    assert row(rounds, letter("#agents", posts=9)).posts == 4
    assert len(slack.calls) == asked
    assert told(slack, agents.id) == texts("#agents")


@pytest.mark.parametrize("place", [0, 2])
@pytest.mark.parametrize(
    "fault",
    [LOST, REFUSED, THROTTLED, FAILED, FAILED_BUT_DONE, Fault("before", cut=120), Fault("after", delay=0.03)],
    ids=["lost", "refused", "throttled", "failed", "failed but done", "cut", "late"],
)
def test_a_fault_at_any_post_costs_nothing(
    slack: Slack, agents: Channel, rounds: Round, place: int, fault: Fault
) -> None:
    slack.faults = once("chat.postMessage", *[None] * place, fault)
    assert row(rounds, letter("#agents")).state == "sent"
    assert told(slack, agents.id) == texts("#agents")


@pytest.mark.parametrize("method", ["conversations.history", "conversations.replies", "conversations.list"])
def test_a_fault_while_looking_is_waited_out(slack: Slack, agents: Channel, rounds: Round, method: str) -> None:
    slack.faults = once(method, LOST, FAILED, THROTTLED)
    assert row(rounds, letter("#agents")).state == "sent"
    assert told(slack, agents.id) == texts("#agents")


def test_a_longer_wait_than_is_sat_out_leaves_the_letter_pending(slack: Slack, agents: Channel, rounds: Round) -> None:
    slack.faults = once("chat.postMessage", None, Fault("never", 429, retry_after=3600))
    only = row(rounds, letter("#agents"))
    assert (only.state, only.sent) == ("pending", 1)
    assert "later" in only.why
    assert row(rounds).state == "sent"
    assert told(slack, agents.id) == texts("#agents")


def test_a_slack_that_is_away_leaves_the_letter_for_later(slack: Slack, agents: Channel, rounds: Round) -> None:
    slack.faults = lambda *_: REFUSED
    only = row(rounds, letter("#agents"))
    assert (only.state, only.sent) == ("pending", 0)
    assert "no answer from Slack" in only.why
    slack.faults = None
    assert row(rounds).why == ""
    assert told(slack, agents.id) == texts("#agents")


def test_an_answer_lost_to_the_last_attempt_is_looked_for_in_the_next_run(
    slack: Slack, agents: Channel, rounds: Round
) -> None:
    hasty = replace(rounds, patience=replace(rounds.patience, attempts=1))
    slack.faults = once("chat.postMessage", None, LOST)
    only = row(hasty, letter("#agents"))
    assert (only.state, only.sent) == ("trying", 1)
    assert row(rounds).state == "sent"
    assert told(slack, agents.id) == texts("#agents")


def test_what_a_dead_process_had_on_its_way_is_waited_for(slack: Slack, agents: Channel, rounds: Round) -> None:
    hasty = replace(rounds, patience=replace(rounds.patience, attempts=1))
    slack.faults = once("chat.postMessage", Fault("after", delay=1.0))
    assert row(hasty, letter("#agents")).state == "trying"
    assert row(replace(rounds, patience=replace(rounds.patience, settle=1000.0, scale=1.0))).state == "sent"
    assert told(slack, agents.id) == texts("#agents")


def test_one_look_is_enough_where_nothing_went_wrong(slack: Slack, agents: Channel, rounds: Round) -> None:
    row(rounds, letter("#agents"))
    asked = [call.method for call in slack.calls]
    assert asked.count("conversations.history") + asked.count("conversations.replies") == 1


def test_a_store_that_was_lost_posts_nothing_twice(
    slack: Slack, agents: Channel, rounds: Round, tmp_path: Path
) -> None:
    slack.faults = once("chat.postMessage", None, None, Fault("never", 429, retry_after=3600))
    row(rounds, letter("#agents"))
    slack.faults = None
    elsewhere = round_of(tmp_path / "other", rounds.sinks)
    assert row(elsewhere, letter("#agents")).state == "sent"
    elsewhere.store.close()
    assert told(slack, agents.id) == texts("#agents")


def test_somebody_elses_message_with_our_key_is_not_ours(slack: Slack, agents: Channel, rounds: Round) -> None:
    key = letter("#agents").post_key(0)
    forged = {"event_type": "nightdesk_post", "event_payload": {"key": key}}
    agents.messages.append({"ts": slack.workspace.new_ts(), "bot_id": "B0OTHER", "text": "forged", "metadata": forged})
    assert row(rounds, letter("#agents")).state == "sent"
    assert told(slack, agents.id) == ["forged", *texts("#agents")]


def test_the_key_is_found_behind_a_busy_morning(slack: Slack, agents: Channel, rounds: Round) -> None:
    def lose_and_chat(method: str, _arguments: object) -> Fault | None:
        if method != "chat.postMessage" or slack.calls[-1].fault:
            return None
        agents.messages.extend({"ts": slack.workspace.new_ts(), "text": f"chat {n}"} for n in range(450))
        return LOST

    slack.faults = lose_and_chat
    assert row(rounds, letter("#agents", posts=1)).state == "sent"
    assert told(slack, agents.id).count("#agents  0") == 1


def test_what_a_channel_may_be_and_is_not(slack: Slack, rounds: Round) -> None:
    owner = slack.workspace.add_member("ana")
    add = slack.workspace.add_channel
    add("old", is_archived=True)
    add("far", is_member=False)
    renamed = add("papers")
    slack.workspace.rename(renamed, "reading")
    kept = deliver(
        replace(rounds, owner=owner.id),
        [letter(f"#{name}", 2) for name in ("old", "far", "papers", "nowhere")],
        NIGHTS,
    )
    why = {one.reader: one.why for one in kept if one.title != "notice"}
    assert "archived" in why["#old"]
    assert "/invite" in why["#far"]
    assert "#reading" in why["#papers"]
    assert "no such channel" in why["#nowhere"]
    assert all(one.state == "pending" for one in kept if one.title != "notice")
    notices = told(slack, slack.workspace.direct(owner.id).id)
    assert len(notices) == 4
    assert all(any(line in notice for notice in notices) for line in why.values())


def test_a_channel_that_is_mended_gets_its_digest_and_the_owner_no_second_notice(slack: Slack, rounds: Round) -> None:
    owner, channel = slack.workspace.add_member("ana"), slack.workspace.add_channel("agents", is_archived=True)
    owned = replace(rounds, owner=owner.id)
    for _ in range(3):
        deliver(owned, [letter("#agents")], NIGHTS)
    assert len(told(slack, slack.workspace.direct(owner.id).id)) == 1
    channel.is_archived = False
    deliver(owned, (), NIGHTS)
    assert told(slack, channel.id) == texts("#agents")


def test_a_channel_renamed_halfway_gets_the_rest(slack: Slack, agents: Channel, rounds: Round) -> None:
    slack.faults = once("chat.postMessage", None, Fault("never", 429, retry_after=3600))
    row(rounds, letter("#agents"))
    slack.workspace.rename(agents, "reading")
    assert row(replace(rounds, sinks={"slack": workspace_sink(slack.base_url)})).state == "sent"
    assert told(slack, agents.id) == texts("#agents")


def test_a_token_that_is_not_accepted_says_what_to_do(slack: Slack, agents: Channel, rounds: Round) -> None:
    only = row(replace(rounds, sinks={"slack": workspace_sink(slack.base_url, "xoxb-other")}), letter("#agents"))
    assert only.state == "pending"
    assert "bot token is not valid" in only.why
    slack.workspace.scopes = ("chat:write",)
    assert "channels:read" in row(rounds).why
    assert not told(slack, agents.id)


def test_blocks_that_are_refused_name_the_reason(slack: Slack, agents: Channel, rounds: Round) -> None:
    bad = letter("#agents", 1)
    long = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    only = row(rounds, replace(bad, posts=(replace(bad.posts[0], blocks=(long,)),)))
    assert "invalid_blocks" in only.why
    assert "/0/text" in only.why
    assert row(rounds, letter("#agents", 1)).state == "sent"


def test_people_are_reached_by_member_id_and_by_address(slack: Slack, rounds: Round) -> None:
    ana, bo = slack.workspace.add_member("ana"), slack.workspace.add_member("bo", "bo@team.example")
    rows = deliver(rounds, [letter(ana.id, 2), letter("bo@team.example", 2)], NIGHTS)
    assert {one.state for one in rows} == {"sent"}
    assert told(slack, slack.workspace.direct(ana.id).id) == texts(ana.id, 2)
    assert told(slack, slack.workspace.direct(bo.id).id) == texts("bo@team.example", 2)


def test_two_subjects_of_one_channel_are_two_threads(slack: Slack, agents: Channel, rounds: Round) -> None:
    deliver(rounds, [letter("#agents", 3, "planning"), letter("#agents", 3, "tools")], NIGHTS)
    threads = {message.get("thread_ts", message["ts"]) for message in slack.messages(agents.id)}
    assert len(threads) == 2
    assert len(told(slack, agents.id)) == 6


def test_another_night_waits_until_it_is_named(slack: Slack, agents: Channel, rounds: Round) -> None:
    tomorrow = NIGHT + timedelta(days=1)
    assert deliver(rounds, [letter("#agents")], (tomorrow, tomorrow)) == ()
    assert not told(slack, agents.id)
    assert row(rounds).state == "sent"


def test_a_letter_composed_anew_replaces_one_that_was_not_begun(slack: Slack, agents: Channel, rounds: Round) -> None:
    slack.faults = lambda *_: Fault("never", 429, retry_after=3600)
    row(rounds, letter("#agents", 5))
    slack.faults = None
    assert row(rounds, letter("#agents", 3)).posts == 3
    assert told(slack, agents.id) == texts("#agents", 3)


def test_the_wait_that_slack_asks_for_is_waited(slack: Slack, agents: Channel, rounds: Round) -> None:
    waits: list[float] = []
    slack.faults = once("chat.postMessage", Fault("never", 429, retry_after=17))
    row(replace(rounds, sleep=waits.append, patience=replace(rounds.patience, scale=1.0)), letter("#agents"))
    assert waits == [17.0, 1.0, 1.0, 1.0, 1.0]


@pytest.mark.parametrize("seed", range(5))
def test_killed_lost_and_throttled_at_random_each_post_arrives_once(tmp_path: Path, seed: int) -> None:
    with loopback_slack() as slack:
        history = live(History(seed, slack, tmp_path))
    assert (history.lost, history.twice, history.disordered) == ([], [], [])
    assert history.kills


def test_without_looking_into_the_history_posts_are_told_twice(tmp_path: Path) -> None:
    with loopback_slack() as slack:
        history = live(History(1, slack, tmp_path, in_doubt="repeat"))
    assert history.twice


def test_two_processes_at_once_post_nothing_twice(slack: Slack, agents: Channel, tmp_path: Path) -> None:
    # Without the look into the history, so that the lock alone is what keeps them apart; a second lasts long enough.
    errand = Errand(slack.base_url, tmp_path, ("#agents",), "repeat", scale=0.3)
    both = [start(errand) for _ in range(2)]
    for process in both:
        process.join(60)
    assert [process.exitcode for process in both] == [0, 0]
    assert told(slack, agents.id) == texts("#agents")


MESSAGE = Letter("mail", "ana@team.example", NIGHT, (Post("Subject: The night\r\n\r\nTwo stories.\r\n"),), "", "Ana")


def mailing(folder: Path, server: MailServer) -> Round:
    sink = mail.open_sink(mail.Options("127.0.0.1", server.port, "desk@team.example", "none"))
    return round_of(folder, {"mail": sink}, sleep=lambda _seconds: None)


def test_mail_that_may_have_gone_is_not_sent_again_until_somebody_says_so(tmp_path: Path) -> None:
    with mail_server() as server:
        rounds = mailing(tmp_path, server)
        server.answers["END"] = ""
        assert row(rounds, MESSAGE).state == "unknown"
        del server.answers["END"]
        assert "--again" in row(rounds, MESSAGE).why
        assert len(server.mailbox) == 1
        with rounds.store.writing() as connection:
            assert outbox.send_again(connection, *NIGHTS) == 1
        assert row(rounds).state == "sent"
        rounds.store.close()
    assert len(server.mailbox) == 2


def test_mail_that_a_killed_process_was_sending_is_not_sent_again(tmp_path: Path) -> None:
    with mail_server() as server:
        rounds = mailing(tmp_path, server)
        with rounds.store.writing() as connection:
            outbox.keep_letter(connection, MESSAGE, rounds.clock())
            outbox.begin(connection, MESSAGE.post_key(0), rounds.clock())
        assert row(rounds).state == "unknown"
        rounds.store.close()
    assert not server.mailbox


def test_mail_that_was_refused_goes_out_later(tmp_path: Path) -> None:
    with mail_server() as server:
        rounds = mailing(tmp_path, server)
        server.answers["RCPT"] = "450 mailbox busy"
        only = row(rounds, MESSAGE)
        assert (only.state, "450" in only.why) == ("pending", True)
        server.answers.clear()
        assert row(rounds).state == "sent"
        rounds.store.close()
    assert len(server.mailbox) == 1


def test_a_feed_is_written_again_when_it_says_something_else(tmp_path: Path) -> None:
    rounds = round_of(tmp_path, {"atom": atom.open_sink(atom.Options(tmp_path))})
    file = tmp_path / "digests.xml"
    for text in ("<feed/>", "<feed>more</feed>"):
        feed = Letter("atom", file.name, NIGHT, (Post(text),))
        assert row(rounds, feed).state == "sent"
        assert file.read_text("utf-8") == text
    file.unlink()
    assert row(rounds, feed).state == "sent"
    assert not file.exists()
    rounds.store.close()


def test_the_outbox_says_what_may_have_arrived(rounds: Round) -> None:
    with rounds.store.writing() as connection:
        outbox.keep_letter(connection, letter("#agents", 2), rounds.clock())
        outbox.begin(connection, letter("#agents").post_key(0), rounds.clock())
        outbox.doubt(connection, letter("#agents").post_key(0))
    with rounds.store.reading() as connection:
        (only,) = outbox.rows_of(connection, *NIGHTS)
    assert only.state == "unknown"
    with rounds.store.writing() as connection:
        assert outbox.send_again(connection, *NIGHTS) == 1
