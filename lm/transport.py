"""The HTTP client under both SDKs: says only what is meant for the host, and ends in time.

Both SDKs read headers from the environment and tell about the machine; and they time single reads, so that a byte every
few seconds would hold a call for ever.
"""

import time
from collections.abc import Iterator
from typing import Any

import httpx2

from lm.wire import Reply

_SAID = frozenset({
    "accept", "accept-encoding", "anthropic-version", "authorization", "connection", "content-length", "content-type",
    "host", "user-agent", "x-api-key",
})  # fmt: skip
_MOST_BYTES = 32 * 2**20
_CONNECT = 20.0


class _Timed(httpx2.SyncByteStream):
    """A body that must come whole in time and size."""

    def __init__(self, stream: httpx2.SyncByteStream, seconds: float) -> None:
        self._stream = stream
        self._deadline = time.monotonic() + seconds

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self._stream:
            size += len(chunk)
            if size > _MOST_BYTES:
                raise httpx2.ReadError("the answer is longer than 32 MB")
            if time.monotonic() > self._deadline:
                raise httpx2.ReadTimeout("the answer takes too long")
            yield chunk

    def close(self) -> None:
        self._stream.close()


def open_http() -> httpx2.Client:
    """Return a client whose bodies end in the request's time; redirects are not followed, so that keys stay."""
    return httpx2.Client(
        follow_redirects=False,
        limits=httpx2.Limits(max_connections=None, max_keepalive_connections=64),
        event_hooks={"request": [_keep_to_what_is_meant], "response": [_time_body]},
    )


def _keep_to_what_is_meant(request: httpx2.Request) -> None:
    said = {name: value for name, value in request.headers.items() if name in _SAID}
    request.headers = httpx2.Headers({**said, "user-agent": "nightdesk"})


def _time_body(response: httpx2.Response) -> None:
    seconds = response.request.extensions.get("timeout", {}).get("read")
    if seconds is not None and isinstance(response.stream, httpx2.SyncByteStream):
        response.stream = _Timed(response.stream, seconds)


def options_of(seconds: float) -> Any:
    """Return what the SDKs are told beside the body of a request."""
    timeout = httpx2.Timeout(seconds, connect=min(seconds, _CONNECT))
    return {"headers": {"content-type": "application/json"}, "timeout": timeout}


def reply_of(response: httpx2.Response) -> Reply:
    """Return what came, decompressed."""
    return Reply(response.status_code, dict(response.headers.items()), response.content)


def was_sent(error: BaseException | None) -> bool:
    """Tell whether a request that failed so may have reached the host, and so may have to be paid."""
    return not isinstance(error, (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout))


Response = httpx2.Response
"""What the SDKs are asked to give back: the answer untouched."""
