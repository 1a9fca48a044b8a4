"""A model release as one value, whichever of the sites told of it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from core.release_names import ReleaseName, release_name
from core.types import Item

Endpoint = tuple[str, str]
"""Where a model can be asked, and what it is called there: ``("openrouter", "lumen/glimmer-2-32b")``."""

_SITES = {"hf": "huggingface", "openrouter": "openrouter"}
_PAGES = re.compile(r"https://(?:huggingface\.co|openrouter\.ai)/(.+)")


@dataclass(frozen=True, slots=True)
class Release:
    """One release of a model; a text that no site tells is empty, an unknown number None.

    ``family``, ``version``, ``size`` and ``variant`` are in the words of ``core.release_names``: lower case, several
    versions, sizes or variants joined by ``-`` (``30b-a3b``). ``context_length`` is in tokens, ``price`` as the site
    words it. ``takes`` and ``gives`` are the modalities that go in and come out. ``endpoints`` are in the order of the
    items.
    """

    family: str
    version: str = ""
    size: str = ""
    variant: str = ""
    licence: str = ""
    context_length: int | None = None
    price: str = ""
    takes: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()
    endpoints: tuple[Endpoint, ...] = ()


def release_of(items: Sequence[Item]) -> Release | None:
    """Return the release that the items of one story tell of, or None when it is no model.

    A model is on Hugging Face or OpenRouter; a repository's release that is on neither is software. Of two sites that
    tell the same detail, the first item counts; the name is the one that says most.
    """
    told = tuple(item for item in items if item.kind == "release")
    endpoints = tuple(dict.fromkeys(_endpoints(told)))
    if not endpoints:
        return None
    takes, gives = _modalities(_fact(told, "modality"))
    return Release(
        **_named(max((release_name(item.title) for item in told), key=_says)),
        licence=_fact(told, "licence"),
        context_length=_tokens(_fact(told, "context")),
        price=_fact(told, "price"),
        takes=takes,
        gives=gives,
        endpoints=endpoints,
    )


def _says(name: ReleaseName) -> int:
    return name.precision


def _named(name: ReleaseName) -> dict[str, str]:
    return {
        "family": name.spelled,
        "version": "-".join(name.versions),
        "size": "-".join(name.sizes),
        "variant": "-".join(name.variants),
    }


def _endpoints(items: Iterable[Item]) -> Iterator[Endpoint]:
    for item in items:
        site = _SITES.get(item.id.split(":", 1)[0])
        page = _PAGES.fullmatch(item.url)
        if site and page:
            yield site, page[1]


def _fact(items: Iterable[Item], label: str) -> str:
    return next((value for item in items for name, value in item.facts if name == label), "")


def _tokens(context: str) -> int | None:
    match = re.match(r"\d[\d,]*", context, re.ASCII)
    return int(match[0].replace(",", "")) if match else None


def _modalities(told: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what goes in and what comes out of ``text+image->text``."""
    takes, _, gives = told.partition("->")
    return _parts(takes), _parts(gives)


def _parts(told: str) -> tuple[str, ...]:
    return tuple(part for part in told.split("+") if part)
