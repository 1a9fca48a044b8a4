"""OpenRouter: the models that can be called there, with context length and price.

A row with a suffix such as ``:free`` is an offer of the model without it, and links to it; routers, and the ``~`` slugs
that always point to the latest model, are no models.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from pydantic import BaseModel, Field

from core.errors import Unreadable
from core.identity import hf_id, openrouter_id
from core.sources import Reading, SourceSpec
from core.types import Item, Night
from feeds.answer import Document
from feeds.json_document import Plain, parse_rows, read_json
from feeds.text import html_to_text

TELLS_RELEASES = True

_LISTING = "https://openrouter.ai/api/v1/models"
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
_MARKDOWN_LINK = re.compile(r"\[([^\]]+)\]\([^)\s]*\)")


@dataclass(frozen=True, slots=True)
class Options:
    """The listing has no settings of its own."""


class _Pricing(BaseModel):
    prompt: str | float | None = None
    completion: str | float | None = None


class _Architecture(BaseModel):
    modality: Plain | None = None
    tokenizer: str | None = None


class _Model(BaseModel):
    id: str = Field(pattern=r"^[\w.~:/-]+$")
    name: str = Field(min_length=1)
    hugging_face_id: str | None = None
    created: float | None = None
    description: str | None = None
    context_length: int | None = None
    pricing: _Pricing | None = None
    architecture: _Architecture | None = None


def addresses(spec: SourceSpec, night: Night) -> tuple[str, ...]:  # noqa: ARG001 - one listing for everybody
    """Return the address of the listing."""
    return (_LISTING,)


def read(document: Document, spec: SourceSpec, night: Night) -> Reading:  # noqa: ARG001 - one way to read a listing
    """Return one release a row; it links to its weights on Hugging Face, where the listing names them."""
    listing = read_json(document)
    if not isinstance(listing, dict):
        raise Unreadable("JSON, but not a listing with `data`")
    models, problems = parse_rows(listing.get("data"), _Model.model_validate)
    items = tuple(_item(model) for model in models if not _is_pointer(model))
    return Reading(items, problems, is_whole=bool(items) and not problems)


def _is_pointer(model: _Model) -> bool:
    tokenizer = model.architecture.tokenizer if model.architecture else None
    return tokenizer == "Router" or model.id.startswith("~")


def _item(model: _Model) -> Item:
    created = _unix_time(model.created)
    return Item(
        id=openrouter_id(model.id),
        kind="release",
        title=html_to_text(model.name),
        url=f"https://openrouter.ai/{model.id}",
        text=html_to_text(_MARKDOWN_LINK.sub(r"\1", model.description or "")),
        authors=(model.id.split("/", 1)[0],),
        published=created,
        announced=created,
        links=tuple(_links(model)),
        facts=_facts(model),
    )


def _links(model: _Model) -> Iterator[str]:
    if _REPOSITORY.fullmatch(model.hugging_face_id or ""):
        yield hf_id(model.hugging_face_id or "")
    if ":" in model.id:
        yield openrouter_id(model.id.split(":", 1)[0])


def _unix_time(seconds: float | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None


def _facts(model: _Model) -> tuple[tuple[str, str], ...]:
    facts = {
        "context": f"{model.context_length:,} tokens" if model.context_length else None,
        "price": _price(model.pricing or _Pricing()),
        "modality": model.architecture and model.architecture.modality,
    }
    return tuple((label, value) for label, value in facts.items() if value)


def _price(pricing: _Pricing) -> str | None:
    """Return US dollars for a million tokens; the listing prices one."""
    into, out = _per_million(pricing.prompt), _per_million(pricing.completion)
    if into is None or out is None:
        return None
    return "free" if into == out == 0 else f"${into} in, ${out} out per 1M tokens"


def _per_million(price: str | float | None) -> Decimal | None:
    try:
        dollars = (Decimal("" if price is None else str(price)) * 1_000_000).quantize(Decimal("0.0001"))
        # The listing gives -1 where the price depends on the model that a router picks.
        return Decimal(f"{dollars.normalize():f}") if dollars >= 0 else None
    except ArithmeticError:
        return None
