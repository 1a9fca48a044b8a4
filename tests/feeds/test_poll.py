import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from core.polls import Move, Poll, SourceMemory, Validators
from core.sources import SourceSpec
from core.types import Night
from feeds.answer import Fetch
from feeds.arxiv_api import ArxivApi
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
SATURDAY, SUNDAY = night_of(date(2031, 3, 15)), night_of(date(2031, 3, 16))
EMPTY_ARXIV = ARXIV[: ARXIV.index("<item>")] + "</channel></rss>"


@pytest.fixture
def poll(fetch_any: Fetch) -> "Polling":
    return Polling(fetch_any)


class Polling:
    """Polls one source on loopback."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    def __call__(self, spec: SourceSpec, memory: SourceMemory | None = None, night: Night = FRIDAY) -> Poll:
        api = ArxivApi(self._fetch)
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


MOVED = "https://lantern.example/new.xml"


def remembered(polled: Poll, night: Night = FRIDAY) -> SourceMemory:
    """Return what the next poll knows of this one."""
    return SourceMemory(
        last_success=night.now,
        last_polled=night.now,
        polled_night=polled.polled_night,
        next_due=polled.next_due,
        failures=polled.failures,
        why="" if polled.succeeded else polled.why,
        cadence=polled.cadence,
        validators=polled.validators,
        moves=polled.moves,
    )


def moves_twice(web: Web, poll: Polling) -> SourceMemory:
    web.says(BLOG, b"", 301, location="/new.xml")
    web.says("//lantern.example/new.xml", RSS.encode())
    first = poll(spec_of("rss"))
    assert first.moves == {URL: Move(MOVED, 1)}
    second = poll(spec_of("rss"), remembered(first), SATURDAY)
    assert second.moves == {URL: Move(MOVED, 2)}
    assert f"moved for good to {MOVED}" in second.why
    web.asked.clear()
    return remembered(second, SATURDAY)


def asked_of(web: Web) -> list[str]:
    return [asked.target for asked in web.asked]


def test_permanent_move_is_stored_after_it_repeats(web: Web, poll: Polling) -> None:
    memory = moves_twice(web, poll)
    third = poll(spec_of("rss"), memory, SUNDAY)
    assert asked_of(web) == ["/new.xml"]
    assert third.moves == {URL: Move(MOVED, 2)}
    assert "moved" not in third.why


def test_new_address_keeps_the_validators(web: Web, poll: Polling) -> None:
    web.says("//lantern.example/new.xml", RSS.encode(), etag='"1"')
    web.says(BLOG, b"", 308, location="/new.xml")
    memory = remembered(poll(spec_of("rss"), remembered(poll(spec_of("rss"))), SATURDAY), SATURDAY)
    assert poll(spec_of("rss"), memory, SUNDAY).outcome == "not_modified"


def test_move_to_another_place_counts_anew(web: Web, poll: Polling) -> None:
    web.says(BLOG, b"", 301, location="/new.xml")
    web.says("//lantern.example/new.xml", RSS.encode())
    memory = SourceMemory(moves={URL: Move("https://lantern.example/elsewhere.xml", 1)})
    assert poll(spec_of("rss"), memory).moves == {URL: Move(MOVED, 1)}


def test_temporary_move_is_not_stored(web: Web, poll: Polling) -> None:
    web.says(BLOG, b"", 302, location="/new.xml")
    web.says("//lantern.example/new.xml", RSS.encode())
    assert poll(spec_of("rss")).moves == {}


def test_move_that_does_not_repeat_is_forgotten(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode())
    assert poll(spec_of("rss"), SourceMemory(moves={URL: Move(MOVED, 1)})).moves == {}


def test_new_address_that_fails_is_forgotten(web: Web, poll: Polling) -> None:
    memory = moves_twice(web, poll)
    web.says("//lantern.example/new.xml", b"", 404)
    failed = poll(spec_of("rss"), memory, SUNDAY)
    assert (failed.outcome, failed.moves) == ("failed", {})


def test_new_address_that_asks_for_patience_is_kept(web: Web, poll: Polling) -> None:
    memory = moves_twice(web, poll)
    web.says("//lantern.example/new.xml", b"", 429, retry_after="60")
    assert poll(spec_of("rss"), memory, SUNDAY).moves == memory.moves


@pytest.mark.parametrize("cache", ["max-age=3600", "max-age=0"])
def test_source_is_due_when_its_answer_has_aged(web: Web, poll: Polling, cache: str) -> None:
    web.says(BLOG, RSS.encode(), cache_control=cache)
    polled = poll(spec_of("rss"))
    assert polled.next_due == NOW + timedelta(seconds=int(cache.removeprefix("max-age=")))
    assert polled.polled_night == FRIDAY.date


def later(hours: float, night: Night = FRIDAY) -> Night:
    return replace(night, now=night.now + timedelta(hours=hours))


def test_source_is_asked_once_a_night_before_it_is_due(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode(), cache_control="max-age=7200")
    memory = remembered(poll(spec_of("rss")))
    web.asked.clear()
    early = poll(spec_of("rss"), memory, later(1.9))
    assert (early.outcome, early.is_spared) == ("unchanged", True)
    assert "not due before 2031-03-14 08:00 UTC" in early.why
    assert web.asked == []
    assert not poll(spec_of("rss"), memory, later(2)).is_spared


def test_a_new_night_asks_what_is_not_due(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode(), cache_control="max-age=86400")
    memory = remembered(poll(spec_of("rss")))
    early = replace(SATURDAY, now=NOW + timedelta(hours=23))
    assert not poll(spec_of("rss"), memory, early).is_spared


def test_own_interval_counts(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode())
    assert poll(replace(spec_of("rss"), every=timedelta(hours=5))).next_due == NOW + timedelta(hours=5)


TTL = RSS.replace("<channel>", "<channel><ttl>90</ttl><skipHours><hour>7</hour></skipHours>", 1)


def test_feeds_own_ttl_counts_and_outlives_a_304(web: Web, poll: Polling) -> None:
    web.says(BLOG, TTL.encode(), etag='"1"')
    first = poll(spec_of("rss"))
    assert first.next_due == NOW + timedelta(hours=2)
    second = poll(spec_of("rss"), remembered(first), SATURDAY)
    assert second.outcome == "not_modified"
    assert second.next_due == SATURDAY.now + timedelta(hours=2)


def test_failures_are_counted_and_spaced(web: Web, poll: Polling) -> None:
    web.says(BLOG, b"", 404)
    first = poll(spec_of("rss"))
    assert (first.failures, first.next_due) == (1, NOW)
    second = poll(spec_of("rss"), remembered(first))
    assert second.failures == 2
    assert second.next_due is not None
    assert NOW + timedelta(minutes=15) <= second.next_due < NOW + timedelta(minutes=17)
    web.asked.clear()
    spared = poll(spec_of("rss"), remembered(second), later(0.1))
    assert (spared.outcome, spared.is_spared, web.asked) == ("failed", True, [])
    assert "HTTP 404" in spared.why
    assert "not due before" in spared.why


def test_success_ends_the_failures(web: Web, poll: Polling) -> None:
    web.says(BLOG, RSS.encode())
    assert poll(spec_of("rss"), SourceMemory(failures=7)).failures == 0


def test_throttled_is_due_at_its_time_and_no_failure(web: Web, poll: Polling) -> None:
    web.says(BLOG, b"", 429, retry_after="3600")
    polled = poll(spec_of("rss"), SourceMemory(failures=1))
    assert (polled.next_due, polled.failures) == (NOW + timedelta(hours=1), 0)


def test_throttled_without_a_time_is_left_alone_for_a_quarter(web: Web, poll: Polling) -> None:
    web.says(BLOG, b"", 429)
    polled = poll(spec_of("rss"))
    assert polled.throttled_until == polled.next_due
    assert polled.next_due is not None
    assert NOW + timedelta(minutes=15) <= polled.next_due < NOW + timedelta(minutes=17)
    again = poll(spec_of("rss"), replace(remembered(polled), throttled_until=polled.throttled_until), later(0.1))
    assert (again.outcome, again.is_spared) == ("throttled", True)


def test_gone_is_never_due(web: Web, poll: Polling) -> None:
    web.says(BLOG, b"", 410)
    assert poll(spec_of("rss")).next_due is None


def two_orgs(web: Web, first: int, second: int, **headers: str) -> SourceSpec:
    spec = spec_of("huggingface_models")
    spec = replace(spec, options=replace(spec.options, orgs=("one", "two")))  # type: ignore[type-var]
    statuses = {"one": first, "two": second}
    named = tuple((name.replace("_", "-").title(), value) for name, value in headers.items())
    web.answers["//huggingface.co/api/models"] = lambda asked: Scripted(
        b"[]" if statuses[asked.query["author"]] == 200 else b"", statuses[asked.query["author"]], named
    )
    return spec


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [(410, 410, "gone"), (410, 404, "failed"), (404, 410, "failed"), (410, 200, "unchanged"), (404, 429, "throttled")],
)
def test_source_of_two_addresses_is_gone_when_both_are(
    web: Web, poll: Polling, first: int, second: int, outcome: str
) -> None:
    assert poll(two_orgs(web, first, second)).outcome == outcome


def test_the_longest_wait_of_two_addresses_counts(web: Web, poll: Polling) -> None:
    waits = iter(["60", "7200", "60"])
    spec = two_orgs(web, 429, 429)
    web.answers["//huggingface.co/api/models"] = lambda _: Scripted(b"", 429, (("Retry-After", next(waits)),))
    assert poll(spec).throttled_until == NOW + timedelta(hours=2)


def announcement_of(count: int) -> str:
    entry = ARXIV[ARXIV.index("<item>") : ARXIV.index("</channel>")]
    entries = (entry.replace("3103.00017", f"3103.{number:05}") for number in range(10_000, 10_000 + count))
    return ARXIV.replace(entry, "".join(entries))


def test_cut_arxiv_list_is_completed_from_the_api(web: Web, poll: Polling) -> None:
    web.says(ANNOUNCEMENT, announcement_of(2000).encode())
    hidden = Paper("3103.77777", "2031-03-12")
    web.answers["//export.arxiv.org/api/query"] = serves([hidden, Paper("3103.10000", "2031-03-12")])
    polled = poll(spec_of("arxiv"))
    ids = [item.id for item in polled.items]
    assert ids[2000:] == ["arxiv:3103.77777", "arxiv:3103.10000"]
    assert polled.caught_up_to == FRIDAY.date


def test_cut_arxiv_list_without_the_api_is_told_and_not_caught_up(web: Web, poll: Polling) -> None:
    web.says(ANNOUNCEMENT, announcement_of(2000).encode())
    web.says("//export.arxiv.org/api/query", b"", 500)
    polled = poll(spec_of("arxiv"))
    assert len(polled.items) == 2000
    assert "the list is cut" in polled.why
    assert polled.caught_up_to is None


def test_whole_arxiv_list_asks_nothing_of_the_api(web: Web, poll: Polling) -> None:
    web.says(ANNOUNCEMENT, announcement_of(3).encode())
    poll(spec_of("arxiv"))
    assert len(web.asked) == 1


def organisations(web: Web, answers: dict[str, Scripted]) -> SourceSpec:
    spec = spec_of("huggingface_models")
    web.answers["//huggingface.co/api/models"] = lambda asked: answers[asked.query["author"]]
    return replace(spec, options=replace(spec.options, orgs=tuple(answers)))  # type: ignore[type-var]


def model_of(org: str) -> Scripted:
    return Scripted(json.dumps([{"id": f"{org}/lamp", "createdAt": "2031-03-01T00:00:00Z"}]).encode())


def test_address_that_answers_later_than_the_others_is_unfamiliar(web: Web, poll: Polling) -> None:
    first = poll(organisations(web, {"one": model_of("one"), "two": Scripted(b"", 500)}))
    assert (first.outcome, first.unfamiliar) == ("new", frozenset())
    second = poll(organisations(web, {"one": model_of("one"), "two": model_of("two")}), remembered(first), SATURDAY)
    assert second.unfamiliar == {"hf:two/lamp"}


def test_address_that_could_not_be_read_is_asked_for_again_whole(web: Web, poll: Polling) -> None:
    spec = organisations(web, {"one": model_of("one"), "two": Scripted(b'[{"id": ""}]')})
    polled = poll(spec)
    assert polled.outcome == "new"
    assert len(polled.validators) == 1


@pytest.mark.parametrize("body", [EMPTY_ARXIV, ARXIV.replace("3103.00017", "no identifier")])
def test_empty_or_unreadable_list_is_not_caught_up(web: Web, poll: Polling, body: str) -> None:
    web.says(ANNOUNCEMENT, body.encode())
    assert poll(spec_of("arxiv")).caught_up_to is None


def test_list_of_the_night_before_is_not_caught_up(web: Web, poll: Polling) -> None:
    web.says(ANNOUNCEMENT, ARXIV.encode(), etag='"1"')
    first = poll(spec_of("arxiv"))
    assert first.caught_up_to == FRIDAY.date
    again = poll(spec_of("arxiv"), remembered(first), night_of(date(2031, 3, 17)))
    assert (again.outcome, again.caught_up_to) == ("not_modified", None)


def days_asked(web: Web) -> list[str]:
    return [asked.query["date"] for asked in web.asked]


@pytest.mark.parametrize(
    ("caught_up_to", "days"),
    [
        (None, ["2031-03-14"]),
        (date(2031, 3, 13), ["2031-03-14"]),
        (date(2031, 3, 10), ["2031-03-14", "2031-03-11", "2031-03-12", "2031-03-13"]),
    ],
)
def test_missed_days_of_daily_papers_are_asked_for(
    web: Web, poll: Polling, caught_up_to: date | None, days: list[str]
) -> None:
    web.says("//huggingface.co/api/daily_papers", SAMPLES["huggingface_papers"][0].encode())
    polled = poll(spec_of("huggingface_papers"), SourceMemory(last_success=NOW, caught_up_to=caught_up_to))
    assert days_asked(web) == days
    assert polled.caught_up_to == FRIDAY.date


def test_long_gap_of_daily_papers_is_asked_for_a_fortnight(web: Web, poll: Polling) -> None:
    web.says("//huggingface.co/api/daily_papers", b"[]")
    poll(spec_of("huggingface_papers"), SourceMemory(last_success=NOW, caught_up_to=date(2030, 1, 1)))
    assert days_asked(web)[1::13] == ["2031-02-28", "2031-03-13"]
