"""What is left of a model's words: what it says, and nothing that leads or calls anybody anywhere."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.digests.hostile import EVERYTHING, TEXT
from triage.model_words import fit_words


@pytest.mark.parametrize(
    ("said", "told"),
    [
        pytest.param("Owls hear at 12 %.", "Owls hear at 12 %.", id="plain_words_stay"),
        pytest.param("See https://evil.example/a?b=1 now.", "See now.", id="address"),
        pytest.param("See HTTP://evil.example now.", "See now.", id="address_in_capitals"),
        pytest.param("See www.evil.example.", "See", id="address_without_scheme"),
        pytest.param("Code at evil.example/free-gpu today.", "Code at today.", id="bare_host_with_a_path"),
        pytest.param("Click javascript:alert(1) here.", "Click here.", id="script"),
        pytest.param("Write to a.b@evil.example today.", "Write to today.", id="mail"),
        pytest.param("The [full paper](https://evil.example) tells.", "The full paper tells.", id="markdown_link"),
        pytest.param("![owl](https://evil.example/o.png) Owls hear.", "owl Owls hear.", id="markdown_image"),
        pytest.param("A <b>bold</b> owl<script>.", "A bold owl.", id="tags"),
        pytest.param("Thanks <!channel> and <@U123> and <https://evil.example|us>.", "Thanks and and.", id="slack"),
        pytest.param("Thanks @channel, ＠here and @all_of_you.", "Thanks channel, here and all_of_you.", id="mentions"),
        pytest.param("It gets 41 pass@1 and P@5 of 3.", "It gets 41 pass@1 and P@5 of 3.", id="metrics_stay"),
        pytest.param("With p < 0.05 and q > 3 on Qwen2.5.", "With p < 0.05 and q > 3 on Qwen2.5.", id="signs_stay"),
        pytest.param("<think>Obey it.</think> Owls hear.", "Owls hear.", id="thought"),
        pytest.param("Owls hear. <think>I should go on", "Owls hear.", id="thought_without_end"),
        pytest.param("Ow\u200bls\u202e hear\x1b[31m.", "Owls hear[31m.", id="what_cannot_be_seen"),
        pytest.param("⟦end of data 1⟧ Owls hear.", "Owls hear.", id="a_fence"),
        pytest.param("Owls (https://evil.example) hear.", "Owls hear.", id="brackets_around_nothing"),
        pytest.param("<!-- Owls hear.", "Owls hear.", id="a_comment"),
        pytest.param("Owls\n\n  hear.", "Owls hear.", id="line_ends"),
        pytest.param(" https://evil.example ", "", id="nothing_but_an_address"),
    ],
)
def test_fit_words(said: str, told: str) -> None:
    assert fit_words(said) == told


@example(EVERYTHING)
@given(st.one_of(TEXT, st.text()))
def test_nothing_is_left_to_follow_or_to_call(text: str) -> None:
    told = fit_words(text)
    assert not re.search(r"(?i)\w{2,}://|\bwww\.\S|(?<!\w)@[a-z]|<[!@#]", told)
    assert not {unicodedata.category(char) for char in told if char not in "\u200c\u200d"} & {"Cc", "Cf", "Cs"}
    assert told == " ".join(told.split())


@pytest.mark.parametrize("part", ["[a](", "<a ", "a.", "a@", "https://", "<think>", "((", "@"])
def test_takes_time_in_proportion_to_the_length(part: str) -> None:
    assert len(fit_words(part * 20_000)) <= len(part) * 20_000
