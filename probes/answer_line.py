"""Where a short answer stands: on the last line that begins with ``Answer:``, as every such prompt asks for."""

import re

BEFORE = r"^(?:[^\S\n]|[>*_#`$-])*"
"""What may stand before a word that begins a line. No pattern here may be slower than linear: models write nonsense."""
_LINE = re.compile(rf"{BEFORE}answer[\s*_`]*[:=][ \t]*(.*)$", re.IGNORECASE | re.MULTILINE)
_AROUND = " \t*_`$\"'“”"


def answer_line(text: str) -> str | None:
    """Return what stands behind the last ``Answer:``, without markup and the full stop, or None where none stands.

    An answer that follows on the next line is taken too.
    """
    found = list(_LINE.finditer(text))
    if not found:
        return None
    behind = found[-1][1].strip(_AROUND) or text[found[-1].end() :].strip().partition("\n")[0]
    plain = behind.strip(_AROUND)
    return re.sub(r"^\\boxed\{(.*)\}$", r"\1", plain).rstrip(".").strip(_AROUND) or None


def normal(text: str) -> str:
    """Return a short answer as it is compared: case, spaces and the spelling of separators aside."""
    return re.sub(r"\s*([,;])\s*", r"\1", " ".join(text.casefold().split()))
