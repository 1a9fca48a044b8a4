"""Digests as an Atom feed (RFC 4287), an entry a night.

Written by the standard library's XML writer, which escapes whatever it is given. feedgen would bring lxml for sixty
lines, and leaves it to its user to take out what XML forbids.
"""

import re
from collections.abc import Sequence
from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from core.digest import Digest
from digests.letter import counts, heading
from digests.letter_html import to_fragment
from digests.outside import plain

_ATOM = "http://www.w3.org/2005/Atom"
_LONG_AGO = "1970-01-01T00:00:00Z"
# XML 1.0, production 2: whatever is no Char.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_feed(digests: Sequence[Digest], name: str = "", key: str = "") -> str:
    """Return a feed, the newest night first.

    ``name`` is its title. ``key`` makes its ids, which stay: another key is another feed to every reader.
    """
    newest_first = sorted(digests, key=lambda digest: digest.night, reverse=True)
    feed = Element("feed", {"xmlns": _ATOM})
    _add(feed, "id", _urn(key))
    _add(feed, "title", plain(name) or "nightdesk")
    _add(feed, "updated", _updated(newest_first[0]) if newest_first else _LONG_AGO)
    _add(SubElement(feed, "author"), "name", "nightdesk")
    _add(feed, "generator", "nightdesk")
    for digest in newest_first:
        _entry(feed, digest, name, f"{key}/{digest.night.isoformat()}")
    indent(feed)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(feed, encoding="unicode")}\n'


def to_single_feed(digest: Digest) -> str:
    """Return a feed of one night."""
    return to_feed((digest,))


def _entry(feed: Element, digest: Digest, name: str, key: str) -> None:
    entry = SubElement(feed, "entry")
    _add(entry, "id", _urn(key))
    _add(entry, "title", heading(digest, name))
    _add(entry, "updated", _updated(digest))
    _add(entry, "summary", counts(digest))
    _add(entry, "content", to_fragment(digest)).set("type", "html")


def _add(parent: Element, name: str, text: str) -> Element:
    element = SubElement(parent, name)
    element.text = _FORBIDDEN.sub("\ufffd", text)
    return element


def _urn(key: str) -> str:
    return uuid5(NAMESPACE_URL, f"nightdesk/{key}").urn


def _updated(digest: Digest) -> str:
    # A digest knows its day and not the hour at which it was made; the day alone gives the same bytes in every run.
    return f"{digest.night.isoformat()}T00:00:00Z"
