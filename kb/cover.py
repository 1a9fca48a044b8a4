"""How much of a question's words a text has, the rare ones counting most."""

from collections.abc import Mapping
from dataclasses import dataclass

from kb.passages import words_within


@dataclass(frozen=True, slots=True)
class Cover:
    """The words of a question with what each of them tells; there is one at least."""

    weights: Mapping[str, float]

    def of(self, text: str) -> float:
        """Return the share of what the words tell that a text has, in whatever form: 0 to 1."""
        return sum(self.weights[word] for word in words_within(text, self.weights)) / sum(self.weights.values())
