"""Markup to plain text, once, at the edge: what is stored holds no tag, script or LaTeX command."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from pylatexenc.latex2text import LatexNodes2Text
from selectolax.lexbor import LexborHTMLParser

from core.identity import id_of_url

_DROPPED = ["script", "style", "template", "iframe", "object", "noscript", "svg", "math", "form", "head", "title"]
_ELEMENTS = (
    "a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button canvas caption center"
    " cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure"
    " font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input ins kbd label"
    " legend li link main map mark marquee math menu meta meter nav nobr noframes noscript object ol optgroup option"
    " output p param picture plaintext pre progress q rp rt ruby s samp script search section select small source span"
    " strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u"
    " ul var video wbr xmp"
).split()
# What looks like a tag but names no element is text: a token such as <turn>, or a formula with a<k in it.
_NO_TAG = re.compile(
    rf"<(?!(?!https?:|mailto:)/?(?:{'|'.join(_ELEMENTS)}|[a-z]\w*[:-][\w:.-]*)(?:[\s/>]|$)|!--|!\[|!doctype|\?)",
    re.IGNORECASE,
)
_BLOCKS = "p, div, li, br, h1, h2, h3, h4, h5, h6, tr, td, blockquote, pre, section, article, figure, figcaption"
# Control and direction marks, lone surrogates (they cannot be written as UTF-8) and the invisible tag letters.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e007f]"
)
_MARKUP = re.compile(r"<[a-zA-Z!/]|&[#\w]+;")
# A digit after the dollar and a space before, or a digit after, the next one: two prices, no formula.
_MATH = re.compile(r"(?<!\\)\$\$?(?!\d[^\\^_={}$]*(?:\s\$|\$\d))([^$]{1,400}?)(?<!\\)\$\$?|\\\((.{1,400}?)\\\)")
_NESTING = 3
_MACRO = re.compile(r"\\[a-zA-Z]+\*?\s?(?:\{[^{}]*\})+|\\[\"'`^~=.](?:\{[a-zA-Z]?\}|[a-zA-Z])|\\[%&#_{}$]")


def collapse(text: str) -> str:
    """Return the text without unseen characters, its white space folded to single spaces."""
    return " ".join(_UNSEEN.sub("", text).split())


def html_to_text(markup: str) -> str:
    """Return what a person reads of an HTML fragment, one paragraph a line; plain text passes through."""
    if not _MARKUP.search(markup):
        return collapse(markup)
    tree = LexborHTMLParser(_NO_TAG.sub("&lt;", markup))
    tree.strip_tags(_DROPPED)
    for block in tree.css(_BLOCKS):
        block.insert_before("\n")
        block.insert_after("\n")
    lines = (collapse(line) for line in (tree.body or tree.root or tree).text(deep=True).split("\n"))
    return "\n".join(line for line in lines if line)


def linked_ids(markup: str, base: str) -> tuple[str, ...]:
    """Return the canonical ids of the pages that an HTML fragment links to, each once, in order."""
    return tuple(dict.fromkeys(_linked(markup, base))) if "<a" in markup.lower() else ()


def _linked(markup: str, base: str) -> Iterator[str]:
    for anchor in LexborHTMLParser(markup).css("a[href]"):
        address = web_address(anchor.attributes.get("href") or "", base)
        if address:
            yield id_of_url(address)


def web_address(reference: str, base: str = "") -> str:
    """Return the absolute http(s) address of a reference, or an empty string when it is none."""
    if not reference.strip():
        return ""
    try:
        address = urljoin(base, collapse(reference))
        urlsplit(address)
        return address if re.match(r"https?://[^/?#\s]+(?:[/?#]|$)", address, re.IGNORECASE) else ""
    except ValueError:
        return ""


def latex_to_text(text: str) -> str:
    """Return a title or abstract with LaTeX macros and mathematics written out; prices and plain signs stay.

    Only macros and mathematics go through the LaTeX reader: read whole, a plain ``12% of`` would lose its rest.
    """
    text = text.replace("``", "“").replace("''", "”")
    if "\\" not in text and "$" not in text:
        return collapse(text)
    text = _MATH.sub(_math_as_text, text)
    for _ in range(_NESTING):
        text = _MACRO.sub(_macro_as_text, text)
    return collapse(text)


def _math_as_text(match: re.Match[str]) -> str:
    return _latex(match[1] or match[2])


def _macro_as_text(match: re.Match[str]) -> str:
    """Write a macro out; of one that nobody knows, its argument or else its name stays, so that no hole is left."""
    arguments = " ".join(re.findall(r"\{([^{}]+)\}", match[0]))
    return _latex(match[0]) or arguments or match[0].strip("\\{} ")


@cache
def _latex_reader() -> Any:
    return LatexNodes2Text(math_mode="text", strict_latex_spaces="based-on-source")


def _latex(source: str) -> str:
    try:
        return str(_latex_reader().latex_to_text(re.sub(r"(?<!\\)%", r"\\%", source))).strip()
    except Exception:  # noqa: BLE001 - the reader of a third party's broken LaTeX; the source itself is the best answer
        return source
