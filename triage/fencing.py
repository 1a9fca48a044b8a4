"""Text from outside, fenced as data: a prompt shows where it begins and ends, and the text cannot say otherwise.

A fence is written with two brackets that are taken out of the text, and bears a mark made of the text itself, which a
text cannot hold. What a person would not see (comments, control, zero-width and direction marks, tags, fillers) is
taken out, and what a chat template or a parser of tool calls would read as its own is made plain text. A fence says
what is data; it does not keep a model from obeying data. What an obeying model can do is bounded by those who use it.
"""

import re
import unicodedata

from core.identity import text_hash

_OPEN, _CLOSE = "⟦", "⟧"
_BRACKETS = str.maketrans({_OPEN: "[", _CLOSE: "]"})
_MARK_CHARS = 16
_LABEL_CHARS = 40
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Letters, marks and symbols by their category that show nothing: fillers, the blank of Braille, variation selectors.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_TURN_TAG = re.compile(
    r"<(?=\s*/?\s*(?:think|thinking|minimax|antml|invoke|parameter|tools?|functions?|submit|system|assistant|user|human"
    r"|developer|fim|eos|bos|s)(?![a-z0-9])|[|｜])",
    re.IGNORECASE,
)
# The marks of M2's own template, and of the one with [INST].
_TEMPLATE = re.compile(r"\](?=[~!<])|\[(?=e~\[|/?INST\])")
_MANY_SPACES = re.compile(r"[ \t]{3,}")
_MANY_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


def fenced(label: str, text: str, limit: int) -> str:
    """Return a text as data under a label of ours, at most ``limit`` characters of it, which the fence then says."""
    name = re.sub(r"[^\w .:-]", "", label)[:_LABEL_CHARS]
    shown = visible(text[: 4 * limit])
    is_cut = len(shown) > limit or len(text) > 4 * limit
    shown = shown[:limit].rstrip()
    mark = text_hash(f"{name}\n{shown}")[:_MARK_CHARS]
    end = f"{_OPEN}end of data {mark}{', cut' if is_cut else ''}{_CLOSE}"
    return f"{_OPEN}data {mark}: {name}{_CLOSE}\n{shown}\n{end}"


def visible(text: str) -> str:
    """Return what a person would see of a text, with nothing in it that a template, parser or fence could take."""
    text = _BREAKS.sub("\n", text)
    if not text.isascii() or not text.isprintable():
        text = "".join(_seen(char) for char in text).translate(_BRACKETS)
    text = _without_comments(text)
    text = _TEMPLATE.sub(r"\g<0> ", _TURN_TAG.sub("‹", text))
    return _MANY_LINES.sub("\n\n", _MANY_SPACES.sub("  ", text)).strip()


def one_line(text: str, limit: int) -> str:
    """Return what a person would see of a text on one line of at most ``limit`` characters."""
    line = " ".join(visible(text[: 4 * limit]).split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def _without_comments(text: str) -> str:
    """Return a text without the comments of HTML; one that never ends is text. Linear, as a pattern would not be."""
    shown, rest = [], text
    while "<!--" in rest:
        before, _, inside = rest.partition("<!--")
        _hidden, end, after = inside.partition("-->")
        if not end:
            break
        shown.append(before)
        rest = after
    return " ".join([*shown, rest])


def _seen(char: str) -> str:
    if char in "\n\t":
        return char
    if char in _UNSEEN or "\ufe00" <= char <= "\ufe0f" or "\U000e0000" <= char <= "\U000e01ef":
        return ""
    category = unicodedata.category(char)
    if category in ("Cc", "Cf", "Co", "Cs", "Cn"):
        return ""
    return " " if category == "Zs" else char
