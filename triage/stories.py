"""Which items tell the same thing: one story has all its sightings, and is told once.

Works are joined first, by identity: releases of one name, papers that are one paper, a release and the paper that
names it. Posts come after, and join a work without joining works. So no chain of likenesses makes two works one, and
the order of the items decides nothing but the order of the stories.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

import numpy as np

from core.identity import catalogue
from core.judged import Story
from core.types import Item
from triage.classify import Vectors
from triage.groups import Groups
from triage.post_copies import post_copies
from triage.same_releases import model_of, same_releases
from triage.told_works import NightItems, described_releases, told_work

_LEADS = {"paper": 0, "release": 1, "post": 2}
_CATALOGUES = ("arxiv", "hf", "openrouter", "github", "")
_LAST = datetime.max.replace(tzinfo=UTC)


def stories(items: Sequence[Item], vectors: Mapping[str, Vectors]) -> tuple[Story, ...]:
    """Return the stories of a night's items, each item in one, in the order of their first item.

    ``vectors`` hold a unit vector for each item that has one. Which items are one story, and which of them leads, does
    not depend on the order of the items.
    """
    night = NightItems.of(items, partial(_closeness, vectors))
    groups = Groups({item.id: _slots(item) for item in items})
    _join_works(night, groups)
    _join_posts(night, groups)
    members: dict[str, list[Item]] = defaultdict(list)
    for item in items:
        members[groups.of(item.id)].append(item)
    return tuple(_story(group) for group in members.values())


def _closeness(vectors: Mapping[str, Vectors], one: str, other: str) -> float:
    return float(np.dot(vectors[one], vectors[other])) if one in vectors and other in vectors else 0.0


def _slots(item: Item) -> dict[str, str]:
    """Return what an item keeps others out by: different entries of one catalogue are different works."""
    place = catalogue(item.id)
    return {place: model_of(item.id)} if place and item.kind != "post" else {}


def _story(group: Sequence[Item]) -> Story:
    ordered = sorted(group, key=_reading_order)
    return Story(ordered[0].id, tuple(item.id for item in ordered))


def _reading_order(item: Item) -> tuple[int, int, datetime, str]:
    return _LEADS[item.kind], _CATALOGUES.index(catalogue(item.id)), item.published or _LAST, item.id


def _join_works(night: NightItems, groups: Groups) -> None:
    for one, other in same_releases(tuple(night.releases.values()), night.names):
        groups.join(one, other)
    for copy, work in night.copied.items():
        if copy in night.papers:
            groups.join(copy, work)
    _join_papers_to_releases(night, groups)


def _join_papers_to_releases(night: NightItems, groups: Groups) -> None:
    """Join a paper to the one release that it describes; a paper on three sizes of a model stays the paper on three."""
    pairs = {(groups.of(release), groups.of(paper)) for release, paper in described_releases(night)}
    for release, paper in sorted(pairs):
        if not any((release == one) != (paper == other) for one, other in pairs):
            groups.join(release, paper)


def _join_posts(night: NightItems, groups: Groups) -> None:
    told = {post.id: work for post in night.posts if (work := told_work(post, night))}
    for post, work in told.items():
        groups.join(post, work)
    for copies in post_copies(night.posts, night.closeness):
        works = {groups.of(told[post.id]) for post in copies if post.id in told}
        joining = [post.id for post in copies if len(works) == 1 or post.id not in told]
        for post_id in joining[1:]:
            groups.join(joining[0], post_id)
