"""GitHub releases of one repository, from its Atom feed, which needs no token."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from core.identity import github_release_id
from core.types import Item, Night, Reading, SourceSpec
from feeds.feed_document import Entry, read_feed
from feeds.http import Document
from feeds.text import collapse

_FEED = "https://github.com/{}/releases.atom"
_TAG = re.compile(r"/releases/tag/([^?#]+)")


@dataclass(frozen=True, slots=True)
class Options:
    """``repo``: ``owner/name``."""

    repo: str


def addresses(spec: SourceSpec, night: Night) -> tuple[str, ...]:  # noqa: ARG001 - a repository has one feed
    """Return the address of the repository's release feed."""
    return (_FEED.format(_repo(spec)),)


def _repo(spec: SourceSpec) -> str:
    assert isinstance(spec.options, Options)  # noqa: S101 - narrows the type; the configuration guarantees it
    return spec.options.repo


def read(document: Document, spec: SourceSpec, night: Night) -> Reading:  # noqa: ARG001 - one way to read a feed
    """Return one release an entry; entries without a tag are named as problems."""
    entries = read_feed(document)
    tagged = [(entry, match[1]) for entry in entries if (match := _TAG.search(entry.link))]
    problems = ("entries without a tag",) if len(tagged) < len(entries) else ()
    return Reading(tuple(_release(entry, _repo(spec), collapse(unquote(tag))) for entry, tag in tagged), problems)


def _release(entry: Entry, repo: str, tag: str) -> Item:
    name = repo.rsplit("/", 1)[-1]
    titled = entry.title and entry.title.lower() not in (tag.lower(), tag.lower().removeprefix("v"))
    return Item(
        id=github_release_id(repo, tag),
        kind="release",
        title=entry.title if titled else f"{name} {tag}",
        url=entry.link,
        text=entry.text,
        authors=entry.authors,
        published=entry.published,
        announced=entry.published,
        links=entry.links,
        facts=(("repository", repo), ("tag", tag)),
    )
