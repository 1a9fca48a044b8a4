"""Parts of an answer that stand on lines of their own behind a word, ``Step: …``."""

import re

from probes.answer_line import BEFORE

_AROUND = " \t*_`$"


def fields(text: str, word: str) -> list[str]:
    """Return what stands behind each ``word:`` that begins a line, without markup and the full stop."""
    line = re.compile(rf"{BEFORE}{re.escape(word)}[\s*_`]*(?:\d+[\s*_`]*)?:[ \t]*(.+)$", re.IGNORECASE | re.MULTILINE)
    return [one for match in line.finditer(text) if (one := match[1].strip(_AROUND).rstrip(".").strip(_AROUND))]


def last_field(text: str, word: str) -> str | None:
    """Return what stands behind the last ``word:``, or None."""
    return next(reversed(fields(text, word)), None)
