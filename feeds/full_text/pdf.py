"""The text of a PDF, page by page."""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TypeVar

from pypdf import PageObject, PdfReader

from core.errors import Unreadable
from feeds.text import collapse

A = TypeVar("A")
B = TypeVar("B")

MAX_PAGES = 200


def parts(body: bytes, content_type: str) -> Iterator[str]:  # noqa: ARG001 - all parsers are called alike
    """Yield the text of one page after the other, line by line as it is set, ``MAX_PAGES`` at most.

    A page that cannot be read is named in brackets. Raises Unreadable when the document is encrypted, broken or holds
    no text.
    """
    pages = _readable(_pages, body)
    empty = 0
    for number, page in enumerate(pages[:MAX_PAGES], 1):
        text = _text_or_note(page, number)
        empty += not text or text.startswith(f"[page {number}: ")
        yield text
    if empty == len(pages[:MAX_PAGES]):
        raise Unreadable("no page of the PDF holds text that can be read: a scan, perhaps")
    if len(pages) > MAX_PAGES:
        yield f"[cut here: {MAX_PAGES} of {len(pages)} pages were read]"


def _pages(body: bytes) -> list[PageObject]:
    pdf = PdfReader(BytesIO(body))
    if pdf.is_encrypted and not pdf.decrypt(""):
        raise Unreadable("the PDF is encrypted")
    return list(pdf.pages)


def _text_or_note(page: PageObject, number: int) -> str:
    try:
        return _readable(_text, page)
    except Unreadable as error:
        return f"[page {number}: {error}]"


def _text(page: PageObject) -> str:
    lines = (collapse(line) for line in page.extract_text().splitlines())
    return "\n".join(line for line in lines if line)


def _readable(step: Callable[[A], B], value: A) -> B:
    """Return what a step reads; whatever pypdf raises on a hostile document becomes Unreadable."""
    try:
        return step(value)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(f"the PDF cannot be read ({collapse(str(error)) or type(error).__name__})") from error
