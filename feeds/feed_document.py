"""RSS, Atom and JSON Feed documents to entries: the one module that knows feedparser.

feedparser reads RSS 0.9x, 1.0, 2.0 and Atom; JSON Feed 1.x (jsonfeed.org/version/1.1) is not in its released
versions and is read here.
"""

import codecs
import io
import json
import re
from calendar import timegm
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from core.errors import Unreadable
from core.sources import Cadence
from feeds.answer import Document
from feeds.feed_text import MAX_ENTRIES, MAX_SIZE, only_first, prepare
from feeds.text import collapse, html_to_text, linked_ids, shorten, web_address

_TITLE = 300
_TEXT = 500_000
_MARKUP = 2_000_000
_NEVER_SAID = Cadence()
_NAMES = 500
_NAME = 100_000
_ADDRESS = 4_000
_MAX_NODES = 1_000_000
# Codecs of the standard library that take the square of a text's length, and that no feed is written in.
_TOO_SLOW = re.compile(rb"punycode|idna", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed; texts are plain, ``link`` is absolute or empty, unknown times are None."""

    guid: str
    link: str
    title: str
    text: str
    authors: tuple[str, ...]
    published: datetime | None
    categories: tuple[str, ...]
    links: tuple[str, ...]
    announce_type: str


@dataclass(frozen=True, slots=True)
class Feed:
    """What a feed document holds: its entries in its order, when it wants to be asked, and what was left out."""

    entries: tuple[Entry, ...]
    cadence: Cadence = _NEVER_SAID
    problems: tuple[str, ...] = ()


def read_feed(document: Document) -> Feed:
    """Return what a feed document holds, whatever it is made of.

    At most ``MAX_ENTRIES`` entries are read, titles and texts are cut to what a person would read; ``problems`` tell.

    Raises Unreadable when the document is empty, too large, or no feed.
    """
    if not document.body.strip():
        raise Unreadable("the answer is empty (0 bytes of feed)")
    if len(document.body) > MAX_SIZE:
        raise Unreadable(f"the document has {len(document.body):,} bytes; at most {MAX_SIZE:,} are read")
    is_json = document.body.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{"
    return _capped(_json_feed(document) if is_json else _xml_feed(document))


def _capped(feed: Feed) -> Feed:
    entries = tuple(
        replace(entry, title=shorten(entry.title, _TITLE), text=shorten(entry.text, _TEXT)) for entry in feed.entries
    )
    cut = sum(new.text != old.text for new, old in zip(entries, feed.entries, strict=True))
    told = (f"the texts of {cut} entries were cut at {_TEXT:,} characters",) if cut else ()
    return Feed(entries, feed.cadence, feed.problems + told)


def _xml_feed(document: Document) -> Feed:
    prepared = prepare(_decoded(document))
    parsed = _parsed(prepared.text, document.url)
    if not (parsed.version or parsed.entries):
        raise Unreadable(f"not a feed: the answer is {_described(document)}")
    return Feed(tuple(_entry(entry, document.url) for entry in parsed.entries), prepared.cadence, prepared.problems)


def _decoded(document: Document) -> str:
    if not _TOO_SLOW.search(document.body[:300] + document.content_type.encode()):
        from feedparser.encodings import convert_to_utf8

        try:
            # feedparser knows what header, mark and declaration are worth when they contradict one another.
            body = convert_to_utf8({"content-type": document.content_type}, document.body, {})
            return str(body.decode("utf-8", "replace"))
        except Exception:  # noqa: BLE001, S110 - an encoding's name may be anything, and each codec fails in its own way
            pass
    return document.body.decode("utf-8", "replace")


def _parsed(text: str, url: str) -> Any:
    import feedparser

    # A stream, not bytes: feedparser takes bytes for a file name first.
    stream = io.BytesIO(text.encode())
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    try:
        return feedparser.parse(stream, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # feedparser fails in many ways on broken references
        raise Unreadable(f"not a feed that can be read ({type(error).__name__}: {error})") from error


def _described(document: Document) -> str:
    declared = document.content_type.split(";")[0] or "of no declared type"
    page = document.body.lstrip()[:15].lower().startswith((b"<!doctype html", b"<html"))
    return f"an HTML page ({declared})" if page else declared


def _entry(entry: Any, base: str) -> Entry:
    parts = [entry.get("summary"), *(part.get("value") for part in entry.get("content", []))]
    markup = max((part or "" for part in parts), key=len)[:_MARKUP]
    link = _link(entry.get("link") or "", base)
    names = (author.get("name", "") for author in entry.get("authors", []))
    return Entry(
        guid=collapse((entry.get("id") or "")[:_ADDRESS]),
        link=link,
        title=_title(entry.get("title") or ""),
        text=html_to_text(markup),
        authors=_plain(names),
        published=_time(entry.get("published_parsed") or dict.get(entry, "updated_parsed")),
        categories=_plain(tag.get("term") for tag in entry.get("tags", [])),
        links=linked_ids(markup, link or base),
        announce_type=collapse(entry.get("arxiv_announce_type") or "new"),
    )


def _title(markup: str) -> str:
    return " ".join(html_to_text(markup[:_MARKUP]).split())


def _link(reference: str, base: str) -> str:
    return web_address(reference, base) if len(reference) <= _ADDRESS else ""


def _plain(names: Iterable[object]) -> tuple[str, ...]:
    read = (html_to_text(str(name or "")[:_NAME]) for name in islice(names, _NAMES))
    return tuple(name for name in read if name)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _time(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _json_feed(document: Document) -> Feed:
    try:
        if document.body.count(b"{") + document.body.count(b"[") > _MAX_NODES:
            raise Unreadable(f"not a feed: JSON of more than {_MAX_NODES:,} objects")
        feed = json.loads(document.body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not a feed: neither XML nor JSON ({error})") from error
    if "jsonfeed.org/version/" not in str(feed.get("version")) or not isinstance(feed.get("items"), list):
        raise Unreadable("not a feed: JSON, but not a JSON Feed")
    items = [item for item in feed["items"] if isinstance(item, dict)]
    cut = (only_first(len(items)),) if len(items) > MAX_ENTRIES else ()
    return Feed(tuple(_json_entry(item, document.url) for item in items[:MAX_ENTRIES]), problems=cut)


def _json_entry(item: dict[str, Any], base: str) -> Entry:
    markup = str(item.get("content_html") or item.get("content_text") or item.get("summary") or "")[:_MARKUP]
    link = _link(str(item.get("url") or item.get("external_url") or ""), base)
    authors = _listed(item.get("authors")) or [item.get("author")]
    names = (author.get("name") for author in authors if isinstance(author, dict))
    return Entry(
        guid=collapse(str(item.get("id") or "")[:_ADDRESS]),
        link=link,
        title=_title(str(item.get("title") or "")),
        text=html_to_text(markup),
        authors=_plain(names),
        published=iso_time(item.get("date_published") or item.get("date_modified")),
        categories=_plain(_listed(item.get("tags"))),
        links=linked_ids(markup, link or base),
        announce_type="new",
    )


def iso_time(value: object) -> datetime | None:
    """Return an ISO 8601 time in UTC (without an offset it is UTC), or None when it is none."""
    try:
        moment = datetime.fromisoformat(str(value))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
