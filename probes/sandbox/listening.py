"""The host's side of the sandbox: begin it, hear it out within bounds, and leave nothing of it."""

import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, cast

_INSIDE = Path(__file__).parent / "inside.py"
NEW = "--user --map-root-user --net --pid --mount --ipc --uts --fork --kill-child".split()
"""What ``unshare`` is told: everything of its own, and dead with its parent."""
_MOST_BYTES = 1 << 20
_READ = 1 << 16

End = Literal["over", "timed out", "too much output"]


class NoSandbox(Exception):
    """There is no sandbox on this machine; nothing was run."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What came by the channel and what was printed, and whether it was cut short."""

    told: bytes
    printed: bytes
    end: End


def heard_of(job: bytes, seconds: float) -> Heard:
    """Run a job in a sandbox and hear it out, for so many seconds and a megabyte at most; then it is dead.

    Raises NoSandbox when there is no ``unshare`` to begin it with.
    """
    until = time.monotonic() + seconds
    reading, writing = (os.fdopen(one, mode, 0) for one, mode in zip(os.pipe(), ("rb", "wb"), strict=True))
    with reading, writing, tempfile.TemporaryFile() as given:
        given.write(job)
        given.seek(0)
        with _begun(given, writing.fileno()) as process:
            writing.close()
            return _heard({"told": reading, "printed": cast("IO[bytes]", process.stdout)}, until)


@contextmanager
def _begun(given: IO[bytes], channel: int) -> Iterator["subprocess.Popen[bytes]"]:
    """Begin the sandbox, in a group of its own, and kill it in the end."""
    command = [_unshare(), *NEW, "--", interpreter(), "-I", "-S", str(_INSIDE), str(channel)]
    with subprocess.Popen(  # noqa: S603 - nothing of the command is the model's
        command,
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        bufsize=0,
        env={},
        cwd="/",
        pass_fds=(channel,),
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _unshare() -> str:
    found = shutil.which("unshare")
    if found is None:
        raise NoSandbox("there is no `unshare` here (of util-linux, on Linux)")
    return found


def interpreter() -> str:
    """Return the interpreter itself: that of a virtual environment would look for its settings."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def _heard(pipes: Mapping[str, IO[bytes]], until: float) -> Heard:
    kept = {name: bytearray() for name in pipes}
    with selectors.DefaultSelector() as waiting:
        for name, pipe in pipes.items():
            waiting.register(pipe, selectors.EVENT_READ, name)
        end = _hear(waiting, kept, until)
    return Heard(bytes(kept["told"]), bytes(kept["printed"]), end)


def _hear(waiting: selectors.BaseSelector, kept: Mapping[str, bytearray], until: float) -> End:
    """Keep what comes until all pipes are closed, or say what went beyond its bound."""
    while waiting.get_map():
        ready = waiting.select(max(0.0, until - time.monotonic()))
        if not ready or time.monotonic() > until:
            return "timed out"
        for key, _ in ready:
            part = os.read(key.fd, _READ)
            kept[key.data].extend(part)
            if not part:
                waiting.unregister(key.fileobj)
        if sum(len(one) for one in kept.values()) > _MOST_BYTES:
            return "too much output"
    return "over"
