"""When two things are the same thing: the one place that decides it.

A work has one canonical id wherever it is met: ``arxiv:2510.12345`` (without the version), ``hf:org/model``,
``openrouter:slug``, ``github:owner/repo@tag``; anything else on the web is its normalised address. Two ids of one
catalogue are two works; across catalogues ``same_work`` decides, by the names of models (``core.release_names``) and
the texts of papers (``core.papers``).
"""

import hashlib
import json
import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from core.papers import PaperText, paper_text, same_paper
from core.release_names import release_name
from core.types import Item

ARXIV_ID = re.compile(r"(?P<id>\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v(?P<version>\d{1,4}))?", re.ASCII)
_ARXIV_PATH = re.compile(rf"/(?:abs|pdf|html|format|list)/{ARXIV_ID.pattern}(?:\.pdf)?/?$", re.ASCII)
_PAPERS_PATH = re.compile(rf"/papers/{ARXIV_ID.pattern}/?$", re.ASCII)
_RELEASE_PATH = re.compile(r"/([\w.-]+)/([\w.-]+)/releases/tag/(.+?)/?$")
_MODEL_PATH = re.compile(r"/([\w.-]+)/([\w.-]+)/?$")
_SLUG_PATH = re.compile(r"/(~?[\w.-]+)/([\w.-]+(?::[\w-]+)?)/?$")
_TRACKING = re.compile(r"^(utm_\w+|fbclid|gclid|dclid|msclkid|igshid|mc_[ce]id|ref_src)$")
_DEFAULT_PORT = {"http": 80, "https": 443}
_HF_PAGES = frozenset(
    "api blog collections datasets docs join learn models organizations papers posts pricing spaces tasks".split()
)
_CATALOGUES = frozenset(("arxiv", "hf", "openrouter", "github"))
_OPENROUTER_PAGES = frozenset("api apps chat docs models rankings settings".split())


def arxiv_id(identifier: str) -> str:
    """Return the canonical id of an arXiv identifier, with or without version or ``arXiv:`` prefix.

    Raises ValueError when it is none.
    """
    match = ARXIV_ID.fullmatch(re.sub(r"(?i)^(oai:)?arxiv(\.org)?:", "", identifier.strip()))
    if match is None:
        raise ValueError(f"not an arXiv identifier: {identifier!r}")
    return f"arxiv:{match['id']}"


def arxiv_version(identifier: str) -> int | None:
    """Return the version that ends an arXiv identifier (``v2`` is 2), or None."""
    match = re.search(r"\dv(\d{1,4})$", identifier.strip())
    return int(match[1]) if match else None


def hf_id(repo: str) -> str:
    """Return the canonical id of a Hugging Face model repository (``org/model``)."""
    return f"hf:{repo.strip('/').lower()}"


def openrouter_id(slug: str) -> str:
    """Return the canonical id of an OpenRouter model slug; a suffix such as ``:free`` stays, an offer of its own."""
    return f"openrouter:{slug.strip('/').lower()}"


def github_release_id(repo: str, tag: str) -> str:
    """Return the canonical id of a GitHub release; the tag keeps its case, the repository does not."""
    return f"github:{repo.strip('/').lower()}@{tag}"


def normalise_url(url: str) -> str:
    """Return the address with what does not change the page taken away.

    https for http, lower-case host without ``www.`` and default port, no tracking parameters, query sorted, no
    trailing slash. A fragment stays: changelogs keep one entry under each. Idempotent.
    """
    parts = urlsplit(url.strip())
    if parts.scheme not in ("http", "https", ""):
        return url.strip()
    query = sorted((k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _TRACKING.match(k))
    fragment = "" if parts.fragment.startswith(":~:") else parts.fragment
    # Without a host, slashes that begin the path would be taken for the beginning of one.
    path = re.sub(r"[/\s]+$", "", parts.path if parts.netloc else re.sub(r"^/{2,}", "/", parts.path))
    return urlunsplit(("https", _host(parts), path, urlencode(query), fragment))


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    while host.startswith("www."):
        host = host[4:]
    if ":" in host:
        host = f"[{host}]"
    try:
        port = parts.port
    except ValueError:
        port = None
    return host if port in (None, *_DEFAULT_PORT.values()) else f"{host}:{port}"


def id_of_url(url: str) -> str:
    """Return the canonical id of what an address points to."""
    normal = normalise_url(url)
    parts = urlsplit(normal)
    path = unquote(parts.path)
    host = parts.netloc
    if host in ("arxiv.org", "export.arxiv.org", "alphaxiv.org") and (match := _ARXIV_PATH.search(path)):
        return f"arxiv:{match['id']}"
    if host in ("huggingface.co", "hf.co"):
        return _hugging_face_id(path) or normal
    if host == "github.com" and (match := _RELEASE_PATH.fullmatch(path)):
        return github_release_id(f"{match[1]}/{match[2]}", match[3])
    if host == "openrouter.ai" and (match := _SLUG_PATH.fullmatch(path)) and match[1] not in _OPENROUTER_PAGES:
        return openrouter_id(f"{match[1]}/{match[2]}")
    return normal


def _hugging_face_id(path: str) -> str | None:
    if match := _PAPERS_PATH.fullmatch(path):
        return f"arxiv:{match['id']}"
    if (match := _MODEL_PATH.fullmatch(path)) and match[1] not in _HF_PAGES:
        return hf_id(f"{match[1]}/{match[2]}")
    return None


def catalogue(work_id: str) -> str:
    """Return the catalogue that a canonical id is of (``arxiv``, ``hf``, …); empty for a page of the web."""
    scheme = work_id.split(":", 1)[0]
    return scheme if scheme in _CATALOGUES else ""


def same_work(one: Item, other: Item) -> bool:
    """Tell whether two items are one paper or one release, met in two places. Symmetric.

    Different entries of one catalogue are different works, however alike. Releases are one when their names agree in
    everything and hold a version or size; papers, and posts that copy a paper, when title, authors and abstract say so.
    """
    if one.id == other.id:
        return True
    if catalogue(one.id) and catalogue(one.id) == catalogue(other.id):
        return False
    kinds = {one.kind, other.kind}
    if kinds == {"release"}:
        name = release_name(one.title)
        return name.is_exact and name == release_name(other.title)
    return "paper" in kinds and "release" not in kinds and same_paper(_as_paper(one), _as_paper(other))


@lru_cache(maxsize=256)
def _as_paper(item: Item) -> PaperText:
    return paper_text(item.title, item.authors, item.text)


def content_hash(item: Item) -> str:
    """Return the sha256 of what a reader would call the item's content: title, text, dates, version and facts.

    Votes are left out: they change all day and change nothing that is told.
    """
    facts = [fact for fact in item.facts if fact[0] != "votes"]
    published = item.published.isoformat() if item.published else None
    content = [item.title, item.text, item.url, published, item.version, facts]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def text_hash(text: str) -> str:
    """Return the sha256 of a text, the key under which what was computed from it is kept."""
    return hashlib.sha256(text.encode()).hexdigest()
