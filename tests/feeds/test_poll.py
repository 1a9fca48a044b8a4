from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from core.polls import Poll, SourceMemory, Validators
from core.types import Night, SourceSpec
from feeds.arxiv_api import ArxivApi
from feeds.http import Fetch
from feeds.poll import asker, conclude
from tests.feeds.desk import FRIDAY, NOW, night_of
from tests.feeds.samples import ARXIV, MODELS, RSS, SAMPLES, spec_of
from tests.servers.arxiv_api import Paper, serves
from tests.servers.web import Scripted, Web

BLOG = "//lantern.example/feed.xml"
URL = "https://lantern.example/feed.xml"
LISTING = "//huggingface.co/api/models"
EMPTY_RSS = b'<rss version="2.0"><channel></channel></rss>'
ANNOUNCEMENT = "//rss.arxiv.org/rss/cs.CL"
EMPTY_ARXIV = ARXIV[: ARXIV.index("<item>")] + "</channel></rss>"


@pytest.fixture
def poll(fetch_any: Fetch) -> "Polling":
    return Polling(fetch_any)


class Polling:
    """Polls one source on loopback."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    def __call__(self, spec: SourceSpec, memory: SourceMemory | None = None, night: Night = FRIDAY) -> Poll:
        api = ArxivApi(self._fetch, delay_seconds=0)
        return conclude(asker(self._fetch, night)((spec, memory or SourceMemory())), api, night)


def after(first: Poll) -> SourceMemory:
    return SourceMemory(last_success=NOW, validators=first.validators)


def test_items_make_it_new(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode(), etag='"1"')
    polled = poll(spec_of("rss"))
    assert (polled.outcome, polled.why, polled.first, polled.succeeded) == ("new", "", True, True)
    assert [item.id for item in polled.items] == ["https://lantern.example/oil"]
    assert polled.validators[URL].etag == '"1"'


def test_second_poll_is_not_the_first(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode())
    assert not poll(spec_of("rss"), SourceMemory(last_success=NOW)).first


def test_304_is_not_modified(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode(), etag='"1"')
    first = poll(spec_of("rss"))
    second = poll(spec_of("rss"), after(first))
    assert (second.outcome, second.why, second.items) == ("not_modified", "HTTP 304", ())
    assert second.validators == first.validators


def test_same_body_is_unchanged(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode())
    second = poll(spec_of("rss"), after(poll(spec_of("rss"))))
    assert (second.outcome, second.why) == ("unchanged", "the same content as before")


def test_valid_answer_without_items_is_unchanged(web: Web, poll: Polling) -> None:
    web.says(BLOG, EMPTY_RSS)
    assert (poll(spec_of("rss")).outcome, poll(spec_of("rss")).why) == ("unchanged", "a valid answer without items")


def test_weekend_is_empty_by_schedule(web: Web, poll: Polling) -> None:
    web.says(ANNOUNCEMENT, EMPTY_ARXIV.encode())
    polled = poll(spec_of("arxiv"), night=night_of(date(2031, 3, 15)))
    assert (polled.outcome, polled.why, polled.succeeded) == (
        "empty_by_schedule",
        "arXiv announces nothing on a Saturday",
        True,
    )


def test_429_is_throttled_until(web: Web, poll: Polling) -> None:
    web.says(BLOG, b"", 429, retry_after="3600")
    polled = poll(spec_of("rss"))
    assert (polled.outcome, polled.throttled_until, polled.succeeded) == ("throttled", NOW + timedelta(hours=1), False)
    assert "2031-03-14 07:00 UTC" in polled.why


def test_throttled_source_is_not_asked_before_its_time(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode())
    until = NOW + timedelta(seconds=1)
    polled = poll(spec_of("rss"), SourceMemory(throttled_until=until, why="HTTP 429: wait"))
    assert (polled.outcome, polled.why, polled.throttled_until) == ("throttled", "HTTP 429: wait", until)
    assert web.asked == []


def test_throttled_source_is_asked_at_its_time(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode())
    assert poll(spec_of("rss"), SourceMemory(throttled_until=NOW)).outcome == "new"


def test_wait_asked_for_after_this_night_counts_for_nothing(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode())
    memory = SourceMemory(last_polled=NOW + timedelta(days=2), throttled_until=NOW + timedelta(days=3))
    polled = poll(spec_of("rss"), memory)
    assert (polled.outcome, polled.is_past) == ("new", True)


@pytest.mark.parametrize("last_polled", [None, NOW, NOW - timedelta(days=1)])
def test_poll_after_the_last_one_is_not_past(web: Web, poll: Polling, last_polled: datetime | None) -> None:
    web.says(BLOG, RSS.encode())
    assert not poll(spec_of("rss"), SourceMemory(last_polled=last_polled)).is_past


def test_410_is_gone(web: Web, poll: Polling) -> None:
    web.says(BLOG, b"", 410)
    polled = poll(spec_of("rss"))
    assert (polled.outcome, polled.succeeded) == ("gone", False)
    assert "410" in polled.why


def test_gone_source_is_not_asked_again(web: Web, poll: Polling) -> None:
    polled = poll(spec_of("rss"), SourceMemory(gone_since=NOW, why="HTTP 410"))
    assert (polled.outcome, polled.why) == ("gone", "HTTP 410")
    assert web.asked == []


FAILURES = {
    "missing page": (Scripted(b"", 404), "HTTP 404 Not Found"),
    "broken server": (Scripted(b"", 500), "HTTP 500"),
    "cut connection": (Scripted(RSS.encode(), cut=True), f"cannot fetch {URL}"),
    "page": (Scripted(b"<html>hi</html>", headers=(("Content-Type", "text/html"),)), "an HTML page (text/html)"),
    "empty body": (Scripted(b""), "empty"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_failure_says_why(web: Web, poll: Polling, name: str) -> None:
    web.answers[BLOG], why = FAILURES[name]
    polled = poll(spec_of("rss"), SourceMemory(last_success=NOW))
    assert (polled.outcome, polled.items, polled.validators) == ("failed", (), {})
    assert why in polled.why


def test_unreadable_answer_is_asked_for_again_in_full(web: Web, poll: Polling) -> None:
    web.says(BLOG, b"<html>hi</html>", etag='"1"')
    poll(spec_of("rss"), after(poll(spec_of("rss"))))
    assert "If-None-Match" not in web.asked[-1].headers


def test_answer_of_unreadable_rows_only_fails_and_is_asked_for_again(web: Web, poll: Polling) -> None:
    web.says(LISTING, b'[{"id": 7}]', etag='"1"')
    polled = poll(spec_of("huggingface_models"))
    assert polled.outcome == "failed"
    assert "row 1: id" in polled.why
    assert poll(spec_of("huggingface_models"), after(polled)).outcome == "failed"


def test_unreadable_row_among_good_ones_is_named(web: Web, poll: Polling) -> None:
    web.says(LISTING, b'[{"id": 1}, {"id": 2}, {"id": 3}, {"id": 4}, {"id": 5}, {"id": "Lumen/Glimmer"}]')
    polled = poll(spec_of("huggingface_models"))
    assert (polled.outcome, len(polled.items)) == ("new", 1)
    assert polled.why.startswith("row 1: id")
    assert polled.why.endswith("and 2 more problems")


def test_one_failing_address_of_several_is_named_and_the_rest_counts(web: Web, poll: Polling) -> None:
    spec = spec_of("huggingface_models", orgs=("Lumen", "Kettle"))
    web.answers[LISTING] = lambda asked: (
        Scripted(SAMPLES["huggingface_models"][0].encode()) if "Lumen" in asked.target else Scripted(b"", 500)
    )
    polled = poll(spec)
    assert (polled.outcome, len(polled.items), polled.why) == ("new", len(MODELS), "HTTP 500 Internal Server Error")
    assert [url for url in polled.validators if "Kettle" in url] == []


def test_all_addresses_failing_are_named(web: Web, poll: Polling) -> None:
    web.answers[LISTING] = lambda asked: Scripted(b"", 500 if "Lumen" in asked.target else 404)
    polled = poll(spec_of("huggingface_models", orgs=("Lumen", "Kettle")))
    assert (polled.outcome, polled.why) == ("failed", "HTTP 500 Internal Server Error; HTTP 404 Not Found")


def test_source_without_addresses_fails(poll: Polling) -> None:
    spec = spec_of("huggingface_models")
    polled = poll(replace(spec, options=replace(spec.options, orgs=())))  # type: ignore[type-var]
    assert (polled.outcome, polled.why) == ("failed", "the source names no address to ask")


TUESDAY_MISSED = SourceMemory(caught_up_to=date(2031, 3, 10))
WEDNESDAY = night_of(date(2031, 3, 12))


def test_missed_night_is_caught_up(web: Web, poll: Polling) -> None:
    web.says(ANNOUNCEMENT, ARXIV.encode())
    web.answers["//export.arxiv.org/api/query"] = serves([Paper("3103.00006", "2031-03-10")])
    polled = poll(spec_of("arxiv"), TUESDAY_MISSED, WEDNESDAY)
    assert [item.id for item in polled.items] == ["arxiv:3103.00017", "arxiv:3103.00006"]


def test_catch_up_that_fails_is_named(web: Web, poll: Polling) -> None:
    web.says(ANNOUNCEMENT, ARXIV.encode())
    polled = poll(spec_of("arxiv"), TUESDAY_MISSED, WEDNESDAY)
    assert (polled.outcome, len(polled.items)) == ("new", 1)
    assert polled.why == "nights since 2031-03-10 are still missing: HTTP 404 Not Found"
    assert polled.caught_up_to is None


def test_whole_poll_is_caught_up_to_its_night(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode())
    assert poll(spec_of("rss")).caught_up_to == FRIDAY.date
    web.says(BLOG, b"", 500)
    assert poll(spec_of("rss")).caught_up_to is None


def test_first_poll_catches_nothing_up(web: Web, poll: Polling) -> None:
    web.says(ANNOUNCEMENT, ARXIV.encode())
    poll(spec_of("arxiv"), night=WEDNESDAY)
    assert [asked.host for asked in web.asked] == ["rss.arxiv.org"]


def test_validators_of_each_address_are_replayed(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode(), etag='"1"')
    memory = SourceMemory(NOW, validators={URL: Validators('"1"'), "https://lantern.example/other": Validators('"2"')})
    assert poll(spec_of("rss"), memory).outcome == "not_modified"
    assert web.asked[-1].headers["If-None-Match"] == '"1"'
