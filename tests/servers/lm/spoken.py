"""What a model says, and how each serving writes it down."""

import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Serving = Literal["content", "reasoning_details", "signed", "reasoning", "reasoning_content"]
SERVINGS: dict[Serving, str] = {
    "content": "openai",  # MiniMax /v1, vLLM minimax_m2_append_think, SGLang minimax-append-think
    "reasoning_details": "openai",  # /v1 with reasoning_split, OpenRouter
    "signed": "anthropic",  # MiniMax /anthropic
    "reasoning": "openai",  # vLLM minimax_m2
    "reasoning_content": "openai",  # SGLang minimax
}
Counted = tuple[int, int, int]
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One answer of a model.

    ``calls`` are names with arguments (text stands as it is). ``truncated`` ends it by its length. ``usage`` is
    (prompt, output, of the prompt from the cache), or None for a host that reports none; () counts bytes. ``base_resp``
    is (code, words) beside the answer. ``cut`` loses it halfway, paid all the same. ``raw`` is a message that is put in
    place of a well-formed one.
    """

    text: str = ""
    thinking: str = ""
    calls: tuple[tuple[str, Any], ...] = ()
    truncated: bool = False
    refused: bool = False
    usage: Counted | tuple[()] | None = ()
    base_resp: tuple[int, str] | None = None
    delay: float = 0.0
    cut: bool = False
    raw: Any = None
    id: int = field(default_factory=lambda: next(_numbers))


def written(spoken: Spoken, serving: Serving, model: str, counted: Counted | None) -> tuple[bytes, Any]:
    """Return the body of an answer, and the message in it that has to come back; ``counted`` as in Spoken."""
    if SERVINGS[serving] == "anthropic":
        message = spoken.raw if spoken.raw is not None else _blocks(spoken)
        body = _anthropic(spoken, message, counted) | {"model": model}
    else:
        message = spoken.raw if spoken.raw is not None else _WRITERS[serving](spoken)
        body = _openai(spoken, message, counted) | {"model": model}
    if spoken.base_resp is not None:
        body["base_resp"] = {"status_code": spoken.base_resp[0], "status_msg": spoken.base_resp[1]}
    return json.dumps(body, ensure_ascii=spoken.id % 2 == 0, indent=spoken.id % 3 or None).encode(), message


def counted_of(spoken: Spoken, prompt: int, cached: int) -> Counted:
    """Return the tokens of an answer: what it says, or a quarter of its characters."""
    output = len(spoken.text + spoken.thinking + json.dumps(spoken.calls)) // 4 + 1
    return spoken.usage or (prompt, output, cached)


def _openai(spoken: Spoken, message: Any, counted: Counted | None) -> dict[str, Any]:
    stop = "length" if spoken.truncated else "content_filter" if spoken.refused else "stop"
    choice = {"finish_reason": "tool_calls" if spoken.calls and stop == "stop" else stop, "index": 0}
    body: dict[str, Any] = {
        "id": f"chat-{spoken.id}",
        "choices": [{**choice, "message": message}],
        "created": 1760000000,
    }
    if counted:
        prompt, output, cached = counted
        details = {"prompt_tokens_details": {"cached_tokens": cached}} if cached else {}
        body["usage"] = {
            "prompt_tokens": prompt,
            "completion_tokens": output,
            "total_tokens": prompt + output,
            **details,
        }
    return body | {"object": "chat.completion"}


def _anthropic(spoken: Spoken, content: Any, counted: Counted | None) -> dict[str, Any]:
    stop = "max_tokens" if spoken.truncated else "refusal" if spoken.refused else "end_turn"
    body = {"id": f"msg-{spoken.id}", "type": "message", "role": "assistant", "content": content, "stop_sequence": None}
    body["stop_reason"] = "tool_use" if spoken.calls and stop == "end_turn" else stop
    if counted:
        prompt, output, cached = counted
        body["usage"] = {"input_tokens": prompt - cached, "output_tokens": output, "cache_read_input_tokens": cached}
    return body


def _message(spoken: Spoken) -> dict[str, Any]:
    """Return a message in an order of fields that no library would choose, with fields that none of them knows."""
    message: dict[str, Any] = {"name": "MiniMax AI", "role": "assistant", "audio_content": "", "refusal": None}
    if spoken.calls:
        message["tool_calls"] = [_call(spoken, place) for place in range(len(spoken.calls))]
    return message


def _call(spoken: Spoken, place: int) -> dict[str, Any]:
    name, given = spoken.calls[place]
    arguments = given if isinstance(given, str) else json.dumps(given, ensure_ascii=False, separators=(" ,  ", ":  "))
    function = {"arguments": arguments, "name": name}
    return {"index": place, "type": "function", "function": function, "id": f"call_{spoken.id}_{place}"}


def _in_content(spoken: Spoken) -> dict[str, Any]:
    thought = f"<think>\n{spoken.thinking}\n</think>\n\n" if spoken.thinking else ""
    return {"content": f"{thought}{spoken.text}"} | _message(spoken)


def _in_details(spoken: Spoken) -> dict[str, Any]:
    detail = {"type": "reasoning.text", "id": f"r{spoken.id}", "format": "MiniMax-response-v1", "index": 0}
    details = [{**detail, "text": spoken.thinking, "weight": 0.10, "signature": None}] if spoken.thinking else []
    return {"reasoning_details": details, "content": spoken.text} | _message(spoken)


def _beside(name: str) -> Callable[[Spoken], dict[str, Any]]:
    def write(spoken: Spoken) -> dict[str, Any]:
        return {"content": spoken.text or None, name: spoken.thinking or None} | _message(spoken)

    return write


_WRITERS: Mapping[Serving, Callable[[Spoken], dict[str, Any]]] = {
    "content": _in_content,
    "reasoning_details": _in_details,
    "reasoning": _beside("reasoning"),
    "reasoning_content": _beside("reasoning_content"),
}


def _blocks(spoken: Spoken) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if spoken.thinking:
        blocks.append({"signature": f"sig+/{spoken.id}==", "thinking": spoken.thinking, "type": "thinking"})
    if spoken.text:
        blocks.append({"type": "text", "text": spoken.text, "citations": None})
    for place, (name, given) in enumerate(spoken.calls):
        blocks.append({"type": "tool_use", "name": name, "input": given, "id": f"toolu_{spoken.id}_{place}"})
    return blocks


def said_in(message: Any) -> str:
    """Return what a message sent back says without its thoughts: its text and its calls, as a template writes them."""
    if isinstance(message, list):
        return "".join(str(block.get("text", "")) + json.dumps(block.get("input", "")) for block in message)
    content = str(message.get("content") or "")
    return content.rpartition("</think>")[2] + json.dumps([one["function"] for one in message.get("tool_calls") or ()])


def thinking_in(message: Any) -> str:
    """Return the thoughts that a message sent back still holds, wherever they sit."""
    if isinstance(message, list):
        return "".join(str(block.get("thinking", "")) for block in message)
    content = message.get("content") or ""
    inside = content.partition("</think>")[0] if isinstance(content, str) and "</think>" in content else ""
    details = "".join(str(one.get("text", "")) for one in message.get("reasoning_details") or ())
    return inside + (message.get("reasoning") or "") + (message.get("reasoning_content") or "") + details
