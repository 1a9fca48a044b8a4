"""Lines for a person and documents for a program; colours, and what makes them, are for terminals."""

import json
import os
import sys
from collections.abc import Iterable
from typing import Any

from core.visible import visible

Line = tuple[tuple[str, str], ...]
"""The parts of a line, each with its style in rich's words: ``("seen by 3", "dim")``."""


def print_json(document: dict[str, Any]) -> None:
    """Print one JSON document on stdout."""
    print(json_text(document))  # noqa: T201 - stdout is where a document goes


def json_text(document: dict[str, Any]) -> str:
    """Return a JSON document as a person may read it."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    # Half a surrogate pair, which hosts do send, has no bytes, and is written as JSON writes it.
    return text.encode("utf-8", "backslashreplace").decode()


def print_lines(lines: Iterable[Line]) -> None:
    """Print lines on stdout as long as they are; what is no terminal gets them without styles."""
    if not (sys.stdout.isatty() or os.environ.get("FORCE_COLOR")):
        for line in lines:
            print("".join(text for text, _ in line))  # noqa: T201 - stdout is where they go
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    for line in lines:
        console.print(Text.assemble(*line))


def say(line: str) -> None:
    """Print one line for people on stderr."""
    print(visible(line), file=sys.stderr)  # noqa: T201 - it is no part of what was asked for
