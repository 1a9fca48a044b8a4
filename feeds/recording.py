"""Recordings: what each source answered on one night, kept in a folder and replayed in place of the network.

``recording.jsonl`` holds one JSON object a line: ``method``, ``url``, ``status``, ``headers`` (lower-case names) and
``file`` (the body, relative to the folder). The second module that imports httpx: both sides are its transports.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from threading import Lock
from typing import Any

import httpx

from core.errors import RecordingError
from feeds.body import read_body

INDEX = "recording.jsonl"
# One character a byte, so that an ETag comes back as it was.
_HEADER_ENCODING = "iso-8859-1"
# The recorded body is the decoded one; cookies are nobody's business.
_UNRECORDED_HEADERS = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie"})


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """One line of a recording."""

    status: int
    headers: httpx.Headers
    file: Path


class ReplayTransport(httpx.BaseTransport):
    """Answers from a recording; an address that is not in it is an error, never a call to the network."""

    def __init__(self, folder: Path) -> None:
        """Read the folder's index.

        Raises RecordingError when the folder is no recording, naming the file and line.
        """
        self._answers = dict(_read_index(folder))
        self.time = max((date for answer in self._answers.values() if (date := _date(answer))), default=None)
        """When the last answer was recorded, from its ``Date``; None when no answer has one."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the recorded answer, or 304 where the request's ``If-None-Match`` equals its etag."""
        answer = self._answers.get((request.method, str(request.url)))
        if answer is None:
            raise httpx.UnsupportedProtocol(f"the recording holds no answer for it ({request.method})")
        etag = answer.headers.get("etag")
        request.headers.encoding = _HEADER_ENCODING
        if etag and request.headers.get("if-none-match") == etag:
            return httpx.Response(304, headers=answer.headers)
        body = httpx.ByteStream(answer.file.read_bytes())
        return httpx.Response(answer.status, headers=answer.headers, stream=body)


def _read_index(folder: Path) -> Iterator[tuple[tuple[str, str], RecordedAnswer]]:
    index = folder / INDEX
    try:
        lines = index.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise RecordingError(f"{folder} is not a recording: cannot read {index.name} ({error})") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield _read_line(folder, json.loads(line))
            except (ValueError, KeyError, TypeError, AttributeError, httpx.InvalidURL) as error:
                raise RecordingError(f"{index}, line {number}: {_what_is_wrong(error)}") from error


def _read_line(folder: Path, line: dict[str, Any]) -> tuple[tuple[str, str], RecordedAnswer]:
    headers = {str(k).lower(): str(v) for k, v in line["headers"].items()}
    recorded = {name: value for name, value in headers.items() if name not in _UNRECORDED_HEADERS}
    kept = httpx.Headers(recorded, encoding=_HEADER_ENCODING)
    file = folder / line["file"]
    if not file.is_file():
        raise ValueError(f"the body {line['file']} is missing")
    status = int(line["status"])
    if not 100 <= status <= 599:
        raise ValueError(f"{status} is no HTTP status")
    return (str(line["method"]), str(httpx.URL(line["url"]))), RecordedAnswer(status, kept, file)


def _what_is_wrong(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON ({error})"
    if isinstance(error, KeyError):
        return f"the key {error} is missing"
    if isinstance(error, ValueError | httpx.InvalidURL):
        return str(error)
    return "not an object with method, url, status, headers and file"


def _date(answer: RecordedAnswer) -> datetime | None:
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


class RecordTransport(httpx.BaseTransport):
    """Passes requests on and keeps every answer in a folder, a line at once, so that nothing is lost on a stop."""

    def __init__(self, folder: Path, onward: httpx.BaseTransport) -> None:
        """Make the folder ready; ``onward`` carries the requests.

        Raises RecordingError when it holds a recording already or cannot be written.
        """
        self._onward = onward
        self._folder = folder
        self._lock = Lock()
        if (folder / INDEX).exists():
            raise RecordingError(f"{folder} holds a recording already: name a new folder")
        try:
            (folder / "bodies").mkdir(parents=True, exist_ok=True)
            (folder / INDEX).touch()
        except OSError as error:
            raise RecordingError(f"cannot write a recording to {folder}: {error.strerror}") from error

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on, record the answer and return it."""
        response = self._onward.handle_request(request)
        try:
            body = read_body(response)
        finally:
            response.close()
        response.headers.encoding = _HEADER_ENCODING
        self._keep(request, response, body)
        headers = [(k, v) for k, v in response.headers.raw if k.decode().lower() not in _UNRECORDED_HEADERS]
        return httpx.Response(response.status_code, headers=headers, stream=httpx.ByteStream(body))

    def _keep(self, request: httpx.Request, response: httpx.Response, body: bytes) -> None:
        file = f"bodies/{_file_name(str(request.url))}"
        headers = {k: v for k, v in response.headers.items() if k not in _UNRECORDED_HEADERS}
        line = {"method": request.method, "url": str(request.url), "status": response.status_code}
        line |= {"headers": headers, "file": file}
        with self._lock:
            (self._folder / file).write_bytes(body)
            with (self._folder / INDEX).open("a", encoding="utf-8") as index:
                index.write(json.dumps(line, ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Close the transport behind this one."""
        self._onward.close()


def _file_name(url: str) -> str:
    readable = re.sub(r"[^A-Za-z0-9.]+", "_", url.split("//", 1)[-1]).strip("_")[:80]
    return f"{readable}-{hashlib.sha256(url.encode()).hexdigest()[:8]}"
