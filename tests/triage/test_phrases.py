"""Phrases: what counts as one, and that spelling does not matter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.phrases import closing_phrases, phrases, spelling


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("moss gardens", {"moss", "garden", "moss garden"}, id="singular"),
        pytest.param("We propose moss and show results", {"moss"}, id="commonplaces_end_a_phrase"),
        pytest.param("moss, gardens", {"moss", "garden"}, id="so_does_punctuation"),
        pytest.param("moss (gardens)", {"moss", "garden"}, id="brackets"),
        pytest.param("moss-garden", {"moss garden"}, id="a_hyphen_joins"),
        pytest.param("moss model", {"moss", "moss model"}, id="vague_words_name_nothing_alone"),
        pytest.param("training model 2031", set(), id="nor_together_or_with_numbers"),
        pytest.param(r"moss $\mathcal{L}_x$ \textbf{fern}", {"moss", "fern"}, id="latex"),
        pytest.param("moss https://lantern.example/fern?x=1 fern", {"moss", "fern"}, id="addresses"),
        pytest.param("Mill-3.5 moss's", {"mill 3.5", "moss", "mill 3.5 moss"}, id="versions_and_possessives"),
        pytest.param("quietly moss family", {"moss", "family", "moss family"}, id="adverbs"),
        pytest.param("moss" * 20, set(), id="endless_words"),
        pytest.param("", set(), id="nothing"),
    ],
)
def test_the_phrases_of_a_text(text: str, found: set[str]) -> None:
    assert phrases(text) == found


def test_four_words_in_a_row_are_no_phrase() -> None:
    assert max(len(key.split()) for key in phrases("moss fern lichen heather gorse")) == 3


def test_what_closes_a_row_is_named_and_what_precedes_it_describes() -> None:
    assert closing_phrases("Moss gardens for ferns") == {"garden", "moss garden", "fern"}


def test_a_phrase_is_spelled_as_within_sentences() -> None:
    texts = ["The LLM gardens grow.", "Some LLM gardens do.", "An LLM garden does not."]
    assert spelling("llm garden", ["Growing LLM Garden"], texts) == "LLM gardens"
    assert spelling("llm garden", ["On LLM Gardens"], []) == "LLM gardens"
    assert spelling("llm garden", [], []) == "llm garden"


@given(st.text())
def test_any_text_gives_short_phrases_and_those_that_close_are_among_them(text: str) -> None:
    found = phrases(text)
    assert closing_phrases(text) <= found
    assert all(len(key) <= 48 and key == " ".join(key.split()) for key in found)


@given(st.lists(st.sampled_from("fern garden kettle bridge owl heather".split()), min_size=1, max_size=3))
def test_plural_capitals_and_hyphens_change_no_key(words: list[str]) -> None:
    key = " ".join(words)
    for written in (key, key.title(), "-".join(words), " ".join(f"{word}s" for word in words)):
        assert key in phrases(f"The {written}.")
