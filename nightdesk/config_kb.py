"""``[kb]``: the knowledge base and the model that its vectors are made by."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from core.errors import ConfigError
from nightdesk.config_tables import Table


@dataclass(frozen=True, slots=True)
class EmbedderSettings:
    """An embeddings endpoint of the OpenAI form; ``dimensions`` asks for shorter vectors than the model's own."""

    url: str
    model: str
    api_key: str = field(repr=False)
    dimensions: int | None = None


class EmbedderTable(Table):
    """``[kb.embedder]``."""

    url: str
    model: str = Field(min_length=1)
    api_key_env: str | None = None
    dimensions: int | None = Field(None, ge=1, le=65_536)

    @field_validator("url")
    @classmethod
    def _is_address(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError('an address is needed, such as "http://127.0.0.1:11434/v1"')
        return url


class KbTable(Table):
    """``[kb]``."""

    url: str | None = None
    chroma_url: str | None = None
    embedder: EmbedderTable | None = None

    @field_validator("embedder", mode="before")
    @classmethod
    def _is_local_or_table(cls, told: Any) -> Any:
        if told == "local":
            return None
        if not isinstance(told, dict):
            raise ValueError('"local", or a table [kb.embedder] with url and model')  # noqa: TRY004 - pydantic's way
        return told


def embedder_of(table: KbTable) -> EmbedderSettings | None:
    """Return the endpoint that makes the vectors; None is the model on this machine.

    Raises ConfigError when the store or the index is to be a server.
    """
    for key in ("url", "chroma_url"):
        if getattr(table, key) is not None:
            raise ConfigError(f"[kb] {key}: only the embedded store and index are supported so far; remove it")
    if (told := table.embedder) is None:
        return None
    key = os.environ.get(told.api_key_env or "", "").strip()
    return EmbedderSettings(told.url, told.model, key, told.dimensions)


def unset_embedder_key(table: KbTable) -> Iterator[str]:
    """Tell where a key is named and not set."""
    named = table.embedder.api_key_env if table.embedder else None
    if named and not os.environ.get(named):
        yield f"[kb.embedder] api_key_env: the environment variable {named} is not set; no key is sent"
