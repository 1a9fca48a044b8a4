"""Tell the owner what could not be delivered: one line in a direct message, once for each letter."""

from core.delivery import Letter, Post
from kb.outbox import Waiting

_TOPIC = "notice "


def notice(owner: str, letter: Waiting, why: str) -> Letter:
    """Return what the owner is told of a letter that is kept."""
    words = f"The digest {letter.title} of {letter.night} did not reach {letter.reader}: {why}. It is kept and goes out"
    words += " with the next night, or with `nightdesk digest deliver`."
    return Letter("slack", owner, letter.night, (Post(_escaped(words)),), f"{_TOPIC}{letter.key}", "notice")


def is_notice(letter: Waiting) -> bool:
    """Tell whether a letter is a notice itself; nobody is told that it did not arrive."""
    return letter.topic.startswith(_TOPIC)


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
