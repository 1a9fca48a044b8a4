"""The OpenAI protocol, chat completions: MiniMax ``/v1``, vLLM, SGLang, OpenRouter.

The SDK carries the request; its bytes are ours. The SDK's typed call copies and checks every message of every turn
(150 ms for a hundred), its objects write fields in an order of their own, and it cannot send half a surrogate pair.
"""

import json
from typing import Any

import openai
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
    "stop": "end",
    "tool_calls": "tools",
    "function_call": "tools",
    "length": "length",
    "content_filter": "refused",
}
_THOUGHTS = ("reasoning_content", "reasoning", "reasoning_details")


class _Function(BaseModel):
    name: str
    arguments: Any = ""


class _Call(BaseModel):
    id: str | None = None
    function: _Function


class _Said(BaseModel):
    content: Any = None
    refusal: Any = None
    tool_calls: list[_Call] | None = None
    reasoning: Any = None
    reasoning_content: Any = None
    reasoning_details: Any = None


class _Choice(BaseModel):
    message: _Said
    finish_reason: str | None = None


class _Cached(BaseModel):
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None


class _Counted(BaseModel):
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)
    prompt_tokens_details: _Cached | None = None


class _Answer(BaseModel):
    model: str | None = None
    choices: list[_Choice] = Field(min_length=1)
    usage: _Counted | None = None


def open_wire(settings: WireSettings) -> "OpenAIWire":
    """Open the wire; nothing is asked yet."""
    return OpenAIWire(settings)


class OpenAIWire:
    """Chat completions with one host."""

    def __init__(self, settings: WireSettings) -> None:
        """Keep where it leads."""
        self.settings = settings
        self._client = openai.OpenAI(
            base_url=settings.base_url,
            api_key=settings.api_key or "none",
            max_retries=0,
            http_client=open_http(),
        )

    def request(self, conversation: Conversation, max_tokens: int) -> bytes:
        """Write the body of a request; what was heard stands in it to the byte."""
        told = [json.dumps({"role": "system", "content": conversation.system})] if conversation.system else []
        told += [line for message in conversation.messages for line in _lines(message)]
        rest = {
            "model": self.settings.model,
            "max_tokens": max_tokens,
            "temperature": 1.0,
            "top_p": 0.95,
            **_tools(conversation.tools),
            **self.settings.extra,
        }
        return f'{json.dumps(rest)[:-1]}, "messages": [{", ".join(told)}]}}'.encode()

    def send(self, body: bytes, seconds: float) -> Reply:
        """Post a body once, within so many seconds. Raises ModelUnreachable when no whole answer comes."""
        try:
            return reply_of(
                self._client.post("/chat/completions", cast_to=Response, content=body, options=options_of(seconds))
            )
        except openai.APIStatusError as error:
            return reply_of(error.response)
        except openai.APIConnectionError as error:
            raise ModelUnreachable(
                f"no whole answer from {self.settings.host} ({error.__cause__ or error}): is base_url right, is it up?",
                is_paid=was_sent(error.__cause__),
            ) from error

    def read(self, document: str) -> Completion:
        """Read an answer. Raises ModelUnreadable when it is not what the protocol promises."""
        answer = read_document(_Answer, document, self.settings.host)
        choice, raw = answer.choices[0], member(document, "choices", 0, "message") or "{}"
        inside, text = split_thinking(_text(choice.message.content) or _text(choice.message.refusal))
        thinking = inside or _beside(choice.message)
        calls = tuple(_call(call) for call in choice.message.tool_calls or ())
        return Completion(
            raw=raw,
            text=text,
            thinking=thinking,
            tool_calls=calls,
            usage=_usage(answer.usage),
            stop="refused" if choice.message.refusal else _STOPS.get(choice.finish_reason, "other"),
            defects=defects_of(text, thinking, calls),
            model=answer.model or "",
        )

    def without_thinking(self, raw: str) -> str:
        """Return a heard message without its thoughts, as a lossy client would send it."""
        said = {name: value for name, value in json.loads(raw).items() if name not in _THOUGHTS}
        return json.dumps({**said, "content": split_thinking(_text(said.get("content")))[1]})

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _lines(message: Message) -> list[str]:
    match message:
        case Told(text):
            return [json.dumps({"role": "user", "content": text})]
        case Heard(raw):
            return [raw]
        case Results(results):
            return [json.dumps({"role": "tool", "tool_call_id": one.id, "content": one.content}) for one in results]


def _tools(tools: tuple[Tool, ...]) -> dict[str, Any]:
    if not tools:
        return {}
    written = [{"name": tool.name, "description": tool.description, "parameters": schema_of(tool)} for tool in tools]
    return {"tools": [{"type": "function", "function": one} for one in written], "tool_choice": "auto"}


def _call(call: _Call) -> ToolCall:
    written = call.function.arguments
    arguments = written if isinstance(written, str) else json.dumps(written if written is not None else {})
    return ToolCall(call.id or "", call.function.name, arguments)


def _text(content: Any) -> str:
    """Return a content's text, which may come as a list of parts."""
    if isinstance(content, list):
        return "".join(_text(part.get("text")) for part in content if isinstance(part, dict))
    return mended(content) if isinstance(content, str) else ""


def _beside(said: _Said) -> str:
    """Return the thoughts of whichever field holds them; OpenRouter writes the same ones into two."""
    for field in (said.reasoning_content, said.reasoning, said.reasoning_details):
        if text := _text(field).strip():
            return text
    return ""


def _usage(counted: _Counted | None) -> Usage | None:
    """Return tokens apart; here ``prompt_tokens`` counts those of the cache as well."""
    if counted is None:
        return None
    cached = counted.prompt_tokens_details or _Cached()
    read, written = cached.cached_tokens or 0, cached.cache_write_tokens or 0
    return Usage(max(0, counted.prompt_tokens - read - written), counted.completion_tokens, read, written)
