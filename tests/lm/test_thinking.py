"""Thoughts told from answers, circles told from arguments, leaked calls told from text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.lm import ToolCall
from lm.thinking import defects_of, is_repeating, split_thinking

LEAK = '<minimax:tool_call>\n<invoke name="look">\n<parameter name="at">x</parameter>\n</invoke>\n</minimax:tool_call>'


@pytest.mark.parametrize(
    ("content", "thinking", "text"),
    [
        ("plain", "", "plain"),
        ("  kept as it is  ", "", "  kept as it is  "),
        ("<think>\na\n</think>\n\nb", "a", "b"),
        ("a\n</think>\n\nb", "a", "b"),
        ("<think>a", "a", ""),
        ("<think></think>b", "", "b"),
        ("<think>a</think><think>c</think>b", "a\nc", "b"),
        ("the tag <think> opens a thought", "", "the tag <think> opens a thought"),
        ("<think>a</think>the tags <think> and </think>", "a", "the tags <think> and </think>"),
        ("", "", ""),
    ],
)
def test_thought_at_the_head(content: str, thinking: str, text: str) -> None:
    assert split_thinking(content) == (thinking, text)


@given(st.text(alphabet="ab <>/think\n", max_size=60))
def test_nothing_but_tags_and_space_is_lost(content: str) -> None:
    thinking, text = split_thinking(content)
    kept = sorted((thinking + text).replace("<think>", "").replace("</think>", "").split())
    assert (
        sorted("".join(kept)) == sorted("".join(content.replace("<think>", "").replace("</think>", "").split()))
        or "<think" in text + thinking
        or "think>" in text + thinking
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Let me look at the table again. " * 40, True),
        ("让我再看一遍这张表。" * 40, True),
        (" ".join(f"step {n} finds the value {n * n} in row {n + 3}" for n in range(60)), False),
        ("Let me look at the table again. " * 5, False),
        (" ".join(f"word{n}" for n in range(500)) + " wait, no, the other way round it is then" * 60, True),
        ("", False),
    ],
)
def test_circles(text: str, expected: bool) -> None:  # noqa: FBT001
    assert is_repeating(text) is expected


def test_defects() -> None:
    good, bad = ToolCall("1", "look", "{}"), ToolCall("2", "look", '{"at": ')
    assert defects_of("fine", "", [good]) == ()
    assert defects_of(LEAK, "", []) == ("leaked_tool_xml",)
    assert defects_of("", f"I call {LEAK}", []) == ("leaked_tool_xml",)
    assert defects_of("", f"I could call {LEAK}", [good]) == ()
    assert defects_of("", "", [bad]) == ("unreadable_arguments",)
    assert defects_of("", "again and again and " * 80, []) == ("repeating_thought",)
