"""One way to ask the web: conditional GET, with every failure a ``SourceError``.

Rules: RFC 9110 (validators, Retry-After) and the habits of good feed readers: validators are kept and replayed byte
for byte, a body that is known by its hash is not read again, ``Retry-After`` counts from the answer's own ``Date``.
"""

import hashlib
import re
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version
from threading import Lock

import httpx

from core.errors import Gone, SourceError, Throttled
from core.polls import Validators
from core.ports import Clock

_BUILD_DATE = re.compile(rb"<lastBuildDate>[^<]{0,80}</lastBuildDate>")
MAX_SECONDS = 120.0
MAX_BODY = 64 * 1024 * 1024
_TIMEOUT = httpx.Timeout(20.0, connect=10.0)
_MAX_REDIRECTS = 5
# One character a byte: an ETag may hold any byte above 0x7f (RFC 9110, 8.8.3) and goes back as it came.
_HEADER_ENCODING = "iso-8859-1"
# arXiv's terms: one request in three seconds, over all its services together (info.arxiv.org/help/api/tou.html).
_PAUSES = {"arxiv.org": 3.0}


@dataclass(frozen=True, slots=True)
class Document:
    """An answer to be read."""

    url: str
    content_type: str
    body: bytes
    validators: Validators


@dataclass(frozen=True, slots=True)
class Unmodified:
    """The answer is the one known already: ``by_server`` (304), or else by the hash of its body."""

    url: str
    by_server: bool
    validators: Validators


Answer = Document | Unmodified
Fetch = Callable[[str, Validators], Answer]


def open_client(contact: str, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """Return an HTTP client that says who it is; ``contact`` is an address or URL of the people who run it."""
    agent = f"nightdesk/{version('nightdesk')}" + (f" (+{contact})" if contact else "")
    return httpx.Client(
        headers={"user-agent": agent},
        timeout=_TIMEOUT,
        follow_redirects=True,
        max_redirects=_MAX_REDIRECTS,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        transport=transport,
    )


def fetcher(client: httpx.Client, clock: Clock) -> Fetch:
    """Return a function that fetches an address unless it is unchanged, raising SourceError for every failure."""

    def fetch(url: str, known: Validators) -> Answer:
        try:
            with client.stream("GET", url, headers=_conditional(known)) as response:
                return _answer(url, response, known, clock)
        except httpx.TimeoutException as error:
            raise SourceError(f"no answer in time from {_host(url)}") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceError(f"cannot fetch {url}: {error}") from error

    return fetch


def _host(url: str) -> str:
    try:
        return httpx.URL(url).host
    except httpx.InvalidURL:
        return url


def _conditional(known: Validators) -> dict[bytes, bytes]:
    headers = {b"if-none-match": known.etag, b"if-modified-since": known.last_modified}
    return {name: value.encode(_HEADER_ENCODING) for name, value in headers.items() if value}


def _answer(url: str, response: httpx.Response, known: Validators, clock: Clock) -> Answer:
    headers = response.headers
    headers.encoding = _HEADER_ENCODING
    if response.status_code == HTTPStatus.NOT_MODIFIED and _conditional(known):
        kept = Validators(
            headers.get("etag", known.etag), headers.get("last-modified", known.last_modified), known.body_hash
        )
        return Unmodified(url, by_server=True, validators=kept)
    _refuse_failure(response, clock)
    body = _read_capped(response)
    validators = Validators(headers.get("etag"), headers.get("last-modified"), body_hash(body))
    if validators.body_hash == known.body_hash:
        return Unmodified(url, by_server=False, validators=validators)
    return Document(url, headers.get("content-type", ""), body, validators)


def _refuse_failure(response: httpx.Response, clock: Clock) -> None:
    status = response.status_code
    if status == HTTPStatus.GONE:
        raise Gone("HTTP 410: the source has ended and is not asked again; remove it or give its new address")
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        until = retry_after(response.headers.get("retry-after"), response.headers.get("date"), clock())
        asked = f"asked to wait until {until:%Y-%m-%d %H:%M} UTC" if until else "no time to come back was named"
        raise Throttled(f"HTTP {status}: {asked}", until=until)
    if not response.is_success:
        raise SourceError(f"HTTP {status} {response.reason_phrase}".strip())


def _read_capped(response: httpx.Response) -> bytes:
    body, started = bytearray(), time.monotonic()
    for chunk in response.iter_bytes():
        body += chunk
        if time.monotonic() - started > MAX_SECONDS:
            raise SourceError(f"the answer takes longer than {MAX_SECONDS:.0f} s")
        if len(body) > MAX_BODY:
            raise SourceError(f"the answer is larger than {MAX_BODY // 2**20} MB")
    return bytes(body)


def body_hash(body: bytes) -> str:
    """Return the sha256 of a body, but for the time at which a feed was made: many are made anew every hour."""
    return hashlib.sha256(_BUILD_DATE.sub(b"", body, count=1)).hexdigest()


def retry_after(value: str | None, date: str | None, now: datetime) -> datetime | None:
    """Return the time that ``Retry-After`` names (RFC 9110, 10.2.3), or None when it names none.

    Seconds count from the answer's ``Date``, or from ``now`` where that is missing.
    """
    if value is None:
        return None
    if re.fullmatch(r"\d+", value.strip(), re.ASCII):
        seconds = min(int(value.strip()[:9]), 366 * 86400)
        return min(_http_date(date) or now, now + timedelta(days=366)) + timedelta(seconds=seconds)
    return _http_date(value)


def _http_date(value: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(value or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def polite(fetch: Fetch, monotonic: Callable[[], float], sleep: Callable[[float], None]) -> Fetch:
    """Return a fetch that asks each host one thing at a time, and arXiv's hosts at most once in three seconds."""
    queues: defaultdict[str, Lock] = defaultdict(Lock)
    last_asked: dict[str, float] = {}

    def ask(url: str, known: Validators) -> Answer:
        queue = _queue(url)
        with queues[queue]:
            pause = _PAUSES.get(queue, 0.0)
            sleep(max(0.0, last_asked.get(queue, -pause) + pause - monotonic()))
            try:
                return fetch(url, known)
            finally:
                last_asked[queue] = monotonic()

    return ask


def _queue(url: str) -> str:
    """Return the host to wait in line for; all of arXiv's are one."""
    host = _host(url)
    return next((known for known in _PAUSES if host == known or host.endswith(f".{known}")), host)
