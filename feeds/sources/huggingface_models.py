"""Hugging Face models: what the organisations that a team follows have put up, and what is trending.

Quantisations, adapters, merges, repacks and other people's fine-tunes of a known base are items with the
announcement type ``derived``: they are remembered, but are no releases. The tags ``base_model:id`` and
``base_model:relation:id`` (huggingface.co/docs/hub/model-cards) and the name tell which they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from pydantic import BaseModel, Field

from core.identity import hf_id
from core.release_names import release_name
from core.sources import Reading, SourceSpec
from core.types import Item, Night
from feeds.answer import Document
from feeds.feed_document import iso_time
from feeds.json_document import Plain, read_json, read_rows

TELLS_RELEASES = True

_LISTING = "https://huggingface.co/api/models?"
_PAGE = 50
_FRESH = timedelta(days=30)
_COPIES = frozenset(("quantized", "adapter", "merge"))
_REPACKED = frozenset("gguf ggml mlx peft lora adapter-transformers merge mergekit exl2 exl3".split())


@dataclass(frozen=True, slots=True)
class Options:
    """``orgs``: the organisations or people whose models are followed; ``trending``: also what is trending."""

    orgs: tuple[str, ...] = ()
    trending: bool = False


class _Model(BaseModel):
    id: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    created_at: datetime | str | None = Field(None, alias="createdAt")
    tags: list[Plain] = []
    pipeline_tag: Plain | None = None
    library_name: Plain | None = None
    private: bool = False


def addresses(spec: SourceSpec, night: Night) -> tuple[str, ...]:  # noqa: ARG001 - the newest first, on any night
    """Return one listing an organisation, newest models first, and the trending one if it is wanted."""
    options = _options(spec)
    orders = [{"author": org, "sort": "createdAt"} for org in options.orgs]
    if options.trending:
        orders.append({"sort": "trendingScore"})
    page = {"direction": "-1", "limit": str(_PAGE), "full": "true"}
    return tuple(_LISTING + urlencode(order | page) for order in orders)


def _options(spec: SourceSpec) -> Options:
    assert isinstance(spec.options, Options)  # noqa: S101 - narrows the type; the configuration guarantees it
    return spec.options


def read(document: Document, spec: SourceSpec, night: Night) -> Reading:
    """Return one release a public model; what is derived from another says so in its announcement type.

    Of organisations that are not followed, models of the last 30 days count: what is older only became known now.
    """
    followed = frozenset(org.lower() for org in _options(spec).orgs)
    oldest = night.now - _FRESH

    def read_row(row: object) -> Item | None:
        model = _Model.model_validate(row)
        is_told = not model.private and (_org(model.id) in followed or _is_fresh(model, oldest))
        return _item(model) if is_told else None

    return read_rows(read_json(document), read_row)


def _org(repo: str) -> str:
    return repo.split("/", 1)[0].lower()


def _is_fresh(model: _Model, oldest: datetime) -> bool:
    created = iso_time(model.created_at)
    return created is not None and created >= oldest


def _item(model: _Model) -> Item:
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
        announce_type="derived" if _is_derived(model) else "new",
        categories=tuple(tag for tag in (model.pipeline_tag,) if tag),
        links=tuple(hf_id(base) for base in _bases(model)),
        facts=facts,
    )


def _is_derived(model: _Model) -> bool:
    """Tell whether a model is another one packed, adapted, merged or fine-tuned by somebody else.

    An organisation's own fine-tune of its own base is how instruct models are made: a release.
    """
    bases = _bases(model)
    if release_name(model.id).packings or _COPIES & set(_relations(model)):
        return True
    if bases and _REPACKED & {model.library_name, *model.tags}:
        return True
    return any(_org(base) != _org(model.id) for base in bases)


def _facts(model: _Model) -> tuple[tuple[str, str], ...]:
    facts = {
        "task": model.pipeline_tag,
        "licence": next(iter(_tagged(model, "license")), None),
        "derived from" if _is_derived(model) else "base model": ", ".join(_bases(model)),
        "library": model.library_name,
    }
    return tuple((label, value) for label, value in facts.items() if value)


def _bases(model: _Model) -> list[str]:
    return list(dict.fromkeys(tag.rsplit(":", 1)[-1] for tag in _tagged(model, "base_model")))


def _relations(model: _Model) -> Iterator[str]:
    """Yield ``quantized`` of ``base_model:quantized:id``."""
    return (tag.split(":", 1)[0] for tag in _tagged(model, "base_model") if ":" in tag)


def _tagged(model: _Model, key: str) -> list[str]:
    """Return the values of ``key:value`` tags."""
    return [tag.split(":", 1)[1] for tag in model.tags if tag.startswith(f"{key}:")]
