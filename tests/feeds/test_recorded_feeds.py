"""Feeds of the wild, byte for byte: each is read, and no entry of it is lost."""

import io
import json
import warnings
from collections.abc import Iterator
from pathlib import Path

import feedparser
import pytest

from core.errors import Unreadable
from core.sources import SourceSpec
from feeds.feed_document import read_feed
from feeds.recording import ReplayTransport
from feeds.sources import source
from feeds.sources.arxiv import Options
from tests.feeds.desk import FRIDAY, document
from tests.shared_data import shared_data

FOLDERS = (
    "feeds/ai-blogs",
    "feeds/ai-labs-2026-04-27",
    "feeds/feed-rs",
    "feeds/simplepie-ng/full",
    "feeds/node-feedparser",
    "feeds/feedvalidator",
)


def feeds_in(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.suffix in (".xml", ".atom", ".rss", ".rdf", ".html"))


def entries_alone(body: bytes) -> int | None:
    """Count what feedparser finds by itself; None when it knows no such form of feed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    return len(parsed.entries) if parsed.get("version") or parsed.entries else None


def entries_read(body: bytes) -> int | None:
    try:
        return len(read_feed(document(body)).entries)
    except Unreadable:
        return None


@pytest.mark.parametrize("folder", FOLDERS)
def test_recorded_feed_loses_no_entry(folder: str) -> None:
    bodies = {path.read_bytes(): path.name for path in feeds_in(shared_data() / folder)}
    differing = [name for body, name in bodies.items() if entries_read(body) != entries_alone(body)]
    assert bodies
    assert differing == []


def test_recorded_json_feeds_lose_no_item() -> None:
    paths = (shared_data() / "feeds" / "feed-rs" / "jsonfeed").glob("*.json")
    feeds = [path for path in paths if not path.name.endswith(".serde.json")]
    assert feeds
    for path in feeds:
        assert entries_read(path.read_bytes()) == len(json.loads(path.read_bytes())["items"]), path.name


def test_recorded_nights_are_recordings() -> None:
    nights = [folder for folder in sorted((shared_data() / "nights").iterdir()) if folder.is_dir()]
    assert [night.name for night in nights if ReplayTransport(night).time is None] == []


def test_recorded_announcements_hold_a_paper_an_entry() -> None:
    bodies = [path.read_bytes() for path in sorted((shared_data() / "nights").glob("*/bodies/arxiv_*.xml"))]
    assert bodies
    for body in bodies:
        reading = source("arxiv").read(
            document(body), SourceSpec("arxiv", "all", Options("cs.CL"), replacements=True), FRIDAY
        )
        assert (len(reading.items), reading.problems) == (entries_alone(body), ())
        assert all(paper.title and paper.text and paper.authors for paper in reading.items)
