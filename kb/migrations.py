"""The store's schema, step by step. A step is never edited once it has been released; a new one follows it."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

_FIRST_TABLES = (
    "CREATE TABLE sources (name TEXT NOT NULL PRIMARY KEY, address TEXT NOT NULL, last_success TEXT,"
    " last_polled TEXT NOT NULL, caught_up_to TEXT, throttled_until TEXT, gone_since TEXT, why TEXT NOT NULL)",
    "CREATE TABLE documents (source TEXT NOT NULL, url TEXT NOT NULL, etag TEXT, last_modified TEXT, body_hash TEXT,"
    " PRIMARY KEY (source, url))",
    "CREATE TABLE runs (id INTEGER NOT NULL PRIMARY KEY, night TEXT NOT NULL, started TEXT NOT NULL, finished TEXT)",
    "CREATE TABLE polls (seq INTEGER NOT NULL PRIMARY KEY, run_id INTEGER NOT NULL REFERENCES runs (id),"
    " source TEXT NOT NULL, kind TEXT NOT NULL, outcome TEXT NOT NULL, why TEXT NOT NULL, new INTEGER NOT NULL,"
    " backlog INTEGER NOT NULL, known INTEGER NOT NULL, changed INTEGER NOT NULL, UNIQUE (run_id, source))",
    "CREATE TABLE items (seq INTEGER NOT NULL PRIMARY KEY, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,"
    " title TEXT NOT NULL, url TEXT NOT NULL, text TEXT NOT NULL, authors JSON NOT NULL, published TEXT,"
    " version INTEGER, categories JSON NOT NULL, links JSON NOT NULL, facts JSON NOT NULL, source TEXT NOT NULL,"
    " first_seen TEXT NOT NULL, news_night TEXT, matched_key TEXT)",
    "CREATE INDEX ix_items_published ON items (published)",
    "CREATE INDEX ix_items_news_night ON items (news_night)",
    "CREATE TABLE sightings (seq INTEGER NOT NULL PRIMARY KEY, item_id TEXT NOT NULL REFERENCES items (id),"
    " source TEXT NOT NULL, url TEXT NOT NULL, announced TEXT, announce_type TEXT NOT NULL, facts JSON NOT NULL,"
    " told_hash TEXT NOT NULL, night TEXT NOT NULL, UNIQUE (item_id, source))",
    "CREATE TABLE vectors (item_id TEXT NOT NULL PRIMARY KEY REFERENCES items (id), text_hash TEXT NOT NULL,"
    " model TEXT NOT NULL, vector BLOB NOT NULL)",
    "CREATE TABLE changes (seq INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, item_id TEXT NOT NULL)",
    "CREATE TABLE matches (item_id TEXT NOT NULL REFERENCES items (id), subject TEXT NOT NULL, score FLOAT NOT NULL,"
    " evidence TEXT NOT NULL, fits BOOLEAN NOT NULL, PRIMARY KEY (item_id, subject))",
    "CREATE TABLE verdicts (night TEXT NOT NULL, item_id TEXT NOT NULL REFERENCES items (id), subject TEXT NOT NULL,"
    " decision TEXT NOT NULL, score FLOAT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (night, item_id, subject))",
    "CREATE TABLE stories (night TEXT NOT NULL, item_id TEXT NOT NULL REFERENCES items (id), story_id TEXT NOT NULL,"
    " position INTEGER NOT NULL, PRIMARY KEY (night, item_id))",
    "CREATE TABLE briefs (story_id TEXT NOT NULL, key TEXT NOT NULL, summary TEXT NOT NULL, origin TEXT NOT NULL,"
    " PRIMARY KEY (story_id, key))",
    "CREATE TABLE digests (night TEXT NOT NULL PRIMARY KEY, content JSON NOT NULL)",
)


def create_first_tables(connection: "Connection") -> None:
    """Make the tables of sources, runs, items and what is judged of them."""
    for statement in _FIRST_TABLES:
        connection.exec_driver_sql(statement)


_HEALTH = (
    "ALTER TABLE sources ADD COLUMN polled_night TEXT",
    "ALTER TABLE sources ADD COLUMN next_due TEXT",
    "ALTER TABLE sources ADD COLUMN failures INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sources ADD COLUMN cadence JSON NOT NULL DEFAULT '[0, [], []]'",
    "ALTER TABLE documents ADD COLUMN given_by TEXT",
    "ALTER TABLE documents ADD COLUMN moved_to TEXT",
    "ALTER TABLE documents ADD COLUMN moved_times INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sightings ADD COLUMN changes INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sightings ADD COLUMN gone TEXT",
    "ALTER TABLE sightings ADD COLUMN guid TEXT",
    "CREATE INDEX ix_sightings_guid ON sightings (source, guid)",
)


def remember_health(connection: "Connection") -> None:
    """Add when a source is due, how it has been, where its addresses moved to, and how often an item was edited."""
    for statement in _HEALTH:
        connection.exec_driver_sql(statement)


def keep_full_texts(connection: "Connection") -> None:
    """Add the table of whole works, an item each."""
    connection.exec_driver_sql(
        "CREATE TABLE full_texts (item_id TEXT NOT NULL PRIMARY KEY REFERENCES items (id), url TEXT NOT NULL,"
        " origin TEXT NOT NULL, text TEXT NOT NULL, why TEXT NOT NULL, content_hash TEXT NOT NULL,"
        " fetched TEXT NOT NULL)"
    )


_VOTES = (
    "ALTER TABLE matches ADD COLUMN band TEXT NOT NULL DEFAULT 'clear'",
    "UPDATE matches SET band = 'out' WHERE NOT fits",
    "ALTER TABLE matches DROP COLUMN fits",
    "CREATE TABLE votes (item_id TEXT NOT NULL REFERENCES items (id), subject TEXT NOT NULL, voter TEXT NOT NULL,"
    " opinion TEXT NOT NULL, note TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (item_id, subject, voter))",
)


def take_votes(connection: "Connection") -> None:
    """Add the readers' votes, and the band of a match in place of whether it fits."""
    for statement in _VOTES:
        connection.exec_driver_sql(statement)


_TOKENS = "tokenize='porter unicode61 remove_diacritics 2'"
_ADD_WORDS = "INSERT INTO items_fts (rowid, title, text, authors) VALUES (new.seq, new.title, new.text, new.authors);"
_DROP_WORDS = (
    "INSERT INTO items_fts (items_fts, rowid, title, text, authors)"
    " VALUES ('delete', old.seq, old.title, old.text, old.authors);"
)
_AWAIT_VECTOR = "INSERT OR IGNORE INTO pending (item_id) VALUES (new.id);"
_ADD_PASSAGE = "INSERT INTO passages_fts (rowid, text) VALUES (new.seq, new.text);"
_DROP_PASSAGE = "INSERT INTO passages_fts (passages_fts, rowid, text) VALUES ('delete', old.seq, old.text);"
_FOLLOW_BRIEFS = (
    "CREATE TRIGGER briefs_told AFTER INSERT ON briefs BEGIN"
    " DELETE FROM passages WHERE origin = 'brief' AND item_id IN"
    " (SELECT item_id FROM stories WHERE story_id = new.story_id AND position = 0);"
    " INSERT INTO passages (item_id, origin, place, text) SELECT DISTINCT item_id, 'brief', 0, new.summary"
    " FROM stories WHERE story_id = new.story_id AND position = 0; END"
)
_SEARCHABLE = (
    # Names as they are, not as \u escapes, so that they can be cut into words.
    "UPDATE items SET authors = (SELECT json_group_array(value) FROM json_each(items.authors))",
    f"CREATE VIRTUAL TABLE items_fts USING fts5(title, text, authors, content='items', content_rowid='seq', {_TOKENS})",
    "CREATE VIRTUAL TABLE items_terms USING fts5vocab(items_fts, 'row')",
    "CREATE TABLE pending (item_id TEXT NOT NULL PRIMARY KEY REFERENCES items (id))",
    f"CREATE TRIGGER items_told AFTER INSERT ON items BEGIN {_ADD_WORDS} {_AWAIT_VECTOR} END",
    f"CREATE TRIGGER items_changed AFTER UPDATE OF title, text, authors ON items BEGIN {_DROP_WORDS} {_ADD_WORDS} END",
    f"CREATE TRIGGER items_removed AFTER DELETE ON items BEGIN {_DROP_WORDS} END",
    "CREATE TABLE passages (seq INTEGER NOT NULL PRIMARY KEY, item_id TEXT NOT NULL REFERENCES items (id),"
    " origin TEXT NOT NULL, place INTEGER NOT NULL, text TEXT NOT NULL)",
    "CREATE INDEX ix_passages_item ON passages (item_id, origin)",
    f"CREATE VIRTUAL TABLE passages_fts USING fts5(text, content='passages', content_rowid='seq', {_TOKENS})",
    f"CREATE TRIGGER passages_told AFTER INSERT ON passages BEGIN {_ADD_PASSAGE} END",
    f"CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN {_DROP_PASSAGE} END",
    _FOLLOW_BRIEFS,
    "CREATE INDEX ix_items_kind ON items (kind, published)",
    "CREATE INDEX ix_verdicts_item ON verdicts (item_id)",
    "CREATE INDEX ix_stories_item ON stories (item_id)",
    "CREATE INDEX ix_matches_subject ON matches (subject, band, item_id)",
    "CREATE INDEX ix_sightings_source ON sightings (source, item_id)",
    "CREATE TABLE collections (model TEXT NOT NULL PRIMARY KEY, dimensions INTEGER NOT NULL,"
    " current INTEGER NOT NULL, drained INTEGER NOT NULL)",
    "INSERT INTO collections SELECT model, length(max(vector)) / 2, 1, -1 FROM vectors GROUP BY model"
    " ORDER BY count(*) DESC LIMIT 1",
    "CREATE TABLE vectors_by_model (item_id TEXT NOT NULL REFERENCES items (id), model TEXT NOT NULL,"
    " text_hash TEXT NOT NULL, vector BLOB NOT NULL, PRIMARY KEY (item_id, model))",
    "INSERT INTO vectors_by_model SELECT item_id, model, text_hash, vector FROM vectors"
    " WHERE model IN (SELECT model FROM collections)",
    "DROP TABLE vectors",
    "ALTER TABLE vectors_by_model RENAME TO vectors",
    "CREATE TRIGGER items_meant AFTER UPDATE OF title, text ON items"
    f" WHEN old.title IS NOT new.title OR old.text IS NOT new.text BEGIN {_AWAIT_VECTOR}"
    " DELETE FROM vectors WHERE item_id = new.id AND model NOT IN (SELECT model FROM collections WHERE current); END",
    "INSERT INTO items_fts (rowid, title, text, authors) SELECT seq, title, text, authors FROM items",
)


def make_searchable(connection: "Connection") -> None:
    """Add the index of words, the passages of long texts, what waits for a vector, and vectors of several models."""
    for statement in _SEARCHABLE:
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql(
        "INSERT INTO passages (item_id, origin, place, text)"
        " SELECT DISTINCT s.item_id, 'brief', 0, b.summary FROM briefs b JOIN stories s"
        " ON s.story_id = b.story_id AND s.position = 0"
    )
    waiting = [(item_id,) for item_id in _without_vector(connection)]
    long = [
        (row.item_id, place, part)
        for row in connection.exec_driver_sql("SELECT item_id, text FROM full_texts")
        for place, part in enumerate(_thousands(row.text))
    ]
    if waiting:
        connection.exec_driver_sql("INSERT INTO pending VALUES (?)", waiting)
    if long:
        connection.exec_driver_sql(
            "INSERT INTO passages (item_id, origin, place, text) VALUES (?, 'full text', ?, ?)", long
        )


def _without_vector(connection: "Connection") -> Iterator[str]:
    joined = "SELECT i.id, i.title, i.text, v.text_hash FROM items i LEFT JOIN vectors v ON v.item_id = i.id"
    for row in connection.exec_driver_sql(joined):
        meant = f"{row.title}. {row.text}" if row.text else row.title
        if row.text_hash != hashlib.sha256(meant.encode()).hexdigest():
            yield row.id


def _thousands(whole: str) -> list[str]:
    """Cut a text into parts of up to a thousand characters, between words."""
    return re.findall(r"\S.{0,999}(?=\s|$)", whole, re.DOTALL)


_MODELS = (
    "CREATE TABLE spending (id INTEGER NOT NULL PRIMARY KEY, night TEXT NOT NULL, stage TEXT NOT NULL,"
    " model TEXT NOT NULL, unit TEXT NOT NULL, reserved INTEGER NOT NULL, settled INTEGER, input INTEGER NOT NULL,"
    " output INTEGER NOT NULL, cache_read INTEGER NOT NULL, cache_write INTEGER NOT NULL)",
    "CREATE INDEX ix_spending_night ON spending (night)",
    "CREATE TABLE rulings (item_id TEXT NOT NULL REFERENCES items (id), subject TEXT NOT NULL, key TEXT NOT NULL,"
    " belongs BOOLEAN, score INTEGER NOT NULL, reason TEXT NOT NULL, model TEXT NOT NULL, prompt TEXT NOT NULL,"
    " PRIMARY KEY (item_id, subject))",
    "CREATE TABLE analyses (story_id TEXT NOT NULL, key TEXT NOT NULL, content JSON NOT NULL,"
    " PRIMARY KEY (story_id, key))",
)


def ask_models(connection: "Connection") -> None:
    """Add what a model was asked and answered, and what that cost in 10^-12 of its unit."""
    for statement in _MODELS:
        connection.exec_driver_sql(statement)


_EVIDENCE = (
    "ALTER TABLE briefs ADD COLUMN points JSON NOT NULL DEFAULT '[]'",
    "ALTER TABLE briefs ADD COLUMN why TEXT NOT NULL DEFAULT ''",
    _FOLLOW_BRIEFS.replace("briefs_told AFTER INSERT", "briefs_retold AFTER UPDATE OF summary"),
)


def tell_evidence(connection: "Connection") -> None:
    """Add the points of a brief, why a model did not write it, and search that follows a brief written again."""
    for statement in _EVIDENCE:
        connection.exec_driver_sql(statement)


_OUTBOX = (
    "CREATE TABLE letters (key TEXT NOT NULL PRIMARY KEY, sink TEXT NOT NULL, reader TEXT NOT NULL,"
    " night TEXT NOT NULL, topic TEXT NOT NULL, title TEXT NOT NULL, why TEXT NOT NULL, at TEXT NOT NULL)",
    "CREATE INDEX ix_letters_night ON letters (night)",
    "CREATE TABLE posts (key TEXT NOT NULL PRIMARY KEY, letter TEXT NOT NULL REFERENCES letters (key),"
    " position INTEGER NOT NULL, content JSON NOT NULL, state TEXT NOT NULL, tried FLOAT,"
    " place TEXT NOT NULL, receipt TEXT NOT NULL)",
    "CREATE INDEX ix_posts_letter ON posts (letter)",
    "CREATE INDEX ix_posts_receipt ON posts (place, receipt)",
)


def deliver_once(connection: "Connection") -> None:
    """Add the outbox: what is told to whom, and how far each post of it has come."""
    for statement in _OUTBOX:
        connection.exec_driver_sql(statement)


def tell_runs_apart(connection: "Connection") -> None:
    """Add to a run whether it was a whole night or gathered ahead of one."""
    connection.exec_driver_sql("ALTER TABLE runs ADD COLUMN kind TEXT NOT NULL DEFAULT 'night'")


_CLICKS = (
    "CREATE TABLE clicks (voter TEXT NOT NULL, item_id TEXT NOT NULL REFERENCES items (id), subject TEXT NOT NULL,"
    " kind TEXT NOT NULL, at INTEGER NOT NULL, given BOOLEAN NOT NULL, said TEXT NOT NULL,"
    " PRIMARY KEY (voter, item_id, subject, kind))",
    "INSERT INTO clicks SELECT voter, item_id, subject, opinion, CAST(strftime('%s', at) AS INTEGER) * 1000000, 1, note"
    " FROM votes",
)


def hear_clicks(connection: "Connection") -> None:
    """Add what readers said and took back, by the time of saying it; the votes given so far are the first of it."""
    for statement in _CLICKS:
        connection.exec_driver_sql(statement)


def probe_releases(connection: "Connection") -> None:
    """Add which releases are probed where, and what came of it."""
    connection.exec_driver_sql(
        "CREATE TABLE release_probes (key TEXT NOT NULL PRIMARY KEY, item_id TEXT NOT NULL REFERENCES items (id),"
        " endpoint TEXT NOT NULL, model TEXT NOT NULL, found TEXT NOT NULL, state TEXT NOT NULL, tried TEXT,"
        " spent FLOAT NOT NULL, run TEXT NOT NULL, told TEXT NOT NULL)"
    )
    connection.exec_driver_sql("CREATE INDEX ix_release_probes_item_id ON release_probes (item_id)")


_NAMED = (
    "CREATE TABLE base (id TEXT NOT NULL PRIMARY KEY)",
    "INSERT INTO base VALUES (lower(hex(randomblob(16))))",
)


def name_the_base(connection: "Connection") -> None:
    """Give the base an id of its own, so that what two of them publish is told apart."""
    for statement in _NAMED:
        connection.exec_driver_sql(statement)


STEPS = (
    create_first_tables,
    remember_health,
    keep_full_texts,
    take_votes,
    make_searchable,
    ask_models,
    tell_evidence,
    deliver_once,
    tell_runs_apart,
    hear_clicks,
    probe_releases,
    name_the_base,
)


def is_newest(connection: sqlite3.Connection) -> bool:
    """Tell whether every step was done; without SQLAlchemy, for it is asked whenever a store is opened."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'migrations'").fetchone():
        return False
    done = {name for (name,) in connection.execute("SELECT name FROM migrations")}
    return done.issuperset(step.__name__ for step in STEPS)


def migrate(connection: "Connection") -> None:
    """Bring the schema to the newest step; the caller's transaction makes the steps and their record one."""
    connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY)")
    done = set(connection.exec_driver_sql("SELECT name FROM migrations").scalars())
    for step in STEPS:
        if step.__name__ not in done:
            step(connection)
            connection.exec_driver_sql("INSERT INTO migrations VALUES (?)", (step.__name__,))
