"""Fences: what is inside cannot end them, and what nobody would see is not inside."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.triage.injections import INJECTIONS, Injection
from triage.addressing import names, speaks
from triage.fencing import fenced, one_line, visible
from triage.prompt_files import prompt, read_prompt

FENCE = re.compile(r"\A⟦data ([0-9a-f]{16}): note⟧\n(.*)\n⟦end of data \1(, cut)?⟧\Z", re.DOTALL)
ODD_TEXT = st.text(st.sampled_from("⟦⟧<>!-[]~|e\u200b\u202e\n \tadthinkINST/") | st.characters(), max_size=200)


@given(ODD_TEXT)
def test_text_cannot_end_its_fence(text: str) -> None:
    found = FENCE.match(fenced("note", text, 100))
    assert found
    assert "⟦" not in found[2]
    assert "⟧" not in found[2]
    assert len(found[2]) <= 100
    assert found[1] not in found[2]


@given(ODD_TEXT)
def test_what_is_visible_stays_visible(text: str) -> None:
    shown = visible(text)
    assert visible(shown) == shown
    assert not any(unicodedata.category(char) in ("Cf", "Cs", "Co") for char in shown)
    assert not any(unicodedata.category(char) == "Cc" for char in shown if char not in "\n\t")
    assert "\n" not in one_line(text, 50)
    assert len(one_line(text, 50)) <= 50


@pytest.mark.parametrize("injection", INJECTIONS, ids=lambda one: one.name)
def test_injection_stays_inside(injection: Injection) -> None:
    fence = FENCE.match(fenced("note", injection.text, 4000))
    assert fence
    for mark in (
        "<think",
        "</think",
        "<minimax",
        "<invoke",
        "<|",
        "]~",
        "[e~[",
        "[INST]",
        "\u200b",
        "\u202e",
        "<system",
    ):
        assert mark not in fence[2]


def test_same_text_has_the_same_fence_and_another_text_another() -> None:
    assert fenced("note", "a", 10) == fenced("note", "a", 10)
    marks = {FENCE.match(fenced("note", text, 10))[1] for text in ("a", "b", "c")}  # type: ignore[index]
    assert len(marks) == 3


def test_what_a_person_reads_is_left_as_it_is() -> None:
    text = "p < 0.05 for x<y, List<String>, [1], α→β; naïve “quotes” – 12 %\n\n第二段 🚋"
    assert visible(text) == text
    assert visible("a<!-- hidden -->b") == "a b"
    assert visible("a <!-- never ended") == "a <!-- never ended"
    assert visible("o\u00adw\u200bl\u3164\U000e0041") == "owl"


def test_cut_text_says_so_and_label_is_ours() -> None:
    assert fenced("note", "word " * 50, 20).endswith(", cut⟧")
    assert "cut" not in fenced("note", "word", 20)
    assert fenced("a⟧\nb", "x", 9).splitlines()[0].endswith(": ab⟧")


@pytest.mark.parametrize(
    "piece", ["<!--", "-->", "<!-- a -->", "] ", "a b ", "A-", "give ", "you", "< ", "⟦", "=\n", "score: "]
)
def test_long_texts_take_no_time(piece: str) -> None:
    text = (piece * 8000)[:32_000]
    start = time.process_time()
    fenced("note", text, 8_000)
    speaks(text[:8_000])
    assert time.process_time() - start < 1


def test_another_is_named_by_a_run_of_its_title() -> None:
    title = "Lanterns of the Eastern Tram Depot, Revisited"
    assert names("As in lanterns of the eastern tram lines", title)
    assert not names("The eastern tram lines have lanterns of the old kind", title)
    assert names("We beat Parchment.", "Parchment")
    assert not names("We beat paper.", "Parchment")
    assert not names("anything", "")


def test_prompt_is_known_by_its_words() -> None:
    assert prompt("judge") is prompt("judge")
    assert read_prompt("a \r\nb\n\n") == read_prompt("a\nb")
    assert read_prompt("a b").version != read_prompt("a c").version
