"""Which releases of a night are one: on several sites, as offers, and as weights that a site says it runs."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from core.identity import catalogue
from core.release_names import ReleaseName, release_name
from core.types import Item

Names = Mapping[str, ReleaseName]


def release_names(items: Sequence[Item]) -> dict[str, ReleaseName]:
    """Return the name of each release by its id, in the order of the ids."""
    return {
        item.id: release_name(item.title) for item in sorted(items, key=lambda item: item.id) if item.kind == "release"
    }


def same_releases(items: Sequence[Item], names: Names) -> Iterator[tuple[str, str]]:
    """Yield pairs of ids that are one release, the surest first; the order of ``items`` does not matter."""
    for named in by_name(names).values():
        yield from ((named[0], sighting) for sighting in named[1:])
    yield from ((model_of(offer), offer) for offer in names if model_of(offer) != offer and model_of(offer) in names)
    yield from _same_weights(sorted(items, key=lambda item: item.id), names)


def by_name(names: Names) -> dict[ReleaseName, list[str]]:
    """Return the sightings of each exact name, one a site.

    Copies on one site stay apart: the one of the vendor that most of the name's sites have is taken, else the first.
    """
    named: dict[ReleaseName, list[str]] = defaultdict(list)
    for item_id, name in names.items():
        if name.is_exact:
            named[name].append(item_id)
    return {name: _one_a_site(found) for name, found in named.items()}


def _one_a_site(found: Sequence[str]) -> list[str]:
    told = Counter(vendor for _, vendor in {(catalogue(item_id), _vendor(item_id)) for item_id in found})
    best: dict[str, str] = {}
    for item_id in sorted(found, key=lambda item_id: (-told[_vendor(item_id)], item_id)):
        best.setdefault(catalogue(item_id), item_id)
    return sorted(best.values())


def _vendor(item_id: str) -> str:
    return item_id.split(":", 1)[-1].split("/", 1)[0]


def model_of(item_id: str) -> str:
    """Return the id without what names an offer of a model: ``openrouter:lumen/glimmer-2:free``."""
    return ":".join(item_id.split(":")[:2])


def _same_weights(items: Sequence[Item], names: Names) -> Iterator[tuple[str, str]]:
    """Join what can be called to the weights that its site says it runs.

    So a site may leave out ``Instruct`` or a date. By name alone it may not: weights without the word are mostly the
    base model.
    """
    claims = [
        (item.id, link)
        for item in items
        if item.kind == "release" and catalogue(item.id) == "openrouter"
        for link in item.links
        if link in names and catalogue(link) == "hf"
    ]
    claimed = Counter(weights for _, weights in {(model_of(offer), weights) for offer, weights in claims})
    for model, weights in claims:
        if claimed[weights] == 1 and _may_run(model, weights, names):
            yield weights, model


def _may_run(model: str, weights: str, names: Names) -> bool:
    """Tell whether no version or size speaks against it, and no other model there has the weights' name."""
    rivals = (
        name
        for other, name in names.items()
        if model_of(other) != model_of(model) and catalogue(other) == catalogue(model)
    )
    return not names[model].contradicts(names[weights]) and names[weights] not in rivals
