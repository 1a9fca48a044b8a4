"""The few shapes of Block Kit that a digest is made of.

Outside text stands in ``rich_text`` and ``plain_text`` alone, which read no markup: whatever it says, it is letters.
Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from digests.outside import plain, safe_link
from digests.slack_text import isolated, length, pieces, shortened

MOST_IN_BLOCK = 3000
MOST_IN_HEADER = 150
MOST_IN_CONTEXT = 2000
MOST_CONTEXT_ELEMENTS = 10
MOST_IN_BUTTON = 75
MOST_IN_URL = 1000  # Slack takes 3,000, but a message of several such would be too long

Block = dict[str, Any]
Run = dict[str, Any]
"""One element of a line of rich text: text, link or emoji."""

_ROOM = MOST_IN_BLOCK - 100  # for isolates and the words of ours beside outside text


def text(said: str, *styles: str) -> list[Run]:
    """Return a run of text, ``bold`` or ``italic``; none where it says nothing."""
    return [_styled({"type": "text", "text": said}, styles)] if said else []


def outside(said: str, *styles: str) -> list[Run]:
    """Return a run of outside text; none where nothing of it can be shown."""
    return text(isolated(plain(said)), *styles)


def link(said: str, url: str, *styles: str) -> list[Run]:
    """Return outside text that links to an address, or only the text where that is no safe or too long a one."""
    href = safe_link(url)
    if href is None or length(href) > MOST_IN_URL:
        return outside(said, *styles)
    return [_styled({"type": "link", "url": href, "text": isolated(plain(said))}, styles)]


def emoji(name: str) -> list[Run]:
    """Return one of Slack's emoji by its name."""
    return [{"type": "emoji", "name": name}, *text(" ")]


def _styled(run: Run, styles: Sequence[str]) -> Run:
    return run | {"style": dict.fromkeys(styles, True)} if styles else run


def line(*runs: Iterable[Run]) -> Block:
    """Return runs as one paragraph of a ``rich_text`` block."""
    return {"type": "rich_text_section", "elements": [run for part in runs for run in part]}


def listed(lines: Sequence[Block], style: str = "bullet") -> Block:
    """Return paragraphs as a list, ``bullet`` or ``ordered``."""
    return {"type": "rich_text_list", "style": style, "elements": list(lines)}


def rich(*parts: Block) -> Block:
    """Return paragraphs and lists as a block."""
    return {"type": "rich_text", "elements": list(parts)}


def quote(said: str) -> Iterator[Block]:
    """Yield outside text as quotations, in as many blocks as it needs."""
    for piece in pieces(plain(said), _ROOM):
        if shown := outside(piece):
            yield rich({"type": "rich_text_quote", "elements": shown})


def prose(said: str, *before: Iterable[Run], after: Sequence[Run] = ()) -> Iterator[Block]:
    """Yield outside text with runs before and after it, in as many blocks as it needs."""
    head = [run for part in before for run in part]
    *firsts, last = list(pieces(plain(said), _ROOM - sum(length(run["text"]) for run in head))) or [""]
    for piece in firsts:
        yield rich(line(head, outside(piece)))
        head = []
    if head or last or after:
        yield rich(line(head, outside(last), after))


def header(said: str) -> Block:
    """Return a heading; outside text may stand in it."""
    shown = isolated(shortened(plain(said), MOST_IN_HEADER - 2))
    return {"type": "header", "text": _plain_text(shown)}


def context(said: Iterable[str]) -> Block:
    """Return small print of up to ten parts; outside text may stand in it, and is shortened where it is too long."""
    parts = [shortened(part, MOST_IN_CONTEXT) for part in said]
    return {"type": "context", "elements": [_plain_text(part) for part in parts[:MOST_CONTEXT_ELEMENTS]]}


def button(said: str, action: str, value: str) -> Block:
    """Return a button; an emoji in its label is ours."""
    label = {"type": "plain_text", "text": said, "emoji": True}
    return {"type": "button", "text": label, "action_id": action, "value": value}


def menu(action: str, options: Iterable[tuple[str, str]]) -> Block:
    """Return the menu behind three dots: two to five labels with the value that each stands for."""
    choices = [{"text": _plain_text(label), "value": value} for label, value in options]
    return {"type": "overflow", "action_id": action, "options": choices}


def select(action: str, prompt: str, options: Iterable[tuple[str, str]]) -> Block:
    """Return a list to choose from: one to a hundred labels with the value that each stands for."""
    choices = [{"text": _plain_text(label), "value": value} for label, value in options]
    return {"type": "static_select", "action_id": action, "placeholder": _plain_text(prompt), "options": choices}


def actions(block_id: str, elements: Sequence[Block]) -> Block:
    """Return a row of buttons and menus."""
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def _plain_text(said: str) -> Block:
    return {"type": "plain_text", "text": said, "emoji": False}
