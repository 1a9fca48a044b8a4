import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.visible import visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J gone", r"\x1b[2J gone"),
        ("\x9b31m", r"\x9b31m"),
        ("over\rwritten", r"over\rwritten"),
        ("\u202eevil", r"\u202eevil"),
        ("no\u200bthing", r"no\u200bthing"),
        ("half \ud800", r"half \ud800"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("نمی\u200cخواهم 👩\u200d💻 日本\u3000語", "نمی\u200cخواهم 👩\u200d💻 日本\u3000語"),
    ],
)
def test_what_acts_unseen_is_written_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text(st.characters()))
def test_nothing_that_acts_is_left(text: str) -> None:
    shown = visible(text)
    shown.encode("utf-8")
    assert not any(unicodedata.category(char) == "Cc" for char in shown if char not in "\n\t")
    assert visible(shown) == shown
