"""Made-up items, and how they come to stand in a store; no work, person or source in it exists."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

from core.identity import content_hash
from core.polls import Decided, Novelty
from core.ports import silent
from core.types import Item, ItemKind
from kb.embedder import Embedder
from kb.embedding import Vectors
from kb.items import remember_items
from kb.store import Store
from kb.vector_rows import load_vectors
from kb.vectors import embed_pending

NIGHT = date(2031, 3, 14)
NEXT_NIGHT = date(2031, 3, 15)
NOW = datetime(2031, 3, 14, 5, 30, tzinfo=UTC)

TITLES: Mapping[str, tuple[str, str, str]] = {
    "owls": ("Barn owls hunt by ear alone", "Owls hear mice under snow", "How night birds locate their prey"),
    "kettles": ("A kettle that boils in silence", "Steam without whistling", "Hot water for tea in ninety seconds"),
    "provers": ("Theorem provers that ask for lemmas", "Search over subgoals", "Proof assistants learn new tactics"),
    "bridges": ("Old stone bridges and their arches", "Why arches stand", "Repairing a viaduct under traffic"),
    "rice": ("Drought in rice fields seen from above", "Paddy water from satellites", "Harvest forecasts for grain"),
}


def made(name: str, title: str = "", text: str = "", *, kind: ItemKind = "post", published: date | None = None) -> Item:
    """Return an item whose address ends in its name."""
    address = f"https://lantern.example/{name}"
    at = datetime(published.year, published.month, published.day, 9, tzinfo=UTC) if published else None
    return Item(address, kind, title or f"A note on {name}", address, text, published=at, announced=at)


def remember(
    store: Store, *items: Item, novelty: Novelty = "news", source: str = "Lantern Labs", night: date = NIGHT
) -> None:
    """Store items as a source told of them."""
    with store.writing() as connection:
        remember_items(connection, [Decided(item, novelty, content_hash(item)) for item in items], source, night)


def embed(store: Store, embedder: Embedder) -> int:
    """Embed what is pending, and return how many that were."""
    return embed_pending(store, lambda: embedder, silent)


def vectors_in(store: Store, *items: Item) -> Mapping[str, Vectors]:
    """Return the stored vector of each item that has one."""
    with store.searching() as connection:
        ids, matrix = load_vectors(connection, [item.id for item in items])
    return dict(zip(ids, matrix, strict=True))
