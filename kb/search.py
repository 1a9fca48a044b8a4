"""The search that a person uses: items found by words and meaning, with why, and with their history."""

from collections.abc import Callable
from dataclasses import dataclass
from sqlite3 import Connection

import numpy as np

from core.types import FoundIn, Item, SearchHit
from kb.embedding import Embeds
from kb.filters import ANYTHING, Filter, allowed, latest
from kb.history import histories
from kb.hit_rows import items_at, subjects_of
from kb.index import Index
from kb.passages import marks, passages_with, telling_part
from kb.query import Query, as_text, parse
from kb.ranking import Ranker, Ranking
from kb.store import Store
from kb.vector_rows import embedded_text, load_vectors

__all__ = ["ANYTHING", "Filter", "Found", "Search"]


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a search, the best first, and what a person should know of how they were found."""

    hits: tuple[SearchHit, ...]
    warnings: tuple[str, ...] = ()


class Search:
    """Searches one base; made once a process, so that the vectors are loaded once."""

    def __init__(self, store: Store, index: Index, embedder: Callable[[], Embeds]) -> None:
        """Search what the store holds; ``embedder`` is asked for when there is a meaning to compare."""
        self._store = store
        self._ranker = Ranker(index, embedder)

    def find(self, typed: str, wanted: Filter = ANYTHING, *, limit: int = 10) -> Found:
        """Return what answers a question best; quotation marks and minus signs mean what they do in ``kb.query``."""
        query = parse(typed)
        with self._store.searching() as connection:
            ranking = self._ranker.rank(connection, query, wanted, limit=limit)
            return Found(_hits(connection, query, ranking), ranking.warnings)

    def newest(self, typed: str = "", wanted: Filter = ANYTHING, *, limit: int = 10) -> Found:
        """Return what was told last, of what a filter, phrases and exclusions let through."""
        query = parse(typed)
        with self._store.searching() as connection:
            seqs = latest(connection, allowed(connection, wanted, query), limit)
            return Found(_hits(connection, query, Ranking(seqs, np.zeros(len(seqs), np.float32))))

    def similar(self, item: Item, wanted: Filter = ANYTHING, *, limit: int = 10) -> Found:
        """Return what is most like a stored item; the item itself is left out."""
        query = as_text(embedded_text(item.title, item.text))
        with self._store.searching() as connection:
            _, own = load_vectors(connection, [item.id])
            ranking = self._ranker.rank(connection, query, wanted, limit=limit + 1, vector=own[0] if len(own) else None)
            hits = [hit for hit in _hits(connection, query, ranking) if hit.item.id != item.id]
            return Found(tuple(hits[:limit]), ranking.warnings)


def _hits(connection: Connection, query: Query, ranking: Ranking) -> tuple[SearchHit, ...]:
    seqs = ranking.seqs.tolist()
    found = items_at(connection, seqs)
    ids = [item.id for item in found.values()]
    subjects, past = subjects_of(connection, ids), histories(connection, ids)
    passages = passages_with(connection, [ranking.passages[seq] for seq in seqs if seq in ranking.passages])
    words = _words(query)
    hits = []
    for seq, score in zip(seqs, ranking.scores.tolist(), strict=True):
        item, closeness = found[seq], ranking.closeness.get(seq)
        found_in, snippet = _shown(item, passages.get(ranking.passages.get(seq, -1)), words)
        hits.append(
            SearchHit(
                item=item,
                score=round(score, 4),
                subjects=tuple(subjects.get(item.id, ())),
                snippet=snippet,
                marks=marks(snippet, words),
                title_marks=marks(item.title, words),
                found_in=found_in,
                closeness=None if closeness is None else round(closeness, 4),
                history=past[item.id],
            )
        )
    return tuple(hits)


def _words(query: Query) -> list[str]:
    return [word for word, _ in query.words] + [word for phrase in query.phrases for word in phrase.split()]


def _shown(item: Item, passage: tuple[FoundIn, str] | None, words: list[str]) -> tuple[FoundIn, str]:
    """Return what tells why an item was found: a part of a passage, else of its text, else its title."""
    if passage is not None:
        return passage[0], telling_part(passage[1], words)
    if part := telling_part(item.text, words):
        return "text", part
    return "title", item.title
