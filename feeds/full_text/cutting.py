"""An end for texts without end."""

import re

MAX_CHARS = 2_000_000
"""The longest text that is kept, in characters; books of a thousand pages are shorter."""

_SENTENCE_END = re.compile(r"[.!?。](?=\s)")
_LOOK_BACK = 2_000


def cut(text: str) -> str:
    """Return the text, cut at the end of a paragraph or else a sentence and marked as cut where it is too long."""
    if len(text) <= MAX_CHARS:
        return text
    return marked(text[: _end(text)], "the text goes on")


def marked(text: str, why: str) -> str:
    """Return the text with a last line that says why it ends here."""
    return f"{text.rstrip()}\n[cut here: {why}]"


def _end(text: str) -> int:
    """Return where to cut: a cut that loses much to keep a paragraph whole would lose more than it keeps."""
    start = MAX_CHARS - _LOOK_BACK
    paragraph = text.rfind("\n", start, MAX_CHARS)
    sentences = [match.end() for match in _SENTENCE_END.finditer(text, start, MAX_CHARS)]
    return paragraph if paragraph > 0 else sentences[-1] if sentences else MAX_CHARS
