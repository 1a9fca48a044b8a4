import gzip
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import httpx
import pytest

from core.errors import Gone, SourceError, Throttled, Unreachable
from core.polls import Validators
from feeds import body, http
from feeds.answer import Document, Fetch, Unmodified
from feeds.http import fetcher, freshness, open_client, retry_after
from tests.feeds.desk import NOW
from tests.servers.raw import dripping, open_raw
from tests.servers.web import Scripted, Web

BODY = b"<rss version='2.0'><lastBuildDate>Fri, 14 Mar 2031 05:00:00 GMT</lastBuildDate></rss>"
REBUILT = BODY.replace(b"05:00:00", b"06:00:00")


def fetched(fetch: Fetch, url: str, known: Validators | None = None) -> Document:
    answer = fetch(url, known or Validators())
    assert isinstance(answer, Document)
    return answer


def test_document_holds_body_type_and_address(web: Web, fetch: Fetch) -> None:
    url = web.says("/feed", BODY, content_type="application/rss+xml")
    answer = fetched(fetch, url)
    assert (answer.url, answer.content_type, answer.body) == (url, "application/rss+xml", BODY)


ETAGS = ('"plain"', '"\xc3\xa9"', 'W/"weak"', '"with \\ and , inside"', '"caf\xe9 \xff"', "unquoted", '""')


@pytest.mark.parametrize("etag", ETAGS)
def test_etag_is_replayed_byte_exact(web: Web, fetch: Fetch, etag: str) -> None:
    url = web.says("/feed", BODY, etag=etag)
    known = fetched(fetch, url).validators
    answer = fetch(url, known)
    assert web.asked[-1].headers["If-None-Match"] == etag
    assert isinstance(answer, Unmodified)
    assert answer.by_server
    assert answer.validators == known


@pytest.mark.parametrize("date", ["Thu, 13 Mar 2031 04:05:06 GMT", "thursday, 13-mar-31 04:05:06 gmt", "yesterday"])
def test_last_modified_is_replayed_byte_exact(web: Web, fetch: Fetch, date: str) -> None:
    url = web.says("/feed", BODY, last_modified=date)
    answer = fetch(url, fetched(fetch, url).validators)
    assert web.asked[-1].headers["If-Modified-Since"] == date
    assert isinstance(answer, Unmodified)


def test_no_condition_is_sent_without_validators(web: Web, fetch: Fetch) -> None:
    url = web.says("/feed", BODY)
    fetch(url, fetched(fetch, url).validators)
    assert not {"If-None-Match", "If-Modified-Since"} & set(web.asked[-1].headers)


def test_304_refreshes_validators(web: Web, fetch: Fetch) -> None:
    url = web.says("/feed", b"", 304, etag='"new"', last_modified="Fri, 14 Mar 2031 00:00:00 GMT")
    answer = fetch(url, Validators('"old"', "Thu, 13 Mar 2031 00:00:00 GMT", "hash"))
    assert answer == Unmodified(
        url, by_server=True, validators=Validators('"new"', "Fri, 14 Mar 2031 00:00:00 GMT", "hash")
    )


def test_304_without_validators_keeps_the_known_ones(web: Web, fetch: Fetch) -> None:
    known = Validators('"old"', "Thu, 13 Mar 2031 00:00:00 GMT", "hash")
    assert fetch(web.says("/feed", b"", 304), known).validators == known


def test_304_to_an_unconditional_request_is_a_failure(web: Web, fetch: Fetch) -> None:
    with pytest.raises(SourceError, match="HTTP 304"):
        fetch(web.says("/feed", b"", 304), Validators())


@pytest.mark.parametrize("again", [BODY, REBUILT])
def test_same_body_is_unmodified_by_hash(web: Web, fetch: Fetch, again: bytes) -> None:
    known = fetched(fetch, web.says("/feed", BODY, etag='"1"')).validators
    answer = fetch(web.says("/feed", again, etag='"2"'), known)
    assert isinstance(answer, Unmodified)
    assert not answer.by_server
    assert answer.validators.etag == '"2"'


def test_changed_body_is_a_document(web: Web, fetch: Fetch) -> None:
    known = fetched(fetch, web.says("/feed", BODY)).validators
    assert fetched(fetch, web.says("/feed", BODY + b" "), known).body == BODY + b" "


def test_410_is_gone(web: Web, fetch: Fetch) -> None:
    with pytest.raises(Gone, match="410"):
        fetch(web.says("/feed", b"", 410), Validators())


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_seconds_count_from_the_answers_date(web: Web, fetch: Fetch, status: int) -> None:
    url = web.says("/feed", b"", status, retry_after="3600", date="Fri, 14 Mar 2031 05:30:00 GMT")
    with pytest.raises(Throttled, match=f"HTTP {status}.*2031-03-14 06:30 UTC") as caught:
        fetch(url, Validators())
    assert caught.value.until == datetime(2031, 3, 14, 6, 30, tzinfo=UTC)


def test_retry_after_seconds_count_from_now_without_a_date(web: Web, fetch: Fetch) -> None:
    with pytest.raises(Throttled) as caught:
        fetch(web.says("/feed", b"", 429, retry_after="90"), Validators())
    assert caught.value.until == NOW + timedelta(seconds=90)


def test_retry_after_http_date(web: Web, fetch: Fetch) -> None:
    with pytest.raises(Throttled) as caught:
        fetch(web.says("/feed", b"", 503, retry_after="Sat, 15 Mar 2031 01:02:03 GMT"), Validators())
    assert caught.value.until == datetime(2031, 3, 15, 1, 2, 3, tzinfo=UTC)


def test_throttled_without_retry_after_names_no_time(web: Web, fetch: Fetch) -> None:
    with pytest.raises(Throttled, match="no time") as caught:
        fetch(web.says("/feed", b"", 429), Validators())
    assert caught.value.until is None


@pytest.mark.parametrize(
    "value", ["", "-5", "soon", "\xb2", "1.5", "Fri, 31 Foo 2031", "Fri, 31 Dec 9999 23:00:00 -1400"]
)
def test_retry_after_nonsense_names_no_time(value: str) -> None:
    assert retry_after(value, None, NOW) is None


@pytest.mark.parametrize("date", [None, "Fri, 31 Dec 9999 23:59:30 GMT", "nonsense"])
def test_retry_after_is_capped(date: str | None) -> None:
    until = retry_after("9" * 5000, date, NOW)
    assert until is not None
    assert until <= NOW + timedelta(days=2 * 366)


OTHERS = [(404, "HTTP 404 Not Found", SourceError), (403, "403", SourceError), (501, "501", SourceError)]
OTHERS += [(500, "HTTP 500 Internal", Unreachable), (502, "502", Unreachable), (504, "504", Unreachable)]


@pytest.mark.parametrize(("status", "why", "kind"), OTHERS)
def test_other_statuses_fail_with_their_name(web: Web, fetch: Fetch, status: int, why: str, kind: type) -> None:
    with pytest.raises(SourceError, match=why) as caught:
        fetch(web.says("/feed", b"body", status), Validators())
    assert type(caught.value) is kind


def test_timeout_fails(web: Web, fetch: Fetch, client: httpx.Client) -> None:
    web.answers["/slow"] = Scripted(BODY, delay=0.6)
    client.timeout = httpx.Timeout(0.1)
    with pytest.raises(SourceError, match=r"no answer in time from 127\.0\.0\.1"):
        fetch(web.url("/slow"), Validators())


def test_connection_refused_fails(fetch: Fetch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/feed"
        with pytest.raises(SourceError, match="cannot fetch http://127"):
            fetch(url, Validators())


def test_cut_connection_fails(web: Web, fetch: Fetch) -> None:
    web.answers["/cut"] = Scripted(BODY, cut=True)
    with pytest.raises(SourceError, match="cannot fetch"):
        fetch(web.url("/cut"), Validators())


@pytest.mark.parametrize("url", ["http://[bad", "", "ftp://lantern.example/feed", "https://\x00/", "nonsense"])
def test_impossible_address_fails(fetch: Fetch, url: str) -> None:
    with pytest.raises(SourceError, match="cannot fetch"):
        fetch(url, Validators())


def test_body_at_the_cap_is_read(web: Web, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "MAX_BODY", len(BODY))
    assert fetched(fetch, web.says("/feed", BODY)).body == BODY


def test_body_over_the_cap_fails(web: Web, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "MAX_BODY", len(BODY) - 1)
    with pytest.raises(SourceError, match="larger than"):
        fetch(web.says("/feed", BODY), Validators())


def test_decompressed_body_over_the_cap_fails(web: Web, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body, "MAX_BODY", 5000)
    url = web.says("/feed", gzip.compress(bytes(50_000)), content_encoding="gzip")
    with pytest.raises(SourceError, match="larger than"):
        fetch(url, Validators())


def test_gzip_is_read(web: Web, fetch: Fetch) -> None:
    url = web.says("/feed", gzip.compress(BODY), content_encoding="gzip")
    assert fetched(fetch, url).body == BODY
    assert "gzip" in web.asked[-1].headers["Accept-Encoding"]


def test_broken_gzip_fails(web: Web, fetch: Fetch) -> None:
    with pytest.raises(SourceError, match="not the gzip it says"):
        fetch(web.says("/feed", b"not gzip at all", content_encoding="gzip"), Validators())


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_followed(web: Web, fetch: Fetch, status: int) -> None:
    web.says("/new", BODY)
    assert fetched(fetch, web.says("/old", b"", status, location="/new")).body == BODY


def test_redirect_loop_fails(web: Web, fetch: Fetch) -> None:
    with pytest.raises(SourceError, match="cannot fetch"):
        fetch(web.says("/loop", b"", 302, location="/loop"), Validators())
    assert len(web.asked) <= 7


def test_document_says_where_it_came_from(web: Web, fetch: Fetch) -> None:
    new = web.says("/new", BODY)
    answer = fetched(fetch, web.says("/old", b"", 302, location="/new"))
    assert (answer.url, answer.moved_to) == (new, None)


@pytest.mark.parametrize(
    ("first", "second", "moved"),
    [(301, 308, True), (308, 301, True), (301, 302, False), (302, 301, False), (307, 308, False)],
)
def test_moved_for_good_only_when_every_step_is(
    web: Web, fetch: Fetch, first: int, second: int, *, moved: bool
) -> None:
    new = web.says("/new", BODY)
    web.says("/between", b"", second, location="/new")
    answer = fetched(fetch, web.says("/old", b"", first, location="/between"))
    assert answer.moved_to == (new if moved else None)


def test_unmodified_says_that_it_moved(web: Web, fetch: Fetch) -> None:
    new = web.says("/new", BODY, etag='"1"')
    old = web.says("/old", b"", 301, location="/new")
    answer = fetch(old, fetched(fetch, old).validators)
    assert isinstance(answer, Unmodified)
    assert answer.by_server
    assert answer.moved_to == new


def test_five_redirects_are_followed_and_six_are_not(web: Web, fetch: Fetch) -> None:
    web.says("/0", BODY)
    for step in range(1, 7):
        web.says(f"/{step}", b"", 302, location=f"/{step - 1}")
    assert fetched(fetch, web.url("/5")).body == BODY
    with pytest.raises(SourceError, match="redirects too often"):
        fetch(web.url("/6"), Validators())


FRESHNESS = [
    ({"cache-control": "public, max-age=3600"}, timedelta(hours=1)),
    ({"cache-control": 'MAX-AGE="60"'}, timedelta(minutes=1)),
    ({"cache-control": "max-age=99999999999"}, timedelta(days=1)),
    ({"cache-control": "s-maxage=60"}, timedelta(0)),
    ({"cache-control": "max-age=-5"}, timedelta(0)),
    ({"expires": "Fri, 14 Mar 2031 07:00:00 GMT", "date": "Fri, 14 Mar 2031 06:30:00 GMT"}, timedelta(minutes=30)),
    ({"expires": "Fri, 14 Mar 2031 05:00:00 GMT", "date": "Fri, 14 Mar 2031 06:30:00 GMT"}, timedelta(0)),
    ({"expires": "0", "date": "Fri, 14 Mar 2031 06:30:00 GMT"}, timedelta(0)),
    ({"cache-control": "max-age=60", "expires": "Fri, 14 Mar 2031 07:00:00 GMT"}, timedelta(minutes=1)),
    ({}, timedelta(0)),
]


@pytest.mark.parametrize(("headers", "good_for"), FRESHNESS)
def test_freshness(headers: dict[str, str], good_for: timedelta) -> None:
    assert freshness(headers) == good_for


@pytest.mark.parametrize("status", [200, 304])
def test_answer_says_how_long_it_is_good(web: Web, fetch: Fetch, status: int) -> None:
    url = web.says("/feed", BODY, status, etag='"1"', cache_control="max-age=600")
    assert fetch(url, Validators(etag='"0"')).fresh_for == timedelta(minutes=10)


def test_turn_is_taken_for_every_step(web: Web, client: httpx.Client) -> None:
    turns: list[str] = []

    @contextmanager
    def turn(url: str) -> Iterator[None]:
        turns.append(url)
        yield

    web.says("/new", BODY)
    old = web.says("/old", b"", 302, location="/new")
    fetcher(client, lambda: NOW, turn)(old, Validators())
    assert turns == [old, web.url("/new")]


def test_what_is_sent_along_depends_on_every_address(web: Web, client: httpx.Client) -> None:
    web.says("/new", BODY)
    old = web.says("/old", b"", 302, location="/new")
    headers_of = {old: {"Authorization": "Bearer lamp-oil"}}
    fetcher(client, lambda: NOW, headers_of=lambda url: headers_of.get(url, {}))(old, Validators())
    assert [asked.headers.get("Authorization") for asked in web.asked] == ["Bearer lamp-oil", None]


@pytest.mark.parametrize("piece", ["headers", "body"])
def test_a_byte_at_a_time_ends_in_time(monkeypatch: pytest.MonkeyPatch, fetch: Fetch, piece: str) -> None:
    monkeypatch.setattr(http, "MAX_SECONDS", 0.5)
    start = b"HTTP/1.1 200 OK\r\n" + (b"Content-Length: 9999\r\n\r\n" if piece == "body" else b"X-Slow: ")
    with (
        open_raw(dripping(start, b"x", pause=0.05)) as url,
        pytest.raises(SourceError, match="longer than 0 s") as told,
    ):
        fetch(url, Validators())
    assert type(told.value) is SourceError


def test_endless_body_ends_at_the_cap(fetch: Fetch) -> None:
    start = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"
    with (
        open_raw(dripping(start, b"x" * 65536, pause=0)) as url,
        pytest.raises(SourceError, match="16 MB as it is sent"),
    ):
        fetch(url, Validators())


def test_endless_headers_end_at_a_cap(fetch: Fetch) -> None:
    start = b"HTTP/1.1 200 OK\r\n"
    endless = dripping(start, b"X-More: " + b"x" * 1000 + b"\r\n", pause=0)
    with open_raw(endless) as url, pytest.raises(SourceError, match="cannot fetch"):
        fetch(url, Validators())


@pytest.mark.parametrize("target", ["file:///etc/hostname", "javascript:1", "http://[bad"])
def test_redirect_to_what_is_no_web_address_fails(web: Web, fetch: Fetch, target: str) -> None:
    with pytest.raises(SourceError, match="cannot fetch"):
        fetch(web.says("/old", b"", 302, location=target), Validators())


def test_user_agent_has_name_version_and_contact(web: Web, fetch: Fetch) -> None:
    fetch(web.says("/feed", BODY), Validators())
    assert web.asked[-1].headers["User-Agent"] == f"nightdesk/{version('nightdesk')} (+https://desk.example/contact)"


def test_cookies_are_not_sent_back(web: Web, fetch: Fetch) -> None:
    url = web.says("/feed", BODY, set_cookie="visitor=17; Path=/")
    fetch(url, Validators())
    fetch(url, Validators())
    assert "Cookie" not in web.asked[-1].headers


def test_validators_reach_only_the_address_that_gave_them(web: Web, fetch: Fetch) -> None:
    web.says("/new", BODY, etag='"new"')
    old = web.says("/old", b"", 301, location="/new")
    known = fetched(fetch, old).validators
    assert known.url == web.url("/new")
    fetch(old, known)
    assert [asked.headers.get("If-None-Match") for asked in web.asked] == [None, None, None, '"new"']


def test_a_redirect_to_an_older_document_is_read(web: Web, fetch: Fetch) -> None:
    known = fetched(fetch, web.says("/old", BODY, last_modified="Fri, 14 Mar 2031 05:00:00 GMT")).validators
    web.answers["/new"] = lambda asked: Scripted(b"older", 304 if "If-Modified-Since" in asked.headers else 200)
    assert fetched(fetch, web.says("/old", b"", 301, location="/new"), known).body == b"older"


def test_time_in_line_is_not_the_answers_time(monkeypatch: pytest.MonkeyPatch, web: Web, client: httpx.Client) -> None:
    monkeypatch.setattr(http, "MAX_SECONDS", 0.3)

    @contextmanager
    def turn(_: str) -> Iterator[None]:
        time.sleep(0.5)
        yield

    assert fetched(fetcher(client, lambda: NOW, turn), web.says("/feed", BODY)).body == BODY


def test_system_failure_while_waiting_is_a_source_error(web: Web, client: httpx.Client) -> None:
    @contextmanager
    def turn(_: str) -> Iterator[None]:
        raise NotADirectoryError(20, "Not a directory", "/nowhere/arxiv")
        yield

    with pytest.raises(SourceError, match="Not a directory"):
        fetcher(client, lambda: NOW, turn)(web.says("/feed", BODY), Validators())


def test_secret_that_cannot_be_sent_is_not_told(web: Web, client: httpx.Client) -> None:
    fetch = fetcher(client, lambda: NOW, headers_of=lambda _: {"Authorization": "Bearer lamp-oil\n"})
    with pytest.raises(SourceError) as told:
        fetch(web.says("/feed", BODY), Validators())
    assert "lamp-oil" not in str(told.value)


def test_body_through_a_proxy_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_SECONDS", 0.4)
    start = b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"
    with open_raw(dripping(start, b"x", pause=0.05)) as proxy:
        monkeypatch.setenv("http_proxy", proxy)
        with open_client("") as client, pytest.raises(SourceError, match="too long in all"):
            fetcher(client, lambda: NOW)("http://lantern.example/feed", Validators())
