"""What a host is asked, read the same from both protocols, and what it refuses."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Asked:
    """A request; ``heard`` are the assistant's messages that came back, in the protocol's own form."""

    protocol: str
    headers: Mapping[str, str]
    body: dict[str, Any]
    text: str

    @property
    def tools(self) -> dict[str, Any]:
        """The schema of each tool that may be called."""
        given = self.body.get("tools") or ()
        if self.protocol == "anthropic":
            return {tool["name"]: tool.get("input_schema") for tool in given}
        return {tool["function"]["name"]: tool["function"].get("parameters") for tool in given}

    @property
    def system(self) -> str:
        """The instructions."""
        if self.protocol == "anthropic":
            return _text(self.body.get("system"))
        return "".join(_text(one["content"]) for one in self.body["messages"] if one["role"] == "system")

    @property
    def told(self) -> str:
        """Every text of the user's."""
        return "\n".join(_text(one["content"], "text") for one in self.body["messages"] if one["role"] == "user")

    @property
    def results(self) -> list[str]:
        """What tools answered, in order."""
        return list(_results(self.body["messages"]))

    @property
    def heard(self) -> list[Any]:
        """The assistant's messages that came back."""
        sent = [one for one in self.body["messages"] if one["role"] == "assistant"]
        return [one["content"] for one in sent] if self.protocol == "anthropic" else sent

    @property
    def last(self) -> str:
        """The text of the last message, or of the last tool's answer."""
        last = self.body["messages"][-1]
        return _text(last["content"]) or "\n".join(_results([last]))


def _text(content: Any, *kinds: str) -> str:
    if isinstance(content, str):
        return content
    return "\n".join(str(one["text"]) for one in content or () if one.get("type") in (kinds or ("text",)))


def _results(messages: list[dict[str, Any]]) -> Iterator[str]:
    for message in messages:
        if message["role"] == "tool":
            yield _text(message["content"])
        elif isinstance(message["content"], list):
            results = (block for block in message["content"] if block.get("type") == "tool_result")
            yield from (_text(block.get("content")) for block in results)


def to_the_byte(document: str) -> Any:
    """Read JSON so that order, repeated names and the spelling of numbers are kept; only space between is not."""
    return json.loads(document, object_pairs_hook=tuple, parse_float=_spelled, parse_int=_spelled)


def _spelled(number: str) -> tuple[str, str]:
    return ("number", number)


def heard_to_the_byte(document: str, protocol: str) -> list[Any]:
    """Return the assistant's messages of a request, read ``to_the_byte``."""
    pairs = dict(to_the_byte(document))
    sent = [message for message in pairs["messages"] if dict(message).get("role") == "assistant"]
    return [dict(message)["content"] for message in sent] if protocol == "anthropic" else sent


def refusal_of(asked: Asked) -> str:
    """Return why hosts do not take a request (400, 2013), or an empty text."""
    for name, schema in asked.tools.items():
        if not isinstance(schema, dict) or schema.get("type") != "object" or "properties" not in schema:
            return f"invalid params, function {name} has no parameters (2013)"
    if not 0 < asked.body.get("temperature", 1.0) <= 1:
        return "invalid params, temperature (2013)"
    if "output_config" in asked.body:
        return "invalid params, output_config (2013)"
    return _orphans(asked)


def _orphans(asked: Asked) -> str:
    """Return which call has no result, or which result no call."""
    called: list[str] = []
    for message in asked.body["messages"]:
        content = message["content"]
        blocks = content if isinstance(content, list) else []
        answered = [message["tool_call_id"]] if message["role"] == "tool" else []
        answered += [block["tool_use_id"] for block in blocks if block.get("type") == "tool_result"]
        for one in answered:
            if one not in called:
                return f"invalid params, tool result's tool id({one}) not found (2013)"
            called.remove(one)
        if message["role"] == "assistant":
            if called:
                return f"invalid params, tool calls {called} have no result (2013)"
            called = [block["id"] for block in blocks if block.get("type") == "tool_use"]
            called += [call["id"] for call in message.get("tool_calls") or ()]
    return f"invalid params, tool calls {called} have no result (2013)" if called else ""
