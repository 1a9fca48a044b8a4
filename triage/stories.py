"""Which items tell the same thing: one story has all its sightings, and is told once.

Items of one night are one story when a post links to the one paper or release that it is about, when releases on
several sites, or a post's title, name exactly the same model, when a site says whose weights it runs, or when two
titles are the same words over like texts.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from core.release_names import ReleaseName, names_in, release_name
from core.types import Item, Story
from triage.classify import Vectors

_ABOUT = 0.5
_SAME = 0.7
_TITLE_WORDS = 4
_LEADS = {"paper": 0, "release": 1, "post": 2}


def stories(items: Sequence[Item], vectors: Mapping[str, Vectors]) -> tuple[Story, ...]:
    """Return the stories of a night's items, each item in one, in the order of their first item.

    ``vectors`` hold a unit vector for each item that has one.
    """
    root = {item.id: item.id for item in items}

    def find(item_id: str) -> str:
        while root[item_id] != item_id:
            item_id = root[item_id]
        return item_id

    for one, other in _same(items, vectors):
        root[find(other)] = find(one)
    groups: dict[str, list[Item]] = {}
    for item in items:
        groups.setdefault(find(item.id), []).append(item)
    return tuple(_story(group) for group in groups.values())


def _story(group: Sequence[Item]) -> Story:
    ordered = sorted(group, key=lambda item: _LEADS[item.kind])
    return Story(ordered[0].id, tuple(item.id for item in ordered))


def _same(items: Sequence[Item], vectors: Mapping[str, Vectors]) -> Iterator[tuple[str, str]]:
    yield from _linked(items, vectors)
    yield from _same_release(items)
    yield from _same_title(items, vectors)


def _linked(items: Sequence[Item], vectors: Mapping[str, Vectors]) -> Iterator[tuple[str, str]]:
    works = {item.id for item in items if item.kind != "post"}
    for post in items:
        linked = [work for work in post.links if work in works] if post.kind == "post" else []
        # A round-up links to many works of a site, most of them of other nights.
        alone = linked and sum(_site(link) == _site(linked[0]) for link in post.links) == 1
        if alone and _closeness(post.id, linked[0], vectors) >= _ABOUT:
            yield linked[0], post.id


def _closeness(one: str, other: str, vectors: Mapping[str, Vectors]) -> float:
    return float(np.dot(vectors[one], vectors[other])) if one in vectors and other in vectors else 0.0


def _same_release(items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    releases = {item.id: release_name(item.title) for item in items if item.kind == "release"}
    first: dict[ReleaseName, str] = {}
    for item_id, name in releases.items():
        if name.family and (name.versions or name.sizes):
            earlier = first.setdefault(name, item_id)
            if _site(earlier) != _site(item_id):
                yield earlier, item_id
    yield from ((_model(offer), offer) for offer in releases if _model(offer) != offer and _model(offer) in releases)
    yield from _same_weights(items, releases)
    for post in items:
        named = names_in(post.title) & first.keys() if post.kind == "post" and first else frozenset()
        if named:
            yield first[max(named, key=_exactness)], post.id


def _exactness(name: ReleaseName) -> tuple[int, int, ReleaseName]:
    return name.precision, len(name.family), name


def _same_weights(items: Sequence[Item], releases: Mapping[str, ReleaseName]) -> Iterator[tuple[str, str]]:
    """Join what can be called to the weights that its site says it runs.

    So a site may leave out ``Instruct`` or a date. By name alone it may not: weights without the word are mostly the
    base model.
    """
    claims = [
        (item.id, link)
        for item in items
        if item.kind == "release" and _site(item.id) == "openrouter"
        for link in item.links
        if link in releases and _site(link) == "hf"
    ]
    claimed = Counter(weights for _, weights in {(_model(offer), weights) for offer, weights in claims})
    for model, weights in claims:
        if claimed[weights] == 1 and _may_run(model, weights, releases):
            yield weights, model


def _may_run(model: str, weights: str, releases: Mapping[str, ReleaseName]) -> bool:
    """Tell whether no version or size speaks against it, and no other model there has the weights' name."""
    rivals = (
        name for other, name in releases.items() if _model(other) != _model(model) and _site(other) == _site(model)
    )
    return not releases[model].contradicts(releases[weights]) and releases[weights] not in rivals


def _model(item_id: str) -> str:
    """Return the id without what names an offer of a model: ``openrouter:lumen/glimmer-2:free``."""
    return ":".join(item_id.split(":")[:2])


def _site(item_id: str) -> str:
    return item_id.split(":", 1)[0]


def _same_title(items: Sequence[Item], vectors: Mapping[str, Vectors]) -> Iterator[tuple[str, str]]:
    first: dict[str, str] = {}
    for item in items:
        words = re.findall(r"\w+", item.title.lower())
        if len(words) >= _TITLE_WORDS and item.kind != "release":
            earlier = first.setdefault(" ".join(words), item.id)
            if earlier != item.id and _closeness(earlier, item.id, vectors) >= _SAME:
                yield earlier, item.id
