"""RSS, Atom and JSON Feed documents to entries: the one module that knows feedparser.

feedparser reads RSS 0.9x, 1.0, 2.0 and Atom; JSON Feed 1.x (jsonfeed.org/version/1.1) is not in its released
versions and is read here.
"""

import codecs
import io
import json
from calendar import timegm
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import feedparser

from core.errors import Unreadable
from feeds.http import Document
from feeds.text import collapse, html_to_text, linked_ids, web_address


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


def read_feed(document: Document) -> tuple[Entry, ...]:
    """Return the entries of a feed document in its order.

    Raises Unreadable when the document is empty or no feed.
    """
    if not document.body.strip():
        raise Unreadable("the answer is empty (0 bytes of feed)")
    if document.body.removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{":
        return _json_feed(document)
    parsed = _parsed(document)
    if not parsed.version:
        raise Unreadable(f"not a feed: the answer is {_described(document)}")
    return tuple(_entry(entry, document.url) for entry in parsed.entries)


def _parsed(document: Document) -> Any:
    # A stream, not bytes: feedparser takes bytes for a file name first.
    stream = io.BytesIO(document.body)
    headers = {"content-type": document.content_type, "content-location": document.url}
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
    markup = max((part or "" for part in parts), key=len)
    link = web_address(entry.get("link") or "", base)
    names = (author.get("name", "") for author in entry.get("authors", []))
    return Entry(
        guid=collapse(entry.get("id") or ""),
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
    return " ".join(html_to_text(markup).split())


def _plain(names: Iterable[object]) -> tuple[str, ...]:
    return tuple(name for name in (html_to_text(str(name or "")) for name in names) if name)


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _time(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def _json_feed(document: Document) -> tuple[Entry, ...]:
    try:
        feed = json.loads(document.body)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"not a feed: neither XML nor JSON ({error})") from error
    if "jsonfeed.org/version/" not in str(feed.get("version")) or not isinstance(feed.get("items"), list):
        raise Unreadable("not a feed: JSON, but not a JSON Feed")
    return tuple(_json_entry(item, document.url) for item in feed["items"] if isinstance(item, dict))


def _json_entry(item: dict[str, Any], base: str) -> Entry:
    markup = str(item.get("content_html") or item.get("content_text") or item.get("summary") or "")
    link = web_address(str(item.get("url") or item.get("external_url") or ""), base)
    authors = _listed(item.get("authors")) or [item.get("author")]
    names = (author.get("name") for author in authors if isinstance(author, dict))
    return Entry(
        guid=collapse(str(item.get("id") or "")),
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
