"""Which work a post tells of: the one that its title names, that it copies, or that it alone links to."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.identity import catalogue, same_work
from core.release_names import ReleaseName, names_in
from core.types import Item
from triage.near_duplicates import likely_copies
from triage.post_copies import SAME_TEXT, Closeness, telling_title
from triage.same_releases import Names, by_name, release_names

_ABOUT = 0.5
_TITLE_WORDS = 4


@dataclass(frozen=True, slots=True)
class NightItems:
    """A night's items by kind, in the order of their ids, and by what they can be found.

    ``named`` is the release of each exact name; ``copied`` the paper that a post or another page of it has the text of;
    ``entitled`` the papers of each title.
    """

    papers: Mapping[str, Item]
    releases: Mapping[str, Item]
    posts: Sequence[Item]
    names: Names
    named: Mapping[ReleaseName, str]
    copied: Mapping[str, str]
    entitled: Mapping[tuple[str, ...], Sequence[str]]
    closeness: Closeness

    @classmethod
    def of(cls, items: Sequence[Item], closeness: Closeness) -> "NightItems":
        """Return a night's items; ``closeness`` compares two ids, from -1 to 1, and is 0 where it cannot."""
        ordered = sorted(items, key=lambda item: item.id)
        papers = {item.id: item for item in ordered if item.kind == "paper"}
        names = release_names(ordered)
        entitled: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for paper in papers.values():
            entitled[telling_title(paper.title)].append(paper.id)
        return cls(
            papers=papers,
            releases={item.id: item for item in ordered if item.kind == "release"},
            posts=[item for item in ordered if item.kind == "post"],
            names=names,
            named={name: found[0] for name, found in by_name(names).items()},
            copied=dict(_copied([item for item in ordered if item.kind != "release"])),
            entitled=entitled,
            closeness=closeness,
        )


def _copied(items: Sequence[Item]) -> Iterator[tuple[str, str]]:
    for pair in likely_copies(items):
        if same_work(*pair):
            copy, work = sorted(pair, key=lambda item: (item.kind == "paper", bool(catalogue(item.id)), item.id))
            yield copy.id, work.id


def told_work(post: Item, night: NightItems) -> str | None:
    """Return the id of the one work that a post tells of, or None."""
    return named_release(post, night) or night.copied.get(post.id) or _entitled(post, night) or _linked(post, night)


def named_release(post: Item, night: NightItems) -> str | None:
    """Return the release that a title names most exactly; none where it names two, as a comparison does."""
    named = names_in(post.title) & night.named.keys() if night.named else frozenset()
    if not named:
        return None
    best = max(named, key=_exactness)
    if any(name.contradicts(best) or name.family not in best.family for name in named):
        return None
    return night.named[best]


def _exactness(name: ReleaseName) -> tuple[int, int, ReleaseName]:
    return name.precision, len(name.family), name


def _entitled(post: Item, night: NightItems) -> str | None:
    words = telling_title(post.title)
    papers = night.entitled.get(words, ()) if len(words) >= _TITLE_WORDS else ()
    return papers[0] if len(papers) == 1 and night.closeness(post.id, papers[0]) >= SAME_TEXT else None


def _linked(post: Item, night: NightItems) -> str | None:
    works = [work for work in linked_works(post, night) if night.closeness(post.id, work) >= _ABOUT]
    return max(works, key=lambda work: (night.closeness(post.id, work), work), default=None)


def linked_works(item: Item, night: NightItems) -> list[str]:
    """Return the works of the night that are the only ones of their site to which an item links.

    A round-up links to many works of a site, most of them of other nights.
    """
    sites = Counter(_site(link) for link in item.links)
    return [link for link in item.links if (link in night.papers or link in night.releases) and sites[_site(link)] == 1]


def _site(item_id: str) -> str:
    return item_id.split(":", 1)[0]


def described_releases(night: NightItems) -> Iterator[tuple[str, str]]:
    """Yield releases with a paper that names their family, where the release or a post on it links to the paper."""
    tellers = [(release.id, release) for release in night.releases.values()]
    tellers += [(release, post) for post in night.posts if (release := named_release(post, night))]
    for release, teller in tellers:
        for work in linked_works(teller, night):
            if work in night.papers and _mentions(night.papers[work].title, night.names[release]):
                yield release, work


def _mentions(title: str, name: ReleaseName) -> bool:
    words = " ".join(re.findall(r"[^\W\d_]+", title.lower()))
    return bool(name.spelled) and f" {name.spelled} " in f" {words} "
