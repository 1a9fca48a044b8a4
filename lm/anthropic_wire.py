"""The Anthropic protocol, messages: MiniMax ``/anthropic``, and hosts that speak alike.

Order of caching: tools, system, messages. Both ends of what stays are marked: the system text, and the last message,
behind which the next turn goes on.
"""

import json
from typing import Any

import anthropic
from pydantic import BaseModel, Field

from core.errors import ModelUnreachable
from core.lm import Completion, Conversation, Heard, Message, Results, Stop, Told, Tool, ToolCall, Usage
from lm.arguments import schema_of
from lm.raw_json import member
from lm.reading import mended, read_document
from lm.thinking import defects_of, split_thinking
from lm.transport import Response, open_http, options_of, reply_of, was_sent
from lm.wire import Reply, WireSettings

_STOPS: dict[str | None, Stop] = {
    "end_turn": "end",
    "stop_sequence": "end",
    "tool_use": "tools",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "refused",
}
_CACHED = {"cache_control": {"type": "ephemeral"}}
_THOUGHTS = ("thinking", "redacted_thinking")


class _Counted(BaseModel):
    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None


class _Answer(BaseModel):
    model: str | None = None
    content: list[dict[str, Any]]
    stop_reason: str | None = None
    usage: _Counted | None = None


def open_wire(settings: WireSettings) -> "AnthropicWire":
    """Open the wire; nothing is asked yet."""
    return AnthropicWire(settings)


class AnthropicWire:
    """Messages with one host."""

    def __init__(self, settings: WireSettings) -> None:
        """Keep where it leads."""
        self.settings = settings
        self._client = anthropic.Anthropic(
            base_url=settings.base_url,
            api_key=settings.api_key or "none",
            max_retries=0,
            http_client=open_http(),
        )

    def request(self, conversation: Conversation, max_tokens: int) -> bytes:
        """Write the body of a request; what was heard stands in it to the byte."""
        *earlier, last = conversation.messages
        told = [line for message in earlier for line in _line(message, {})] + _line(last, _CACHED)
        rest = {
            "model": self.settings.model,
            "max_tokens": max_tokens,
            "temperature": 1.0,
            "top_p": 0.95,
            **_tools(conversation.tools),
            **_system(conversation.system),
            **self.settings.extra,
        }
        return f'{json.dumps(rest)[:-1]}, "messages": [{", ".join(told)}]}}'.encode()

    def send(self, body: bytes, seconds: float) -> Reply:
        """Post a body once, within so many seconds. Raises ModelUnreachable when no whole answer comes."""
        try:
            return reply_of(
                self._client.post("/v1/messages", cast_to=Response, content=body, options=options_of(seconds))
            )
        except anthropic.APIStatusError as error:
            return reply_of(error.response)
        except anthropic.APIConnectionError as error:
            raise ModelUnreachable(
                f"no whole answer from {self.settings.host} ({error.__cause__ or error}): is base_url right, is it up?",
                is_paid=was_sent(error.__cause__),
            ) from error

    def read(self, document: str) -> Completion:
        """Read an answer. Raises ModelUnreadable when it is not what the protocol promises."""
        answer = read_document(_Answer, document, self.settings.host)
        inside, text = split_thinking(mended(_joined(answer.content, "text")))
        thinking = mended(_joined(answer.content, "thinking")) or inside
        calls = tuple(_call(block) for block in answer.content if block.get("type") == "tool_use")
        return Completion(
            raw=member(document, "content") or "[]",
            text=text,
            thinking=thinking,
            tool_calls=calls,
            usage=_usage(answer.usage),
            stop=_STOPS.get(answer.stop_reason, "other"),
            defects=defects_of(text, thinking, calls),
            model=answer.model or "",
        )

    def without_thinking(self, raw: str) -> str:
        """Return a heard message without its thoughts, as a lossy client would send it."""
        return json.dumps([block for block in json.loads(raw) if block.get("type") not in _THOUGHTS])

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _line(message: Message, mark: dict[str, Any]) -> list[str]:
    """Write a message, its last block with the mark; nothing where the model said nothing, which hosts refuse."""
    match message:
        case Told(text):
            return [json.dumps({"role": "user", "content": [{"type": "text", "text": text, **mark}]})]
        case Heard(raw):
            return [] if raw.strip("[] \n\t\r") == "" else [f'{{"role": "assistant", "content": {raw}}}']
        case Results(results):
            blocks = [
                {"type": "tool_result", "tool_use_id": one.id, "content": one.content, "is_error": one.is_error}
                for one in results
            ]
            return [json.dumps({"role": "user", "content": [*blocks[:-1], {**blocks[-1], **mark}]})]


def _tools(tools: tuple[Tool, ...]) -> dict[str, Any]:
    if not tools:
        return {}
    written = [{"name": tool.name, "description": tool.description, "input_schema": schema_of(tool)} for tool in tools]
    return {"tools": written, "tool_choice": {"type": "auto"}}


def _system(text: str) -> dict[str, Any]:
    return {"system": [{"type": "text", "text": text, **_CACHED}]} if text else {}


def _joined(content: list[dict[str, Any]], kind: str) -> str:
    return "".join(str(block.get(kind) or "") for block in content if block.get("type") == kind)


def _call(block: dict[str, Any]) -> ToolCall:
    given = block.get("input")
    return ToolCall(
        str(block.get("id", "")),
        str(block.get("name", "")),
        given if isinstance(given, str) else json.dumps(given if given is not None else {}),
    )


def _usage(counted: _Counted | None) -> Usage | None:
    """Return tokens apart; here ``input_tokens`` leaves out those of the cache."""
    if counted is None:
        return None
    read, written = counted.cache_read_input_tokens or 0, counted.cache_creation_input_tokens or 0
    return Usage(counted.input_tokens, counted.output_tokens, read, written)
