"""The program that parses one document: ``parser FORM CONTENT_TYPE``, the document on stdin, its text on stdout.

A form is a module beside this one, so that each run loads the one parser that it needs.
"""

import logging
import resource
import sys
from collections.abc import Callable, Iterator
from importlib import import_module

from core.errors import Unreadable
from feeds.full_text.cutting import MAX_CHARS
from feeds.full_text.parsing import MAX_SECONDS, UNREADABLE

_MEMORY = 2 * 1024**3


def main() -> None:
    """Parse stdin, writing each part as soon as it is read; end with UNREADABLE and the reason on stderr if need be."""
    _limit_resources()
    logging.disable()
    try:
        _write(_reader(sys.argv[1])(sys.stdin.buffer.read(), sys.argv[2]))
    except Unreadable as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(UNREADABLE) from error


def _limit_resources() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    # Should the parent be killed, this still comes to an end.
    resource.setrlimit(resource.RLIMIT_CPU, (int(MAX_SECONDS * 2), int(MAX_SECONDS * 2) + 5))


def _reader(form: str) -> Callable[[bytes, str], Iterator[str]]:
    module = import_module(f"feeds.full_text.{form}")
    return module.parts  # type: ignore[no-any-return]


def _write(parts: Iterator[str]) -> None:
    written = 0
    for part in parts:
        sys.stdout.buffer.write(f"{part}\n".encode())
        sys.stdout.buffer.flush()
        written += len(part)
        if written > MAX_CHARS:
            return


if __name__ == "__main__":
    main()
