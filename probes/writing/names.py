"""Names in a text: capitalised words where grammar asks for no capital.

The first word of a line, sentence or cell may be any word, and is passed over unless it has further capitals.
"""

import re
from collections.abc import Iterator

from probes.writing.outline import Block, Outline

_WORD = re.compile(r"[^\W\d_]['\w]*")
_BEGINS = re.compile(r"(?:^|[.!?:;|\"(\[/>\n])[\s\"'(\[]*$")
_COMMON = frozenset("ok id am pm na faq tbd tbc tl dr mr ms mrs eur".split())


def names(report: Outline) -> Iterator[str]:
    """Yield the names, lines in title case left out."""
    for block in report.blocks:
        if block.kind != "heading" and not _is_title(block):
            yield from _names_of(block.text)


def words_of(text: str) -> frozenset[str]:
    """Return the words of a plain text, case and endings of possession aside."""
    return frozenset(_squeezed(word) for word in _WORD.findall(text))


def is_known(name: str, words: frozenset[str]) -> bool:
    """Tell whether the words have a name, or what it is the plural of."""
    squeezed = _squeezed(name)
    return squeezed in words or squeezed.removesuffix("s") in words or f"{squeezed}s" in words


def _names_of(text: str) -> Iterator[str]:
    for found in _WORD.finditer(text):
        capitals = sum(sign.isupper() for sign in found[0])
        begins = _BEGINS.search(text[max(0, found.start() - 8) : found.start()])
        is_name = capitals > 1 or (capitals == 1 and not begins and len(found[0]) > 1)
        if is_name and found[0][0].isupper() and _squeezed(found[0]) not in _COMMON:
            yield found[0]


def _is_title(block: Block) -> bool:
    """Tell whether a short line without a full stop has a capital on nearly each long word."""
    long = [word for word in _WORD.findall(block.text) if len(word) > 3]
    return (
        block.kind == "text"
        and len(long) < 12
        and not block.text.endswith(".")
        and sum(word[0].isupper() for word in long) >= 0.7 * len(long)
    )


def _squeezed(word: str) -> str:
    return word.casefold().removesuffix("'s").rstrip("'")
