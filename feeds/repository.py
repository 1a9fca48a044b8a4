"""A GitHub repository, to be looked at: the list of its files, and one of them as text. Nothing of it is ever run.

Addresses: the list comes from the REST API (docs.github.com/rest/git/trees), which answers 60 requests an hour without
a token; files from the raw host, where ``HEAD`` is the default branch.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from core.errors import Unreadable
from core.polls import Validators
from feeds.answer import Document, Fetch
from feeds.json_document import read_json

MAX_FILE = 500_000
"""The largest file that is looked at, in bytes."""
_MAX_FILES = 20_000
_NAME = r"[a-z0-9](?:[a-z0-9-]{0,38})/[a-z0-9._-]{1,100}"
_MENTION = re.compile(rf"(?<![\w.-])(?:www\.)?github\.com/({_NAME})", re.IGNORECASE)
_WHOLE = re.compile(_NAME, re.IGNORECASE)
_SITE_PAGES = frozenset(
    "about apps blog collections contact customer-stories enterprise events explore features issues login marketplace"
    " notifications orgs pricing pulls readme search security settings site sponsors stars topics trending".split()
)
_TREE = "https://api.github.com/repos/{}/git/trees/HEAD?recursive=1"
_RAW = "https://raw.githubusercontent.com/{}/HEAD/{}"


@dataclass(frozen=True, slots=True)
class RepositoryFile:
    """A file of a repository; ``size`` in bytes."""

    path: str
    size: int


class _Entry(BaseModel):
    path: str
    type: str
    size: int = 0


class _Tree(BaseModel):
    tree: list[_Entry]


def repository_name(written: str) -> str:
    """Return ``owner/name`` of a repository that is written so, or by its address, in lower case.

    Raises ValueError when it is none.
    """
    named = repositories_in(written) or ((written.strip(),) if _WHOLE.fullmatch(written.strip()) else ())
    if not named or named[0].split("/")[1] in (".", ".."):
        raise ValueError(f"{written!r:.120} is no repository: write owner/name")
    return named[0].lower()


def repositories_in(text: str) -> tuple[str, ...]:
    """Return the repositories whose addresses stand in a text, as ``owner/name`` in lower case, each once."""
    found = (match[1].rstrip(".").removesuffix(".git").lower() for match in _MENTION.finditer(text))
    return tuple(dict.fromkeys(name for name in found if name.split("/")[0] not in _SITE_PAGES and name[-1] != "/"))


@dataclass(frozen=True, slots=True)
class Repositories:
    """Looks at repositories through a fetch; each list of files is asked for once."""

    fetch: Fetch
    _lists: dict[str, tuple[RepositoryFile, ...]] = field(default_factory=dict)

    def files(self, name: str) -> tuple[RepositoryFile, ...]:
        """Return the files of a repository, in the order of their paths, 20,000 at most.

        Raises SourceError.
        """
        if name not in self._lists:
            self._lists[name] = _listed(_document(self.fetch, _TREE.format(name)))
        return self._lists[name]

    def text(self, name: str, path: str) -> str:
        """Return a file as text.

        Raises SourceError when it cannot be had, and Unreadable when it is too large or no text.
        """
        body = _document(self.fetch, _RAW.format(name, quote(_inside(path)))).body
        if len(body) > MAX_FILE:
            raise Unreadable(f"{path} has {len(body):,} bytes; only files of up to {MAX_FILE:,} are looked at")
        try:
            text = body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Unreadable(f"{path} is no text") from error
        if "\0" in text:
            raise Unreadable(f"{path} is no text")
        return text


def readme_of(files: tuple[RepositoryFile, ...]) -> str:
    """Return the path of the README, as far as one can tell."""
    found = sorted(file.path for file in files if re.fullmatch(r"readme(\.\w+)?", file.path, re.IGNORECASE))
    return found[0] if found else "README.md"


def _document(fetch: Fetch, url: str) -> Document:
    answer = fetch(url, Validators())
    if not isinstance(answer, Document):
        raise Unreadable("the server says that nothing changed, but nothing was known")
    return answer


def _listed(document: Document) -> tuple[RepositoryFile, ...]:
    try:
        tree = _Tree.model_validate(read_json(document)).tree
    except ValidationError as error:
        raise Unreadable("GitHub's list of files has another form than it promises") from error
    return tuple(RepositoryFile(one.path, one.size) for one in tree if one.type == "blob")[:_MAX_FILES]


def _inside(path: str) -> str:
    """Return the path of a file within its repository.

    Raises Unreadable when it leads out of it.
    """
    parts = [part for part in path.strip().split("/") if part not in ("", ".")]
    if not parts or ".." in parts:
        raise Unreadable(f"{path!r:.120} is no path in a repository")
    return "/".join(parts)
