"""Which words and phrases a text mentions: whole words only, a plural for a singular, any script."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(r"[\w+#]+(?:\.\d+)*")
# Thai and Lao, Burmese, Khmer, kana, Chinese characters; Korean too, for its particles join the word before them.
UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def is_mostly_unspaced(text: str) -> bool:
    """Tell whether most letters of a text are of scripts that write no spaces, which the embedding cannot read."""
    return 2 * len(UNSPACED.findall(text)) > sum(map(str.isalpha, text))


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases to look for: those whose script writes spaces by the words they may begin with, and the others."""

    by_first_word: dict[str, tuple[str, ...]]
    unspaced: tuple[str, ...]

    @classmethod
    def of(cls, phrases: Iterable[str]) -> "Phrases":
        """Prepare phrases."""
        first: dict[str, tuple[str, ...]] = {}
        wanted = [phrase for phrase in dict.fromkeys(phrases) if _forms(phrase)]
        unspaced = tuple(phrase for phrase in wanted if UNSPACED.search(phrase))
        for phrase in wanted:
            for word in {form.split()[0] for form in _forms(phrase) if phrase not in unspaced}:
                first[word] = (*first.get(word, ()), phrase)
        return cls(first, unspaced)

    def found_in(self, text: str) -> frozenset[str]:
        """Return the phrases that a text has whole, or with an s for the plural; hyphens are read as spaces.

        Scripts that write no spaces between words are searched as they are.
        """
        words = _WORD.findall(text.lower())
        normal = f" {' '.join(words)} "
        begun = {phrase for word in self.by_first_word.keys() & words for phrase in self.by_first_word[word]}
        return frozenset(
            phrase for phrase in begun.union(self.unspaced) if any(map(normal.__contains__, _forms(phrase)))
        )


@lru_cache(1 << 14)
def _forms(phrase: str) -> tuple[str, ...]:
    """Return how a phrase may stand in a text of lower-case words with a space on each side."""
    wanted = f" {' '.join(_WORD.findall(phrase.lower()))} "
    if not wanted.strip():
        return ()
    if UNSPACED.search(wanted):
        return (wanted.strip(),)
    return (wanted, f"{wanted[:-1]}s ", f"{wanted[:-1]}es ")
