"""What runs within the sandbox: the walls first, then the program, a call for each case.

Run by the interpreter alone, ``python -I -S inside.py CHANNEL`` with the job as JSON on stdin. To the descriptor
CHANNEL it writes a line of JSON a case: what the call gave. What is right it is never told, so no line can be forged: a
program that writes the right values has computed them.
"""

import json
import os
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any

sys.path.insert(0, os.path.dirname(__file__))  # noqa: PTH120 - a lighter start than with pathlib

import decimal  # noqa: F401 - loaded while the library that it may need can still be seen

# A script has no package round it.
from walls import LIBRARY, OWN, raise_walls  # type: ignore[import-not-found]

del sys.path[0]

_READY = {"ready": True}
_WHY_CHARS = 300
_REACHES = ("socket.", "subprocess.", "ctypes.", "os.exec", "os.fork", "os.kill", "os.posix_spawn", "os.system",
            "signal.pthread_kill")  # fmt: skip
_PLACES = ("open", "os.listdir", "os.scandir", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.chown",
           "os.link", "os.symlink", "os.truncate", "os.chdir", "os.utime")  # fmt: skip


def main() -> None:
    """Raise the walls, say that they stand, and run the program."""
    job, tell = json.load(sys.stdin), _teller(int(sys.argv[1]))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    raise_walls(seconds=job["seconds"], memory=job["memory"])
    tell(_READY)
    sys.addaudithook(_watch(tell))
    signal.signal(signal.SIGXCPU, lambda *_: _end(tell, {"end": "timed out"}))
    try:
        call = _defined(job["program"], job["function"])
    except MemoryError:
        _end(tell, {"end": "out of memory"})
    except BaseException as error:  # noqa: BLE001 - a program may raise anything
        _end(tell, {"end": "failed", "why": f"the program raises {_told(error)}"})
    for case in job["cases"]:
        tell(_outcome(call, case))
    os._exit(0)


def _teller(channel: int, write: Callable[[int, bytes], int] = os.write) -> Callable[[Mapping[str, Any]], None]:
    encode = json.JSONEncoder().encode

    def tell(line: Mapping[str, Any]) -> None:
        rest = encode(line).encode() + b"\n"
        while rest:
            rest = rest[write(channel, rest) :]

    return tell


def _end(
    tell: Callable[[Mapping[str, Any]], None], line: Mapping[str, Any], leave: Callable[[int], Any] = os._exit
) -> Any:
    tell(line)
    leave(0)


def _defined(program: str, function: str) -> Callable[..., Any]:
    names: dict[str, Any] = {"__name__": "program"}
    exec(compile(program, "program", "exec"), names)  # noqa: S102 - what the walls are for
    call: Callable[..., Any] = names[function]
    return call


def _outcome(call: Callable[..., Any], case: list[Any]) -> Mapping[str, Any]:
    try:
        value = call(*case)
        json.dumps(value)
    except MemoryError:
        return {"error": "out of memory"}
    except BaseException as error:  # noqa: BLE001 - SystemExit too is no answer
        return {"error": f"raises {_told(error)}"}
    return {"value": value}


def _told(error: BaseException) -> str:
    try:
        return f"{type(error).__name__}: {error}"[:_WHY_CHARS]
    except BaseException:  # noqa: BLE001 - a program's own error may refuse to be told
        return "an error that cannot be told"


def _watch(tell: Callable[[Mapping[str, Any]], None]) -> Callable[[str, tuple[Any, ...]], None]:
    """Return a hook that ends a program which tries to reach beyond its folder: quick, and worth being told."""

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event.startswith(_REACHES) or (event in _PLACES and _is_beyond(event, args)):
            _end(tell, {"end": "tried to reach out", "why": f"{event} {args!r}"[:_WHY_CHARS]})

    return hook


def _is_beyond(event: str, args: tuple[Any, ...]) -> bool:
    if isinstance(args[0], int):
        return False
    path = os.path.normpath(os.path.join(OWN, os.fsdecode(args[0] or OWN)))  # noqa: PTH118
    is_read = event in ("os.listdir", "os.scandir") or (event == "open" and set(args[1] or "") <= set("rbt"))
    return not (path + "/").startswith((OWN + "/", *((LIBRARY + "/",) if is_read else ())))


if __name__ == "__main__":
    main()
