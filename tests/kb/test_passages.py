"""Passages of whole sentences, the part that tells, and where it matched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.passages import cut, marks, telling_part, words_within

TEXT = "Kettles are old. Barn owls hear mice under deep snow. Owls also see.\nA list without a dot"


@pytest.mark.parametrize(
    ("text", "words", "shown"),
    [
        pytest.param(TEXT, ["owls", "hear", "snow"], "Barn owls hear mice under deep snow.", id="most_shared_words"),
        pytest.param(TEXT, ["hearing"], "Barn owls hear mice under deep snow.", id="other_form"),
        pytest.param(TEXT, ["submarines"], "Kettles are old.", id="first_when_none_shares"),
        pytest.param(TEXT, ["list"], "A list without a dot", id="line_is_a_sentence"),
        pytest.param("", ["owls"], "", id="no_text"),
        pytest.param(" \n ", ["owls"], "", id="blank_text"),
    ],
)
def test_part_shown_is_the_sentence_that_shares_most_words(text: str, words: list[str], shown: str) -> None:
    assert telling_part(text, words) == shown


@pytest.mark.parametrize("text", ["owl " * 200, "o" * 900, "hoot " * 55 + "aaaaaaaaa"])
def test_long_part_is_cut_between_words_within_280(text: str) -> None:
    shown = telling_part(text, ["owl"])
    assert len(shown) <= 280
    assert shown.endswith(" …") == (len(text.strip()) > 280)
    assert text.startswith(shown.removesuffix(" …"))


def test_marks_are_where_the_words_stand_in_any_form() -> None:
    text = "Owls hunt; hunting owls, an owl's OWL."
    assert [text[start:end] for start, end in marks(text, ["owl", "hunted"])] == [
        "Owls",
        "hunt",
        "hunting",
        "owls",
        "owl",
        "OWL",
    ]


def test_marks_stand_right_behind_letters_that_are_longer_in_lower_case() -> None:
    text = "İİİ: the OWLS_hunt"
    assert [text[start:end] for start, end in marks(text, ["owl", "hunted"])] == ["OWLS", "hunt"]


_begun = st.sampled_from(["owl", "hunt", "snow", "un", "knowl"])
_words = st.builds(str.__add__, _begun, st.sampled_from(["", "s", "ing"]))
_sentences = st.lists(_words, min_size=1).map(lambda words: f"{' '.join(words).capitalize()}.")


@given(st.lists(_sentences, min_size=1), st.sets(st.sampled_from(["owls", "hunted", "snow", "now"])))
def test_part_shown_has_as_many_of_the_words_as_any_sentence(sentences: list[str], words: set[str]) -> None:
    most = max(sentences, key=lambda sentence: len(words_within(sentence, words)))
    assert telling_part(" ".join(sentences), list(words)) == telling_part(most, [])


@given(st.text(alphabet="ab .\nC", max_size=5000))
def test_passages_hold_every_word_in_order_and_none_is_long(text: str) -> None:
    found = cut(text)
    assert " ".join(found).split() == text.split() or any(len(word) > 1000 for word in text.split())
    assert all(0 < len(passage) <= 1000 for passage in found)
