"""The contract of every kind of source; a new one is found by its name and needs a sample only."""

import dataclasses
import re
from datetime import UTC, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ConfigError, Unreadable
from core.identity import content_hash
from core.sources import Reading
from core.types import Item
from feeds.sources import kinds, source
from tests.feeds.desk import FRIDAY, document
from tests.feeds.samples import SAMPLES, spec_of

UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
every_kind = pytest.mark.parametrize("kind", kinds())


def read(kind: str, body: bytes | str) -> Reading:
    if kind not in SAMPLES:
        pytest.fail(f"the kind {kind!r} has no sample: add one to tests/feeds/samples.py")
    return source(kind).read(document(body), spec_of(kind), FRIDAY)


def words_of(item: Item) -> tuple[str, ...]:
    facts = (word for fact in item.facts for word in fact)
    told = (item.id, item.title, item.url, item.text, item.told_at, item.announce_type)
    return (*told, *item.authors, *item.categories, *item.links, *facts)


@every_kind
def test_kind_has_a_sample(kind: str) -> None:
    assert kind in SAMPLES, f"add an answer of {kind!r} to tests/feeds/samples.py"


def test_unknown_kind_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"'lantern'.*arxiv.*rss"):
        source("lantern")


@every_kind
def test_options_are_a_frozen_dataclass(kind: str) -> None:
    options = source(kind).Options
    assert dataclasses.is_dataclass(options)
    assert options.__dataclass_params__.frozen  # type: ignore[attr-defined]


@every_kind
def test_addresses_are_https(kind: str) -> None:
    addresses = source(kind).addresses(spec_of(kind), FRIDAY)
    assert addresses
    assert all(re.fullmatch(r"https://[a-z.]+/\S*", address) for address in addresses)
    assert addresses == source(kind).addresses(spec_of(kind), FRIDAY)


@every_kind
def test_good_answer_gives_whole_items(kind: str) -> None:
    reading = read(kind, SAMPLES[kind][0])
    assert reading.problems == ()
    assert len(reading.items) == 1
    for item in reading.items:
        assert item.id
        assert item.title
        assert item.kind in ("paper", "post", "release")
        assert item.url.startswith("https://")
        assert item.announced is not None


@every_kind
def test_times_are_aware_and_in_utc(kind: str) -> None:
    for item in read(kind, SAMPLES[kind][0]).items:
        for moment in (item.published, item.announced):
            assert moment is not None
            assert moment.tzinfo is UTC
            assert timedelta(0) <= FRIDAY.now - moment < timedelta(days=7)


GARBAGE = {
    "nothing": b"",
    "page": b"<html>",
    "object": b"{}",
    "list": b"[]",
    "null": b"null",
    "number": b"1e999",
    "bytes": b"\x00\xff",
    "rows of nonsense": b'[null, 7, "x", [], {}, {"paper": 5}]',
    "data of nonsense": b'{"data": [null, 7, {"id": {}}]}',
    "items of nonsense": b'{"version": "https://jsonfeed.org/version/1.1", "items": [null, 7, {"tags": 5}]}',
    "deep": b"[" * 100_000,
    "long number": b'{"data": [{"id": "a/b", "name": "x", "created": ' + b"9" * 5000 + b"}]}",
}


@every_kind
@pytest.mark.parametrize("name", GARBAGE)
def test_garbage_is_unreadable_or_empty(kind: str, name: str) -> None:
    try:
        items = read(kind, GARBAGE[name]).items
    except Unreadable:
        return
    assert items == ()


@every_kind
@settings(max_examples=30)
@given(cut=st.floats(0, 1))
def test_truncated_answer_never_fails_otherwise(kind: str, cut: float) -> None:
    body = SAMPLES[kind][0].encode()
    try:
        assert len(read(kind, body[: int(len(body) * cut)]).items) <= 1
    except Unreadable:
        return


@every_kind
@settings(max_examples=60)
@given(at=st.floats(0, 1), byte=st.binary(min_size=1, max_size=3))
def test_damaged_answer_never_fails_otherwise(kind: str, at: float, byte: bytes) -> None:
    body = SAMPLES[kind][0].encode()
    place = int(len(body) * at)
    try:
        items = read(kind, body[:place] + byte + body[place + len(byte) :]).items
    except Unreadable:
        return
    assert all(content_hash(item) for item in items)


@every_kind
def test_hostile_words_leave_no_direction_or_control_mark(kind: str) -> None:
    body = SAMPLES[kind][0]
    mark = "\\u202e\\u0007" if body[0] in "{[" else "&#x202e;&#x2066;"
    for word in ("Mirela", "oilhand", "lamps", "Oil", "mit", "text", "small", "transformers"):
        body = body.replace(word, word[:1] + mark + word[1:])
    for item in read(kind, body).items:
        assert not [word for word in words_of(item) if UNSEEN.search(word)]
