"""Works that a person kept elsewhere: BibTeX, RIS, JSON Lines, lists of arXiv ids.

A form is one module of this package, which defines

- ``ENDINGS``: how the names of its files end;
- ``read(text) -> Reading``: the works of a file; what cannot be read is named among the problems;
- optionally ``write(items) -> str``: a file that ``read`` takes again.
"""

import gzip
import pkgutil
import zlib
from pathlib import Path
from types import ModuleType

from core.errors import ConfigError
from core.sources import Reading


def forms() -> dict[str, ModuleType]:
    """Return the module that reads each ending."""
    modules = [
        pkgutil.resolve_name(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(__path__)
        if not found.name.startswith("_")
    ]
    return {ending: module for module in modules for ending in module.ENDINGS}


def read_bibliography(path: Path) -> Reading:
    """Return the works that a file lists; its name's ending tells the form, and ``.gz`` may follow it.

    Papers of which only the arXiv id is told have no title. Raises ConfigError when the file cannot be read, or its
    form is not known.
    """
    known = forms()
    name = path.name.lower().removesuffix(".gz")
    form = next((known[ending] for ending in known if name.endswith(ending)), None)
    if form is None:
        raise ConfigError(f"{path}: which form is it? Its name must end in {', '.join(sorted(known))}")
    reading: Reading = form.read(_text(path))
    return reading


def _text(path: Path) -> str:
    try:
        body = path.read_bytes()
        plain = gzip.decompress(body) if path.suffix.lower() == ".gz" else body
    except (OSError, EOFError, zlib.error) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error
    return plain.decode("utf-8-sig", "replace")
