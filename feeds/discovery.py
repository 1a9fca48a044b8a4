"""The feed behind an address: itself, what its page declares or links to, or what stands at the usual places.

Asked one after the other, and no more than is needed: the best candidate that reads as a feed ends the search.
"""

import codecs
import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urljoin, urlsplit

from core.errors import SourceError, Throttled, Unreachable, Unreadable
from core.polls import Validators
from feeds.answer import Document, Fetch
from feeds.feed_document import read_feed
from feeds.known_sites import Stands, Value, known_site
from feeds.text import html_to_text
from feeds.web_page import FeedLink, declared_feeds, linked_feeds

_USUAL_PLACES = ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml", "feed.json")
_MOST_TRIED = 4
_HEAD = 64 * 1024
_ENCODING = re.compile(rb"<\?xml[^>]{0,100}encoding=[\"']([\w.-]{1,40})[\"']")
_TITLE = re.compile(r"<title\b[^>]*>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</title>", re.DOTALL | re.IGNORECASE)
_FIRST_ENTRY = re.compile(r"<(?:item|entry)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Discovery:
    """The source that was found: its kind, the kind's own keys, a name and how it was found.

    ``passed_over`` are the other feeds that the page names, best first.
    """

    kind: str
    keys: tuple[tuple[str, Value], ...]
    name: str
    how: str
    passed_over: tuple[FeedLink, ...] = ()


def discover(url: str, fetch: Fetch) -> Discovery:
    """Return the source that an http(s) address stands for.

    Raises SourceError when it cannot be read or no feed is found behind it.
    """
    stands = known_site(url)
    if stands and stands.kind != "rss":
        return _of_known_site(stands)
    start = dict(stands.keys)["url"] if stands else url
    first = _document(str(start), fetch)
    if _is_feed(first):
        return _found(FeedLink(_lasting(str(start), first)), first, "the address is that of a feed")
    return _behind_page(first, fetch)


def _of_known_site(stands: Stands) -> Discovery:
    return Discovery(stands.kind, stands.keys, stands.name, f"the address stands for a source of kind {stands.kind}")


def _document(url: str, fetch: Fetch) -> Document:
    answer = fetch(url, Validators())
    if not isinstance(answer, Document):
        raise Unreadable(f"{url} answers that nothing has changed, though nothing was known of it")
    return answer


def _is_feed(document: Document) -> bool:
    try:
        read_feed(document)
    except Unreadable:
        return False
    return True


def _lasting(asked: str, document: Document) -> str:
    """Return the address to keep: where a feed moved to for good, else the one that was asked."""
    return document.moved_to or asked


def _found(link: FeedLink, document: Document, how: str, others: tuple[FeedLink, ...] = ()) -> Discovery:
    name = feed_title(document) or link.title or urlsplit(link.address).hostname or link.address
    return Discovery("rss", (("url", link.address),), name, how, others)


def feed_title(document: Document) -> str:
    """Return what a feed calls itself, or an empty string: its title stands in its head, before the first entry."""
    body = document.body.removeprefix(codecs.BOM_UTF8).lstrip()
    if body.startswith(b"{"):
        return _plain(str(json.loads(body).get("title") or ""))
    title = _TITLE.search(_FIRST_ENTRY.split(_decoded(body[:_HEAD]), 1)[0])
    return _plain(html.unescape(title[1])) if title else ""


def _plain(markup: str) -> str:
    return " ".join(html_to_text(markup).split())


def _decoded(head: bytes) -> str:
    declared = _ENCODING.match(head)
    try:
        return head.decode(declared[1].decode() if declared else "utf-8", "replace")
    except LookupError:
        return head.decode("utf-8", "replace")


def _behind_page(page: Document, fetch: Fetch) -> Discovery:
    declared, linked = ranked(declared_feeds(page), page.url), ranked(linked_feeds(page), page.url)
    ways = (
        ("the page declares it", declared[:_MOST_TRIED]),
        ("the page links to it", linked[:_MOST_TRIED]),
        ("it stands at a usual place", _usual_places(page.url)),
    )
    tried = chain.from_iterable(((how, link) for link in links) for how, links in ways)
    for how, link, document in _feeds(tried, fetch):
        others = tuple(other for other in declared if other.address != link.address)
        return _found(FeedLink(_lasting(link.address, document), link.title), document, how, others)
    raise SourceError(f"no feed found behind {page.url}: none is declared, linked or at a usual place")


def _feeds(tried: Iterable[tuple[str, FeedLink]], fetch: Fetch) -> Iterator[tuple[str, FeedLink, Document]]:
    """Yield what turns out to be a feed; a host that asks for quiet or does not answer ends the search."""
    asked = set()
    for how, link in tried:
        if link.address in asked:
            continue
        asked.add(link.address)
        try:
            document = _document(link.address, fetch)
        except (Throttled, Unreachable):
            raise
        except SourceError:
            continue
        if _is_feed(document):
            yield how, link, document


def ranked(links: Sequence[FeedLink], page_url: str) -> tuple[FeedLink, ...]:
    """Return feeds best first: posts before comments, then the nearest to the page, then in the page's order."""
    return tuple(sorted(links, key=lambda link: (_is_comments(link), *_distance(link.address, page_url))))


def _is_comments(link: FeedLink) -> bool:
    return "comment" in f"{link.address} {link.title}".lower()


def _distance(address: str, page_url: str) -> tuple[bool, int, int]:
    """Return how far a feed is from a page: another host, folders that they do not share, folders below."""
    feed, page = urlsplit(address), urlsplit(page_url)
    theirs, ours = _folders(feed.path), _folders(page.path)
    shared = next((n for n, pair in enumerate(zip(theirs, ours, strict=False)) if pair[0] != pair[1]), None)
    shared = min(len(theirs), len(ours)) if shared is None else shared
    return feed.hostname != page.hostname, -shared, len(theirs) - shared


def _folders(path: str) -> list[str]:
    return [part for part in path.split("/") if part]


def _usual_places(page_url: str) -> tuple[FeedLink, ...]:
    """Return the usual addresses of feeds, below the page and then at the root of its host."""
    below = urljoin(page_url, urlsplit(page_url).path.rstrip("/") + "/")
    bases = dict.fromkeys((below, urljoin(page_url, "/")))
    return tuple(FeedLink(urljoin(base, place)) for base in bases for place in _USUAL_PLACES)
