"""The whole text of an item: from the store where it was read before, else from the world."""

from collections.abc import Callable

from core.ports import Clock
from core.types import FullText, Item
from kb.full_texts import find_full_text, remember_full_text
from kb.store import Store


def full_text_of(store: Store, item: Item, read: Callable[[Item], FullText], clock: Clock) -> FullText:
    """Return the whole text of a stored item; what failed before is tried again, what is kept is not.

    Raises StoreError when it cannot be kept.
    """
    with store.reading() as connection:
        kept = find_full_text(connection, item)
    if kept and not kept.why:
        return kept
    fresh = read(item)
    with store.writing() as connection:
        remember_full_text(connection, item, fresh, clock())
    return fresh
