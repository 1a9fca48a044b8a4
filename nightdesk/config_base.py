"""What the configuration says of the knowledge base.

It is all that a search needs, and the rest takes a fifth of a second to read. A mistake elsewhere in the file is told
by every other command.
"""

import getpass
from dataclasses import dataclass
from pathlib import Path

from platformdirs import user_cache_path, user_config_path
from pydantic import BaseModel, Field, ValidationError

from core.errors import ConfigError
from core.types import Subject
from nightdesk.config_kb import EmbedderSettings, KbTable, embedder_of
from nightdesk.config_tables import ClockTime, Said, Table, first_problem, read_toml

FILE_NAME = "nightdesk.toml"
_SLUG = r"^[a-z0-9][a-z0-9-]*$"


@dataclass(frozen=True, slots=True)
class BaseSettings:
    """Where the data lie, what the team works on, and what reads a text's meaning: None is this machine's model."""

    path: Path
    data_dir: Path
    subjects: tuple[Subject, ...]
    embedder: EmbedderSettings | None


class SubjectTable(Table):
    """``[[subject]]``."""

    slug: str = Field(pattern=_SLUG)
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


def find_config(named: Path | None) -> Path:
    """Return the configuration to use: the named one, else the one here, else the user's.

    Raises ConfigError when there is none.
    """
    if named is not None:
        if not named.is_file():
            raise ConfigError(f"there is no configuration file {named}" + " (a folder)" * named.is_dir())
        return named
    candidates = (Path(FILE_NAME), user_config_path("nightdesk") / FILE_NAME)
    found = next((path for path in candidates if path.is_file()), None)
    if found is None:
        places = " nor ".join(str(path) for path in candidates)
        raise ConfigError(f"no configuration: there is neither {places}; `nightdesk init` writes one")
    return found


def person() -> str:
    """Return who sits before the machine, under whose name a vote is kept."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"


def machine_folder() -> Path:
    """Return where a person's desks on this machine keep what they share."""
    return user_cache_path("nightdesk")


def load_base_config(path: Path) -> BaseSettings:
    """Read and check what a configuration file says of the knowledge base.

    Raises ConfigError, naming the file and the key.
    """
    table = read_toml(path)
    try:
        return base_settings(path, BaseTables.model_validate(table))
    except ValidationError as error:
        raise ConfigError(f"{path}: {first_problem(error, table, BaseTables)}") from error
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error


def base_settings(path: Path, tables: BaseTables) -> BaseSettings:
    """Return what the tables of the file at ``path`` say.

    Raises ConfigError when the store or the index is to be a server.
    """
    return BaseSettings(
        path=path,
        data_dir=(path.parent / Path(tables.data_dir).expanduser()).absolute(),
        subjects=tuple(_subject(table) for table in tables.subject),
        embedder=embedder_of(tables.kb),
    )


def check_subject(settings: BaseSettings, named: str | None) -> None:
    """Raise ConfigError where a subject is named that is not configured."""
    slugs = [subject.slug for subject in settings.subjects]
    if named is not None and named not in slugs:
        raise ConfigError(f"there is no subject {named!r}; there are {', '.join(slugs) or 'none'}")


def _subject(table: SubjectTable) -> Subject:
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
