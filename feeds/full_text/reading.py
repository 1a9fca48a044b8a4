"""Asking one place after the other, and what to fall back to."""

from collections.abc import Callable

from core.errors import SourceError, Throttled, Unreadable
from core.polls import Validators
from core.types import FullText, Item, TextOrigin
from feeds.answer import Document, Fetch
from feeds.full_text.cutting import cut
from feeds.full_text.parsing import Form, parsed
from feeds.full_text.places import Place, places_of

_SHORTEST = 200
_FORMS: dict[TextOrigin, Form] = {
    "html": "paper", "pdf": "pdf", "article": "article", "card": "markdown", "readme": "markdown"
}  # fmt: skip


def reader(fetch: Fetch) -> Callable[[Item], FullText]:
    """Return a function that reads the whole of an item; it raises nothing, but says ``why`` it has only what was told.

    A text is at most ``cutting.MAX_CHARS`` long and ends with a line in brackets where it was cut.
    """

    def read(item: Item) -> FullText:
        failures: list[str] = []
        for place in places_of(item):
            try:
                return _longer(item, _read_place(fetch, item, place))
            except SourceError as error:
                failures.append(f"{place.url}: {error}")
                if isinstance(error, Throttled):
                    break
        return _told(item, "; ".join(failures))

    return read


def _told(item: Item, why: str = "") -> FullText:
    return FullText(item.id, item.url, cut(item.text), "told", why)


def _longer(item: Item, read: FullText) -> FullText:
    """Prefer what the source told where it told more: feeds may carry whole articles, and pages only their start."""
    return _told(item) if read.origin == "article" and len(read.text) < len(item.text) else read


def _read_place(fetch: Fetch, item: Item, place: Place) -> FullText:
    answer = fetch(place.url, Validators())
    if not isinstance(answer, Document):
        raise Unreadable("the server says that nothing changed, but nothing was known")
    origin: TextOrigin = "pdf" if answer.body[:1024].lstrip().startswith(b"%PDF-") else place.origin
    text = parsed(_FORMS[origin], answer)
    if len(text) < _SHORTEST and len(text) <= len(item.text):
        raise Unreadable(f"the {origin} holds hardly any text")
    return FullText(item.id, answer.url, text, origin)
