"""What a model's text holds beside its answer: thoughts, calls that leaked as text, thoughts that go in circles."""

import re
from collections.abc import Iterator, Sequence

from core.lm import Defect, ToolCall
from lm.arguments import arguments_of

_THOUGHT = re.compile(r"\A\s*<think>(.*?)(?:</think>|\Z)", re.DOTALL)
_LEAKED = re.compile(r"</?minimax:tool_call>|<invoke name=", re.IGNORECASE)
# Words, or single characters of scripts that write no spaces.
_WORD = re.compile(r"[぀-ヿ㐀-鿿가-힯]|[^\W぀-ヿ㐀-鿿가-힯]+")
_GRAM = 8
_TAIL = 400
_FEWEST = 120


def split_thinking(content: str) -> tuple[str, str]:
    """Return the thoughts at the head of a text, without their tags, and the rest.

    M2's template opens the thought itself, so a serving may deliver only its end; a thought without end was cut.
    """
    head, mark, rest = content.partition("</think>")
    if mark and "<think>" not in head:
        content = f"<think>{head}{mark}{rest}"
    thoughts = []
    while match := _THOUGHT.match(content):
        thoughts.append(match[1].strip())
        content = content[match.end() :]
    return "\n".join(thought for thought in thoughts if thought), content.strip() if thoughts else content


def is_repeating(thinking: str) -> bool:
    """Tell whether the end of a thought goes in circles: more than half of its last 8-grams were there before."""
    words = _WORD.findall(thinking)[-_TAIL:]
    if len(words) < _FEWEST:
        return False
    grams = [tuple(words[place : place + _GRAM]) for place in range(len(words) - _GRAM + 1)]
    return len(set(grams)) < len(grams) / 2


def defects_of(text: str, thinking: str, calls: Sequence[ToolCall]) -> tuple[Defect, ...]:
    """Name what the serving did wrong."""

    def found() -> Iterator[Defect]:
        if _LEAKED.search(text) or (_LEAKED.search(thinking) and not calls):
            yield "leaked_tool_xml"
        if is_repeating(thinking):
            yield "repeating_thought"
        if any(arguments_of(call) is None for call in calls):
            yield "unreadable_arguments"

    return tuple(found())
