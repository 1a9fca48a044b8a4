"""From an HTTP answer to the error it means: one mapper for both protocols.

MiniMax writes its own code into ``base_resp`` under HTTP 200, into ``error.message`` as ``(1008)``, or both; other
hosts put an ``error`` under HTTP 200. Retry-After: RFC 9110, 10.2.3, counted from the answer's own ``Date``.
"""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from core.errors import ModelClosed, ModelError, ModelRefused, ModelThrottled, ModelUnreachable, NoBalance
from lm.wire import Reply, WireSettings

_NO_BALANCE = 1008
_SLOW_DOWN = frozenset({1002, 1039, 1041, 2045, 2056})
_PASSING = frozenset({1000, 1001, 1013, 1024, 1033})
_CODE = re.compile(r"\((\d{4})\)")
# Behind these a request may have been answered and paid, the answer being lost on the way.
_LOST = frozenset({502, 504, 524})
_ASK_AGAIN = frozenset({408, 409, 425})
# The host accepts neither key nor path; of 403 it may mean one request. 1004 and 2049 are MiniMax's own for the key.
_CLOSED = frozenset({401, 404, 1004, 2049})
_ADVICE = {
    400: "the request is not accepted; `nightdesk doctor --wire` tells which part",
    401: "set the key named by api_key_env",
    403: "set a key that may use this model",
    404: "check base_url and model",
    413: "the request is too long for this host",
    422: "the request is not accepted; `nightdesk doctor --wire` tells which part",
}


def failure_of(reply: Reply, settings: WireSettings) -> ModelError | None:
    """Return the error that an answer means, or None when it is one to be read."""
    body = _object(reply.body)
    told = _told(body)
    code, status = _code(body, told), _status(reply, body)
    what = settings.without_secret(f"{settings.host} answered {status}{f', code {code}' if code else ''}: {told[:300]}")
    if code == _NO_BALANCE or status == 402 or "insufficient_balance" in told or "insufficient balance" in told.lower():
        return NoBalance(f"{what} – the account is empty: top it up, or set another key")
    if status < 300 and not code:
        return None
    if status == 429 or code in _SLOW_DOWN:
        return ModelThrottled(what, wait=_wait(reply.headers))
    if status >= 500 or status in _ASK_AGAIN or code in _PASSING:
        return ModelUnreachable(what, wait=_wait(reply.headers), is_paid=status in _LOST)
    kind = ModelClosed if _CLOSED & {status, code} else ModelRefused
    return kind(f"{what} – {_ADVICE.get(status, 'check base_url, model and key')}")


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return {"error": {"message": body[:300].decode(errors="replace")}} if body[:1] != b"{" else {}
    return read if isinstance(read, dict) else {}


def _told(body: Mapping[str, Any]) -> str:
    """Return what a body says of an error, its type and words."""
    error, base = body.get("error"), body.get("base_resp")
    if isinstance(error, str):
        return error
    words = [error.get("type"), error.get("message")] if isinstance(error, dict) else [body.get("message")]
    if isinstance(base, dict) and not any(words):
        words = [base.get("status_msg")]
    return ": ".join(str(word) for word in words if word)


def _code(body: Mapping[str, Any], told: str) -> int:
    """Return the host's own code, 0 when all is well or none is given."""
    base = body.get("base_resp")
    if isinstance(base, dict) and (code := _number(base.get("status_code"))):
        return code
    written = _CODE.search(told) if body.get("error") else None
    return int(written[1]) if written else 0


def _status(reply: Reply, body: Mapping[str, Any]) -> int:
    """Return the status, or the one that an error under 200 names; such an error without one is the server's."""
    error = body.get("error")
    if reply.status >= 300 or not error or "choices" in body or "content" in body:
        return reply.status
    named = _number(error.get("code")) or _number(error.get("http_code")) if isinstance(error, dict) else 0
    return named if 400 <= named < 600 else 500


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else 0


def _wait(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that the host asks for, or None."""
    asked = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d+)?", asked):
        return float(asked)
    until, now = _date(asked), _date(headers.get("date", ""))
    if until is None:
        return None
    return max(0.0, (until - (now or datetime.now(until.tzinfo))).total_seconds())


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None
