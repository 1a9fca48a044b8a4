"""What files were like that another program writes: whether one was cut short or overwritten since then."""

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import reduce
from pathlib import Path
from typing import Any

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Imprint:
    """The sizes of files in bytes by their paths in a folder and, where these were read too, their CRC-32."""

    sizes: tuple[tuple[str, int], ...] = ()
    sums: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of_sizes(cls, folder: Path, files: Iterable[Path]) -> "Imprint":
        """Look at the sizes alone."""
        return cls(tuple((_name(folder, file), file.stat().st_size) for file in sorted(files)))

    @classmethod
    def of_all(cls, folder: Path, files: Iterable[Path]) -> "Imprint":
        """Read the files too: a gigabyte takes a second."""
        looked_at = sorted(files)
        sums = tuple((_name(folder, file), _sum(file)) for file in looked_at)
        return cls(cls.of_sizes(folder, looked_at).sizes, sums)

    @classmethod
    def told(cls, told: Mapping[str, Any]) -> "Imprint":
        """Return what ``as_json`` gave; raise KeyError, TypeError or ValueError for anything else."""
        return cls(_pairs(told["sizes"]), _pairs(told["sums"])) if told else cls()

    def as_json(self) -> dict[str, Any]:
        """Return what JSON can hold."""
        return asdict(self)

    def is_cut(self, folder: Path) -> bool:
        """Tell whether a file is gone or shorter than it was."""
        files = ((folder / name, before) for name, before in self.sizes)
        return any(not file.is_file() or file.stat().st_size < before for file, before in files)

    def is_overwritten(self, folder: Path) -> bool:
        """Tell whether a file holds something else than it did; none of them may be gone."""
        return any(_sum(folder / name) != before for name, before in self.sums)


def _name(folder: Path, file: Path) -> str:
    return file.relative_to(folder).as_posix()


def _sum(file: Path) -> int:
    with file.open("rb") as opened:
        return reduce(lambda known, part: zlib.crc32(part, known), iter(lambda: opened.read(_CHUNK), b""), 0)


def _pairs(told: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    return tuple((str(name), int(number)) for name, number in told)
