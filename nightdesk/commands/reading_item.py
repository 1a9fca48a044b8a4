"""``read``: the whole text of one item."""

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from core.polls import Validators
from core.ports import system_clock
from core.types import FullText, Item
from digests.outside import plain, plain_title
from feeds.answer import Answer
from feeds.full_text import reader
from nightdesk.config import Settings, find_config, load_config
from nightdesk.full_texts import full_text_of
from nightdesk.named_item import named_item
from nightdesk.output import print_json, say
from nightdesk.wiring import Desk, network, replay


def read(config: Path | None, named: str, recording: Path | None, *, as_json: bool) -> int:
    """Print an item's whole text, and return the exit code: 1 when there is only what its source told.

    ``named`` is its id or address. Raises ConfigError when the knowledge base holds no such item.
    """
    settings = load_config(find_config(config))
    desk = Desk(settings)
    item = named_item(desk.store, named)
    fetch = _Lazily(settings, recording)
    found = full_text_of(desk.store, item, reader(fetch), system_clock)
    if as_json:
        print_json(_json(item, found))
    else:
        _print(item, found)
    if found.why:
        say(f"only what the source told: {plain(found.why)}")
    return 1 if found.why else 0


class _Lazily:
    """A fetch that opens the network, or the recording, when something is fetched: most texts are kept already."""

    def __init__(self, settings: Settings, recording: Path | None) -> None:
        self._settings = settings
        self._recording = recording

    def __call__(self, url: str, known: Validators) -> Answer:
        wire = replay(self._settings, self._recording) if self._recording else network(self._settings)
        return wire.fetch(url, known)


def _json(item: Item, found: FullText) -> dict[str, Any]:
    told = {"id": item.id, "kind": item.kind, "title": item.title, "url": found.url}
    return told | {"origin": found.origin, "why": found.why, "text": found.text}


def _print(item: Item, found: FullText) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(plain_title(item.title), style="bold"))
    console.print(Text(plain(found.url)), Text(f"({found.origin})"))
    # Nothing between here and the terminal reads markup, and no control character is left.
    sys.stdout.write("\n" + "\n".join(map(plain, found.text.split("\n"))) + "\n")
