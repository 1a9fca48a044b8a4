"""What a person sees of tables on stdout, and of progress on stderr."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from textwrap import wrap

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.ports import Progress
from core.visible import visible
from nightdesk.lines import print_json, say

__all__ = ["Block", "print_blocks", "print_json", "print_labelled", "print_table", "progress", "say"]


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows under a title; text from outside is shown as it is, never as markup."""
    table = Table(title=title, title_justify="left", header_style="bold", show_edge=False, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(str(cell))) for cell in row))
    Console().print(table)


@dataclass(frozen=True, slots=True)
class Block:
    """A row and the lines under it; one that ``stands_out`` does so with and without colours."""

    row: tuple[str, ...]
    lines: tuple[str, ...]
    stands_out: bool


def print_blocks(title: str, columns: Sequence[str], blocks: Sequence[Block]) -> None:
    """Print rows with lines under each; the lines are as long as they are, so that an address can be copied."""
    console = Console(highlight=False)
    widths = _widths([tuple(columns), *(block.row for block in blocks)], console.width)
    console.print(Text(title, "italic"))
    console.print(_aligned(columns, widths, "  ", "bold"))
    for block in blocks:
        sign, style = ("! ", "bold red") if block.stands_out else ("  ", "")
        console.print(_aligned(block.row, widths, sign, style))
        for line in block.lines:
            console.print(Text(f"    {visible(line)}", "" if block.stands_out else "dim"), soft_wrap=True)


def _widths(rows: Sequence[tuple[str, ...]], available: int) -> list[int]:
    """Return as much as each column needs; where the terminal is narrow, the first two give way."""
    needed = [max(map(cell_len, cells)) for cells in zip(*rows, strict=True)]
    first = min(2 + needed[0], max(available * 2 // 5, 12))
    second = min(needed[1], available - first - sum(needed[2:]) - 2 * len(needed))
    return [first, max(second, 10), *needed[2:]]


def _aligned(cells: Sequence[str], widths: Sequence[int], sign: str, style: str) -> Table:
    grid = Table.grid(padding=(0, 2, 0, 0))
    for width in widths:
        grid.add_column(width=width, overflow="fold")
    name = "\n".join(wrap(cells[0], widths[0], initial_indent=sign, subsequent_indent="  "))
    grid.add_row(*(Text(visible(cell), style) for cell in (name, *cells[1:])))
    return grid


def print_labelled(lines: Iterable[tuple[str, str]]) -> None:
    """Print labels and what stands beside them; words are kept whole, so that an address can be copied."""
    console = Console(highlight=False)
    beside = [(visible(label), visible(text)) for label, text in lines]
    width = max((cell_len(label) for label, _ in beside), default=0) + 2
    for label, text in beside:
        first, *others = _wrapped(text, max(console.width - width, 20))
        console.print(Text(label.ljust(width), "bold") + Text(first), soft_wrap=True)
        for other in others:
            console.print(Text(" " * width + other), soft_wrap=True)


def _wrapped(text: str, width: int) -> list[str]:
    parts = (wrap(line, width, break_long_words=False, break_on_hyphens=False) for line in text.split("\n"))
    return [line for lines in parts for line in lines or [""]]


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
