"""An agent at work, for a person who watches: each thought, call and answer as it comes, on stderr."""

from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from core.lm import Step
from digests.outside import plain

_SIGNS = {"thought": "…", "text": "»", "call": "→", "result": "←", "error": "✗", "told": "!"}
_STYLES = {"thought": "dim italic", "text": "", "call": "cyan", "result": "dim", "error": "red", "told": "yellow"}
_LONGEST = {"thought": 1200, "text": 1200, "call": 300, "result": 200, "error": 300, "told": 300}


def live_view(console: Console | None = None) -> Callable[[Step], None]:
    """Return what shows each step, a line or a short paragraph; text from outside is made plain."""
    shown = console or Console(stderr=True, highlight=False)

    def show(step: Step) -> None:
        shown.print(_line(step))

    return show


def _line(step: Step) -> Text:
    name = f"{plain(step.name)} " if step.name else ""
    line = Text(f"{step.turn:>3} {_SIGNS[step.kind]} ", "dim")
    line.append(name, "bold" if step.kind == "call" else _STYLES[step.kind])
    return line.append(_shortened(step), _STYLES[step.kind])


def _shortened(step: Step) -> str:
    text, longest = plain(step.text), _LONGEST[step.kind]
    return text if len(text) <= longest else f"{text[:longest].rstrip()} … ({len(text):,} characters)"
