import re
import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given

from digests.outside import plain, plain_title, safe_link
from tests.digests.hostile import EVERYTHING, TEXT, URL


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("two\r\n\tlines\u2028and\ta\u00a0half", "two lines and a half", id="line_breaks_are_spaces"),
        pytest.param("\x1b[31mred\x9b2J\x07", "[31mred2J", id="escape_codes_lose_their_escape"),
        pytest.param("pay\u202egnp.exe\u2066", "paygnp.exe", id="direction_overrides_go"),
        pytest.param("ad\u200bmin\ufeff", "admin", id="zero_width_goes"),
        pytest.param("half \ud800 pair", "half pair", id="lone_surrogates_go"),
        pytest.param("👩\u200d🔬 می\u200cشود", "👩\u200d🔬 می\u200cشود", id="joiners_stay"),
    ],
)
def test_plain(text: str, shown: str) -> None:
    assert plain(text) == shown


@example(EVERYTHING)
@given(TEXT)
def test_plain_text_is_one_printable_line(text: str) -> None:
    shown = plain(text)
    hidden = {unicodedata.category(char) for char in shown if char not in "\u200c\u200d"}
    assert not hidden & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert plain(shown) == shown
    shown.encode()


@pytest.mark.parametrize("title", ["", " \n ", "\x1b", "\u200d", "\u200b\u202e"])
def test_a_title_without_a_visible_character_is_untitled(title: str) -> None:
    assert plain_title(title) == "untitled"


@pytest.mark.parametrize(
    ("url", "href"),
    [
        pytest.param("https://papers.example/a?b=1&c=2#d", "https://papers.example/a?b=1&c=2#d", id="as_it_is"),
        pytest.param("HTTP://papers.example/", "http://papers.example/", id="scheme_in_capitals"),
        pytest.param("https://papers.example/a(b)'\"<>", "https://papers.example/a%28b%29%27%22%3C%3E", id="quotes"),
        pytest.param("https://papers.example/%28a%29", "https://papers.example/%28a%29", id="encoded_stays_encoded"),
        pytest.param(
            "https://papers.example/é 字", "https://papers.example/%C3%A9%20%E5%AD%97", id="letters_and_spaces"
        ),
        pytest.param("https://papers.example/\x1b\\x", "https://papers.example/%1B%5Cx", id="escape_code"),
        pytest.param("javascript:alert(1)", None, id="javascript"),
        pytest.param("java\nscript:alert(1)", None, id="javascript_broken_by_a_line"),
        pytest.param("data:text/html,x", None, id="data"),
        pytest.param("//evil.example/x", None, id="no_scheme"),
        pytest.param("https:///x", None, id="no_host"),
        pytest.param("https://bank.example@evil.example/", None, id="user_name"),
        pytest.param("https://[::1", None, id="broken_host"),
        pytest.param("https://papers.example/\ud800", None, id="lone_surrogate"),
        pytest.param("", None, id="empty"),
    ],
)
def test_safe_link(url: str, href: str | None) -> None:
    assert safe_link(url) == href


@given(URL)
def test_a_safe_link_cannot_leave_where_it_stands(url: str) -> None:
    href = safe_link(url)
    if href is not None:
        assert urlsplit(href).scheme in ("http", "https")
        assert re.fullmatch(r"[A-Za-z0-9:/?#\[\]@!$&*+,;=%~._-]+", href)
        assert safe_link(href) == href
