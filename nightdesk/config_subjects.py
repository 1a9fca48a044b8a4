"""``[[subject]]``, and the other tables that are about the knowledge base."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from core.errors import ConfigError
from core.types import Subject
from core.written_path import written_path
from nightdesk.config_base import SLUG, BaseSettings
from nightdesk.config_kb import KbTable, embedder_of
from nightdesk.config_tables import ClockTime, Said, Table, first_problem


class SubjectTable(Table):
    """``[[subject]]``."""

    slug: str = Field(pattern=SLUG)
    name: Said
    description: str = ""
    keywords: list[str] = []
    not_words: list[str] = Field([], alias="not")
    arxiv: list[str] = []
    examples: list[Said] = Field([], max_length=20)
    channel: str = ""
    people: list[str] = []
    max_items: int = Field(10, ge=1)
    digest_at: ClockTime | None = None


class BaseTables(BaseModel):
    """The part of a file that is about the knowledge base; the other tables are not looked at."""

    data_dir: str = Field(min_length=1, pattern=r"^[^\x00]+$")
    subject: list[SubjectTable] = []
    kb: KbTable = KbTable()


def checked_base(path: Path, table: dict[str, Any]) -> BaseSettings:
    """Check what the table of a configuration file says of the knowledge base.

    Raises ConfigError, naming the file and the key.
    """
    try:
        return base_settings(path, BaseTables.model_validate(table))
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error, table, BaseTables)}") from error
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def base_settings(path: Path, tables: BaseTables) -> BaseSettings:
    """Return what the tables of the file at ``path`` say.

    Raises ConfigError when the store or the index is to be a server, or the data lie in nobody's home.
    """
    slugs = tuple(table.slug for table in tables.subject)
    return BaseSettings(path, written_path(tables.data_dir, path.parent), slugs, embedder_of(tables.kb))


def subject_of(table: SubjectTable) -> Subject:
    """Return the subject that a table tells of."""
    return Subject(
        slug=table.slug,
        name=table.name,
        description=table.description,
        keywords=tuple(table.keywords),
        not_words=tuple(table.not_words),
        arxiv=tuple(table.arxiv),
        examples=tuple(table.examples),
        max_items=table.max_items,
    )
