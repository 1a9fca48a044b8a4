"""The tables of the store, for SQLAlchemy Core. ``kb.migrations`` makes them; a test holds the two together.

Times are ISO 8601 text in UTC, nights are ISO dates, vectors are float16 bytes. Beside these stand the full-text tables
``items_fts`` and ``passages_fts``, which SQLAlchemy has no words for; triggers keep them, and ``pending``, in step.
"""

from datetime import UTC, date, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData()


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime as text that sorts by time."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write the time in UTC."""
        return None if value is None else value.astimezone(UTC).isoformat(timespec="seconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read the time as aware."""
        return None if value is None else datetime.fromisoformat(value)


class Night(TypeDecorator[date]):
    """A date as text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: date | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write the date."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> date | None:  # noqa: ARG002
        """Read the date."""
        return None if value is None else date.fromisoformat(value)


def _text(name: str, *, key: bool = False, null: bool = False) -> Column[str]:
    return Column(name, Text, primary_key=key, nullable=null and not key)


def _json(name: str) -> Column[list[object]]:
    return Column(name, JSON, nullable=False)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False)


def _item_key() -> Column[str]:
    return Column("item_id", Text, ForeignKey("items.id"), primary_key=True, nullable=False)


sources = Table(
    "sources",
    metadata,
    _text("name", key=True),
    _text("address"),
    Column("last_success", UtcTime),
    Column("last_polled", UtcTime, nullable=False),
    Column("caught_up_to", Night),
    Column("throttled_until", UtcTime),
    Column("gone_since", UtcTime),
    _text("why"),
    Column("polled_night", Night),
    Column("next_due", UtcTime),
    _count("failures"),
    _json("cadence"),
)
documents = Table(
    "documents",
    metadata,
    _text("source", key=True),
    _text("url", key=True),
    _text("etag", null=True),
    _text("last_modified", null=True),
    _text("body_hash", null=True),
    _text("given_by", null=True),
    _text("moved_to", null=True),
    _count("moved_times"),
)
runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("night", Night, nullable=False),
    Column("started", UtcTime, nullable=False),
    Column("finished", UtcTime),
    Column("kind", Text, nullable=False, server_default="night"),
)
polls = Table(
    "polls",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("run_id", Integer, ForeignKey("runs.id"), nullable=False),
    *(_text(name) for name in ("source", "kind", "outcome", "why")),
    *(_count(name) for name in ("new", "backlog", "known", "changed")),
    UniqueConstraint("run_id", "source"),
)
items = Table(
    "items",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    *(_text(name) for name in ("kind", "title", "url", "text")),
    _json("authors"),
    Column("published", UtcTime, index=True),
    Column("version", Integer),
    *(_json(name) for name in ("categories", "links", "facts")),
    _text("source"),
    Column("first_seen", Night, nullable=False),
    Column("news_night", Night, index=True),
    _text("matched_key", null=True),
    Index("ix_items_kind", "kind", "published"),
)
sightings = Table(
    "sightings",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("item_id", Text, ForeignKey("items.id"), nullable=False),
    _text("source"),
    _text("url"),
    Column("announced", UtcTime),
    _text("announce_type"),
    _json("facts"),
    _text("told_hash"),
    Column("night", Night, nullable=False),
    _count("changes"),
    Column("gone", Night),
    _text("guid", null=True),
    Index("ix_sightings_guid", "source", "guid"),
    UniqueConstraint("item_id", "source"),
    Index("ix_sightings_source", "source", "item_id"),
)
vectors = Table(
    "vectors",
    metadata,
    _item_key(),
    _text("model", key=True),
    _text("text_hash"),
    Column("vector", LargeBinary, nullable=False),
)
changes = Table(
    "changes",
    metadata,
    Column("seq", Integer, primary_key=True),
    _text("item_id"),
)
matches = Table(
    "matches",
    metadata,
    _item_key(),
    _text("subject", key=True),
    Column("score", Float, nullable=False),
    _text("evidence"),
    _text("band"),
    Index("ix_matches_subject", "subject", "band", "item_id"),
)
votes = Table(
    "votes",
    metadata,
    _item_key(),
    _text("subject", key=True),
    _text("voter", key=True),
    _text("opinion"),
    _text("note"),
    Column("at", UtcTime, nullable=False),
)
clicks = Table(
    "clicks",
    metadata,
    _text("voter", key=True),
    _item_key(),
    _text("subject", key=True),
    _text("kind", key=True),
    _count("at"),
    Column("given", Boolean, nullable=False),
    _text("said"),
)
verdicts = Table(
    "verdicts",
    metadata,
    Column("night", Night, primary_key=True, nullable=False),
    _item_key(),
    _text("subject", key=True),
    _text("decision"),
    Column("score", Float, nullable=False),
    _text("reason"),
    Index("ix_verdicts_item", "item_id"),
)
stories = Table(
    "stories",
    metadata,
    Column("night", Night, primary_key=True, nullable=False),
    _item_key(),
    _text("story_id"),
    _count("position"),
    Index("ix_stories_item", "item_id"),
)
briefs = Table(
    "briefs",
    metadata,
    _text("story_id", key=True),
    _text("key", key=True),
    _text("summary"),
    _text("origin"),
    Column("points", JSON, nullable=False),
    _text("why"),
)
digests = Table(
    "digests",
    metadata,
    Column("night", Night, primary_key=True, nullable=False),
    Column("content", JSON, nullable=False),
)
full_texts = Table(
    "full_texts",
    metadata,
    _item_key(),
    *(_text(name) for name in ("url", "origin", "text", "why", "content_hash")),
    Column("fetched", UtcTime, nullable=False),
)
pending = Table("pending", metadata, _item_key())
collections = Table(
    "collections",
    metadata,
    _text("model", key=True),
    _count("dimensions"),
    _count("current"),
    _count("drained"),
)
passages = Table(
    "passages",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("item_id", Text, ForeignKey("items.id"), nullable=False),
    _text("origin"),
    _count("place"),
    _text("text"),
    Index("ix_passages_item", "item_id", "origin"),
)
spending = Table(
    "spending",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("night", Night, nullable=False, index=True),
    *(_text(name) for name in ("stage", "model", "unit")),
    _count("reserved"),
    Column("settled", Integer),
    *(_count(name) for name in ("input", "output", "cache_read", "cache_write")),
)
rulings = Table(
    "rulings",
    metadata,
    _item_key(),
    _text("subject", key=True),
    _text("key"),
    Column("belongs", Boolean),
    _count("score"),
    *(_text(name) for name in ("reason", "model", "prompt")),
)
analyses = Table(
    "analyses",
    metadata,
    _text("story_id", key=True),
    _text("key", key=True),
    Column("content", JSON, nullable=False),
)
letters = Table(
    "letters",
    metadata,
    _text("key", key=True),
    *(_text(name) for name in ("sink", "reader")),
    Column("night", Night, nullable=False, index=True),
    *(_text(name) for name in ("topic", "title", "why")),
    Column("at", UtcTime, nullable=False),
)
posts = Table(
    "posts",
    metadata,
    _text("key", key=True),
    Column("letter", Text, ForeignKey("letters.key"), nullable=False, index=True),
    _count("position"),
    Column("content", JSON, nullable=False),
    _text("state"),
    Column("tried", Float),
    *(_text(name) for name in ("place", "receipt")),
    Index("ix_posts_receipt", "place", "receipt"),
)
release_probes = Table(
    "release_probes",
    metadata,
    _text("key", key=True),
    Column("item_id", Text, ForeignKey("items.id"), nullable=False, index=True),
    *(_text(name) for name in ("endpoint", "model")),
    Column("found", UtcTime, nullable=False),
    _text("state"),
    Column("tried", UtcTime),
    Column("spent", Float, nullable=False),
    *(_text(name) for name in ("run", "told")),
)
base = Table("base", metadata, _text("id", key=True))
