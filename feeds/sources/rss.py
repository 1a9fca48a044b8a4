"""Blogs and any other feed: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.identity import id_of_url, text_hash
from core.sources import Reading, SourceSpec
from core.types import Item, Night
from feeds.answer import Document
from feeds.feed_document import Entry, read_feed
from feeds.text import shorten, web_address

_TITLE_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Options:
    """``url``: the address of the feed."""

    url: str

    def __post_init__(self) -> None:
        """Refuse what is no address on the web."""
        if not web_address(self.url):
            raise ValueError(f"{self.url!r} is no http or https address")


def addresses(spec: SourceSpec, night: Night) -> tuple[str, ...]:  # noqa: ARG001 - a feed has one address
    """Return the feed's address."""
    assert isinstance(spec.options, Options)  # noqa: S101 - narrows the type; the configuration guarantees it
    return (spec.options.url,)


def read(document: Document, spec: SourceSpec, night: Night) -> Reading:
    """Return one post an entry; entries without any text at all are named as problems."""
    feed = read_feed(document)
    told = [entry for entry in feed.entries if entry.title or entry.text]
    silent = len(feed.entries) - len(told)
    shared, guids = _shared_links(told), Counter(entry.guid for entry in told)
    # The configured address, not that of the answer: a feed that moves keeps its entries.
    (own,) = addresses(spec, night)
    posts = (_post(entry, own, shared=entry.link in shared) for entry in told)
    items = tuple(post if guids[post.guid] == 1 else replace(post, guid="") for post in posts)
    problems = (f"{silent} entries without title and text",) if silent else ()
    return Reading(items, feed.problems + problems, cadence=feed.cadence)


def _shared_links(entries: Sequence[Entry]) -> set[str]:
    """Return the links under which one document tells of several things."""
    guids = defaultdict(set)
    for entry in entries:
        guids[entry.link].add(entry.guid)
    return {link for link, known in guids.items() if len(known) > 1}


def _post(entry: Entry, feed_url: str, *, shared: bool) -> Item:
    identity = _identity(entry, feed_url, shared=shared)
    return Item(
        id=identity,
        kind="paper" if identity.startswith("arxiv:") else "post",
        title=entry.title or _first_words(entry.text),
        url=entry.link or feed_url,
        text="" if entry.text == entry.title else entry.text,
        authors=entry.authors,
        published=entry.published,
        announced=entry.published,
        categories=entry.categories,
        links=entry.links,
        guid=entry.guid,
    )


def _identity(entry: Entry, feed_url: str, *, shared: bool) -> str:
    """Return the id of the linked page; where that does not tell entries apart, the feed's own id decides."""
    if entry.link and not shared:
        return id_of_url(entry.link)
    own = entry.guid or text_hash(f"{entry.title}\n{entry.text}")
    return f"{id_of_url(entry.link or feed_url)}#{hashlib.sha256(own.encode()).hexdigest()[:16]}"


def _first_words(text: str) -> str:
    return shorten(text.split("\n", 1)[0], _TITLE_LENGTH)
