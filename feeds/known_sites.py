"""Sites whose pages stand for a source without being read: arXiv, GitHub, Hugging Face, OpenRouter, YouTube."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlencode, urlsplit

from core.identity import id_of_url, normalise_url

Value = str | tuple[str, ...]

_CATEGORY = re.compile(
    r"/(?:list|rss|atom)/([a-z]+(?:-[a-z]+)*(?:\.[A-Za-z]+(?:-[a-z]+)*)?)(?:/(?:new|recent|current))?"
)
_REPOSITORY = re.compile(r"/([A-Za-z0-9-]+)/([\w.-]+?)(?:\.git)?(?:/(?:releases(?:\.atom|/.*)?|tags|tree/.*))?")
_GITHUB_PAGES = frozenset(
    "about apps collections customer-stories enterprise events explore features login marketplace notifications orgs"
    " organizations pricing search security settings site sponsors stars topics trending users".split()
)
_OPENROUTER_READING = frozenset("announcements blog docs".split())
_YOUTUBE_FEED = "https://www.youtube.com/feeds/videos.xml?"


@dataclass(frozen=True, slots=True)
class Stands:
    """The source that an address stands for: its kind, the kind's own keys, and a name for it."""

    kind: str
    keys: tuple[tuple[str, Value], ...]
    name: str


def known_site(url: str) -> Stands | None:
    """Return the source that an address of a known site stands for, or None; nothing is asked."""
    parts = urlsplit(normalise_url(url))
    rule = _RULES.get(parts.netloc)
    return rule(parts) if rule else None


def _arxiv(parts: SplitResult) -> Stands | None:
    match = _CATEGORY.fullmatch(parts.path)
    return Stands("arxiv", (("category", match[1]),), f"arXiv {match[1]}") if match else None


def _github(parts: SplitResult) -> Stands | None:
    match = _REPOSITORY.fullmatch(parts.path)
    if match is None or match[1].lower() in _GITHUB_PAGES:
        return None
    return Stands("github_releases", (("repo", f"{match[1]}/{match[2]}"),), f"{match[2]} releases")


def _hugging_face(parts: SplitResult) -> Stands | None:
    if parts.path == "/papers":
        return Stands("huggingface_papers", (), "Hugging Face daily papers")
    match = re.fullmatch(r"/([\w.-]+)(?:/models)?", parts.path)
    # Whose models these are and what is a page of the site, identity knows.
    if match is None or not id_of_url(f"https://huggingface.co/{match[1]}/any").startswith("hf:"):
        return None
    return Stands("huggingface_models", (("orgs", (match[1],)),), f"Hugging Face models of {match[1]}")


def _openrouter(parts: SplitResult) -> Stands | None:
    is_reading = parts.path.split("/")[1:2] and parts.path.split("/")[1] in _OPENROUTER_READING
    return None if is_reading else Stands("openrouter", (), "OpenRouter models")


def _youtube(parts: SplitResult) -> Stands | None:
    """Return the feed of a channel or playlist by its id; a page by a handle declares its feed itself."""
    channel = re.fullmatch(r"/channel/(UC[\w-]{22})(?:/.*)?", unquote(parts.path))
    playlist = parse_qs(parts.query).get("list", [""])[0] if parts.path == "/playlist" else ""
    query = {"channel_id": channel[1]} if channel else {"playlist_id": playlist} if playlist else None
    return Stands("rss", (("url", _YOUTUBE_FEED + urlencode(query)),), "") if query else None


_RULES: dict[str, Callable[[SplitResult], Stands | None]] = {
    "arxiv.org": _arxiv,
    "export.arxiv.org": _arxiv,
    "rss.arxiv.org": _arxiv,
    "github.com": _github,
    "huggingface.co": _hugging_face,
    "hf.co": _hugging_face,
    "openrouter.ai": _openrouter,
    "youtube.com": _youtube,
    "m.youtube.com": _youtube,
}
