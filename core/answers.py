"""What is answered to a question, and what it rests on: values that every part may hold."""

from dataclasses import dataclass
from typing import Literal

from core.types import FoundIn, Item

AnswerOrigin = Literal["model", "extracted", "none"]
"""Whose words they are: a model's, checked; those of the passages themselves; or there is no answer."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of an item that was found for a question; ``id`` names it within one answer."""

    id: str
    item: Item
    found_in: FoundIn
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of an answer, and the passages it rests on: one at least."""

    text: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the base holds on a question, the best first.

    ``strength`` is the probability that it holds an answer, ``is_enough`` whether to give one; ``extract`` are the
    sentences of the passages that answer best as they stand.
    """

    question: str
    passages: tuple[Passage, ...] = ()
    extract: tuple[Said, ...] = ()
    strength: float = 0.0
    is_enough: bool = False
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer to a question; ``notes`` say what a person should know of how it came about."""

    origin: AnswerOrigin
    sentences: tuple[Said, ...] = ()
    notes: tuple[str, ...] = ()
