"""What is made of items between their arrival and the digest: matches, stories, rulings and analyses."""

from dataclasses import dataclass
from typing import Literal

Band = Literal["clear", "uncertain", "out"]


@dataclass(frozen=True, slots=True)
class Match:
    """How well an item fits one subject: ``score`` is a probability, ``evidence`` says why in words.

    ``band`` is clear where matches of that score are right as often as was asked for, uncertain where it takes a
    reader to tell. An item that fits no subject keeps its best match, as ``out``, to tell how near it came.
    """

    subject: str
    score: float
    evidence: str
    band: Band = "clear"

    @property
    def fits(self) -> bool:
        """Whether the item is, or may be, of the subject."""
        return self.band != "out"


@dataclass(frozen=True, slots=True)
class Story:
    """Items that report the same thing; the first is the one that leads."""

    id: str
    item_ids: tuple[str, ...]

    @property
    def lead(self) -> str:
        """The id of the item that tells the story."""
        return self.item_ids[0]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the analyst found out about a story: Markdown of its own, each claim with the id of what it rests on.

    ``ended`` is why it came to its end; ``turns`` counts the model's turns.
    """

    story_id: str
    key: str
    new: str
    contradicts: str
    try_this: tuple[str, ...]
    sources: tuple[str, ...]
    ended: str
    turns: int


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a model decided on an item that may be of a subject; ``belongs`` is None when it gave no valid answer.

    ``score`` is how much it is worth reading, 0 to 10; ``prompt`` is the version of the prompt, ``model`` its name.
    """

    item_id: str
    subject: str
    belongs: bool | None
    score: int
    reason: str
    model: str
    prompt: str
