"""The store's schema, step by step. A step is never edited once it has been released; a new one follows it."""

from sqlalchemy import Connection, text

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


def create_first_tables(connection: Connection) -> None:
    """Make the tables of sources, runs, items and what is judged of them."""
    for statement in _FIRST_TABLES:
        connection.execute(text(statement))


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


def remember_health(connection: Connection) -> None:
    """Add when a source is due, how it has been, where its addresses moved to, and how often an item was edited."""
    for statement in _HEALTH:
        connection.execute(text(statement))


def keep_full_texts(connection: Connection) -> None:
    """Add the table of whole works, an item each."""
    connection.execute(
        text(
            "CREATE TABLE full_texts (item_id TEXT NOT NULL PRIMARY KEY REFERENCES items (id), url TEXT NOT NULL,"
            " origin TEXT NOT NULL, text TEXT NOT NULL, why TEXT NOT NULL, content_hash TEXT NOT NULL,"
            " fetched TEXT NOT NULL)"
        )
    )


_VOTES = (
    "ALTER TABLE matches ADD COLUMN band TEXT NOT NULL DEFAULT 'clear'",
    "UPDATE matches SET band = 'out' WHERE NOT fits",
    "ALTER TABLE matches DROP COLUMN fits",
    "CREATE TABLE votes (item_id TEXT NOT NULL REFERENCES items (id), subject TEXT NOT NULL, voter TEXT NOT NULL,"
    " opinion TEXT NOT NULL, note TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (item_id, subject, voter))",
)


def take_votes(connection: Connection) -> None:
    """Add the readers' votes, and the band of a match in place of whether it fits."""
    for statement in _VOTES:
        connection.execute(text(statement))


STEPS = (create_first_tables, remember_health, keep_full_texts, take_votes)


def migrate(connection: Connection) -> None:
    """Bring the schema to the newest step; the caller's transaction makes the steps and their record one."""
    connection.execute(text("CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY)"))
    done = set(connection.execute(text("SELECT name FROM migrations")).scalars())
    for step in STEPS:
        if step.__name__ not in done:
            step(connection)
            connection.execute(text("INSERT INTO migrations VALUES (:name)"), {"name": step.__name__})
