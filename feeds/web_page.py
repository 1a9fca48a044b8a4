"""What a web page says of its feeds: the links in its head that declare them, and the anchors that look like them.

The rules: WHATWG HTML, "link type alternate", and RSS autodiscovery (rssboard.org/rss-autodiscovery).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from feeds.answer import Document
from feeds.text import collapse, web_address

_FEED_TYPES = frozenset("application/rss+xml application/atom+xml application/rdf+xml application/feed+json".split())
_LOOKS_LIKE_FEED = re.compile(r"(?:/(?:feed|rss|atom)/?|\.(?:rss|atom)|/(?:feed|rss|atom|index)\.(?:xml|json))$")


@dataclass(frozen=True, slots=True)
class FeedLink:
    """An absolute address that a page takes for a feed, and what the page calls it."""

    address: str
    title: str = ""


def declared_feeds(page: Document) -> tuple[FeedLink, ...]:
    """Return the feeds that the head of a page declares, each once, in its order."""
    return _distinct(_declared(LexborHTMLParser(page.body), page.url))


def linked_feeds(page: Document) -> tuple[FeedLink, ...]:
    """Return what a page links to by an address that looks like that of a feed, each once, in its order."""
    return _distinct(_linked(LexborHTMLParser(page.body), page.url))


def _distinct(links: Iterator[FeedLink]) -> tuple[FeedLink, ...]:
    # The first one keeps its title: what comes later is a repetition in a footer.
    by_address: dict[str, FeedLink] = {}
    for link in links:
        by_address.setdefault(link.address, link)
    return tuple(by_address.values())


def _declared(tree: LexborHTMLParser, url: str) -> Iterator[FeedLink]:
    base = _base(tree, url)
    for node in tree.css("link[rel][href]"):
        kind = _attribute(node, "type").split(";")[0].strip().lower()
        is_alternate = "alternate" in _attribute(node, "rel").lower().split()
        if is_alternate and kind in _FEED_TYPES and (address := web_address(_attribute(node, "href"), base)):
            yield FeedLink(address, collapse(_attribute(node, "title")))


def _linked(tree: LexborHTMLParser, url: str) -> Iterator[FeedLink]:
    base = _base(tree, url)
    for node in tree.css("a[href]"):
        address = web_address(_attribute(node, "href"), base)
        if address and _LOOKS_LIKE_FEED.search(address.split("?")[0].split("#")[0].lower()):
            yield FeedLink(address.split("#")[0])


def _base(tree: LexborHTMLParser, url: str) -> str:
    """Return what relative addresses start from: the page's first ``<base>``, itself relative to the page."""
    node = tree.css_first("base[href]")
    return (web_address(_attribute(node, "href"), url) if node else "") or url


def _attribute(node: LexborNode, name: str) -> str:
    return node.attributes.get(name) or ""
