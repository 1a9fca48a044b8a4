"""Text and addresses from outside, made safe to show: whatever a form prints has passed through here.

Each form still escapes for its own language; what is settled here holds for all of them.
"""

import unicodedata
from urllib.parse import quote, urlsplit

_JOINERS = "\u200c\u200d"  # they change how Persian, Hindi and emoji are drawn, not where text goes
_HIDDEN = frozenset({"Cc", "Cf", "Cs"})  # control (ESC), format (direction, zero width) and lone surrogates
_URL_SAFE = ":/?#[]@!$&*+,;=%~"


def plain(text: str) -> str:
    """Return the text on one line, without control, direction, zero-width or otherwise unprintable characters."""
    shown = text if text.isprintable() else "".join(filter(_is_shown, text))
    return " ".join(shown.split())


def _is_shown(char: str) -> bool:
    return char.isspace() or char in _JOINERS or unicodedata.category(char) not in _HIDDEN


def plain_title(title: str) -> str:
    """Return the title on one line, or ``untitled`` when nothing of it can be shown."""
    return plain(title).strip(_JOINERS + " ") or "untitled"


def safe_link(url: str) -> str | None:
    """Return the address with whatever could end a link or a quotation percent-encoded; None when it is no safe link.

    Only http and https are, and not with a user name: ``https://bank.example@evil.example`` misleads.
    """
    try:
        parts = urlsplit(url.strip())
        href = quote(parts.geturl(), safe=_URL_SAFE)
    except ValueError:  # a broken host, or a lone surrogate
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    return href
