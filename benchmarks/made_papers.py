"""As many made-up papers as one likes, with the word frequencies, lengths and topics of real ones, in seconds.

The vocabulary is that of the packaged tokenizer, which orders its words by how common they are; beyond its end two of
them are joined. Words follow Zipf's law; a quarter of a text comes from its topic. A paper's title begins with its
topic's name, and its vector lies about a centre that the real model gave for words of the topic: embedding a million
texts would take a day. Questions are embedded by the real model.
"""

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from core.types import Item, ItemKind
from kb import minilm
from kb.embedder import Embedder
from kb.embedding import Vectors

TOPICS = 1000
SUBJECTS = tuple(f"field-{number}" for number in range(10))
SOURCES = tuple(f"source {number}" for number in range(20))
KINDS: tuple[ItemKind, ...] = ("paper", "paper", "paper", "paper", "post", "release")
FIRST_DAY = datetime(2021, 1, 4, 5, tzinfo=UTC)
DAYS = 3000
_WORDS, _OF_TOPIC, _NAMES = 100_000, 60, 50_000
_SPREAD = 1.1


class Library:
    """Makes papers, and embeds them in place of the model whose name it bears."""

    name = minilm.NAME
    dimensions = minilm.DIMENSIONS

    def __init__(self, embedder: Embedder) -> None:
        """Take the centres of the topics from the real model."""
        self._chance = np.random.default_rng(7)
        self._vocabulary = np.array(_vocabulary(self._chance), object)
        self._real = frozenset(minilm.tokenizer().get_vocab())
        self._zipf, self._own = np.cumsum(_zipf(_WORDS, 1.05)), np.cumsum(_zipf(_OF_TOPIC, 0.7))
        self._topics = np.stack([self._topic(number) for number in range(TOPICS)])
        named = self._vocabulary[self._topics[:, :12]].tolist()
        self._place = {words[0]: number for number, words in enumerate(named)}
        self._centres = embedder.embed([" ".join(words) for words in named])
        given, family = self._chance.integers(0, 20_000, (2, _NAMES)).tolist()
        pairs = zip(given, family, strict=True)
        self.names = [
            " ".join((self._vocabulary[one].title(), self._vocabulary[other].title())) for one, other in pairs
        ]

    def papers(self, start: int, count: int) -> list[Item]:
        """Return the papers of these numbers; the same only when asked for in the same order."""
        topics = self._chance.integers(0, TOPICS, count)
        lengths = np.clip(self._chance.lognormal(5.0, 0.38, count), 40, 400).astype(np.int64)
        places = np.searchsorted(self._zipf, self._chance.random(int(lengths.sum())))
        own = np.flatnonzero(self._chance.random(len(places)) < 0.25)
        drawn = np.searchsorted(self._own, self._chance.random(len(own)))
        places[own] = self._topics[np.repeat(topics, lengths)[own], drawn]
        ends = np.cumsum(lengths)
        places[ends - lengths] = self._topics[topics, 0]
        words = self._vocabulary[places].tolist()
        rows = zip(range(start, start + count), (ends - lengths).tolist(), ends.tolist(), strict=True)
        return [self._paper(number, words[first:end]) for number, first, end in rows]

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors about the centres of the texts' topics, shape (texts, dimensions)."""
        chance = np.random.default_rng(zlib.crc32(texts[0].encode()))
        noise = chance.standard_normal((len(texts), self.dimensions), np.float32)
        noise *= _SPREAD / np.linalg.norm(noise, axis=1, keepdims=True)
        moved = self._centres[[self._place[text.split(maxsplit=1)[0]] for text in texts]] + noise
        unit: Vectors = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        return unit

    def questions(self, papers: Sequence[Item], count: int) -> list[str]:
        """Return questions of three to eight real words out of papers, in their order; joined ones nobody would ask."""
        found = []
        for place in self._chance.integers(0, len(papers), count):
            words = [word for word in papers[place].text.replace(".", "").split() if word in self._real]
            start = int(self._chance.integers(0, max(len(words) - 8, 1)))
            found.append(" ".join(words[start : start + int(self._chance.integers(3, 9))]))
        return found

    def _topic(self, number: int) -> NDArray[np.int64]:
        """Return the places of a topic's words; the first is its name."""
        return np.array([1000 + number, *(300 + self._chance.choice(20_000, _OF_TOPIC - 1, replace=False))])

    def _paper(self, number: int, words: list[str]) -> Item:
        sentences = (" ".join(words[start : start + 20]) for start in range(9, len(words), 20))
        published = FIRST_DAY + timedelta(days=number % DAYS, minutes=number % 600)
        address = f"https://papers.example/{number}"
        return Item(
            address,
            KINDS[number % len(KINDS)],
            " ".join(words[:9]),
            address,
            ". ".join(sentences) + ".",
            authors=tuple(self.names[(number * step) % len(self.names)] for step in range(1, 2 + number % 5)),
            published=published,
            announced=published,
        )


def subject_of(number: int) -> str | None:
    """Return the subject that a paper is of; half of them are of none."""
    return SUBJECTS[number // 2 % len(SUBJECTS)] if number % 2 else None


def _zipf(count: int, power: float) -> NDArray[np.float64]:
    chances = 1 / (np.arange(count) + 2.7) ** power
    found: NDArray[np.float64] = chances / chances.sum()
    return found


def _vocabulary(chance: np.random.Generator) -> list[str]:
    known = minilm.tokenizer().get_vocab()
    common = [word for word in sorted(known, key=known.__getitem__) if word.isascii() and word.isalpha() and word[1:]]
    joined = {common[first] + common[second] for first, second in chance.integers(0, 8000, (_WORDS, 2))}
    return [*common, *sorted(joined - set(common))][:_WORDS]
