"""Model cards and READMEs: Markdown to lines, without front matter."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt

from feeds.full_text.html import decoded, lines_of, seen_tree

_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n.*?\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)


def parts(body: bytes, content_type: str) -> Iterator[str]:
    """Yield the lines of a Markdown document; it may hold HTML, as both sites allow."""
    source = decoded(body, content_type).replace("\r\n", "\n")
    found = _FRONT_MATTER.match(source)
    page = seen_tree(to_html(source[found.end() :] if found else source)).body
    yield from lines_of(page) if page else ()


def to_html(markdown: str) -> str:
    """Return Markdown as HTML, the HTML within it as it stands."""
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))
