"""Made-up candidates and votes; no work, person or source among them exists."""

from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from core.judged import Match
from core.types import Item, ItemKind, Opinion, Sighting, Subject, Vote
from triage.taste import Voted

Vectors = NDArray[np.float32]
TRAMS = Subject("trams", "Tram networks", max_items=2)
OWLS = Subject("owls", "Owls", max_items=2)
SEEN = Sighting("Parchment cs.ZT", "https://parchment.example/1", None)
SAID = "Something is said in a text that is long enough to judge it by, " * 3
AT = datetime(2031, 3, 14, 5, 30, tzinfo=UTC)


def item(name: str, text: str = SAID, kind: ItemKind = "paper", title: str = "") -> Item:
    return Item(name, kind, title or f"On {name}", f"https://lantern.example/{name}", text)


def fits(score: float, subject: str = "trams") -> Match:
    return Match(subject, score, "close to its description")


def unit(*numbers: float) -> Vectors:
    """Return the unit vector of a direction."""
    vector = np.array(numbers, np.float32)
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length or 1.0)


def said(
    opinion: Opinion, vector: Vectors | None, name: str = "x", subject: str = "trams", sources: tuple[str, ...] = ()
) -> Voted:
    return Voted(Vote(name, subject, opinion, "Odile", AT), f"On {name}", sources, vector)
