"""Editing nightdesk.toml: sources are added at its end, every byte before stays, and it is written whole or not at all.

What is added is text behind text: a file that is parsed and written anew would come back as the library likes it.
"""

import os
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import tomlkit

from core.errors import ConfigError
from nightdesk.config import Settings, load_config

Value = str | tuple[str, ...]
Keys = Mapping[str, Value]


def source_text(keys: Keys) -> str:
    """Return a ``[[source]]`` table with these keys as it stands in the file; empty values are left out."""
    table = tomlkit.table()
    for key, value in keys.items():
        if value:
            table.add(key, list(value) if isinstance(value, tuple) else value)
    tables = tomlkit.aot()
    tables.append(table)
    document = tomlkit.document()
    document.append("source", tables)
    return tomlkit.dumps(document).strip() + "\n"


def add_sources(path: Path, sources: Sequence[Keys]) -> Settings:
    """Add sources to the end of a configuration file and return what it says now.

    Raises ConfigError, with the file untouched, when it would not load with them or cannot be written.
    """
    real = path.resolve()  # a configuration that is a link into somebody's dotfiles stays one
    try:
        before = real.read_bytes()
        unfinished = _write_beside(real, before + _added(before, sources))
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}") from error
    try:
        settings = _checked(unfinished, path, len(sources))
        unfinished.replace(real)
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}") from error
    finally:
        with suppress(OSError):
            unfinished.unlink()
    return settings


def _added(before: bytes, sources: Sequence[Keys]) -> bytes:
    """Return the text of the sources, with line ends as the file has them, one empty line before each."""
    text = "".join("\n" + source_text(keys) for keys in sources)
    start = "" if before.endswith(b"\n") or not before else "\n"
    line_end = "\r\n" if b"\r\n" in before else "\n"
    return (start + text).replace("\n", line_end).encode()


def _write_beside(real: Path, content: bytes) -> Path:
    number, name = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
    with os.fdopen(number, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(number)
    beside = Path(name)
    beside.chmod(real.stat().st_mode & 0o777)
    return beside


def _checked(unfinished: Path, path: Path, added: int) -> Settings:
    try:
        settings = load_config(unfinished)
    except ConfigError as error:
        told = str(error).replace(str(unfinished), str(path))
        raise ConfigError(f"nothing was added, because the file would not load: {told}") from error
    if len(settings.sources) != len(load_config(path).sources) + added:
        raise ConfigError(f"{path}: the sources are not written as [[source]] tables; nothing was added")
    return settings
