"""The line that is typed into."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class Asked(Input):
    """A line from which the arrow, or enter, leads into the list; a question mark in an empty one asks for help."""

    DEFAULT_CSS = "Asked { border: round $primary; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("down,enter,pagedown,escape", "enter_list")]

    class Entered(Message):
        """The list is meant from now on."""

    def __init__(self, typed: str) -> None:
        """Begin with what is already typed."""
        super().__init__(typed, placeholder="a question, words, kind:paper …   ? for help", select_on_focus=False)

    def action_enter_list(self) -> None:
        """Go into the list."""
        self.post_message(self.Entered())

    def insert_text_at_cursor(self, text: str) -> None:
        """Insert what was typed; nothing is asked with a lone question mark."""
        if text == "?" and not self.value:
            self.app.call_later(self.app.run_action, "help")
            return
        super().insert_text_at_cursor(text)
