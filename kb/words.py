"""Search by words: BM25 of SQLite's FTS5 over titles, abstracts and authors, and over the passages of long texts.

A passage counts by what its words tell among items: passages may be few, and all of them about the same.

FTS5 ranks some hundred rows a millisecond and finds some thousand. So it is asked where the words stand, and BM25 is
computed here, as FTS5 has it: of all rows as if they were of average length, and of the best again with their own.
Words that a large part of the base has tell little; they are asked for only where there are no others, and then all
together.
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

_ROWS, _RANKED, _TITLE = 12_000, 300, 3
_SATURATED, _BY_LENGTH = 1.2, 0.75
_AVERAGE = np.ones(1, np.float32)
_LOOKED_UP = 160
_KEY_TERMS = 24
# One string of all numbers: after each row that SQLite gives, Python may wait for what runs beside.
_PLACES = "SELECT group_concat(doc) FROM temp.items_places WHERE term = ?"
_MATCHING = "SELECT group_concat(rowid) FROM items_fts WHERE items_fts MATCH ?"
# What FTS5 keeps of lengths in words: https://sqlite.org/fts5.html#fts5_data_structures
_LENGTHS = "SELECT sz FROM items_fts_docsize WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
_AVERAGES = "SELECT block FROM items_fts_data WHERE id = 1"
_PASSAGES = (
    "SELECT items.seq, passages.seq, passages.text FROM passages_fts"
    " JOIN passages ON passages.seq = passages_fts.rowid JOIN items ON items.id = passages.item_id"
    " WHERE passages_fts MATCH ? ORDER BY rank LIMIT 100"
)


Occurrences = tuple[Seqs, Scores]
"""Items by ``items.seq``, ascending, and how often each has something."""


@dataclass(frozen=True, slots=True)
class ByWords:
    """What words found: BM25 by ``items.seq``, ascending, and the passage that was best where it beat the item."""

    seqs: Seqs
    scores: Scores
    passages: Mapping[int, int] = field(default_factory=dict)

    def of(self, seqs: Seqs) -> Scores:
        """Return the scores of items; zero for what has none of the words."""
        return _values_at(seqs, self.seqs, self.scores)


NO_WORDS = ByWords(np.zeros(0, np.int64), np.zeros(0, np.float32))

_ROWS_OF = "SELECT term, doc FROM items_terms WHERE term IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a query, its stem, how often the query has it, and how many items do."""

    word: str
    stem: str
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
    terms, phrases = chosen_terms(known, size, is_long=query.is_long), [quoted(phrase) for phrase in query.phrases]
    if known and not terms:
        phrases.append(f"({' AND '.join(quoted(term.word) for term in _by_rarity(known)[:4])})")
    if not terms and not phrases:
        return NO_WORDS
    allowed = np.ones(size + 1, np.float32) if among is None else _ones_at(among, size)
    found = [_having(connection, term) for term in terms] + [_matching(connection, phrase) for phrase in phrases]
    scores = _scored(connection, found, allowed)
    best: dict[int, int] = {}
    weights = _weights(known, size)
    asked = " OR ".join(phrases + [quoted(term.word) for term in terms])
    for seq, passage, text in connection.execute(_PASSAGES, (asked,)):
        score = sum(weights[word] for word in words_within(text, weights))
        if score * allowed[seq] > scores[seq]:
            scores[seq], best[seq] = score, passage
    seqs = np.flatnonzero(scores > 0)
    return ByWords(seqs, scores[seqs], best)


def _ones_at(seqs: Seqs, size: int) -> Scores:
    table = np.zeros(size + 1, np.float32)
    table[seqs] = 1
    return table


def _having(connection: Connection, term: Term) -> Occurrences:
    """Return the items that have a word, in whatever form."""
    places = _numbers(connection, _PLACES, term.stem)
    firsts = np.flatnonzero(np.diff(places, prepend=-1))
    times = np.diff(firsts, append=len(places)).astype(np.float32)
    return _in_titles(connection, quoted(term.word), places[firsts], times)


def _matching(connection: Connection, phrase: str) -> Occurrences:
    """Return the items that an expression of the full-text query language matches, once each as far as is told."""
    seqs = _numbers(connection, _MATCHING, phrase)
    return _in_titles(connection, phrase, seqs, np.ones(len(seqs), np.float32))


def _in_titles(connection: Connection, phrase: str, seqs: Seqs, times: Scores) -> Occurrences:
    """Return occurrences of which the one in a title counts thrice."""
    times[np.searchsorted(seqs, _numbers(connection, _MATCHING, f"{{title}} : {phrase}"))] += _TITLE - 1
    return seqs, times


def _numbers(connection: Connection, statement: str, asked: str) -> Seqs:
    told = connection.execute(statement, (asked,)).fetchone()[0]
    return np.fromstring(told, np.int64, sep=",") if told else np.zeros(0, np.int64)


def _scored(connection: Connection, found: Sequence[Occurrences], allowed: Scores) -> Scores:
    """Return BM25 by ``seq``: of the best by their lengths, of the rest as that lets expect."""
    scores = np.zeros(len(allowed), np.float32)
    if not any(len(seqs) for seqs, _ in found):
        return scores
    count, *tokens = _varints(connection.execute(_AVERAGES).fetchone()[0])
    weights = [max(math.log((count - len(seqs) + 0.5) / (len(seqs) + 0.5)), 1e-6) for seqs, _ in found]
    for weight, (seqs, times) in zip(weights, found, strict=True):
        scores[seqs] += weight * _saturated(times, _AVERAGE)
    scores *= allowed
    matching = np.flatnonzero(scores > 0)
    if not len(matching):
        return scores
    best = matching
    if len(best) > _RANKED:
        best = np.sort(matching[np.argpartition(-scores[matching], _RANKED)[:_RANKED]])
    sizes = connection.execute(_LENGTHS, (json.dumps(best.tolist()),)).fetchall()
    length = np.array([sum(_varints(size)) for (size,) in sizes], np.float32) * (count / sum(tokens))
    exact = np.zeros(len(best), np.float32)
    for weight, (seqs, times) in zip(weights, found, strict=True):
        exact += weight * _saturated(_values_at(best, seqs, times), length)
    scores *= _median(exact / scores[best])
    scores[best] = exact
    return scores


def _saturated(times: Scores, length: Scores) -> Scores:
    """Return what occurrences count in a text, whose length is told against the average one."""
    half: Scores = _SATURATED * (1 - _BY_LENGTH + _BY_LENGTH * length)
    return (_SATURATED + 1) * times / (times + half)


def _values_at(wanted: Seqs, seqs: Seqs, values: Scores) -> Scores:
    """Return the values of some items; zero for those that have none."""
    if not len(seqs):
        return np.zeros(len(wanted), np.float32)
    places = np.minimum(np.searchsorted(seqs, wanted), len(seqs) - 1)
    return np.where(seqs[places] == wanted, values[places], np.float32(0))


def _varints(encoded: bytes) -> list[int]:
    """Return the numbers of a blob as SQLite writes them: seven bits a byte, the highest bit where more follow."""
    numbers, number = [], 0
    for byte in encoded:
        number = number << 7 | byte & 0x7F
        if byte < 0x80:
            numbers.append(number)
            number = 0
    return numbers


def _median(values: Scores) -> float:
    """Return what ``numpy.median`` does, which loads masked arrays for it."""
    return float(np.sort(values)[(len(values) - 1) // 2 : len(values) // 2 + 1].mean())


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


def chosen_terms(known: Sequence[Term], size: int, *, is_long: bool) -> list[Term]:
    """Return what to look for, so that some 12,000 rows at most are found: none where every word is too common.

    Of a long text its key terms are taken, by tf · idf.
    """
    telling = sorted(known, key=lambda term: -term.times * math.log(1 + size / max(term.rows, 1)))
    taken, rows = [], 0
    for term in _by_rarity(telling[:_KEY_TERMS] if is_long else telling):
        rows += term.rows
        if rows > _ROWS:
            break
        taken.append(term)
    return taken


def _by_rarity(terms: Sequence[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: term.rows)


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
    return [Term(asked[place][0], stem, asked[place][1], counted[stem]) for stem, place in places.items()]
