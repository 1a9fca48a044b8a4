"""The item that a person means: by its id or its address."""

import re
from contextlib import suppress

from core.errors import ConfigError
from core.identity import arxiv_id, id_of_url
from core.types import Item
from digests.outside import plain
from kb.items import get_items
from kb.store import Store

_ADDRESS = re.compile(r"https?://\S+|(?:[\w-]+\.)+[a-z]{2,24}/\S*")
_TOLD = 200
_ID = re.compile(r"(?:arxiv|hf|openrouter|github|https?|work):\S+")


def named_item(store: Store, named: str) -> Item:
    """Return the stored item that a person names by id, address or arXiv number.

    Raises ConfigError when the knowledge base holds no such item.
    """
    ids = possible_ids(named)
    with store.reading() as connection:
        found = get_items(connection, ids)
    if not found:
        raise ConfigError(f"there is no item {plain(named)[:_TOLD]!r}; `nightdesk items --json` tells the ids")
    return next(found[key] for key in ids if key in found)


def possible_ids(named: str) -> tuple[str, ...]:
    """Return the ids that a person may mean, the likeliest first."""
    ids = [named.strip()]
    with suppress(ValueError):
        ids.append(arxiv_id(named))
    if _ADDRESS.fullmatch(named.strip()):
        with suppress(ValueError):
            ids.append(id_of_url(named))
    return tuple(dict.fromkeys(ids))


def names_an_item(text: str) -> bool:
    """Tell whether a text is the id or address of an item, not words about one."""
    return len(possible_ids(text)) > 1 or bool(_ID.fullmatch(text.strip()))
