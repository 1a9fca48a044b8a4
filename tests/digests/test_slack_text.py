import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.slack_text import isolated, length, pieces, shortened, unmarked

FAMILY = "👩\u200d👩\u200d👧\u200d👦"


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        pytest.param("one two three", 13, ["one two three"], id="all_fits"),
        pytest.param("one two three", 12, ["one two", "three"], id="between_words"),
        pytest.param("one 👍👍 two", 8, ["one 👍👍", "two"], id="an_emoji_counts_as_two"),
        pytest.param("abcdefgh ij", 5, ["abcde", "fgh", "ij"], id="a_long_word_is_parted"),
        pytest.param(FAMILY * 2, 12, [FAMILY, FAMILY], id="a_family_stays_together"),
        pytest.param("e\u0301" * 4, 3, ["e\u0301"] * 4, id="an_accent_stays_on_its_letter"),
        pytest.param("a" + "\u0301" * 5, 3, ["a\u0301\u0301", "\u0301\u0301\u0301"], id="a_heap_of_accents_is_parted"),
    ],
)
def test_pieces(text: str, most: int, shown: list[str]) -> None:
    assert list(pieces(text, most)) == shown


@given(st.lists(st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=30)), st.integers(2, 40))
def test_pieces_keep_every_letter_in_order_within_the_limit(words: list[str], most: int) -> None:
    text = " ".join(words)
    parts = list(pieces(text, most))
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")
    assert all(length(part) <= most for part in parts)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a planner that forgets", "a planner that forgets"),
        ("a planner that forgets, on purpose", "a planner that forgets…"),
        ("a planner that forgets its notes", "a planner that forgets…"),
    ],
)
def test_shortened(text: str, shown: str) -> None:
    assert shortened(text, 25) == shown


def test_only_right_to_left_text_is_isolated() -> None:
    assert isolated("plain words, 字 and é") == "plain words, 字 and é"
    assert isolated("about שלום") == "\u2068about שלום\u2069"


def test_unmarked() -> None:
    assert unmarked("<!channel> & <@U1|x>") == "&lt;!channel&gt; &amp; &lt;@U1|x&gt;"
