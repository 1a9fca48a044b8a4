"""What was typed, as words, phrases and exclusions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.query import Query, as_text, parse


@pytest.mark.parametrize(
    ("typed", "words", "phrases", "excluded"),
    [
        pytest.param("Barn OWLS", ("barn", "owls"), (), (), id="lower_case"),
        pytest.param("how do the owls hunt", ("owls", "hunt"), (), (), id="stop_words_are_left_out"),
        pytest.param("what is the", ("what", "is", "the"), (), (), id="only_stop_words_are_kept"),
        pytest.param('owls "under snow"', ("owls", "snow"), ("under snow",), (), id="phrase"),
        pytest.param("“under snow”", ("snow",), ("under snow",), (), id="typographic_marks"),
        pytest.param("owls -mice", ("owls",), (), ("mice",), id="minus"),
        pytest.param('owls -"deep snow"', ("owls",), (), ("deep snow",), id="minus_phrase"),
        pytest.param("-mice", (), (), ("mice",), id="only_minus"),
        pytest.param("chain-of-thought", ("chain", "thought"), (), (), id="hyphen_is_no_minus"),
        pytest.param("at -5 degrees", ("5", "degrees"), (), (), id="negative_number_is_no_minus"),
        pytest.param('an "unbalanced mark', ("unbalanced", "mark"), (), (), id="unbalanced"),
        pytest.param("title:owls AND (x* OR NEAR)", ("title", "owls", "x", "near"), (), (), id="operators_are_words"),
        pytest.param("'; DROP TABLE items; --", ("drop", "table", "items"), (), (), id="sql"),
        pytest.param("🦉 ☃", (), (), (), id="emoji"),
        pytest.param("owl owl", ("owl",), (), (), id="once_each"),
    ],
)
def test_typed_is_read(typed: str, words: tuple[str, ...], phrases: tuple[str, ...], excluded: tuple[str, ...]) -> None:
    query = parse(typed)
    assert (tuple(word for word, _ in query.words), query.phrases, query.excluded) == (words, phrases, excluded)


def test_meaning_is_what_is_looked_for() -> None:
    assert parse('owls  "under snow" -mice').text == "owls under snow"


def test_long_text_has_no_signs() -> None:
    text = 'the -owl said "who" ' * 40
    assert parse(text) == as_text(" ".join(text.split()))
    assert parse(text).is_long
    assert dict(parse(text).words) == {"owl": 40, "said": 40}


@given(st.text())
def test_anything_can_be_typed(typed: str) -> None:
    query = parse(typed)
    assert isinstance(query, Query)
    assert all(word and word == word.lower() for word, _ in query.words)
