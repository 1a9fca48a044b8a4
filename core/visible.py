"""Text from outside, shown to the last character: what would act unseen is written out."""

import unicodedata

_JOINERS = "\u200c\u200d"  # they change how Persian, Hindi and emoji are drawn, not where text goes
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def visible(text: str) -> str:
    r"""Return the text with controls, directions and halves of surrogate pairs written as ``\x1b``.

    Lines and tabs stay. Nothing that is left moves a cursor, colours a terminal or turns the order of words round.
    """
    return text if text.isprintable() else "".join(map(_written, text))


def _written(char: str) -> str:
    if char in "\n\t" or char in _JOINERS or unicodedata.category(char) not in _UNSEEN:
        return char
    return char.encode("unicode_escape").decode("ascii")
