"""Markup to plain text, once, at the edge: what is stored holds no tag, script or LaTeX command."""

import logging
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from core.identity import id_of_url

# A formula that it cannot write out is shown as it stands, not told to whoever runs the night.
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)

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
# The tree's builder takes the square of the nesting; nobody reads what stands this deep.
_MAX_DEPTH = 200
_TAG = re.compile(r"<(/?)([a-z][a-z0-9:-]{0,20})", re.IGNORECASE)
_UNCLOSED = frozenset(
    "area base br col dd dt embed hr img input li link meta option p param rp rt source tbody td tfoot th thead tr"
    " track wbr".split()
)
_BLOCKS = (
    "address article aside blockquote br caption center dd details div dl dt fieldset figcaption figure footer h1 h2 h3"
    " h4 h5 h6 header hr li main nav ol option p pre section summary table tr ul"
).split()
# A form feed is white space to HTML, so that it stays where it is in a table.
_LINE, _CELL = "\f", "\x1f"
_BLOCK_TAG = re.compile(rf"</?(?:{'|'.join(_BLOCKS)})(?=[\s/>])", re.IGNORECASE)
_CELL_TAG = re.compile(r"<t[dh](?:\s[^<>]*)?>", re.IGNORECASE)
_CODE = re.compile(r"<(pre|textarea|xmp)(?=[\s>]).*?(?:</\1|\Z)", re.IGNORECASE | re.DOTALL)
_HIDDEN = '[hidden], [style*="display:none" i], [style*="display: none" i], [style*="visibility:hidden" i]'
_IS_ELEMENT = re.compile(rf"</?(?:{'|'.join(_ELEMENTS)})(?=[\s/>])", re.IGNORECASE)
_WORDLESS = re.compile(r"</?(?:img|br|hr)(?=[\s/>])[^<>]*>|<a(?:\s[^<>]*)?(?:/>|>\s{0,9}</a>)", re.IGNORECASE)
# Words that begin as an element and close it are a document escaped once too often, not a text about elements.
_ESCAPED_ELEMENT = re.compile(
    rf"\s*<({'|'.join(_ELEMENTS)})(?:\s[^<>]*)?>.*</\1\s*>|\s*<(?:br|hr|img)(?:\s[^<>]*)?>", re.IGNORECASE | re.DOTALL
)
# Control and direction marks, lone surrogates (they cannot be written as UTF-8) and the invisible tag letters.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff\U000e0000-\U000e007f]"
)
_MARKUP = re.compile(r"<[a-zA-Z!/]|&[#\w]+;")
# A digit after the dollar and a space before, or a digit after, the next one: two prices, no formula.
_MATH = re.compile(r"(?<!\\)\$\$?(?!\d[^\\^_={}$]*(?:\s\$|\$\d))([^$]{1,400}?)(?<!\\)\$\$?|\\\((.{1,400}?)\\\)")
_LINK = re.compile(r"\\href\s?\{[^{}]*\}\s?\{([^{}]*)\}")
# Not what follows a letter or a colon, as in a path, nor a single letter, as in a regular expression.
_BARE_MACRO = re.compile(r"(?<![\w:\\])\\([a-zA-Z]{2,20})(?![a-zA-Z{])")
_FONTS = "bf bfseries em footnotesize it itshape large normalfont rm sc scshape sf small sl tt ttfamily".split()
_IN_FONT = re.compile(rf"\{{\\(?:{'|'.join(_FONTS)})\s([^{{}}]*)\}}")
_NESTING = 3
_MAX_LINKS = 500
_MACRO = re.compile(r"\\[a-zA-Z]+\*?\s?(?:\{[^{}]*\})+|\\[\"'`^~=.](?:\{[a-zA-Z]?\}|[a-zA-Z])|\\[%&#_{}$]")


def collapse(text: str) -> str:
    """Return the text without unseen characters, its white space folded to single spaces."""
    return " ".join(_UNSEEN.sub("", text).split())


def shorten(text: str, most: int) -> str:
    """Return a text of at most ``most`` characters: cut at a word's end, where there is one, and marked by "…"."""
    if len(text) <= most:
        return text
    head = text[: most - 2]
    words = re.match(r"(?s).*(?=\s)", head) if len(head.split(None, 1)) > 1 else None
    return f"{(words[0] if words else head).rstrip()} …"


def html_to_text(markup: str) -> str:
    """Return what a person reads of an HTML fragment, one paragraph, row or line of code a line.

    Plain text passes through; a fragment that was escaped twice is read twice; what is hidden is left out, and so is
    what stands more than 200 elements deep. An image counts as its description where there is nothing else.
    """
    if not _MARKUP.search(markup):
        return collapse(markup)
    text = _text_of(markup)
    escaped_twice = _ESCAPED_ELEMENT.match(text) and not _IS_ELEMENT.search(_WORDLESS.sub("", markup))
    return _text_of(text) if escaped_twice else text


def _text_of(markup: str) -> str:
    # As a body: what stood before the first visible element would be taken for a head's.
    tree = LexborHTMLParser("<body>" + _with_marks(_shallow(_NO_TAG.sub("&lt;", markup))))
    tree.strip_tags(_DROPPED)
    for hidden in tree.css(_HIDDEN):
        hidden.decompose(recursive=False)
    lines = (tree.body or tree.root or tree).text(deep=True).split(_LINE)
    return "\n".join(line for line in map(_row, lines) if line) or _descriptions(tree)


def _with_marks(markup: str) -> str:
    """Put a mark at every place where a reader sees a new line or a new cell."""
    markup = _CODE.sub(lambda code: code[0].replace("\n", _LINE), markup)
    return _CELL_TAG.sub(rf"\g<0>{_CELL}", _BLOCK_TAG.sub(rf"{_LINE}\g<0>", markup))


def _row(line: str) -> str:
    return " | ".join(cell for cell in map(collapse, line.split(_CELL)) if cell)


def _descriptions(tree: Any) -> str:
    alternatives = (collapse(image.attributes.get("alt") or "") for image in tree.css("img[alt]"))
    return "\n".join(text for text in alternatives if text)


def _shallow(markup: str) -> str:
    """Return the markup up to where it nests too deeply; a closing tag that closes nothing is not believed."""
    if markup.count("<") <= _MAX_DEPTH:
        return markup
    open_elements: list[str] = []
    for tag in _TAG.finditer(markup):
        closing, name = tag[1], tag[2].lower()
        if name in _UNCLOSED:
            continue
        if not closing:
            open_elements.append(name)
        elif open_elements and open_elements[-1] == name:
            open_elements.pop()
        if len(open_elements) > _MAX_DEPTH:
            return markup[: tag.start()]
    return markup


def linked_ids(markup: str, base: str) -> tuple[str, ...]:
    """Return the canonical ids of the first 500 pages that an HTML fragment links to, each once, in order."""
    if "<a" not in markup.lower():
        return ()
    return tuple(dict.fromkeys(islice(_linked(_shallow(markup), base), _MAX_LINKS)))


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
    text = _MATH.sub(_math_as_text, _IN_FONT.sub(r"\1", _LINK.sub(r"\1", text)))
    for _ in range(_NESTING):
        text = _MACRO.sub(_macro_as_text, text)
    return collapse(_BARE_MACRO.sub(_bare_macro_as_text, text))


def text_to_latex(text: str) -> str:
    """Return a plain text in LaTeX's own letters."""
    from pylatexenc.latexencode import unicode_to_latex

    return str(unicode_to_latex(text, unknown_char_policy="keep", unknown_char_warning=False))


def _math_as_text(match: re.Match[str]) -> str:
    return _latex(match[1] or match[2])


def _macro_as_text(match: re.Match[str]) -> str:
    """Write a macro out; of one that nobody knows, its argument or else its name stays, so that no hole is left."""
    arguments = " ".join(re.findall(r"\{([^{}]+)\}", match[0]))
    return _latex(match[0]) or arguments or match[0].strip("\\{} ")


def _bare_macro_as_text(match: re.Match[str]) -> str:
    """Write out a macro without arguments: a letter or sign, nothing for a font, else its name."""
    sign = _latex(match[0])
    return sign if sign and "%" not in sign else "" if match[1] in _FONTS else match[1]


@cache
def _latex_reader() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="text", strict_latex_spaces="based-on-source")


def _latex(source: str) -> str:
    try:
        return str(_latex_reader().latex_to_text(re.sub(r"(?<!\\)%", r"\\%", source))).strip()
    except Exception:  # noqa: BLE001 - the reader of a third party's broken LaTeX; the source itself is the best answer
        return source
