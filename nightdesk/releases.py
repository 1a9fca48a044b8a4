"""Which releases are probed, where, and by what name they are asked for: decided from the configuration alone."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from core.identity import catalogue
from core.release_names import release_name
from core.types import Item
from kb.release_probes import ReleaseProbe
from nightdesk.config_endpoints import EndpointSettings

_OPENROUTER = "openrouter.ai"


def matched(items: Iterable[Item], endpoints: Iterable[EndpointSettings], now: datetime) -> Iterator[ReleaseProbe]:
    """Yield each release to be probed with each endpoint whose patterns name it."""
    known = tuple(endpoints)
    for item in items:
        for endpoint in known:
            if item.kind == "release" and _is_named(item, endpoint) and (model := model_at(endpoint, item)):
                key = "\n".join((endpoint.name, model, _same_release(item)))
                yield ReleaseProbe(key, item.id, endpoint.name, model, now)


def asking_for(endpoint: EndpointSettings, model: str) -> EndpointSettings:
    """Return the endpoint as it is asked for a model."""
    return replace(endpoint, model=model)


def model_at(endpoint: EndpointSettings, item: Item) -> str:
    """Return the name by which a release is asked for there, or an empty one where it has none there.

    OpenRouter calls models as it lists them, other hosts as their repositories on Hugging Face are called; what an
    endpoint names itself goes for whatever matches.
    """
    if endpoint.model:
        return endpoint.model
    is_openrouter = f".{urlsplit(endpoint.base_url).hostname}".endswith(f".{_OPENROUTER}")
    match catalogue(item.id):
        case "openrouter" if is_openrouter:
            return _name(item)
        case "hf" if not is_openrouter:
            return item.title
        case _:
            return ""


def _is_named(item: Item, endpoint: EndpointSettings) -> bool:
    """Tell whether a pattern names the release; offers of one, such as ``:free``, must be named as such."""
    patterns = [pattern.casefold() for pattern in endpoint.releases]
    is_offer = ":" in _name(item)
    return any(
        fnmatchcase(name.casefold(), pattern)
        for pattern in patterns
        for name in (_name(item), item.id)
        if not is_offer or ":" in pattern.removeprefix(f"{catalogue(item.id)}:")
    )


def _name(item: Item) -> str:
    """Return the id without its catalogue: ``org/model``, ``owner/repository@tag``."""
    return item.id.removeprefix(f"{catalogue(item.id)}:")


def _same_release(item: Item) -> str:
    """Return what is equal for one release that two catalogues tell of."""
    name = release_name(item.title)
    return repr((name.family, name.versions, name.sizes, name.variants)) if name.is_exact else item.id
