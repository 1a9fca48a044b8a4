"""Writes a feed as one file, whole or not at all; writing it again does no harm."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.delivery import Addressed, Receipt
from core.errors import ConfigError, DeliveryRefused
from core.written_path import written_path
from digests.sinks import InDoubt


@dataclass(frozen=True, slots=True)
class Options:
    """Where relative names of files begin."""

    folder: Path


def open_sink(options: Options) -> "AtomFile":
    """Return the way to a folder."""
    return AtomFile(options.folder)


class AtomFile:
    """A folder. Readers are files in it."""

    in_doubt: InDoubt = "repeat"
    pace = 0.0

    def __init__(self, folder: Path) -> None:
        """Write into the folder."""
        self._folder = folder

    def place_of(self, reader: str) -> str:
        """Return the file."""
        try:
            return str(written_path(reader, self._folder))
        except ConfigError as error:
            raise DeliveryRefused(str(error)) from error

    def send(self, addressed: Addressed) -> Receipt:
        """Replace the file by the post's text."""
        path = Path(addressed.place)
        unfinished = path.with_name(f".{path.name}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            unfinished.write_text(addressed.post.text, "utf-8")
            unfinished.replace(path)
        except OSError as error:
            raise DeliveryRefused(f"cannot write {path}: {error.strerror}") from error
        return Receipt(addressed.place, addressed.key)

    def find(self, addressed: Addressed, since: datetime) -> Receipt | None:  # noqa: ARG002 - the contract's
        """Know of nothing: the file is written again."""
        return None
