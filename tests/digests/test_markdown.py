import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.digest import Digest
from digests.markdown import LISTED_DROPPED, escape, to_markdown
from digests.outside import plain
from digests.wording import totals
from tests.digests.hostile import EVERYTHING, SHOWN_TEXT, TEXT
from tests.digests.night import LEDGER, digest_of, with_text

ZERO_WIDTH_SPACE = "\u200b"
GITHUB = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def tokens(markdown: str) -> Iterator[Token]:
    for token in GITHUB.parse(markdown):
        yield token
        yield from token.children or ()


def skeleton(markdown: str) -> list[tuple[str, str, object]]:
    return [(token.type, token.tag, token.attrs) for token in tokens(markdown) if token.type != "text"]


def visible(markdown: str) -> str:
    return "".join(token.content for token in tokens(markdown) if token.type == "text")


DIGEST = digest_of()
HARMLESS = skeleton(to_markdown(with_text(DIGEST, "x")))


def with_address(digest: Digest, url: str) -> Digest:
    (first, *others) = digest.sections
    entry = replace(first.entries[0], url=url, told_by=(("Mill", url), ("Oven", url)))
    return replace(digest, sections=(replace(first, entries=(entry,)), *others), dropped=())


@settings(max_examples=50, deadline=None)
@example(EVERYTHING)
@given(SHOWN_TEXT)
def test_outside_text_changes_no_structure_and_no_link(text: str) -> None:
    assert skeleton(to_markdown(with_text(DIGEST, text))) == HARMLESS


@example(EVERYTHING)
@given(TEXT)
def test_escaped_text_reads_as_the_text(text: str) -> None:
    assert visible(escape(text)).replace(ZERO_WIDTH_SPACE, "") == plain(text)


@example(EVERYTHING)
@given(TEXT)
def test_nothing_is_left_for_a_renderer_to_link_or_to_take_for_html(text: str) -> None:
    assert "<" not in escape(text)
    assert not re.search(r"(?i)[@#]\w|://|www\.", visible(escape(text)))


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        pytest.param("# not a heading", f"\\#{ZERO_WIDTH_SPACE} not a heading", id="heading"),
        pytest.param("12. not a list", "12\\. not a list", id="ordered_list"),
        pytest.param("- not a list", "\\- not a list", id="list"),
        pytest.param("0.9.0 of snake_case", "0.9.0 of snake\\_case", id="number_stays_readable"),
        pytest.param("@channel", f"@{ZERO_WIDTH_SPACE}channel", id="mention"),
        pytest.param("](javascript:x)", "\\](javascript:x)", id="link_end"),
        pytest.param("a|b", "a&#124;b", id="table_cell"),
        pytest.param("R&D &lt;b>", "R&amp;D &amp;lt;b>", id="entity"),
    ],
)
def test_escape(text: str, escaped: str) -> None:
    assert escape(text) == escaped


def test_links_lead_where_the_items_are() -> None:
    hrefs = {token.attrs["href"] for token in tokens(to_markdown(DIGEST)) if token.type == "link_open"}
    assert "https://papers.example/0" in hrefs
    assert "https://papers.example/0?from=2" in hrefs


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "ftp://mill.example/x", ""])
def test_an_unsafe_address_is_no_link(url: str) -> None:
    markdown = to_markdown(with_address(DIGEST, url))
    first = markdown[: markdown.index("Proofs")]
    assert "](" not in first
    assert "### Asking twice" in first


def test_an_address_cannot_end_its_link() -> None:
    markdown = to_markdown(with_address(DIGEST, "https://mill.example/a)](https://evil.example)&copy=1"))
    hrefs = [token.attrs["href"] for token in tokens(markdown) if token.type == "link_open"]
    assert hrefs[0] == "https://mill.example/a%29%5D%28https://evil.example%29&copy=1"
    assert not any(str(href).startswith("https://evil") for href in hrefs)


def test_the_ledger_is_a_table_with_a_row_per_source() -> None:
    html = GITHUB.render(to_markdown(DIGEST))
    rows = re.findall(r"<tr>\n(.*?)</tr>", html, re.S)
    cells = [re.findall(r"<t[dh].*?>(.*?)</t[dh]>", row) for row in rows]
    assert cells[0] == ["Source", "Outcome", "New", "Changed", "Known", "Backlog", "Why"]
    assert cells[1] == ["Parchment cs.XA", "new", "212", "31", "9", "0", ""]
    assert [row[0] for row in cells[1:]] == [row.source for row in LEDGER]


def test_the_totals_are_the_last_line() -> None:
    assert to_markdown(DIGEST).splitlines()[-1] == totals(DIGEST)


def test_a_reference_names_where_the_story_is_told() -> None:
    assert "](https://papers.example/4), told under Proofs and mathematics\n" in to_markdown(DIGEST)


def test_a_long_list_of_dropped_items_is_cut_and_says_so() -> None:
    many = replace(DIGEST, dropped=DIGEST.dropped[:1] * (LISTED_DROPPED + 3))
    markdown = to_markdown(many)
    assert markdown.count("An accent atlas") == LISTED_DROPPED
    assert "- and 3 more; the HTML page lists them all" in markdown
