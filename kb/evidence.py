"""What the base holds on a question: passages of what the search finds, and whether they are likely to answer it.

The best hit decides: how close it is in meaning, and which share of the question's words one of its passages has. The
weights are a logistic regression's (``python -m benchmarks.ask DIR --fit``) on questions about one document each, which
was in the base or was not. Where many documents speak of the same, nothing here tells that the best are missing.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from sqlite3 import Connection

import numpy as np

from core.answers import Evidence, Passage, Said
from core.errors import EmbedderError
from core.types import FoundIn, Item
from kb.cover import Cover
from kb.embedding import Embeds, Vectors
from kb.extraction import candidates, extract
from kb.filters import ANYTHING, Filter
from kb.hit_rows import items_at
from kb.index import Index
from kb.meaning import question_vector
from kb.passages import cut, passages_of
from kb.query import Query, as_text
from kb.ranking import Ranker, Ranking
from kb.store import Store
from kb.words import telling_words

ENOUGH = 0.5
_CLOSENESS, _COVER, _BIAS = 5.7, 5.7, -6.4
_COVER_ALONE, _BIAS_ALONE = 6.8, -3.5
_ITEMS, _PASSAGES_EACH, _SENTENCES = 8, 3, 80


@dataclass(frozen=True, slots=True)
class Source:
    """An item that was found: the score of its rank, its passages, the share of the words that the best of them has.

    ``closeness`` to the question is None where it was found by words only.
    """

    item: Item
    score: float
    passages: tuple[Passage, ...]
    cover: float
    closeness: float | None

    @property
    def strength(self) -> float:
        """How likely it is that it answers the question."""
        if self.closeness is None:
            return _likelihood(_COVER_ALONE * self.cover + _BIAS_ALONE)
        return _likelihood(_CLOSENESS * self.closeness + _COVER * self.cover + _BIAS)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found for a question, the best first."""

    query: Query
    cover: Cover
    sources: tuple[Source, ...]
    warnings: tuple[str, ...]


def _likelihood(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))


class Enquiry:
    """Looks for evidence in one base; made once a process, so that the vectors are loaded once."""

    def __init__(
        self, store: Store, index: Index, embedder: Callable[[], Embeds], sentences: Callable[[str], Sequence[str]]
    ) -> None:
        """Look into what the store holds; ``sentences`` cuts a text into its sentences."""
        self._store = store
        self._embedder = embedder
        self._ranker = Ranker(index, embedder)
        self._sentences = sentences

    def evidence(self, question: str, wanted: Filter = ANYTHING) -> Evidence:
        """Return the passages that answer a question best, and how likely it is that they do."""
        found = self.look(question, wanted)
        strength = found.sources[0].strength if found.sources else 0.0
        return Evidence(
            question,
            tuple(passage for source in found.sources for passage in source.passages),
            self._extract(found) if strength >= ENOUGH else (),
            round(strength, 4),
            strength >= ENOUGH,
            found.warnings,
        )

    def look(self, question: str, wanted: Filter = ANYTHING) -> Found:
        """Return the best items for a question, read as text, with the passages of each that have most of its words."""
        query = as_text(question)
        with self._store.searching() as connection:
            cover = Cover(telling_words(connection, query))
            if not cover.weights:
                return Found(query, cover, (), ("the question has no word that tells what it is about",))
            ranking = self._ranker.rank(connection, query, wanted, limit=_ITEMS)
            return Found(query, cover, _sources(connection, ranking, cover), ranking.warnings)

    def _extract(self, found: Found) -> tuple[Said, ...]:
        ranked = [(passage, source.score) for source in found.sources for passage in source.passages]
        sentences = candidates(ranked, found.cover, self._sentences)[:_SENTENCES]
        return extract(sentences, self._closeness(found.query, [one.text for one in sentences]))

    def _closeness(self, query: Query, texts: Sequence[str]) -> Vectors:
        """Return how close sentences are to the question; where no model is at hand, all are alike."""
        try:
            embedder = self._embedder()
            return embedder.embed(texts) @ question_vector(embedder, query)
        except EmbedderError:
            return np.zeros(len(texts), np.float32)


def _sources(connection: Connection, ranking: Ranking, cover: Cover) -> tuple[Source, ...]:
    seqs = ranking.seqs.tolist()
    items = items_at(connection, seqs)
    longer = passages_of(connection, [item.id for item in items.values()])
    number, found = count(1), []
    for seq, score in zip(seqs, ranking.scores.tolist(), strict=True):
        item = items[seq]
        parts = _best([*_own(item), *longer.get(item.id, ())], item.title, cover)
        passages = tuple(Passage(f"p{next(number)}", item, *part) for part, _ in parts)
        best = max(share for _, share in parts)
        found.append(Source(item, score, passages, best, ranking.closeness.get(seq)))
    return tuple(found)


def _own(item: Item) -> list[tuple[FoundIn, str]]:
    """Return the passages of an item's own text; its title where there is no text."""
    return [("text", part) for part in cut(item.text)] or [("title", item.title)]


def _best(parts: Sequence[tuple[FoundIn, str]], title: str, cover: Cover) -> list[tuple[tuple[FoundIn, str], float]]:
    """Return the parts that have most of the question's words together with the title, and which share of them."""
    shares = [(part, cover.of(f"{title} {part[1]}")) for part in parts]
    return sorted(shares, key=lambda pair: -pair[1])[:_PASSAGES_EACH]
