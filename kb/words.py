"""Search by words: BM25 of SQLite's FTS5 over titles, abstracts and authors, and over the passages of long texts.

A passage counts by what its words tell among items: passages may be few, and all of them about the same.

FTS5 ranks some hundred rows a millisecond and finds some thousand. So all rows with a word are found, weighed by the
words that they have, and only the best of them ranked; what the others would score is taken from that. Words that a
large part of the base has tell little; they are asked for only where there are no others, and then all together.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from sqlite3 import Connection

import numpy as np

from kb.filters import Seqs, quoted
from kb.fusion import Scores
from kb.passages import words_within
from kb.query import Query, is_telling

_ROWS, _RANKED, _IN_TITLE = 12_000, 500, 0.6
_LOOKED_UP = 160
_KEY_TERMS = 24
_MATCHING = "SELECT group_concat(rowid) FROM items_fts WHERE items_fts MATCH ?"
# A byte of each row tells whether it is wanted: looking for it in a list takes longer, for each of some thousand rows.
# All come as one string, because after each row that SQLite gives, Python may wait for what runs beside.
_BM25 = (
    "SELECT group_concat(-rank) FROM (SELECT rank FROM items_fts WHERE items_fts MATCH ?"
    " AND rank MATCH 'bm25(3.0, 1.0, 1.0)' AND substr(?, rowid + 1, 1) = x'01' ORDER BY rowid)"
)
_PASSAGES = (
    "SELECT items.seq, passages.seq, passages.text FROM passages_fts"
    " JOIN passages ON passages.seq = passages_fts.rowid JOIN items ON items.id = passages.item_id"
    " WHERE passages_fts MATCH ? ORDER BY rank LIMIT 100"
)


@dataclass(frozen=True, slots=True)
class ByWords:
    """What words found: BM25 by ``items.seq``, ascending, and the passage that was best where it beat the item."""

    seqs: Seqs
    scores: Scores
    passages: Mapping[int, int] = field(default_factory=dict)

    def of(self, seqs: Seqs) -> Scores:
        """Return the scores of items; zero for what has none of the words."""
        if not len(self.seqs):
            return np.zeros(len(seqs), np.float32)
        places = np.minimum(np.searchsorted(self.seqs, seqs), len(self.seqs) - 1)
        return np.where(self.seqs[places] == seqs, self.scores[places], np.float32(0))


NO_WORDS = ByWords(np.zeros(0, np.int64), np.zeros(0, np.float32))

_ROWS_OF = "SELECT term, doc FROM items_terms WHERE term IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a query, how often the query has it, and how many items do."""

    word: str
    times: int
    rows: int


def search_words(
    connection: Connection, query: Query, among: Seqs | None = None, *, counted: dict[str, int] | None = None
) -> ByWords:
    """Return what matches the words or phrases of a query, of the items ``among`` where given.

    ``counted`` is how many items have a stem, as far as that is known; what is counted here is added.
    """
    size = base_size(connection)
    known = _frequencies(connection, query, {} if counted is None else counted)
    asked = [quoted(phrase) for phrase in query.phrases] + chosen_terms(known, size, is_long=query.is_long)
    if not asked:
        return NO_WORDS
    allowed = np.ones(size + 1, np.float32) if among is None else _ones_at(among, size)
    scores = _scored(connection, asked, allowed)
    best: dict[int, int] = {}
    weights = _weights(known, size)
    for seq, passage, text in connection.execute(_PASSAGES, (" OR ".join(asked),)):
        score = sum(weights[word] for word in words_within(text, weights))
        if score * allowed[seq] > scores[seq]:
            scores[seq], best[seq] = score, passage
    seqs = np.flatnonzero(scores > 0)
    return ByWords(seqs, scores[seqs], best)


def _ones_at(seqs: Seqs, size: int) -> Scores:
    table = np.zeros(size + 1, np.float32)
    table[seqs] = 1
    return table


def _scored(connection: Connection, asked: Sequence[str], allowed: Scores) -> Scores:
    """Return BM25 by ``seq``: of what has most of the words as FTS5 has it, of the rest as that lets expect."""
    rough = np.zeros(len(allowed), np.float32)
    for part in asked:
        found = _matching(connection, part)
        weight = math.log(1 + len(allowed) / (len(found) + 0.5))
        rough[found] += weight
        rough[_matching(connection, f"{{title}} : {part}")] += _IN_TITLE * weight
    rough *= allowed
    seqs = np.flatnonzero(rough > 0)
    best = seqs if len(seqs) <= _RANKED else seqs[np.argpartition(-rough[seqs], _RANKED)[:_RANKED]]
    wanted = np.zeros(len(rough), np.bool_)
    wanted[best] = True
    told = connection.execute(_BM25, (" OR ".join(asked), wanted.tobytes())).fetchone()[0]
    exact = np.fromstring(told or "", np.float32, sep=",")
    rough *= _median(exact / rough[wanted]) if len(exact) else 0
    rough[wanted] = exact
    return rough


def _median(values: Scores) -> float:
    """Return what ``numpy.median`` does, which loads masked arrays for it."""
    return float(np.sort(values)[(len(values) - 1) // 2 : len(values) // 2 + 1].mean())


def _matching(connection: Connection, expression: str) -> Seqs:
    """Return the items that an expression of the full-text query language matches."""
    told = connection.execute(_MATCHING, (expression,)).fetchone()[0]
    return np.fromstring(told, np.int64, sep=",") if told else np.zeros(0, np.int64)


def telling_words(connection: Connection, query: Query) -> dict[str, float]:
    """Return what each word of a query tells, the 24 most telling: the fewer items have it, the more."""
    known = [term for term in _frequencies(connection, query, {}) if is_telling(term.word)]
    weights, times = _weights(known, base_size(connection)), {term.word: term.times for term in known}
    best = sorted(weights, key=lambda word: -times[word] * weights[word])[:_KEY_TERMS]
    return {word: weights[word] for word in best}


def _weights(known: Sequence[Term], size: int) -> dict[str, float]:
    return {term.word: math.log(1 + size / (term.rows + 0.5)) for term in known}


def base_size(connection: Connection) -> int:
    """Return how many items there are, at once: the number of the last one."""
    return int(connection.execute("SELECT max(seq) FROM items").fetchone()[0] or 0)


def chosen_terms(known: Sequence[Term], size: int, *, is_long: bool) -> list[str]:
    """Return what to ask the index for, in its query language, so that some 12,000 rows at most are found.

    Of a long text its key terms are taken, by tf · idf.
    """
    telling = sorted(known, key=lambda term: -term.times * math.log(1 + size / max(term.rows, 1)))
    by_rarity = sorted(telling[:_KEY_TERMS] if is_long else telling, key=lambda term: term.rows)
    taken, rows = [], 0
    for term in by_rarity:
        rows += term.rows
        if rows > _ROWS:
            break
        taken.append(quoted(term.word))
    if taken or not by_rarity:
        return taken
    return [f"({' AND '.join(quoted(term.word) for term in by_rarity[:4])})"]


def _frequencies(connection: Connection, query: Query, counted: dict[str, int]) -> list[Term]:
    """Return the words of a query with how many items have each; the index itself says what their stems are."""
    asked = sorted(query.words, key=lambda word: -word[1])[:_LOOKED_UP]
    if not asked:
        return []
    connection.execute("DELETE FROM temp.stemmed")
    connection.executemany(
        "INSERT INTO temp.stemmed (rowid, word) VALUES (?, ?)", [(place, word) for place, (word, _) in enumerate(asked)]
    )
    # One statement on both vocabularies fails with "constraint failed" where nothing is indexed yet.
    places = dict(connection.execute("SELECT term, min(doc) FROM temp.stems GROUP BY term").fetchall())
    if unknown := [stem for stem in places if stem not in counted]:
        rows = dict(connection.execute(_ROWS_OF, (json.dumps(unknown),)).fetchall())
        counted.update((stem, rows.get(stem, 0)) for stem in unknown)
    return [Term(*asked[place], counted[stem]) for stem, place in places.items()]
