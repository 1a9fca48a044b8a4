"""Payloads as Slack documents them become events; what is no such payload is refused with its place."""

from typing import Any

import pytest

from digests.slack_events import Pressed, Reacted, Typed, event_of

PRESS: dict[str, Any] = {
    "type": "block_actions",
    "user": {"id": "U0ANA"},
    "container": {"type": "message", "message_ts": "1900000000.000100", "channel_id": "C0PLAN"},
    "message": {"thread_ts": "1900000000.000001"},
    "response_url": "https://hooks.slack.example/actions/1",
    "actions": [{"action_id": "useful", "block_id": "story-1", "action_ts": "1900000001.25"}],
}
REACTION: dict[str, Any] = {
    "type": "reaction_added",
    "user": "U0ANA",
    "reaction": "+1",
    "item": {"type": "message", "channel": "C0PLAN", "ts": "1900000000.000100"},
    "event_ts": "1900000002.000003",
}
TYPED = {"user_id": "U0ANA", "text": "help", "response_url": "https://hooks.slack.example/commands/1"}


def test_press_tells_who_where_when_and_what() -> None:
    where = ("U0ANA", "C0PLAN", "1900000000.000100", 1_900_000_001_250_000)
    told = (PRESS["actions"][0], PRESS["response_url"], "1900000000.000001")
    assert event_of("interactive", PRESS) == Pressed(*where, *told)


@pytest.mark.parametrize("kind", ["reaction_added", "reaction_removed"])
def test_reaction_is_put_or_taken_away(kind: str) -> None:
    is_added = kind == "reaction_added"
    where = ("U0ANA", "C0PLAN", "1900000000.000100", 1_900_000_002_000_003)
    assert event_of("events_api", {"event": REACTION | {"type": kind}}) == Reacted(*where, "+1", is_added)


def test_command_tells_who_typed_what() -> None:
    assert event_of("slash_commands", TYPED) == Typed("U0ANA", "help", TYPED["response_url"])


@pytest.mark.parametrize(
    ("kind", "payload"),
    [
        ("interactive", {"type": "view_submission"}),
        ("events_api", {"event": {"type": "app_mention"}}),
        ("events_api", {"event": REACTION | {"item": {"type": "file", "file": "F0"}}}),
        ("hello", {}),
    ],
)
def test_what_is_not_heard_is_no_event(kind: str, payload: dict[str, Any]) -> None:
    assert event_of(kind, payload) is None


@pytest.mark.parametrize(
    ("kind", "payload", "place"),
    [
        ("interactive", PRESS | {"actions": []}, "actions"),
        ("interactive", PRESS | {"user": {"id": "<@U0>"}}, "user.id"),
        ("interactive", PRESS | {"response_url": "file:///etc/passwd"}, "response_url"),
        ("interactive", PRESS | {"actions": [{"action_id": "useful"}]}, "action_ts"),
        ("events_api", {"event": REACTION | {"event_ts": "soon"}}, "event_ts"),
        ("events_api", {"event": REACTION | {"item": {"type": "message"}}}, "channel"),
        ("events_api", {"event": "none"}, "event"),
        ("slash_commands", {"text": "help"}, "user_id"),
    ],
)
def test_payload_in_another_form_is_refused(kind: str, payload: dict[str, Any], place: str) -> None:
    with pytest.raises(ValueError, match=place):
        event_of(kind, payload)
