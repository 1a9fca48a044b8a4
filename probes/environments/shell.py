"""A shell and its files, interpreted in memory by bashkit: no process, no file and no network of the host's.

Commands, loops, memory, output and time are bounded. ``date`` is always the same moment. What is not a file below the
home or ``/srv``, ``/etc`` and ``/tmp`` is not part of the state.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bashkit import Bash, BuiltinContext, BuiltinResult, FileSystem

from probes.place import LONGEST, text, tool
from probes.world import Effect, ToolFailed

_ROOTS = ("/home", "/srv", "/etc", "/tmp")  # noqa: S108 - of the shell's own world
_NOW = datetime(2027, 3, 1, 8, tzinfo=UTC)
_LONGEST_COMMAND = 50_000
_DEEPEST, _MOST_FILES = 20, 5000
_TOOLS = (tool("run_command", "Runs a bash script and returns what it prints.", command=text("The script.")),)


@dataclass(frozen=True, slots=True)
class Options:
    """``files`` are texts by absolute path; ``home`` is where the shell begins."""

    files: Mapping[str, str] = field(default_factory=dict)
    home: str = "/home/user"


def open_environment(options: Options) -> "Shell":
    """Return the shell."""
    return Shell(options)


class Shell:
    """The shell, open."""

    def __init__(self, options: Options) -> None:
        """Write the files."""
        self._bash = Bash(
            username="user",
            hostname="desk",
            cwd=options.home,
            files=dict(options.files),
            max_commands=10_000,
            max_loop_iterations=10_000,
            max_memory=8_000_000,
            timeout_seconds=2,
            custom_builtins={"date": _date},
        )
        self._home = options.home
        self._effects: list[Effect] = []
        self._seen: dict[str, str] | None = None

    @property
    def tools(self) -> tuple[Any, ...]:
        """One tool."""
        return _TOOLS

    def call(self, tool: str, arguments: Mapping[str, Any], /) -> str:  # noqa: ARG002 - there is but one
        """Run a script. Raises ToolFailed when it is none, or hits a limit."""
        command = arguments.get("command")
        if not isinstance(command, str) or len(command) > _LONGEST_COMMAND:
            raise ToolFailed(f"command has to be a text of {_LONGEST_COMMAND:,} characters at most")
        before = self._files()
        result = self._bash.execute_sync(command)
        self._seen = None
        self._effects += _differences(before, self._files())
        if result.error:
            raise ToolFailed(f"{result.stdout[:LONGEST]}{result.error}"[: LONGEST + 200])
        printed = (result.stdout + result.stderr)[:LONGEST]
        return printed + (f"[exit code {result.exit_code}]" if result.exit_code else "")

    def snapshot(self) -> object:
        """Return the files, the shell's variables and what was done."""
        return self._bash.snapshot(), tuple(self._effects)

    def restore(self, snapshot: Any, /) -> None:
        """Come back to a snapshot."""
        data, effects = snapshot
        self._bash.restore_snapshot(data)
        self._effects, self._seen = list(effects), None

    def state(self) -> Mapping[str, Any]:
        """Return the files of the home and those elsewhere, text by path; a long one as its size and hash."""
        files = self._files()
        home = {path: kept for path, kept in files.items() if path.startswith(f"{self._home}/")}
        return {"files": home, "elsewhere": {path: kept for path, kept in files.items() if path not in home}}

    def effects(self) -> Sequence[Effect]:
        """Return what was created, written and deleted."""
        return self._effects

    def _files(self) -> Mapping[str, str]:
        if self._seen is None:
            disk = self._bash.fs()
            paths = (path for root in _ROOTS if disk.exists(root) for path in _below(disk, root))
            self._seen = {path: _kept(disk, path) for path, _ in zip(paths, range(_MOST_FILES), strict=False)}
        return self._seen


def _below(disk: FileSystem, folder: str, depth: int = 0) -> Iterator[str]:
    for entry in _entries(disk, folder):
        path = f"{folder}/{entry['name']}"
        kind = entry["metadata"]["file_type"]
        if kind == "directory" and depth < _DEEPEST:
            yield from _below(disk, path, depth + 1)
        elif kind == "file":
            yield path


def _entries(disk: FileSystem, folder: str) -> Sequence[Mapping[str, Any]]:
    """Return what is in a folder; one that was removed while a shell stands in it may be listed and not be there."""
    try:
        return sorted(disk.read_dir(folder), key=lambda one: str(one["name"]))
    except (OSError, RuntimeError):
        return ()


def _kept(disk: FileSystem, path: str) -> str:
    try:
        data = disk.read_file(path)
    except OSError:
        return "[unreadable]"
    if len(data) > LONGEST:
        return f"[{len(data)} bytes, {hashlib.sha256(data).hexdigest()}]"
    return data.decode("utf-8", "replace")


def _differences(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Effect]:
    yield from (Effect("deleted", path) for path in before if path not in after)
    yield from (Effect("created", path, after[path][:500]) for path in after if path not in before)
    yield from (
        Effect("written", path, after[path][:500]) for path in after if after[path] != before.get(path, after[path])
    )


def _date(context: BuiltinContext) -> BuiltinResult:
    form = next((word[1:] for word in context.argv if word.startswith("+")), "%a %b %e %H:%M:%S UTC %Y")
    # Python takes %s in the host's time zone.
    seconds = re.sub(r"%[%s]", lambda found: f"{_NOW.timestamp():.0f}" if found[0] == "%s" else found[0], form)
    return BuiltinResult(f"{_NOW.strftime(seconds)}\n")
