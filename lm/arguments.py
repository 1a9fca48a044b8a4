"""What a model writes as the arguments of a tool, and the schema it is shown."""

import json
from collections.abc import Mapping
from typing import Any

from core.lm import Tool, ToolCall
from lm.reading import mended

_DEEPEST = 8


def arguments_of(call: ToolCall) -> dict[str, Any] | None:
    """Return the arguments of a call, none written being an empty object, or None when they are no JSON object."""
    try:
        read = json.loads(call.arguments.strip() or "{}")
        read = json.loads(mended(json.dumps(read, ensure_ascii=False)))
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def schema_of(tool: Tool) -> dict[str, Any]:
    """Return a tool's parameters as hosts want them: always an object with properties, even without any."""
    return {"type": "object", "properties": {}, **tool.parameters}


def inlined(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a JSON schema with its references replaced by what they mean.

    Parsers of tool calls read the types of parameters from the schema, and follow no references.
    """
    definitions = schema.get("$defs", {})

    def replaced(node: Any, depth: int) -> Any:
        if isinstance(node, list):
            return [replaced(one, depth) for one in node]
        if not isinstance(node, dict):
            return node
        name = str(node.get("$ref", "")).removeprefix("#/$defs/")
        if name in definitions and depth < _DEEPEST:
            beside = {key: value for key, value in node.items() if key != "$ref"}
            return replaced({**definitions[name], **beside}, depth + 1)
        return {key: replaced(value, depth) for key, value in node.items() if key != "$defs"}

    inline: dict[str, Any] = replaced(dict(schema), 0)
    return inline


def unquoted(arguments: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments in which lists and objects that came as JSON text are read; hosts that parse XML quote them."""
    properties = schema.get("properties", {})
    return {name: _unquoted(value, properties.get(name, {})) for name, value in arguments.items()}


def _unquoted(value: Any, schema: Mapping[str, Any]) -> Any:
    if not isinstance(value, str) or schema.get("type") not in ("array", "object"):
        return value
    try:
        read = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return read if isinstance(read, (list, dict)) else value
