"""``{names}`` in a question's texts.

Other braces (code, sets, LaTeX) stand as they are; ``{{name}}`` is a literal one.
"""

import re
from collections.abc import Mapping
from typing import Any

from core.errors import ConfigError
from probes.script import Call, Say, Script

_NAME = re.compile(r"\{\{([a-z_][a-z0-9_]*)\}\}|\{([a-z_][a-z0-9_]*)\}")


def filled(text: str, values: Mapping[str, Any]) -> str:
    """Return a text with its names replaced.

    Raises ConfigError when one has no value.
    """
    return _NAME.sub(lambda match: _one(match, values), text)


def filled_data(data: Any, values: Mapping[str, Any]) -> Any:
    """Return data with every text in it filled; a text that is one name becomes its value, a number say."""
    if isinstance(data, str):
        alone = _NAME.fullmatch(data)
        return values[alone[2]] if alone and alone[2] in values else filled(data, values)
    if isinstance(data, Mapping):
        return {key: filled_data(value, values) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [filled_data(value, values) for value in data]
    return data


def filled_script(script: Script, values: Mapping[str, Any]) -> Script:
    """Return a script with its texts and arguments filled."""
    return tuple(
        Call(step.tool, filled_data(step.arguments, values))
        if isinstance(step, Call)
        else Say(filled(step.text, values))
        for step in script
    )


def _one(match: re.Match[str], values: Mapping[str, Any]) -> str:
    literal, name = match.groups()
    if literal:
        return f"{{{literal}}}"
    if name not in values:
        raise ConfigError(f"{{{name}}} has no value; write {{{{{name}}}}} for the braces themselves")
    return str(values[name])
