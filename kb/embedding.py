"""What an embedder is to the knowledge base: a named model that turns texts into unit vectors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class EmbeddingModel:
    """The model that vectors were made by, and how many numbers each has."""

    name: str
    dimensions: int


class Embeds(Protocol):
    """Turns texts into vectors; vectors of two embedders compare when, and only when, their names are the same."""

    @property
    def name(self) -> str:
        """The model's name, recorded beside every vector."""
        ...

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has."""
        ...

    def embed(self, texts: Sequence[str], /) -> Vectors:
        """Return one unit vector a text, shape (texts, dimensions).

        Raises EmbedderError when the model does not answer.
        """
        ...
