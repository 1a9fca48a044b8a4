"""What a person or a program sees: JSON on stdout, tables, and progress on stderr."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.ports import Progress


def print_json(document: dict[str, Any]) -> None:
    """Print one JSON document on stdout."""
    print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201 - stdout is where a document goes


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under a title; text from outside is shown as it is, never as markup."""
    table = Table(title=title, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console().print(table)


def say(line: str) -> None:
    """Print one line for people on stderr."""
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(line))


@contextmanager
def progress() -> Iterator[Progress]:
    """Give a reporter of progress: one line that changes on a terminal, nothing where stderr is a file."""
    console = Console(stderr=True, highlight=False)
    if not console.is_terminal:
        yield _waiting_only(console)
        return
    with console.status("") as status:
        yield lambda line: status.update(Text(line))


def _waiting_only(console: Console) -> Progress:
    def report(line: str) -> None:
        if "waiting" in line:
            console.print(Text(line))

    return report
