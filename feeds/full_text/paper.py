"""arXiv's HTML of a paper, made by LaTeXML: the document without the page around it."""

from collections.abc import Iterator

from core.errors import Unreadable
from feeds.full_text.html import decoded, lines_of, seen_tree


def parts(body: bytes, content_type: str) -> Iterator[str]:
    """Yield the lines of a paper.

    Raises Unreadable when the page holds none, such as the notice that there is no HTML of it.
    """
    document = seen_tree(decoded(body, content_type)).css_first("article.ltx_document")
    if document is None:
        raise Unreadable("the page holds no paper")
    yield from lines_of(document)
