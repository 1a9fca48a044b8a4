"""HTML to lines: what a person sees, with mathematics as readable text, once."""

import codecs
import re
from collections.abc import Callable, Iterator
from functools import cache

from selectolax.lexbor import LexborHTMLParser, LexborNode

from feeds.text import collapse, latex_to_text

_UNREAD = frozenset(
    "script style template iframe object noscript svg form button nav dialog canvas audio video".split()
)
_HIDING = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_BLOCKS = (
    "p, div, li, br, hr, h1, h2, h3, h4, h5, h6, tr, table, caption, blockquote, pre, section, article, header, footer,"
    " figure, figcaption, dt, dd, ul, ol, details, summary"
)
# Cannot stand in a text: collapse takes it out.
_BREAK = "\x1e"
_CELLS = re.compile(r"\\\\|(?<!\\)&|\\(?:begin|end)\{\w+\*?\}")
_LONGEST_FORMULA = 400  # what feeds.text takes for a formula, and not for a text between two signs
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w-]{2,40})", re.IGNORECASE)


def seen_tree(markup: str) -> LexborHTMLParser:
    """Return a page without scripts, menus, forms and whatever is hidden, its mathematics written out."""
    tree = LexborHTMLParser(markup)
    _remove(tree, _is_unseen)
    for node in tree.css("math"):
        node.replace_with(f" {_readable(_latex_of(node))} ")
    return tree


def _is_unseen(node: LexborNode) -> bool:
    if node.tag in ("html", "body"):
        return False
    attributes = node.attributes
    hidden = "hidden" in attributes or attributes.get("aria-hidden") == "true"
    return node.tag in _UNREAD or hidden or bool(_HIDING.search(attributes.get("style") or ""))


def _remove(tree: LexborHTMLParser, is_unseen: Callable[[LexborNode], bool]) -> None:
    root = tree.root
    found = [node for node in root.traverse() if is_unseen(node)] if root else []
    # The inner ones first: to remove a node twice, itself and with its parent, would corrupt memory.
    for node in reversed(found):
        node.decompose()


def _latex_of(node: LexborNode) -> str:
    annotation = node.css_first('annotation[encoding="application/x-tex"]')
    source = node.attributes.get("alttext") or (annotation.text() if annotation else "")
    return source or collapse(node.text(deep=True))


@cache
def _readable(latex: str) -> str:
    """Write a formula out, cell by cell: of rows, matrices and cases, only what stands in them can be read."""
    cells = (cell.strip() for cell in _CELLS.split(latex))
    return " ".join(latex_to_text(rf"\({cell}\)" if len(cell) <= _LONGEST_FORMULA else cell) for cell in cells if cell)


def lines_of(node: LexborNode) -> Iterator[str]:
    """Yield the headings, paragraphs, rows and lines of code below a node; the tree is changed by it."""
    for pre in node.css("pre"):
        pre.replace_with(_BREAK + pre.text(deep=True).replace("\n", _BREAK) + _BREAK)
    for cell in node.css("td, th"):
        cell.insert_after(" ")
    for block in node.css(_BLOCKS):
        block.insert_before(_BREAK)
        block.insert_after(_BREAK)
    lines = (collapse(line) for line in node.text(deep=True).split(_BREAK))
    return (line for line in lines if line)


def decoded(body: bytes, content_type: str) -> str:
    """Return the text of a page in the charset that its header, else its start, names; UTF-8 where none is known."""
    named = _CHARSET.search(content_type)
    meta = _META_CHARSET.search(body[:2048])
    charset = named[1] if named else meta[1].decode() if meta else "utf-8"
    try:
        codecs.lookup(charset)
        return body.decode(charset, "replace").removeprefix("\ufeff")
    except (LookupError, ValueError):
        return body.decode("utf-8", "replace").removeprefix("\ufeff")
