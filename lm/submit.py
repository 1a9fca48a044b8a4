"""An answer in a form: a ``submit`` tool at ``tool_choice: auto``, validated, with one turn for repair.

Hosts ignore ``response_format`` and differ on a forced tool, so the form is a tool like any other. What still does not
fit is no answer; it is named, and never replaced by a default.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from core.lm import (
    Complete,
    Completion,
    Conversation,
    Form,
    Heard,
    Message,
    Results,
    Submitted,
    Told,
    Tool,
    ToolCall,
    ToolResult,
    Unsubmitted,
    Why,
)
from lm.arguments import arguments_of, inlined, unquoted

M = TypeVar("M", bound=BaseModel)
NAME = "submit"
_FENCED = re.compile(r"```[\w-]*\s*\n(.*?)\n?\s*```", re.DOTALL)
_LONGEST_QUOTE = 1500


@cache
def _schema_of(model: type[BaseModel]) -> dict[str, Any]:
    return inlined(model.model_json_schema())


def tool_of(form: Form[M]) -> Tool:
    """Return the tool by which a model answers in a form."""
    return Tool(NAME, form.description, _schema_of(form.model))


def read_form(form: Form[M], arguments: dict[str, Any]) -> M:
    """Validate arguments.

    Raises ValueError that says what is wrong in words for the model.
    """
    try:
        value = form.model.model_validate(unquoted(arguments, _schema_of(form.model)))
    except ValidationError as error:
        raise ValueError(_in_words(error)) from error
    if problem := form.problem(value):
        raise ValueError(problem)
    return value


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why an answer is not in the form, for the record and for the model."""

    why: Why
    detail: str


def submitted(form: Form[M], answer: Completion) -> M | Misfit:
    """Return the one value that an answer submits, or why it submits none."""
    calls = [call for call in answer.tool_calls if call.name == NAME]
    if not calls:
        return _no_call(answer)
    if answer.is_truncated:
        return Misfit("truncated", "your answer was cut at the limit of its length: submit again, and be brief")
    values: list[M] = []
    for call in calls:
        arguments = arguments_of(call)
        if arguments is None:
            return Misfit("malformed", "the arguments of submit are no JSON object")
        try:
            values.append(read_form(form, arguments))
        except ValueError as error:
            return Misfit("invalid", str(error))
    if any(value != values[0] for value in values):
        return Misfit("ambiguous", f"you called submit {len(values)} times with different answers: call it once")
    return values[0]


def _no_call(answer: Completion) -> Misfit:
    """Name the state of an answer without a call of submit, the most telling one first."""
    states: tuple[tuple[bool, Why, str], ...] = (
        (answer.stop == "refused", "refused", "the host or the model refused to answer"),
        ("leaked_tool_xml" in answer.defects, "leaked_tool_xml", "your tool call arrived as text, not as a call"),
        (answer.is_truncated, "truncated", "your answer was cut at the limit of its length: be brief"),
        (answer.is_only_thinking, "only_thinking", "you thought, and did not answer"),
        (answer.is_empty, "empty", "your answer was empty"),
    )
    for holds, why, detail in states:
        if holds:
            return Misfit(why, detail)
    return Misfit("malformed", "you did not call the tool submit")


def submit(
    complete: Complete, conversation: Conversation, form: Form[M], /, *, stage: str, max_tokens: int
) -> Submitted[M] | Unsubmitted:
    """Ask for an answer in a form, repairing once; as a last resort the one fenced JSON of the second answer is read.

    Raises ModelError when the model cannot be asked.
    """
    asked = Conversation(conversation.system, conversation.messages, (*conversation.tools, tool_of(form)))
    first = complete(asked, stage=stage, max_tokens=max_tokens)
    found = submitted(form, first)
    if not isinstance(found, Misfit):
        return Submitted(found, (first,))
    second = complete(repaired(asked, first, found.detail), stage=stage, max_tokens=max_tokens)
    again = submitted(form, second)
    if isinstance(again, Misfit):
        again = last_resort(form, second, again)
    if isinstance(again, Misfit):
        return Unsubmitted(again.why, again.detail, (first, second))
    return Submitted(again, (first, second))


def repaired(asked: Conversation, answer: Completion, problem: str) -> Conversation:
    """Return the conversation with an answer and what is wrong with it, so that it can be mended.

    An answer that hosts cannot take back (empty, or with arguments that are no JSON) is told of, not replayed.
    """
    ask = f"This is not yet an answer: {problem}. Call the tool {NAME} once, with all its fields."
    if answer.is_empty or "unreadable_arguments" in answer.defects:
        return asked.then(Told(ask))
    return asked.then(Heard(answer.raw), *_replies(answer.tool_calls, ask))


def _replies(calls: Sequence[ToolCall], text: str) -> tuple[Message, ...]:
    if not calls:
        return (Told(text),)
    return (Results(tuple(ToolResult(call.id, text, is_error=True) for call in calls)),)


def last_resort(form: Form[M], answer: Completion, misfit: Misfit) -> M | Misfit:
    """Return the value of the only fenced JSON in a text that was not cut, or else the misfit."""
    if answer.is_truncated or answer.stop == "refused" or answer.tool_calls:
        return misfit
    blocks = _FENCED.findall(answer.text) or [answer.text]
    try:
        read = [json.loads(block) for block in blocks]
        values = [read_form(form, one) for one in read if isinstance(one, dict)]
    except (ValueError, RecursionError):
        return misfit
    return values[0] if len(blocks) == 1 and values else misfit


def _in_words(error: ValidationError) -> str:
    """Return what is wrong, a line for each place, quoting what was written there."""
    lines = [
        f"{'.'.join(str(step) for step in one['loc']) or 'the answer'}: {one['msg']}, but was {one['input']!r:.120}"
        for one in error.errors(include_url=False)
    ]
    return "; ".join(lines)[:_LONGEST_QUOTE]
