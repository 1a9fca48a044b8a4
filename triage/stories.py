"""Which items tell the same thing: one story has all its sightings, and is told once.

Items of one night are one story when a post links to the one paper or release that it is about, when releases on
several sites, or a post's title, name exactly the same model, or when two titles are the same words over like texts.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from core.identity import names_release, release_name
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
    first: dict[tuple[str, ...], Item] = {}
    for item in items:
        if item.kind == "release" and (name := release_name(item.title)):
            earlier = first.setdefault(name, item)
            if _site(earlier.id) != _site(item.id):
                yield earlier.id, item.id
    for post in items:
        named = [name for name in first if names_release(post.title, name)] if post.kind == "post" else []
        if named:
            yield first[max(named, key=len)].id, post.id


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
