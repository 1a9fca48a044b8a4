"""The loopback Slack refuses and forgets what the real one does: a test that passes against it says something."""

import logging
import time
from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from tests.servers.slack import (
    APP_TOKEN,
    BOT_TOKEN,
    FAILED,
    LOST,
    THROTTLED,
    Fault,
    Slack,
    Workspace,
    loopback_slack,
    once,
    problems,
)

QUIET = logging.getLogger("tests.slack")
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False


@pytest.fixture(scope="module")
def running() -> Iterator[Slack]:
    with loopback_slack(Workspace(second=0.0)) as slack:
        yield slack


@pytest.fixture
def slack(running: Slack) -> Slack:
    """The server, with a workspace of the test's own."""
    running.workspace, running.faults = Workspace(second=0.0), None
    running.calls.clear()
    return running


def client_of(slack: Slack, token: str = BOT_TOKEN) -> WebClient:
    return WebClient(token, base_url=slack.base_url, retry_handlers=[], timeout=5, logger=QUIET)


def refusal(slack: Slack, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        client_of(slack).api_call(method, json=arguments)
    return str(caught.value.response["error"])


def text(words: str, kind: str = "plain_text") -> dict[str, str]:
    return {"type": kind, "text": words}


def section(words: str) -> dict[str, Any]:
    return {"type": "section", "text": text(words)}


def button(words: str = "Useful", **more: object) -> dict[str, Any]:
    return {"type": "button", "text": text(words), "action_id": "useful", "value": "1", **more}


@pytest.mark.parametrize(
    "block",
    [
        section("x" * 3000),
        {"type": "header", "text": text("x" * 150)},
        {"type": "actions", "elements": [button(action_id=f"a{n}") for n in range(25)]},
        {"type": "context", "elements": [text("x", "mrkdwn")] * 10},
        {"type": "section", "fields": [text("x" * 2000)] * 10},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [text("x" * 9000, "text")]}]},
        {"type": "divider"},
    ],
)
def test_block_within_its_limit_is_accepted(block: dict[str, Any]) -> None:
    assert problems([block]) == []


@pytest.mark.parametrize(
    "block",
    [
        section("x" * 3001),
        section(""),
        {"type": "section"},
        {"type": "header", "text": text("x" * 151)},
        {"type": "header", "text": text("x", "mrkdwn")},
        {"type": "actions", "elements": [button(action_id=f"a{n}") for n in range(26)]},
        {"type": "actions", "elements": [button(), button()]},
        {"type": "actions", "elements": [button("x" * 76)]},
        {"type": "actions", "elements": [button(value="x" * 2001)]},
        {"type": "actions", "elements": [button(url="https://x.example/" + "x" * 3000)]},
        {"type": "actions", "elements": [button(url="javascript:alert(1)")]},
        {"type": "actions", "elements": [button(action_id="x" * 256)]},
        {"type": "context", "elements": [text("x", "mrkdwn")] * 11},
        {"type": "section", "fields": [text("x")] * 11},
        {"type": "section", "fields": [text("x" * 2001)]},
        {"type": "divider", "block_id": "x" * 256},
        {"type": "divider", "colour": "red"},
        {"type": "rich_text", "elements": [text("x", "text")]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [text("", "text")]}]},
        {"type": "banner"},
    ],
)
def test_block_beyond_its_limit_is_named(block: dict[str, Any]) -> None:
    assert problems([block])


def test_fifty_blocks_are_accepted_and_one_more_is_not() -> None:
    assert not problems([{"type": "divider"}] * 50)
    assert problems([{"type": "divider"}] * 51)
    assert problems([{"type": "divider", "block_id": "a"}] * 2)


def test_refused_blocks_come_back_with_reasons(slack: Slack) -> None:
    channel = slack.workspace.add_channel("agents")
    with pytest.raises(SlackApiError) as caught:
        client_of(slack).chat_postMessage(channel=channel.id, text="x", blocks=[section("x" * 3001)])
    assert caught.value.response["error"] == "invalid_blocks"
    assert "/0/text" in caught.value.response["response_metadata"]["messages"][0]
    assert refusal(slack, "chat.postMessage", channel=channel.id, text="x", blocks=[section("x" * 3000)] * 5) == (
        "msg_blocks_too_long"
    )
    assert not slack.messages(channel.id)


def test_channels_that_cannot_be_posted_to(slack: Slack) -> None:
    add = slack.workspace.add_channel
    cases = {
        add("old", is_archived=True).id: "is_archived",
        add("far", is_member=False).id: "not_in_channel",
        add("secret", is_private=True, is_member=False).id: "channel_not_found",
        "C0NOWHERE": "channel_not_found",
    }
    assert {named: refusal(slack, "chat.postMessage", channel=named, text="x") for named in cases} == cases


def test_a_token_and_scope_that_do_not_fit(slack: Slack) -> None:
    channel = slack.workspace.add_channel("agents").id
    slack.workspace.scopes = ("channels:read",)
    assert refusal(slack, "chat.postMessage", channel=channel, text="x") == "missing_scope"
    assert refusal(slack, "conversations.history", channel=channel) == "missing_scope"
    with pytest.raises(SlackApiError, match="invalid_auth"):
        client_of(slack, "xoxb-other").auth_test()
    with pytest.raises(SlackApiError, match="not_allowed_token_type"):
        client_of(slack).apps_connections_open(app_token=BOT_TOKEN)


def test_a_second_message_within_the_second_is_throttled(slack: Slack) -> None:
    slack.workspace.second = 30.0
    one, other = slack.workspace.add_channel("one").id, slack.workspace.add_channel("other").id
    client = client_of(slack)
    client.chat_postMessage(channel=one, text="x")
    client.chat_postMessage(channel=other, text="x")
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=one, text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "1")
    assert len(slack.messages(one)) == 1


def test_history_pages_from_the_newest_and_keeps_replies_apart(slack: Slack) -> None:
    channel, client = slack.workspace.add_channel("agents").id, client_of(slack)
    metadata = {"event_type": "told", "event_payload": {"key": "k"}}
    posted = [client.chat_postMessage(channel=channel, text=f"{n}", metadata=metadata)["ts"] for n in range(5)]
    client.chat_postMessage(channel=channel, text="reply", thread_ts=posted[0], metadata=metadata)
    pages = client.conversations_history(channel=channel, limit=2, include_all_metadata=True)
    told = [[(one["text"], one["metadata"]) for one in page["messages"]] for page in pages]
    assert told == [[(f"{n}", metadata) for n in page] for page in ((4, 3), (2, 1), (0,))]
    plain = client.conversations_history(channel=channel, limit=1)["messages"][0]
    assert plain["metadata"] == {"event_type": "told"}
    thread = client.conversations_replies(channel=channel, ts=posted[0], include_all_metadata=True)["messages"]
    assert [one["text"] for one in thread] == ["0", "reply"]
    since = client.conversations_history(channel=channel, oldest=posted[2])["messages"]
    assert [one["text"] for one in since] == ["4", "3"]


def test_metadata_must_have_its_form(slack: Slack) -> None:
    channel = slack.workspace.add_channel("agents").id
    for metadata, error in (
        ("key", "invalid_metadata_format"),
        ({"event_type": "a b", "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "told"}, "invalid_metadata_schema"),
        ({"event_type": "told", "event_payload": {"key": "x" * 9000}}, "metadata_too_large"),
    ):
        assert refusal(slack, "chat.postMessage", channel=channel, text="x", metadata=metadata) == error


def test_a_lost_answer_was_accepted_and_a_failure_was_not(slack: Slack) -> None:
    channel, client = slack.workspace.add_channel("agents").id, client_of(slack)
    slack.faults = once("chat.postMessage", LOST, FAILED, THROTTLED, Fault("after", delay=0.05))
    for _ in range(4):
        with pytest.raises(Exception):  # noqa: B017, PT011 - what the SDK raises differs by fault; here only that it does
            client.chat_postMessage(channel=channel, text="x")
    assert len(slack.messages(channel)) == 1
    until = time.monotonic() + 5
    while len(slack.messages(channel)) < 2 and time.monotonic() < until:
        time.sleep(0.01)
    assert len(slack.messages(channel)) == 2


@pytest.mark.parametrize("length", [0, 1, 17, 60, 90, 150, 10_000])
def test_an_answer_cut_at_any_byte_is_never_taken_for_one(slack: Slack, length: int) -> None:
    channel = slack.workspace.add_channel("agents").id
    slack.faults = once("chat.postMessage", Fault("before", cut=length))
    with pytest.raises(Exception):  # noqa: B017, PT011 - as above
        client_of(slack).chat_postMessage(channel=channel, text="x")
    assert len(slack.messages(channel)) == 1


def test_a_person_is_found_and_written_to(slack: Slack) -> None:
    ana, client = slack.workspace.add_member("ana", "ana@team.example"), client_of(slack)
    assert client.users_lookupByEmail(email="ana@team.example")["user"]["id"] == ana.id
    direct = client.conversations_open(users=ana.id)["channel"]["id"]
    assert client.chat_postMessage(channel=ana.id, text="x")["channel"] == direct
    assert refusal(slack, "users.lookupByEmail", email="bo@team.example") == "users_not_found"
    assert refusal(slack, "conversations.open", users="U0NOBODY") == "user_not_found"


def test_clicks_reactions_and_commands_travel_over_the_socket(slack: Slack) -> None:
    channel, ana, client = slack.workspace.add_channel("agents").id, slack.workspace.add_member("ana"), client_of(slack)
    ts = client.chat_postMessage(
        channel=channel, text="x", blocks=[{"type": "actions", "block_id": "b", "elements": [button()]}]
    )["ts"]
    heard: Queue[SocketModeRequest] = Queue()

    def listen(listener: BaseSocketModeClient, request: SocketModeRequest) -> None:
        heard.put(request)
        listener.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    slack.press(ana.id, (channel, ts), "useful")
    socket = SocketModeClient(APP_TOKEN, logger=QUIET, web_client=client)
    socket.socket_mode_request_listeners.append(listen)
    socket.connect()
    try:
        assert heard.get(timeout=5).payload["actions"][0]["value"] == "1"
        reaction = slack.react(ana.id, (channel, ts), "+1")
        assert heard.get(timeout=5).payload["event"]["reaction"] == "+1"
        assert slack.command(ana.id, channel, "search agents").payload["text"] == "search agents"
        assert heard.get(timeout=5).type == "slash_commands"
        until = time.monotonic() + 5
        while reaction.seconds is None and time.monotonic() < until:
            time.sleep(0.01)
        assert reaction.seconds is not None
    finally:
        socket.close()
    with pytest.raises(LookupError):
        slack.press(ana.id, (channel, ts), "other")
