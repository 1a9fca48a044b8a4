"""The article on a page: without menus, banners, related posts and comments."""

from collections.abc import Iterator

import trafilatura

from core.errors import Unreadable
from feeds.full_text.html import decoded, seen_tree
from feeds.text import collapse


def parts(body: bytes, content_type: str) -> Iterator[str]:
    """Yield the lines of an article.

    Raises Unreadable when the answer is no page or no article can be told from the rest.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind and not kind.startswith("text/") and "html" not in kind:
        raise Unreadable(f"not a page but {kind}")
    page = seen_tree(decoded(body, content_type)).html or ""
    text = trafilatura.extract(page, include_comments=False, include_images=False, include_tables=True)
    if not text:
        raise Unreadable("no article can be told from the rest of the page")
    yield from filter(None, map(collapse, text.splitlines()))
