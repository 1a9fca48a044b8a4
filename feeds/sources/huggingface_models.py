"""Hugging Face models: what the organisations that a team follows have put up."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from core.identity import hf_id
from core.types import Item, Night, Reading, SourceSpec
from feeds.feed_document import iso_time
from feeds.http import Document
from feeds.json_document import Plain, read_json, read_rows

_LISTING = "https://huggingface.co/api/models?"
_PAGE = 50


@dataclass(frozen=True, slots=True)
class Options:
    """``orgs``: the organisations or people whose models are followed."""

    orgs: tuple[str, ...]


class _Model(BaseModel):
    id: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    created_at: datetime | str | None = Field(None, alias="createdAt")
    tags: list[Plain] = []
    pipeline_tag: Plain | None = None
    library_name: Plain | None = None
    private: bool = False


def addresses(spec: SourceSpec, night: Night) -> tuple[str, ...]:  # noqa: ARG001 - the newest first, on any night
    """Return one listing an organisation, newest models first."""
    assert isinstance(spec.options, Options)  # noqa: S101 - narrows the type; the configuration guarantees it
    order = {"sort": "createdAt", "direction": "-1", "limit": str(_PAGE), "full": "true"}
    return tuple(_LISTING + urlencode({"author": org} | order) for org in spec.options.orgs)


def read(document: Document, spec: SourceSpec, night: Night) -> Reading:  # noqa: ARG001 - one way to read a listing
    """Return one release a public model."""
    return read_rows(read_json(document), lambda row: _item(_Model.model_validate(row)))


def _item(model: _Model) -> Item | None:
    if model.private:
        return None
    org, name = model.id.split("/", 1)
    created = iso_time(model.created_at)
    facts = _facts(model)
    return Item(
        id=hf_id(model.id),
        kind="release",
        title=model.id,
        url=f"https://huggingface.co/{model.id}",
        text=f"{name} by {org} on Hugging Face. "
        + " ".join(f"{label.capitalize()}: {value}." for label, value in facts),
        authors=(org,),
        published=created,
        announced=created,
        categories=tuple(tag for tag in (model.pipeline_tag,) if tag),
        links=tuple(hf_id(base) for base in _tagged(model, "base_model")),
        facts=facts,
    )


def _facts(model: _Model) -> tuple[tuple[str, str], ...]:
    bases = list(dict.fromkeys(_tagged(model, "base_model")))
    facts = {
        "task": model.pipeline_tag,
        "licence": next(iter(_tagged(model, "license")), None),
        "base model": ", ".join(bases),
        "library": model.library_name,
    }
    return tuple((label, value) for label, value in facts.items() if value)


def _tagged(model: _Model, key: str) -> list[str]:
    """Return the values of ``key:value`` and ``key:relation:value`` tags."""
    return [tag.rsplit(":", 1)[-1] for tag in model.tags if tag.startswith(f"{key}:")]
