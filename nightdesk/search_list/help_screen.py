"""What can be typed and pressed."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

_HELP = """\
Typing

  a question, or words      the closest in words and meaning; nothing: what was told last
  "a phrase"                must occur
  -word  -"a phrase"        must not occur
  kind:paper                or post, release
  subject:SLUG              one of your subjects
  since:2026-06-01          published from this day on; until:2026-06-30 up to this day
  source:"arXiv cs.CL"      told by this source
  author:"Ada Moth"         by this author
  decision:kept             what was once kept, or dropped

Keys

  ↓  enter                  from the line into the list; enter there looks closer
  ↑  /  esc                 back to the line
  o                         open the page in the browser
  +  -                      useful, not useful: the next night learns from it
  ?  f1                     this help (? in the list, or in the empty line)
  q  ctrl-c                 leave
"""


class HelpScreen(ModalScreen[None]):
    """Shows the help until a key closes it."""

    DEFAULT_CSS = """
    HelpScreen { align: center middle; }
    HelpScreen VerticalScroll { width: 90; max-width: 100%; max-height: 100%; height: auto; border: round $primary;
        padding: 1 2; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,enter,question_mark,f1", "app.pop_screen")]

    def compose(self) -> ComposeResult:
        """Yield the help."""
        with VerticalScroll():
            yield Static(_HELP, markup=False)
