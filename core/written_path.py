"""Paths that somebody wrote down."""

from pathlib import Path

from core.errors import ConfigError


def written_path(told: str, folder: Path) -> Path:
    """Return the path that is told, seen from a folder where it is relative; ``~`` is a person's home.

    Raises ConfigError where that person is not known.
    """
    try:
        return (folder / Path(told).expanduser()).absolute()
    except RuntimeError as error:
        raise ConfigError(f"{told!r}: this machine knows no such home; write the folder out") from error
