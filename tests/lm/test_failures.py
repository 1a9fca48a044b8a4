"""What answers mean that are none: one table for both protocols."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from core.errors import ModelClosed, ModelError, ModelRefused, ModelThrottled, ModelUnreachable, NoBalance, Passing
from lm.failures import failure_of
from lm.wire import Reply, WireSettings

SETTINGS = WireSettings("http://user:pa55@lantern.invalid/v1", "MiniMax-M2", "sk-secret")
BASE = {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}}
BALANCE = {"error": {"type": "insufficient_balance_error", "message": "insufficient balance (1008)"}}


def failure(status: int, body: Any = None, **headers: str) -> ModelError | None:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return failure_of(
        Reply(status, named, body if isinstance(body, bytes) else json.dumps(body or {}).encode()), SETTINGS
    )


@pytest.mark.parametrize("status", [200, 400, 402, 429, 500, 503])
@pytest.mark.parametrize(
    "body",
    [
        BALANCE,
        {"base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}},
        {"base_resp": {"status_code": "1008"}},
    ],
)
def test_no_balance_under_any_status(status: int, body: Any) -> None:
    assert type(failure(status, body)) is NoBalance


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, {"choices": []}, None),
        (200, {"choices": [], "base_resp": {"status_code": 0, "status_msg": "success"}}, None),
        (200, {"base_resp": {"status_code": 1002, "status_msg": "rate limit"}}, ModelThrottled),
        (200, {"base_resp": {"status_code": 1039, "status_msg": "token limit"}}, ModelThrottled),
        (200, {"base_resp": {"status_code": 1000, "status_msg": "unknown"}}, ModelUnreachable),
        (200, {"base_resp": {"status_code": 2013, "status_msg": "invalid params"}}, ModelRefused),
        (200, {"base_resp": {"status_code": 1004, "status_msg": "login fail"}}, ModelClosed),
        (200, {"error": {"code": 429, "message": "slow down"}}, ModelThrottled),
        (200, {"error": {"code": 502, "message": "provider"}}, ModelUnreachable),
        (200, {"error": "overloaded"}, ModelUnreachable),
        (200, {"choices": [], "error": None}, None),
        (200, b"<html>gateway</html>", ModelUnreachable),
        (400, {"error": {"message": "invalid params (2013)"}}, ModelRefused),
        (401, {}, ModelClosed),
        (402, {}, NoBalance),
        (403, {}, ModelRefused),
        (404, b"", ModelClosed),
        (307, {}, ModelRefused),
        (408, {}, ModelUnreachable),
        (429, {}, ModelThrottled),
        (429, b"not json", ModelThrottled),
        (500, {}, ModelUnreachable),
        (529, {"error": {"type": "overloaded_error"}}, ModelUnreachable),
    ],
)
def test_meaning_of_an_answer(status: int, body: Any, kind: type[ModelError] | None) -> None:
    found = failure(status, body)
    assert (type(found) if found else None) is kind


@pytest.mark.parametrize(("status", "is_paid"), [(500, False), (503, False), (502, True), (504, True), (524, True)])
def test_what_a_gateway_lost_may_be_paid(status: int, is_paid: bool) -> None:  # noqa: FBT001
    found = failure(status)
    assert isinstance(found, Passing)
    assert found.is_paid is is_paid


@pytest.mark.parametrize(
    ("after", "wait"), [("7", 7.0), ("0.5", 0.5), ("0", 0.0), ("soon", None), ("", None), ("-3", None), ("1e9", None)]
)
def test_retry_after_in_seconds(after: str, wait: float | None) -> None:
    found = failure(429, retry_after=after)
    assert isinstance(found, Passing)
    assert found.wait == wait


def test_retry_after_as_a_date_counts_from_the_answers_own_clock() -> None:
    now = datetime(2001, 1, 1, tzinfo=UTC)
    asked = {
        "date": format_datetime(now, usegmt=True),
        "retry_after": format_datetime(now + timedelta(seconds=42), usegmt=True),
    }
    found = failure(503, **asked)
    assert isinstance(found, Passing)
    assert found.wait == 42


def test_dates_that_have_passed_ask_for_no_wait() -> None:
    found = failure(429, retry_after=format_datetime(datetime(2001, 1, 1, tzinfo=UTC), usegmt=True))
    assert isinstance(found, Passing)
    assert found.wait == 0


def test_messages_hold_no_secret() -> None:
    found = failure(401, {"error": {"message": "invalid api key sk-secret"}})
    assert "sk-secret" not in str(found)
    assert "pa55" not in str(found)
    assert "sk-secret" not in repr(SETTINGS)
    assert "lantern.invalid" in str(found)
