"""What a wire is: one protocol's way to write a request, send it and read the answer. Found by its name."""

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from core.errors import ConfigError
from core.lm import Completion, Conversation


@dataclass(frozen=True, slots=True)
class WireSettings:
    """Where a model is served and how it is asked; ``timeout`` is in seconds, for one whole answer.

    ``extra`` is put into every request as it stands: ``reasoning_split``, ``provider``, other sampling.
    """

    base_url: str
    model: str
    api_key: str = field(repr=False)
    timeout: float = 600.0
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def host(self) -> str:
        """The host alone, which is safe to show: an address may hold a password."""
        return urlsplit(self.base_url).hostname or "the model's host"

    def without_secret(self, text: str) -> str:
        """Return a text with the key blotted out, if a host repeats it."""
        return text.replace(self.api_key, "…") if self.api_key else text


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer as it came; names of headers are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire(Protocol):
    """One protocol, spoken to one host."""

    @property
    def settings(self) -> WireSettings:
        """Where it leads."""
        ...

    def request(self, conversation: Conversation, max_tokens: int) -> bytes:
        """Write the body of a request; what was heard stands in it to the byte."""
        ...

    def send(self, body: bytes, seconds: float) -> Reply:
        """Post a body once, within so many seconds. Raises ModelUnreachable when no whole answer comes."""
        ...

    def read(self, document: str) -> Completion:
        """Read an answer. Raises ModelUnreadable when it is not what the protocol promises."""
        ...

    def without_thinking(self, raw: str) -> str:
        """Return a heard message without its thoughts, as a lossy client would send it: for the preflight only."""
        ...

    def close(self) -> None:
        """Close the connections."""
        ...


def open_wire(name: str, settings: WireSettings) -> Wire:
    """Open the wire of that name: module ``lm.<name>_wire``.

    Raises ConfigError when there is none.
    """
    try:
        opener = pkgutil.resolve_name(f"lm.{name}_wire:open_wire")
    except (ModuleNotFoundError, ValueError) as error:
        raise ConfigError(f'[llm] wire = "{name}": no such wire; write "anthropic", "openai" or "offline"') from error
    wire: Wire = opener(settings)
    return wire
