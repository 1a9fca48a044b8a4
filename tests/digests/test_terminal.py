import re
import unicodedata
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import example, given, settings
from rich.cells import cell_len
from rich.console import Console

from core.digest import Digest
from digests.outside import plain
from digests.terminal import LISTED_DROPPED, to_terminal, to_terminal_text
from tests.digests.hostile import EVERYTHING, SHOWN_TEXT
from tests.digests.night import digest_of, with_text

LINK = re.compile(r"\x1b\]8;[^;]*;([^\x1b]*)\x1b\\")
STYLE = re.compile(r"\x1b\[[\d;]*m")


def printed(digest: Digest, width: int = 80) -> str:
    console = Console(file=StringIO(), width=width, force_terminal=True, color_system="truecolor", legacy_windows=False)
    to_terminal(digest, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


DIGEST = digest_of()
LINKS = set(LINK.findall(printed(DIGEST)))


def without_codes(text: str) -> str:
    return STYLE.sub("", LINK.sub("", text))


@pytest.mark.parametrize(("width", "used"), [(50, 50), (80, 80), (120, 100)])
def test_no_line_is_wider_than_the_window_or_100_columns(width: int, used: int) -> None:
    widths = [cell_len(line) for line in without_codes(printed(DIGEST, width)).splitlines()]
    assert max(widths) == used


def test_titles_and_sources_are_links() -> None:
    links = set(LINK.findall(printed(DIGEST)))
    assert {"https://papers.example/0", "https://papers.example/0?from=2", "https://papers.example/16"} <= links


def test_an_unsafe_address_is_no_link() -> None:
    dropped = tuple(replace(item, url="javascript:alert(1)") for item in DIGEST.dropped)
    assert "javascript" not in printed(replace(DIGEST, dropped=dropped))


@settings(max_examples=50, deadline=None)
@example(EVERYTHING)
@given(SHOWN_TEXT)
def test_outside_text_brings_no_code_and_no_link_of_its_own(text: str) -> None:
    shown = printed(with_text(DIGEST, text))
    assert set(LINK.findall(shown)) == LINKS
    categories = {unicodedata.category(char) for char in without_codes(shown) if char not in "\n\u200c\u200d"}
    assert not categories & {"Cc", "Cf", "Cs"}


@pytest.mark.parametrize("text", ["[bold]loud[/bold]", "[link=https://evil.example]x[/link]", ":tada: [/]", "\\[x]"])
def test_markup_is_shown_as_it_is(text: str) -> None:
    assert f"Why here: {plain(text)}" in without_codes(printed(with_text(DIGEST, text)))


def test_only_the_first_dropped_items_are_listed() -> None:
    shown = to_terminal_text(DIGEST)
    assert "Dropped: 4 items  the first 3" in shown
    assert [item.title in shown for item in DIGEST.dropped] == [True] * LISTED_DROPPED + [False]


def test_a_short_dropped_list_is_whole() -> None:
    assert "Dropped: 2 items\n" in to_terminal_text(replace(DIGEST, dropped=DIGEST.dropped[:2]))


def test_the_text_form_has_no_codes_and_no_trailing_spaces() -> None:
    text = to_terminal_text(DIGEST)
    assert "\x1b" not in text
    assert not re.search(r" +$", text, re.MULTILINE)


def test_the_ledger_tells_what_a_source_brought_and_why() -> None:
    ledger = to_terminal_text(DIGEST)
    assert re.search(r"Parchment cs\.XA +new +212 new, 31 changed, 9 known\n", ledger)
    assert re.search(r"Parchment econ\.ZZ +empty by schedule +nothing is announced on a holiday\n", ledger)
