"""What a person wants of a hit, whether it is in the list or open."""

from typing import Literal

from textual.message import Message

from core.types import SearchHit


class Wish(Message):
    """What is wanted of a hit."""

    def __init__(self, hit: SearchHit) -> None:
        """Name the hit."""
        super().__init__()
        self.hit = hit


class Look(Wish):
    """Look closer at a hit."""


class Open(Wish):
    """Open a hit's page in the browser."""


class Vote(Wish):
    """Say that a hit is useful, or not."""

    def __init__(self, hit: SearchHit, word: Literal["up", "down"]) -> None:
        """Name the hit and the vote."""
        super().__init__(hit)
        self.word = word
