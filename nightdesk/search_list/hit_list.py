"""The hits of a page, each with what it is and why it is one."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from core.types import SearchHit
from nightdesk.hit_lines import facts_of, passage_of, title_of
from nightdesk.search_list.wishes import Look, Open, Vote

_SIGNS = {"useful": "▲", "not_useful": "▼", "wrong_subject": "✗"}


class HitList(OptionList):
    """Moves through hits, and says what is wanted of one."""

    DEFAULT_CSS = """
    HitList, HitList:focus { border: none; height: 1fr; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "up"),
        Binding("o", "open"),
        Binding("plus", "vote('up')"),
        Binding("minus", "vote('down')"),
        Binding("slash,escape", "leave"),
        Binding("question_mark", "app.help"),
        Binding("q", "app.quit"),
    ]

    class Left(Message):
        """The line to type in is meant again."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__(markup=False)
        self.hits: list[SearchHit] = []

    def show(self, hits: Sequence[SearchHit]) -> None:
        """Show other hits, the first one chosen."""
        self.hits = list(hits)
        self.set_options(Option(_row(hit)) for hit in hits)
        self.highlighted = 0 if hits else None

    def renew(self, hit: SearchHit) -> None:
        """Show a hit as it is now, where it still stands."""
        for place, shown in enumerate(self.hits):
            if shown.item.id == hit.item.id:
                self.hits[place] = hit
                self.replace_option_prompt_at_index(place, _row(hit))

    @property
    def chosen(self) -> SearchHit | None:
        """The hit that keys are meant for."""
        return None if self.highlighted is None else self.hits[self.highlighted]

    def action_select(self) -> None:
        """Look closer at the chosen hit."""
        if self.chosen:
            self.post_message(Look(self.chosen))

    def action_open(self) -> None:
        """Open the chosen hit's page."""
        if self.chosen:
            self.post_message(Open(self.chosen))

    def action_vote(self, word: Literal["up", "down"]) -> None:
        """Vote on the chosen hit."""
        if self.chosen:
            self.post_message(Vote(self.chosen, word))

    def action_up(self) -> None:
        """Go up, from the first hit to the line to type in."""
        if self.highlighted:
            self.action_cursor_up()
        else:
            self.action_leave()

    def action_leave(self) -> None:
        """Go to the line to type in."""
        self.post_message(self.Left())


def _row(hit: SearchHit) -> Text:
    votes = "".join(_SIGNS[vote.opinion] for vote in hit.history.votes)
    lines = [Text.assemble(*title_of(hit)), Text(f"{facts_of(hit)} {votes}".rstrip(), "dim")]
    lines += [] if hit.found_in == "title" else [Text.assemble(*passage_of(hit))]
    return Text("\n").join([*lines, Text()])
