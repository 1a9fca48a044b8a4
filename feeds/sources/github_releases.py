"""GitHub releases of one repository: from its Atom feed, which needs no token, or with one from the API.

The API (docs.github.com/rest/releases) tells drafts and pre-releases apart, which the feed does not.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import unquote, urlsplit

from pydantic import BaseModel, Field

from core.identity import github_release_id, id_of_url
from core.sources import Reading, SourceSpec
from core.types import Item, Night
from feeds.answer import Document
from feeds.feed_document import Entry, iso_time, read_feed
from feeds.full_text.markdown import to_html
from feeds.json_document import Plain, read_json, read_rows
from feeds.text import collapse, html_to_text, web_address

TELLS_RELEASES = True

_FEED = "https://github.com/{}/releases.atom"
_API = "https://api.github.com/repos/{}/releases?per_page=30"
_API_HOST = "api.github.com"
_TAG = re.compile(r"/releases/tag/([^?#]+)")
_MARKDOWN_LINK = re.compile(r"\[([^\]]+)\]\((https?://[^)\s]*)\)")


@dataclass(frozen=True, slots=True)
class Options:
    """``repo``: ``owner/name``; ``token_env``: the environment variable that holds a token, if the API is to be asked.

    ``token`` is no key of the configuration file: it is what the variable held.
    """

    repo: str
    token_env: str = ""
    token: str = field(default="", repr=False, metadata={"from_env": "token_env"})


class _Author(BaseModel):
    login: Plain = ""


class _Release(BaseModel):
    tag_name: Plain = Field(min_length=1)
    html_url: str = Field(pattern=r"^https://github\.com/[^\s<>]+$")
    name: str | None = None
    body: str | None = None
    draft: bool = False
    prerelease: bool = False
    published_at: datetime | str | None = None
    author: _Author | None = None


def addresses(spec: SourceSpec, night: Night) -> tuple[str, ...]:  # noqa: ARG001 - a repository has one list
    """Return the address of the repository's releases: the API with a token, else the feed."""
    options = _options(spec)
    return ((_API if options.token else _FEED).format(options.repo),)


def headers(spec: SourceSpec, url: str) -> Mapping[str, str]:
    """Return the headers to send with a request for an address; the token goes to its repository only."""
    token, parts = _options(spec).token, urlsplit(url)
    if not token or parts[:2] != ("https", _API_HOST) or not parts.path.startswith(f"/repos/{_options(spec).repo}/"):
        return {}
    return {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}


def _options(spec: SourceSpec) -> Options:
    assert isinstance(spec.options, Options)  # noqa: S101 - narrows the type; the configuration guarantees it
    return spec.options


def read(document: Document, spec: SourceSpec, night: Night) -> Reading:  # noqa: ARG001 - one way to read each form
    """Return one release an entry, drafts left out; entries without a tag are named as problems."""
    repo = _options(spec).repo
    if document.body.lstrip()[:1] == b"[":
        return read_rows(read_json(document), lambda row: _of_api(_Release.model_validate(row), repo))
    feed = read_feed(document)
    entries = feed.entries
    tagged = [(entry, match[1]) for entry in entries if (match := _TAG.search(entry.link))]
    untagged = ("entries without a tag",) if len(tagged) < len(entries) else ()
    items = tuple(_of_feed(entry, repo, collapse(unquote(tag))) for entry, tag in tagged)
    return Reading(items, (*feed.problems, *untagged), cadence=feed.cadence)


def _of_feed(entry: Entry, repo: str, tag: str) -> Item:
    return Item(
        id=github_release_id(repo, tag),
        kind="release",
        title=_title(entry.title, repo, tag),
        url=entry.link,
        text=entry.text,
        authors=entry.authors,
        published=entry.published,
        announced=entry.published,
        links=entry.links,
        facts=(("repository", repo), ("tag", tag)),
    )


def _of_api(release: _Release, repo: str) -> Item | None:
    if release.draft:
        return None
    published = iso_time(release.published_at)
    body = release.body or ""
    return Item(
        id=github_release_id(repo, release.tag_name),
        kind="release",
        title=_title(" ".join(html_to_text(release.name or "").split()), repo, release.tag_name),
        url=release.html_url,
        text=html_to_text(to_html(body)),
        authors=tuple(author.login for author in (release.author,) if author and author.login),
        published=published,
        announced=published,
        links=_linked(body),
        facts=_facts(release, repo),
    )


def _facts(release: _Release, repo: str) -> tuple[tuple[str, str], ...]:
    standing = (("standing", "pre-release"),) if release.prerelease else ()
    return (("repository", repo), ("tag", release.tag_name), *standing)


def _linked(markdown: str) -> tuple[str, ...]:
    addresses_in_order = (web_address(link[2]) for link in _MARKDOWN_LINK.finditer(markdown))
    return tuple(dict.fromkeys(id_of_url(address) for address in addresses_in_order if address))


def _title(title: str, repo: str, tag: str) -> str:
    """Return the title, or the repository with the tag where the title is no more than the tag."""
    titled = title and title.lower() not in (tag.lower(), tag.lower().removeprefix("v"))
    return title if titled else f"{repo.rsplit('/', 1)[-1]} {tag}"
