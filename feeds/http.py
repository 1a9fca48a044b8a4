"""One way to ask the web: conditional GET, with every failure a ``SourceError``.

Rules: RFC 9110 (validators, Retry-After, redirects), RFC 9111 (freshness) and the habits of good feed readers:
validators are kept and replayed byte for byte, a body that is known by its hash is not read again, ``Retry-After``
counts from the answer's own ``Date``.
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.metadata import version

import httpx

from core.errors import Gone, SourceError, Throttled, Unreachable
from core.polls import Validators
from core.ports import Clock
from feeds.answer import Answer, Document, Fetch, Unmodified
from feeds.body import ENCODINGS, read_body
from feeds.guard import RefusedAddress, guarded_transport, is_out_of_time, within

MAX_SECONDS = 120.0
_BUILD_DATE = re.compile(rb"<lastBuildDate>[^<]{0,80}</lastBuildDate>")
_TIMEOUT = httpx.Timeout(20.0, connect=10.0)
_MAX_REDIRECTS = 5
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE | re.ASCII)
_DAY = timedelta(days=1)
# One character a byte: an ETag may hold any byte above 0x7f (RFC 9110, 8.8.3) and goes back as it came.
_HEADER_ENCODING = "iso-8859-1"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MOVED = frozenset({301, 308})
_PASSING = frozenset({500, 502, 504})


Turn = Callable[[str], AbstractContextManager[None]]
"""Waits until an address may be asked, and holds its host while it is; may refuse with Throttled."""


@dataclass(frozen=True, slots=True)
class _Landing:
    """Where redirects led to, and whether every one on the way was for good."""

    asked: str
    url: str
    moved_to: str | None


def open_client(contact: str, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """Return an HTTP client that says who it is; ``contact`` is an address or URL of the people who run it."""
    agent = f"nightdesk/{version('nightdesk')}" + (f" (+{contact})" if contact else "")
    return httpx.Client(
        headers={"user-agent": agent, "accept-encoding": ENCODINGS},
        timeout=_TIMEOUT,
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
        transport=transport or guarded_transport(),
    )


def fetcher(
    client: httpx.Client,
    clock: Clock,
    turn: Turn = lambda _: nullcontext(),
    headers_of: Callable[[str], Mapping[str, str]] = lambda _: {},
) -> Fetch:
    """Return a function that fetches an address unless it is unchanged, raising SourceError for every failure.

    ``turn`` is taken for every address on the way, each redirect's included, and ``headers_of`` asked for each what to
    send along.
    """

    def fetch(url: str, known: Validators) -> Answer:
        with _errors_told(url):
            return _followed(url, known)

    def _followed(url: str, known: Validators) -> Answer:
        at, for_good, seen = url, True, set[str]()
        while at not in seen and len(seen) <= _MAX_REDIRECTS:
            seen.add(at)
            landing = _Landing(url, at, at if for_good and at != url else None)
            headers = {name.encode(): value.encode() for name, value in headers_of(at).items()}
            headers |= _conditional(known, url, at)
            # The time in line is the host's other sources', and is not counted.
            asking = client.stream("GET", at, headers=headers)
            with turn(at), within(MAX_SECONDS), _errors_told(url), asking as response:
                if not (response.status_code in _REDIRECTS and "location" in response.headers):
                    return _answer(landing, response, known, clock)
                for_good = for_good and response.status_code in _MOVED
                at = _target(response)
        raise SourceError(f"cannot fetch {url}: it redirects {'in a circle' if at in seen else 'too often'}")

    return fetch


def _target(response: httpx.Response) -> str:
    target = response.url.join(response.headers["location"])
    if target.scheme not in ("http", "https") or not target.host:
        raise SourceError(f"cannot fetch {response.url}: it redirects to {target}, which is no web address")
    return str(target)


@contextmanager
def _errors_told(url: str) -> Iterator[None]:
    """Turn what httpx and httpcore raise into SourceError; what may pass by itself is Unreachable."""
    try:
        yield
    except httpx.TimeoutException as error:
        if is_out_of_time():
            raise SourceError(f"{host_of(url)} takes longer than {MAX_SECONDS:.0f} s to answer") from error
        raise Unreachable(f"no answer in time from {host_of(url)}") from error
    except httpx.LocalProtocolError as error:
        # Its text may quote a header, and a header may be a secret.
        raise SourceError(f"cannot fetch {url}: a header or the address cannot be sent as it is") from error
    except httpx.TransportError as error:
        if isinstance(error.__cause__, RefusedAddress):
            raise SourceError(f"refused to connect: {error}") from error
        raise _connection_error(error)(f"cannot fetch {url}: {error}") from error
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, OSError) as error:
        raise SourceError(f"cannot fetch {url}: {error}") from error


def _connection_error(error: httpx.TransportError) -> type[SourceError]:
    return Unreachable if isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError) else SourceError


def host_of(url: str) -> str:
    """Return the host of an address in lower case, or the address itself where it has none."""
    try:
        return httpx.URL(url).host.lower().rstrip(".") or url
    except httpx.InvalidURL:
        return url


def _conditional(known: Validators, url: str, at: str) -> dict[bytes, bytes]:
    """Return the conditions of a request: validators say nothing of any address but the one that gave them."""
    if (known.url or url) != at:
        return {}
    headers = {b"if-none-match": known.etag, b"if-modified-since": known.last_modified}
    return {name: value.encode(_HEADER_ENCODING) for name, value in headers.items() if value}


def _answer(landing: _Landing, response: httpx.Response, known: Validators, clock: Clock) -> Answer:
    headers = response.headers
    headers.encoding = _HEADER_ENCODING
    url, moved_to, fresh_for = landing.url, landing.moved_to, freshness(headers)
    if response.status_code == HTTPStatus.NOT_MODIFIED and _is_conditional(response):
        kept = replace(
            known,
            etag=headers.get("etag", known.etag),
            last_modified=headers.get("last-modified", known.last_modified),
        )
        return Unmodified(url, by_server=True, validators=kept, moved_to=moved_to, fresh_for=fresh_for)
    _refuse_failure(response, clock)
    body = read_body(response)
    given_by = url if url != landing.asked else None
    validators = Validators(headers.get("etag"), headers.get("last-modified"), body_hash(body), given_by)
    if validators.body_hash == known.body_hash:
        return Unmodified(url, by_server=False, validators=validators, moved_to=moved_to, fresh_for=fresh_for)
    return Document(url, headers.get("content-type", ""), body, validators, moved_to, fresh_for)


def _is_conditional(response: httpx.Response) -> bool:
    sent = response.request.headers
    return "if-none-match" in sent or "if-modified-since" in sent


def _refuse_failure(response: httpx.Response, clock: Clock) -> None:
    status = response.status_code
    if status == HTTPStatus.GONE:
        raise Gone("HTTP 410: the source has ended and is not asked again; remove it or give its new address")
    if status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        until = retry_after(response.headers.get("retry-after"), response.headers.get("date"), clock())
        asked = f"asked to wait until {until:%Y-%m-%d %H:%M} UTC" if until else "no time to come back was named"
        raise Throttled(f"HTTP {status}: {asked}", until=until)
    if not response.is_success:
        error = Unreachable if status in _PASSING else SourceError
        raise error(f"HTTP {status} {response.reason_phrase}".strip())


def body_hash(body: bytes) -> str:
    """Return the sha256 of a body, but for the time at which a feed was made: many are made anew every hour."""
    return hashlib.sha256(_BUILD_DATE.sub(b"", body, count=1)).hexdigest()


def freshness(headers: Mapping[str, str]) -> timedelta:
    """Return how long an answer is good, a day at most: ``max-age``, else ``Expires`` less ``Date``.

    Source: RFC 9111, 4.2.1.
    """
    if match := _MAX_AGE.search(headers.get("cache-control", "")):
        return min(timedelta(seconds=int(match[1])), _DAY)
    expires, date = _http_date(headers.get("expires")), _http_date(headers.get("date"))
    return min(max(expires - date, timedelta(0)), _DAY) if expires and date else timedelta(0)


def retry_after(value: str | None, date: str | None, now: datetime) -> datetime | None:
    """Return the time that ``Retry-After`` names (RFC 9110, 10.2.3), or None when it names none.

    Seconds count from the answer's ``Date``, or from ``now`` where that is missing.
    """
    if value is None:
        return None
    if re.fullmatch(r"\d+", value.strip(), re.ASCII):
        seconds = min(int(value.strip()[:9]), 366 * 86400)
        return min(_http_date(date) or now, now + timedelta(days=366)) + timedelta(seconds=seconds)
    named = _http_date(value)
    return min(named, now + timedelta(days=366)) if named else None


def _http_date(value: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(value or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
