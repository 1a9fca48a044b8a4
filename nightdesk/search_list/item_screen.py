"""One hit, looked at closely."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from core.types import SearchHit
from digests.outside import plain
from nightdesk.hit_lines import facts_of, history_lines, passage_of, title_of
from nightdesk.search_list.wishes import Open, Vote

_KEYS = "o open · + - vote · ↑ ↓ scroll · esc back to the list · ctrl-c leave"
_ALL = 1000


class ItemScreen(Screen[None]):
    """Shows all that is known of a hit: the passage that made it one, its text, and what became of it."""

    DEFAULT_CSS = """
    ItemScreen VerticalScroll { padding: 1 2; height: 1fr; }
    ItemScreen #keys { color: $text-muted; padding: 0 1; height: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "open"),
        Binding("plus", "vote('up')"),
        Binding("minus", "vote('down')"),
        Binding("escape,q,left,backspace", "app.pop_screen"),
        Binding("question_mark", "app.help"),
    ]

    def __init__(self, hit: SearchHit) -> None:
        """Show a hit."""
        super().__init__()
        self.hit = hit
        self._told = Static(_told(hit), markup=False)

    def compose(self) -> ComposeResult:
        """Yield what is told, and the line of keys."""
        with VerticalScroll():
            yield self._told
        yield Static(_KEYS, id="keys", markup=False)

    def renew(self, hit: SearchHit) -> None:
        """Show the hit as it is now, if it is the one that is open."""
        if hit.item.id == self.hit.item.id:
            self.hit = hit
            self._told.update(_told(hit))

    def action_open(self) -> None:
        """Open its page."""
        self.post_message(Open(self.hit))

    def action_vote(self, word: Literal["up", "down"]) -> None:
        """Vote on it."""
        self.post_message(Vote(self.hit, word))


def _told(hit: SearchHit) -> Text:
    return Text("\n").join(_lines(hit))


def _lines(hit: SearchHit) -> Iterator[Text]:
    yield Text.assemble(*title_of(hit))
    yield Text(" · ".join(filter(None, (facts_of(hit), plain(", ".join(hit.item.authors[:8]))))), "dim")
    yield Text(plain(hit.item.url), "dim")
    yield from (Text(f"{plain(label)}: {plain(value)}", "dim") for label, value in hit.item.facts)
    if hit.found_in != "title":
        yield from (Text(), Text("why it was found", "bold underline"), Text.assemble(*passage_of(hit)))
    yield from (Text(), Text("what became of it", "bold underline"))
    yield from map(Text, history_lines(hit.history, decisions=_ALL))
    yield from (Text(), Text("what it says", "bold underline"))
    yield from (Text(plain(line)) for line in hit.item.text.split("\n"))
