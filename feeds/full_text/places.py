"""Where the whole of an item can be read, the best place first.

Addresses: arXiv's HTML (info.arxiv.org/about/accessible_HTML.html) and PDF, Hugging Face's ``raw`` files, GitHub's raw
files, of which ``HEAD`` is the default branch.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from core.types import Item, TextOrigin
from feeds.text import web_address


@dataclass(frozen=True, slots=True)
class Place:
    """An address, and what is expected there."""

    url: str
    origin: TextOrigin


def places_of(item: Item) -> tuple[Place, ...]:
    """Return where the whole of an item may be; nowhere where its source told all there is."""
    scheme, _, name = item.id.partition(":")
    match scheme:
        case "arxiv":
            return Place(f"https://arxiv.org/html/{name}", "html"), Place(f"https://arxiv.org/pdf/{name}", "pdf")
        case "hf":
            return (Place(f"https://huggingface.co/{_hugging_face_repo(item, name)}/raw/main/README.md", "card"),)
        case "github":
            repo = dict(item.facts).get("repository", name.partition("@")[0])
            return (Place(f"https://raw.githubusercontent.com/{repo}/HEAD/README.md", "readme"),)
        case "openrouter":
            return ()
    return (Place(item.url, "article"),) if web_address(item.url) else ()


def _hugging_face_repo(item: Item, lowered: str) -> str:
    """Return the repository as it is written: in an id it is in lower case."""
    path = urlsplit(item.url).path.strip("/")
    return path if path.lower() == lowered else lowered
