"""What the knowledge base already held before a night that one of the night's items is close to."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Earlier:
    """An item of an earlier night; ``similarity`` is the cosine to the item that it was compared with."""

    item_id: str
    title: str
    similarity: float
    night: date


@dataclass(frozen=True, slots=True)
class Familiar:
    """What comes nearest to an item.

    ``known`` is the nearest of all that came before the night, background included; its night is the one it came on.
    ``told`` is the nearest of what was kept on the nights just before; its night is the last one it was kept on.
    """

    known: Earlier | None = None
    told: Earlier | None = None
