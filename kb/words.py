"""Search by words: BM25 of SQLite's FTS5 over titles, abstracts and authors, and over the passages of long texts.

A passage counts by what its words tell among items: passages may be few, and all of them about the same.

FTS5 ranks some hundred rows a millisecond, so a question is asked of the rows that its rare words are in. Words that a
large part of the base has tell little; they are asked for only where there are no others, and then all together.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from core.errors import StoreError
from kb.filters import quoted
from kb.passages import words_within
from kb.query import Query, is_telling
from kb.store import Store

_ROWS = 6000
_LOOKED_UP = 160
_KEY_TERMS = 24
_ITEMS = "SELECT rowid, -bm25(items_fts, 3.0, 1.0, 1.0) FROM items_fts WHERE items_fts MATCH ?"
_PASSAGES = (
    "SELECT items.seq, passages.seq, passages.text FROM passages_fts"
    " JOIN passages ON passages.seq = passages_fts.rowid JOIN items ON items.id = passages.item_id"
    " WHERE passages_fts MATCH ? ORDER BY rank LIMIT 100"
)


@dataclass(frozen=True, slots=True)
class ByWords:
    """What words found: BM25 by ``items.seq``, and the passage that was best where it beat title and abstract."""

    scores: dict[int, float]
    passages: dict[int, int]


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a query, how often the query has it, and how many items do."""

    word: str
    times: int
    rows: int


def search_words(connection: Connection, query: Query) -> ByWords:
    """Return what matches the words or phrases of a query."""
    size = _size(connection)
    known = _frequencies(connection, query)
    asked = [quoted(phrase) for phrase in query.phrases] + chosen_terms(known, size, is_long=query.is_long)
    if not asked:
        return ByWords({}, {})
    expression = " OR ".join(asked)
    # The driver's own cursor: thousands of rows through SQLAlchemy would take as long as the search.
    scores = dict(connection.connection.cursor().execute(_ITEMS, (expression,)).fetchall())
    best: dict[int, int] = {}
    weights = _weights(known, size)
    for seq, passage, text in connection.exec_driver_sql(_PASSAGES, (expression,)):
        score = sum(weights[word] for word in words_within(text, weights))
        if score > scores.get(seq, 0.0):
            scores[seq], best[seq] = score, passage
    return ByWords(scores, best)


def telling_words(connection: Connection, query: Query) -> dict[str, float]:
    """Return what each word of a query tells, the 24 most telling: the fewer items have it, the more."""
    known = [term for term in _frequencies(connection, query) if is_telling(term.word)]
    weights, times = _weights(known, _size(connection)), {term.word: term.times for term in known}
    best = sorted(weights, key=lambda word: -times[word] * weights[word])[:_KEY_TERMS]
    return {word: weights[word] for word in best}


def _weights(known: Sequence[Term], size: int) -> dict[str, float]:
    return {term.word: math.log(1 + size / (term.rows + 0.5)) for term in known}


def _size(connection: Connection) -> int:
    return int(connection.exec_driver_sql("SELECT max(seq) FROM items").scalar() or 0)


def mend_words(store: Store) -> bool:
    """Make the index of words anew where it does not hold what the items and passages say; return whether it did."""
    mended = False
    for table in ("items_fts", "passages_fts"):
        try:
            with store.writing() as connection:
                connection.exec_driver_sql(f"INSERT INTO {table} ({table}, rank) VALUES ('integrity-check', 1)")
        except (DatabaseError, StoreError):
            with store.writing() as connection:
                connection.exec_driver_sql(f"INSERT INTO {table} ({table}) VALUES ('rebuild')")
            mended = True
    return mended


def chosen_terms(known: Sequence[Term], size: int, *, is_long: bool) -> list[str]:
    """Return what to ask the index for, in its query language, so that some 6,000 rows at most are ranked.

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


def _frequencies(connection: Connection, query: Query) -> list[Term]:
    """Return the words of a query with how many items have each; the index itself says what their stems are."""
    asked = sorted(query.words, key=lambda word: -word[1])[:_LOOKED_UP]
    if not asked:
        return []
    connection.exec_driver_sql("DELETE FROM temp.stemmed")
    connection.exec_driver_sql(
        "INSERT INTO temp.stemmed (rowid, word) VALUES (?, ?)", [(place, word) for place, (word, _) in enumerate(asked)]
    )
    found = connection.exec_driver_sql(
        "SELECT stems.doc, coalesce(max(items_terms.doc), 0) FROM temp.stems"
        " LEFT JOIN items_terms ON items_terms.term = stems.term GROUP BY stems.term"
    )
    return [Term(asked[place][0], asked[place][1], rows) for place, rows in found]
