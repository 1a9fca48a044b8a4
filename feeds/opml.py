"""Subscription lists: OPML 1.0 and 2.0 (opml.org/spec2.opml), read without ever declaring or expanding an entity."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NoReturn
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from xml.parsers import expat

from core.errors import Unreadable
from feeds.text import collapse, web_address

# What XML 1.0 cannot hold; the rest of what is unseen `collapse` takes away.
_UNWRITABLE = re.compile(r"[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed of a list; ``labels`` are the folders around it and its categories, outermost first.

    ``address`` is empty where the list gives none that is on the web.
    """

    title: str
    address: str
    labels: tuple[str, ...] = ()


@dataclass(slots=True)
class _Outlines:
    """What was met so far: the names of the open outlines, and the feeds."""

    open: list[str] = field(default_factory=list)
    found: list[Subscription] = field(default_factory=list)
    elements: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element in; the first must be that of an OPML document."""
        if not self.elements and tag.lower() != "opml":
            raise Unreadable(f"not OPML: its first element is <{collapse(tag)[:40]}>")
        self.elements += 1
        if tag.lower() == "outline":
            known = {name.lower(): collapse(value) for name, value in attributes.items()}
            self._outline(known)
            self.open.append("" if known.get("xmlurl") else _title(known))

    def end(self, tag: str) -> None:
        """Leave an element."""
        if tag.lower() == "outline":
            self.open.pop()

    def _outline(self, known: Mapping[str, str]) -> None:
        address = known.get("xmlurl")
        if address:
            categories = re.split(r"[,/]", known.get("category", ""))
            labels = (label.strip() for label in (*self.open, *categories))
            distinct = tuple(dict.fromkeys(label for label in labels if label))
            self.found.append(Subscription(_title(known), web_address(address), distinct))


def _title(known: Mapping[str, str]) -> str:
    return known.get("title") or known.get("text") or ""


def read_opml(content: bytes) -> tuple[Subscription, ...]:
    """Return the feeds of a subscription list in its order.

    Raises Unreadable when it is no OPML, is broken, or declares a document type, which is where entities come from.
    """
    outlines = _Outlines()
    parser = expat.ParserCreate()
    parser.StartElementHandler = outlines.start
    parser.EndElementHandler = outlines.end
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat's own sign for the end
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise Unreadable(f"not OPML that can be read ({error})") from error
    return tuple(outlines.found)


def _refuse_document_type(*_: object) -> NoReturn:
    raise Unreadable("it declares a document type (<!DOCTYPE …>), which OPML has no need of; remove the declaration")


def write_opml(title: str, subscriptions: Iterable[Subscription]) -> str:
    """Return an OPML 2.0 document; labels become categories."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = _writable(title)
    body = SubElement(root, "body")
    for one in subscriptions:
        name = _writable(one.title)
        outline = SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=_writable(one.address))
        if one.labels:
            outline.set("category", ",".join(map(_writable, one.labels)))
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("", collapse(text))
