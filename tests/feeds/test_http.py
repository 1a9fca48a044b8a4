import gzip
import socket
from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import httpx
import pytest

from core.errors import Gone, SourceError, Throttled
from core.polls import Validators
from feeds import http
from feeds.http import Document, Fetch, Unmodified, retry_after
from tests.feeds.desk import NOW
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


@pytest.mark.parametrize(("status", "why"), [(404, "HTTP 404 Not Found"), (500, "HTTP 500 Internal"), (403, "403")])
def test_other_statuses_fail_with_their_name(web: Web, fetch: Fetch, status: int, why: str) -> None:
    with pytest.raises(SourceError, match=why) as caught:
        fetch(web.says("/feed", b"body", status), Validators())
    assert type(caught.value) is SourceError


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
    monkeypatch.setattr(http, "MAX_BODY", len(BODY))
    assert fetched(fetch, web.says("/feed", BODY)).body == BODY


def test_body_over_the_cap_fails(web: Web, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_BODY", len(BODY) - 1)
    with pytest.raises(SourceError, match="larger than"):
        fetch(web.says("/feed", BODY), Validators())


def test_decompressed_body_over_the_cap_fails(web: Web, fetch: Fetch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "MAX_BODY", 5000)
    url = web.says("/feed", gzip.compress(bytes(50_000)), content_encoding="gzip")
    with pytest.raises(SourceError, match="larger than"):
        fetch(url, Validators())


def test_gzip_is_read(web: Web, fetch: Fetch) -> None:
    url = web.says("/feed", gzip.compress(BODY), content_encoding="gzip")
    assert fetched(fetch, url).body == BODY
    assert "gzip" in web.asked[-1].headers["Accept-Encoding"]


def test_broken_gzip_fails(web: Web, fetch: Fetch) -> None:
    with pytest.raises(SourceError, match="cannot fetch"):
        fetch(web.says("/feed", b"not gzip at all", content_encoding="gzip"), Validators())


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirect_is_followed(web: Web, fetch: Fetch, status: int) -> None:
    web.says("/new", BODY)
    assert fetched(fetch, web.says("/old", b"", status, location="/new")).body == BODY


def test_redirect_loop_fails(web: Web, fetch: Fetch) -> None:
    with pytest.raises(SourceError, match="cannot fetch"):
        fetch(web.says("/loop", b"", 302, location="/loop"), Validators())
    assert len(web.asked) <= 7


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
