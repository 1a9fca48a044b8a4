"""Which items answer a question, and in which order: words and meaning, merged and ranked again.

What cannot be asked is left out with a warning: without a model, or vectors of it, words alone answer.
"""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Literal

import numpy as np

from core.errors import EmbedderError, StoreError
from kb.embedding import EmbeddingModel, Embeds, Vectors
from kb.filters import ANYTHING, Filter, Seqs, Sieve
from kb.fusion import Scores, at_least_as_words, fused, reranked, standardised
from kb.index import Index
from kb.meaning import Meaning, question_vector
from kb.nearness import ByMeaning, Nearness, among_these, united
from kb.query import Query
from kb.unchanged import Unchanged
from kb.vector_rows import count_pending, current_model, wanted_model
from kb.words import NO_WORDS, ByWords, search_words

Rule = Literal["words", "meaning", "hybrid", "reranked"]
_CANDIDATES, _COUNTED = 100, 10_000
_STATES = {
    "empty": "the index is not filled yet",
    "missing": "the index is missing",
    "older": "the index is older than the store",
    "damaged": "the index is damaged",
}


@dataclass(frozen=True, slots=True)
class Ranking:
    """What was found, by ``items.seq``, the best first, with scores in (0, 1) and cosine similarities.

    ``passages`` are those that words found, where they beat title and abstract.
    """

    seqs: Seqs
    scores: Scores
    closeness: Mapping[int, float] = field(default_factory=dict)
    passages: Mapping[int, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


class Ranker:
    """Ranks the items of one base; made once a process, so that the vectors are loaded once."""

    def __init__(self, index: Index, embedder: Callable[[], Embeds]) -> None:
        """Rank by the vectors of the store or its index; ``embedder`` is asked for when there is one to compare."""
        self._index = index
        self._embedder = embedder
        self._meaning = Meaning(index)
        self._sieve = Sieve()
        # A word that most items have is counted for milliseconds, and typed again with the next letter.
        self._counted: Unchanged[str, int] = Unchanged(_COUNTED)
        self._beside = ThreadPoolExecutor(1, "question")

    def rank(
        self,
        connection: Connection,
        query: Query,
        wanted: Filter = ANYTHING,
        *,
        limit: int,
        rule: Rule = "reranked",
        vector: Vectors | None = None,
    ) -> Ranking:
        """Return the best ``limit`` items by a rule; ``vector`` is the question's meaning where that is known."""
        if not query.words and not query.phrases:
            return Ranking(np.zeros(0, np.int64), np.zeros(0, np.float32), warnings=("there is no word to look for",))
        among, count = self._sieve.allowed(connection, wanted, query), max(limit, _CANDIDATES)
        asked = None if rule == "words" else self._ask(connection, _Wish(query, vector, among, count))
        words = NO_WORDS if rule == "meaning" else self._search_words(connection, query, among)
        named = _best_named(words, count)
        near, warnings = self._near(connection, asked, named) if asked else (None, ())
        candidates = named if near is None else united(named, near.seqs)
        scores = _scores(rule if near else "words", words, near, candidates)
        best = np.argsort(-scores, kind="stable")[:limit]
        return Ranking(
            candidates[best],
            (1 / (1 + np.exp(-scores[best]))).astype(np.float32),
            dict(zip(near.seqs.tolist(), near.cosines.tolist(), strict=True)) if near else {},
            words.passages,
            warnings,
        )

    def _search_words(self, connection: Connection, query: Query, among: Seqs | None) -> ByWords:
        return search_words(connection, query, among, counted=self._counted.of(connection))

    def _ask(self, connection: Connection, wish: "_Wish") -> "_Asked | None":
        """Let the model read a question, and compare what it read, while the words are looked for."""
        current = current_model(connection)
        if current is None:
            return None
        read = self._beside.submit(self._read, wish, current)
        every = self._meaning.every(connection, current)
        if every is None:
            return _Asked(wish, read)
        return _Asked(wish, read, every, self._beside.submit(_compared, every, wish, read))

    def _read(self, wish: "_Wish", current: EmbeddingModel) -> Vectors:
        embedder = self._embedder()
        if embedder.name != current.name:
            raise EmbedderError(
                f"the base has vectors of {current.name}, not of {embedder.name}; `nightdesk reindex` makes them"
            )
        read = question_vector(embedder, wish.query) if wish.vector is None else wish.vector
        if len(read) != current.dimensions:
            raise EmbedderError(f"{embedder.name} gives {len(read)} numbers, the base has {current.dimensions} of it")
        return read

    def _near(self, connection: Connection, asked: "_Asked", named: Seqs) -> tuple[ByMeaning | None, tuple[str, ...]]:
        """Return what is close in meaning and what words ``named``, or None, with what a person should know of it."""
        state = self._index.state(connection)
        try:
            vector = asked.read.result()
            if asked.every and asked.closest:
                near = asked.every.of(united(asked.closest.result().seqs, named), vector)
            elif state == "whole":
                wish = asked.wish
                near = self._meaning.nearest(connection, vector, wish.among, limit=wish.limit, also=named)
            else:
                return None, (f"found by words only: {_STATES[state]}; `nightdesk reindex` fills it",)
        except (EmbedderError, StoreError) as error:
            return None, (f"found by words only: {error}",)
        return near, tuple(_noted(connection, state))


@dataclass(frozen=True, slots=True)
class _Wish:
    """What is looked for; ``vector`` is the question's meaning where that is known."""

    query: Query
    vector: Vectors | None
    among: Seqs | None
    limit: int


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question that the model is reading, and what is compared with it; nothing where the index has to answer."""

    wish: _Wish
    read: Future[Vectors]
    every: Nearness | None = None
    closest: Future[ByMeaning] | None = None


def _compared(every: Nearness, wish: _Wish, read: Future[Vectors]) -> ByMeaning:
    return every.nearest(read.result(), wish.among, wish.limit)


def _noted(connection: Connection, state: str) -> list[str]:
    noted = []
    if state in ("missing", "older", "damaged"):
        noted.append(f"{_STATES[state]}: every vector was compared instead; `nightdesk reindex` makes it anew")
    waiting, wanted = count_pending(connection), wanted_model(connection)
    if wanted != current_model(connection):
        told = wanted.name if wanted else ""
        noted.append(f"searched by the former vectors: {waiting} items wait for one of {told}; see `nightdesk reindex`")
    elif waiting:
        noted.append(
            f"found by words only, for want of a vector: {waiting} of the items; `nightdesk reindex` makes them"
        )
    return noted


def _best_named(words: ByWords, count: int) -> Seqs:
    """Return the best by words, ascending by ``seq``."""
    best = np.argsort(-words.scores, kind="stable")[:count]
    return np.sort(words.seqs[best])


def _scores(rule: Rule, words: ByWords, near: ByMeaning | None, candidates: Seqs) -> Scores:
    by_words = words.of(candidates)
    if near is None or rule == "words":
        return standardised(by_words)
    cosines, vectors = _aligned(near, candidates)
    if rule == "meaning":
        return standardised(cosines)
    by_passage = among_these(candidates, np.sort(np.fromiter(words.passages, np.int64, len(words.passages))))
    cosines = at_least_as_words(cosines, by_words, by_passage)
    return fused(by_words, cosines) if rule == "hybrid" else reranked(by_words, cosines, vectors)


def _aligned(near: ByMeaning, candidates: Seqs) -> tuple[Scores, Vectors]:
    """Return cosines and vectors of the candidates; one that waits for its vector is taken for an average one."""
    has_one = among_these(candidates, near.seqs)
    cosines = np.full(len(candidates), near.cosines.mean() if len(near.cosines) else 0.0, np.float32)
    vectors = np.zeros((len(candidates), near.vectors.shape[1]), np.float32)
    rows = np.searchsorted(near.seqs, candidates[has_one])
    cosines[has_one], vectors[has_one] = near.cosines[rows], near.vectors[rows]
    return cosines, vectors
