"""The feed, read back by a feed reader."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from xml.etree.ElementTree import fromstring

import feedparser
import pytest
from hypothesis import example, given, settings

from digests.atom import to_feed
from digests.letter_html import to_fragment
from tests.digests.hostile import EVERYTHING, TEXT
from tests.digests.night import NIGHT, TOLD, digest_of, with_text

NIGHTS = [replace(digest_of(), night=NIGHT - timedelta(days=back)) for back in range(3)]
ATOM = "{http://www.w3.org/2005/Atom}"


def read(feed: str) -> Any:
    parsed = feedparser.parse(feed.encode(), sanitize_html=False)
    assert not parsed.bozo
    assert parsed.version == "atom10"
    return parsed


def test_a_reader_finds_the_newest_night_first_with_its_day_and_content() -> None:
    feed = read(to_feed(NIGHTS[::-1], "Research"))
    assert feed.feed.title == "Research"
    assert feed.feed.updated == "2031-03-14T00:00:00Z"
    assert [entry.updated for entry in feed.entries] == [f"2031-03-{day}T00:00:00Z" for day in (14, 13, 12)]
    assert feed.entries[0].title == "Research · Friday, 14 March 2031"
    assert feed.entries[0].summary.startswith("12 stories from 302 new items")
    assert feed.entries[0].content[0].type == "text/html"


def test_it_has_what_the_standard_asks_for() -> None:
    feed = fromstring(to_feed(NIGHTS))  # noqa: S314 - we wrote it
    for part in (feed, *feed.iter(f"{ATOM}entry")):
        assert all(len(part.findall(f"{ATOM}{name}")) == 1 for name in ("id", "title", "updated"))
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "nightdesk"


def test_ids_are_their_own_and_stay() -> None:
    ids = [entry.id for entry in read(to_feed(NIGHTS, "Research", "key")).entries]
    assert len(set(ids)) == len(ids)
    assert all(one.startswith("urn:uuid:") for one in ids)
    renamed = [entry.id for entry in read(to_feed(NIGHTS[:2], "Another name", "key")).entries]
    assert renamed == ids[:2]
    assert not set(ids) & {entry.id for entry in read(to_feed(NIGHTS, "Research", "another key")).entries}


def test_a_feed_without_nights_is_valid() -> None:
    assert read(to_feed(())).entries == []


def test_the_content_is_the_letter_whole() -> None:
    feed = fromstring(to_feed(NIGHTS[:1]))  # noqa: S314 - we wrote it
    assert feed.findtext(f"{ATOM}entry/{ATOM}content") == to_fragment(NIGHTS[0])


@example(EVERYTHING + "\ufffe\uffff")
@settings(max_examples=25, deadline=None)
@given(TEXT)
def test_hostile_text_stays_text(text: str) -> None:
    feed = to_feed((with_text(digest_of(), text),), text)
    content = fromstring(feed).findtext(f"{ATOM}entry/{ATOM}content") or ""  # noqa: S314 - we wrote it
    assert "<script" not in content
    assert "<img" not in content
    assert not re.search(r"""href=.javascript:""", content)
    assert read(feed).entries[0].title


@pytest.mark.parametrize("told", [TOLD, TOLD[:2], ()])
def test_the_same_nights_give_the_same_bytes(told: tuple[Any, ...]) -> None:
    assert to_feed([digest_of(told)]) == to_feed([digest_of(told)])
