"""Which items may be copies of each other: those that share the words that are rare in their night.

Each item is filed under its rarest words only, so that the work grows with the number of items, not with its square.
Whether a pair is one work is decided in ``core.identity``.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain, combinations

from core.identity import catalogue
from core.types import Item

_RAREST = 24
_SHARED = 2
_CROWD = 24


def likely_copies(items: Sequence[Item]) -> list[tuple[Item, Item]]:
    """Return the pairs that are worth comparing, each ordered by id; entries of one catalogue are never a pair.

    A pair shares two of the ``_RAREST`` words of each that another item has too; a word of more than ``_CROWD`` items
    is passed over.
    """
    ordered = sorted(items, key=lambda item: item.id)
    places = [catalogue(item.id) for item in ordered]
    shared = Counter(chain.from_iterable(combinations(filed, 2) for filed in _filed(ordered, places)))
    pairs = sorted(pair for pair, count in shared.items() if count >= _SHARED)
    return [(ordered[one], ordered[other]) for one, other in pairs if not places[one] or places[one] != places[other]]


def _filed(items: Sequence[Item], places: Sequence[str]) -> Iterable[list[int]]:
    """Return which items are filed under each word, in order.

    Only words of items outside the largest catalogue can tell of a pair; in a night of papers those are few.
    """
    largest, _ = max(Counter(filter(None, places)).items(), key=lambda counted: counted[::-1], default=("", 0))
    words = [_words(item) for item in items]
    wanted: set[str] = set().union(
        *(told for told, place in zip(words, places, strict=True) if not place or place != largest)
    )
    words = [told & wanted for told in words]
    carried = Counter(chain.from_iterable(words))
    telling = {word: count for word, count in carried.items() if 1 < count <= _CROWD}
    files: dict[str, list[int]] = defaultdict(list)
    for number, told in enumerate(words):
        for _, word in sorted((telling[word], word) for word in told & telling.keys())[:_RAREST]:
            files[word].append(number)
    return files.values()


def _words(item: Item) -> set[str]:
    # Splitting at spaces is a quarter of the work of a regular expression, and loses hardly a word that is rare.
    return set(f"{item.title} {' '.join(item.authors)} {item.text}".lower().split())
