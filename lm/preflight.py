"""What a serving does with what nightdesk needs of it, found out by asking it a few small things."""

import json
from collections.abc import Callable, Iterator

from core.errors import BudgetSpent, ModelClosed, ModelError, ModelRefused
from core.lm import Completion, Conversation, Finding, Heard, Message, Results, Told, Tool, ToolResult
from lm.model import Model

_STAGE = "doctor"
_TOKENS = 2048
_ADD = Tool(
    "add",
    "Adds two whole numbers.",
    {
        "type": "object",
        "properties": {"first": {"type": "integer"}, "second": {"type": "integer"}},
        "required": ["first", "second"],
    },
)
_EDITION = Tool("edition", "Tells the number of tonight's edition.")
_SYSTEM = "You test an instrument. Use the tools you are given; never compute or guess what a tool can tell."
_ASK_ADD = Told("What is 4821 plus 1739? Call the tool add.")
_ASK_EDITION = Told("Which edition is it tonight? Call the tool edition.")


def preflight(model: Model) -> tuple[Finding, ...]:
    """Ask the serving and tell what holds: six requests at most, two when it does not answer.

    Raises BudgetSpent, which tells nothing of the serving, and nothing else of the model's.
    """
    seen: list[Completion] = []
    first = _tried(model, Conversation(_SYSTEM, (_ASK_ADD,), (_ADD,)), seen)
    if isinstance(first, ModelError):
        plain = _tried(model, Conversation(_SYSTEM, (Told("Say: good evening."),)), seen)
        if isinstance(plain, ModelError):
            return tuple(_unanswered(plain))
    return tuple(_findings(model, first, seen))


def _tried(model: Model, conversation: Conversation, seen: list[Completion]) -> Completion | ModelError:
    try:
        answer = model.complete(conversation, stage=_STAGE, max_tokens=_TOKENS)
    except BudgetSpent:
        raise
    except ModelError as error:
        return error
    seen.append(answer)
    return answer


def _unanswered(error: ModelError) -> Iterator[Finding]:
    """Tell what an error of a plain request means: a host that refuses was reached."""
    if isinstance(error, (ModelRefused, ModelClosed)):
        yield Finding("reachable", ok=True, detail="the host answers")
        yield Finding("model known", ok=False, detail=str(error), advice="check [llm] model and the key")
    else:
        yield Finding("reachable", ok=False, detail=str(error), advice="check [llm] base_url and that the host is up")


def _findings(model: Model, first: Completion | ModelError, seen: list[Completion]) -> Iterator[Finding]:
    yield Finding("reachable", ok=True, detail="the host answers")
    yield _model_known(model, seen[0])
    yield _tools_called(first)
    yield _parameterless(_tried(model, Conversation(_SYSTEM, (_ASK_EDITION,), (_EDITION,)), seen))
    yield _thinking_replayed(model, first, seen)
    yield _leaked(seen)
    yield _usage(seen)


def _model_known(model: Model, answer: Completion) -> Finding:
    asked, told = model.wire.settings.model, answer.model
    is_same = asked.lower() in told.lower() or (told != "" and told.lower() in asked.lower())
    advice = "" if is_same or not told else f"the host answers as {told!r}: check [llm] model"
    return Finding("model known", ok=is_same if told else None, detail=f"answers as {told or 'nobody'}", advice=advice)


def _tools_called(answer: Completion | ModelError) -> Finding:
    advice = "start the server with tool calls (vLLM: --enable-auto-tool-choice --tool-call-parser minimax_m2)"
    if isinstance(answer, ModelError):
        return Finding("tools called", ok=False, detail=str(answer), advice=advice)
    called = [call.name for call in answer.tool_calls]
    is_called = called == [_ADD.name] and "unreadable_arguments" not in answer.defects
    detail = f"called {', '.join(called)}" if called else f"no call, but {answer.text[:80]!r}"
    return Finding("tools called", ok=is_called, detail=detail, advice="" if is_called else advice)


def _parameterless(answer: Completion | ModelError) -> Finding:
    name = "parameterless tool accepted"
    if isinstance(answer, ModelError):
        advice = "this host cannot take tools without parameters; report it to whoever serves it"
        return Finding(name, ok=False, detail=str(answer), advice=advice)
    is_called = any(call.name == _EDITION.name for call in answer.tool_calls)
    return Finding(name, ok=True, detail="accepted and called" if is_called else "accepted, not called")


def _thinking_replayed(model: Model, first: Completion | ModelError, seen: list[Completion]) -> Finding:
    """Compare the tokens of a prompt with the thoughts of the turn before and without them."""
    name = "thinking replayed"
    if isinstance(first, ModelError) or not first.thinking or not first.tool_calls:
        return Finding(name, ok=None, detail="the model gave no thought with a tool call to compare")
    asked = Conversation(_SYSTEM, (_ASK_ADD,), (_ADD,))
    whole = _tried(model, asked.then(*_answered(first, lambda raw: raw)), seen)
    without = _tried(model, asked.then(*_answered(first, model.wire.without_thinking)), seen)
    if isinstance(whole, ModelError):
        return Finding(name, ok=False, detail=str(whole), advice="the host does not take back its own message")
    if isinstance(without, ModelError):
        return Finding(name, ok=True, detail="the host takes no message without its thought")
    if whole.usage is None or without.usage is None:
        return Finding(name, ok=None, detail="the host reports no usage to compare")
    gained = whole.usage.prompt - without.usage.prompt
    detail = f"{gained} more prompt tokens with the thought than without"
    # A token has 16 characters at the most, on average; empty tags in place of a thought are a token or two.
    is_kept = gained > 0 and gained * 16 >= len(first.thinking)
    advice = "" if is_kept else "the host drops thoughts: use another serving, or its other reasoning parser"
    return Finding(name, ok=is_kept, detail=detail, advice=advice)


def _answered(first: Completion, written: Callable[[str], str]) -> tuple[Message, ...]:
    results = tuple(ToolResult(call.id, json.dumps({"sum": 6560})) for call in first.tool_calls)
    return Heard(written(first.raw)), Results(results)


def _leaked(seen: list[Completion]) -> Finding:
    leaked = sum("leaked_tool_xml" in answer.defects for answer in seen)
    advice = "set the tool-call parser of the server (vLLM minimax_m2, SGLang minimax-m2)" if leaked else ""
    return Finding("no tool XML leaked", ok=not leaked, detail=f"{leaked} of {len(seen)} answers", advice=advice)


def _usage(seen: list[Completion]) -> Finding:
    told = sum(answer.usage is not None for answer in seen)
    read = sum(answer.usage.cache_read for answer in seen if answer.usage)
    is_told = told == len(seen)
    advice = "" if is_told else "calls without usage are booked at their worst case: the budget ends early"
    detail = f"{told} of {len(seen)} answers, {read} tokens from the cache"
    return Finding("usage reported", ok=is_told, detail=detail, advice=advice)
