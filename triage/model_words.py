"""A model's words, made fit to be told: plain text on one line, without links, mentions, tags and what cannot be seen.

Every pattern is linear: repetitions are bounded or cannot overlap with what follows them.
"""

import re
import unicodedata

_JOINERS = "\u200c\u200d"
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co"})
_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL | re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z!@#][^<>]{0,300}>|<!-{0,2}|-->|⟦[^⟦⟧]{0,300}⟧")
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,500}(?:\s[^()]{0,100})?\)")
_ADDRESS = re.compile(
    r"(?i)[\w+.-]{2,40}://[^\s()\[\]<>]*|\b(?:javascript:|data:\w+/|mailto:|tel:)\S+|\bwww\.[^\s()\[\]<>]*"
    r"|[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,100}|\b(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}/[^\s()\[\]<>]*"
)
# An address has one of these, so that most sentences need not be looked through for one.
_OF_ADDRESS = re.compile(r"[:/@]|www\.", re.IGNORECASE)
_MENTION = re.compile(r"(?<!\w)[@＠](?![\d\s])")
_EMPTY_BRACKETS = re.compile(r"\(\s*\)|\[\s*\]")
_LOOSE_MARK = re.compile(r"\s+(?=[.,;:!?](?:\s|$))")


def fit_words(text: str) -> str:
    """Return a model's words without what could lead or call anybody anywhere; empty where nothing else was said."""
    said = _THOUGHT.sub(" ", text)
    shown = said if said.isascii() and said.isprintable() else "".join(map(_visible, said))
    told = _MARKDOWN_LINK.sub(r"\1", _TAG.sub(" ", shown))
    told = _ADDRESS.sub(" ", told) if _OF_ADDRESS.search(told) else told
    whole = _EMPTY_BRACKETS.sub(" ", _MENTION.sub("", told))
    return _LOOSE_MARK.sub("", " ".join(whole.split()))


def _visible(char: str) -> str:
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) in _HIDDEN and char not in _JOINERS else char
