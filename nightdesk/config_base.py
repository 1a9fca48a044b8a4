"""What a search needs of the configuration: where the base lies, the subjects, and what reads a question.

The tables are pydantic's, which takes a quarter of a search's time to load. So where they say nothing that has to be
checked they are read as they are, and only otherwise as every other command reads them. A mistake elsewhere in the
file is told by those.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import ConfigError
from core.toml_file import read_toml
from core.written_path import written_path

if TYPE_CHECKING:
    from nightdesk.config_kb import EmbedderSettings

FILE_NAME = "nightdesk.toml"
SLUG = r"^[a-z0-9][a-z0-9-]*$"
_ON_THIS_MACHINE: tuple[dict[str, Any], ...] = ({}, {"embedder": "local"})


@dataclass(frozen=True, slots=True)
class BaseSettings:
    """Where the data lie, the subjects' slugs, and what reads a text's meaning: None is this machine's model."""

    path: Path
    data_dir: Path
    slugs: tuple[str, ...]
    embedder: "EmbedderSettings | None"


def find_config(named: Path | None) -> Path:
    """Return the configuration to use: the named one, else the one here, else the user's.

    Raises ConfigError when there is none.
    """
    if named is not None:
        if not named.is_file():
            raise ConfigError(f"there is no configuration file {named}" + " (a folder)" * named.is_dir())
        return named
    if (here := Path(FILE_NAME)).is_file():
        return here
    from nightdesk.machine import config_folder

    if (own := config_folder() / FILE_NAME).is_file():
        return own
    raise ConfigError(f"no configuration: there is neither {here} nor {own}; `nightdesk init` writes one")


def load_base_config(path: Path) -> BaseSettings:
    """Read what a configuration file says of the knowledge base.

    Raises ConfigError, naming the file and the key.
    """
    table = read_toml(path)
    try:
        if (plain := _plain(path, table)) is not None:
            return plain
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from error
    from nightdesk.config_subjects import checked_base

    return checked_base(path, table)


def check_subject(settings: BaseSettings, named: str | None) -> None:
    """Raise ConfigError where a subject is named that is not configured."""
    if named is not None and named not in settings.slugs:
        raise ConfigError(f"there is no subject {named!r}; there are {', '.join(settings.slugs) or 'none'}")


def _plain(path: Path, table: dict[str, Any]) -> BaseSettings | None:
    """Return what a file says where all of it is plain."""
    folder, slugs = table.get("data_dir"), _slugs(table.get("subject", []))
    if not isinstance(folder, str) or not folder or "\0" in folder or table.get("kb", {}) not in _ON_THIS_MACHINE:
        return None
    return None if slugs is None else BaseSettings(path, written_path(folder, path.parent), slugs, None)


def _slugs(subjects: object) -> tuple[str, ...] | None:
    """Return the slugs of subjects that all have one."""
    listed = subjects if isinstance(subjects, list) else [None]
    found = [subject.get("slug") for subject in listed if isinstance(subject, dict)]
    slugs = tuple(slug for slug in found if isinstance(slug, str) and re.fullmatch(SLUG, slug))
    return slugs if len(slugs) == len(listed) else None
