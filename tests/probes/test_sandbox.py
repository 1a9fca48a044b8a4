"""Hostile programs behind the walls: each is bounded, told, and leaves the host as it was."""

import ctypes
import json
import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from probes.sandbox import Gave, Job, NoSandbox, Ran, run, walls, why_missing
from probes.sandbox.listening import NEW, heard_of, interpreter

pytestmark = pytest.mark.skipif(bool(why_missing()), reason=f"no sandbox here: {why_missing()}")
_PR_SET_CHILD_SUBREAPER = 36


@pytest.fixture(autouse=True)
def the_host_is_as_it_was() -> Iterator[None]:
    """Let orphans come to this process and look for them, and for what stands at the root and beside the library."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, others = [sorted(Path(folder).iterdir()) for folder in ("/", walls.LIBRARY)], children()
    yield
    assert [sorted(Path(folder).iterdir()) for folder in ("/", walls.LIBRARY)] == before
    for child in children() - others:
        with suppress(ChildProcessError):
            os.waitpid(child, 0)  # waits for ever, where one is left that does not end
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def children() -> set[int]:
    """Return the processes whose parent is this one; other tests may have left servers running."""
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(stat.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(int(stat.parent.name))
    return found


def ran(program: str, *cases: list[object]) -> Ran:
    return run(Job(program, "f", cases or ([],), seconds=1))


def test_values_come_back_in_order() -> None:
    program = "import hashlib, re, statistics\ndef f(a, b=2):\n    print('hm')\n    return {'sum': [a + b, None]}"
    assert ran(program, [1], [1, 1]) == Ran("ended", (Gave({"sum": [3, None]}), Gave({"sum": [2, None]})))


@pytest.mark.parametrize(
    ("body", "end"),
    [
        ("while True: pass", "timed out"),
        ("import signal; signal.signal(signal.SIGXCPU, signal.SIG_IGN)\n    while True: pass", "crashed"),
        ("while True: print('x' * 1000)", "too much output"),
        ("return 'x' * (1 << 21)", "too much output"),
        ("import os; os._exit(0)", "crashed"),
        ("import os; os.abort()", "crashed"),
        ("import os\n    for one in range(4096):\n        try: os.close(one)\n        except OSError: pass", "crashed"),
        ("import os\n    while True: os.fork()", "tried to reach out"),
        ("import os, signal; os.kill(os.getppid(), signal.SIGKILL)", "tried to reach out"),
        ("import os, signal; os.kill(-1, signal.SIGKILL)", "tried to reach out"),
        ("import subprocess; subprocess.run(['/bin/sh'])", "tried to reach out"),
        ("import os; os.system('sh')", "tried to reach out"),
        ("import ctypes; ctypes.CDLL(None)", "tried to reach out"),
        ("return open('/etc/passwd').read()", "tried to reach out"),
        ("return open('../etc/passwd').read()", "tried to reach out"),
        ("import pathlib; return list(pathlib.Path('/root').iterdir())", "tried to reach out"),
        ("import shutil; shutil.rmtree('/')", "tried to reach out"),
        ("import os; open(os.__file__, 'a')", "tried to reach out"),
    ],
)
def test_what_is_tried_is_bounded_and_told(body: str, end: str) -> None:
    assert ran(f"def f():\n    {body}").end == end


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("return bytearray(1 << 30)", "out of memory"),
        ("with open('big', 'wb') as file: file.write(bytes(100_000_000))", "File too large"),
        ("for at in range(100): open(str(at), 'wb').write(bytes(1_000_000))", "No space left"),
        ("import time; time.sleep(100)", "PermissionError"),
        ("import threading; threading.Thread(target=print).start()", "can't start new thread"),
        ("import sys; sys.exit(0)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        ("return {1, 2}", "not JSON serializable"),
        ("return f()", "RecursionError"),
        ("import numpy", "ModuleNotFoundError"),
    ],
)
def test_what_is_refused_fails_that_case_alone(body: str, why: str) -> None:
    found = ran(f"def f(*_):\n    {body}", [], [1])
    assert found.end == "ended"
    assert [why in one.error for one in found.gave] == [True, True]


def test_a_program_that_cannot_be_read_tells_why() -> None:
    assert ran("def f(:") == Ran("failed", (), "the program raises SyntaxError: invalid syntax (program, line 1)")
    assert ran("import sys; sys.exit(0)").why == "the program raises SystemExit: 0"
    assert ran("def g(): pass").why == "the program raises KeyError: 'f'"


def test_names_that_were_redefined_change_nothing_outside() -> None:
    program = """
import builtins, json, os, sys
json.dumps = lambda *_: '42'
json.JSONEncoder.encode = lambda *_: '{"value": 42}'
builtins.len = builtins.repr = lambda *_: 42
os._exit = os.write = sys.exit = lambda *_: None
class Equal(int):
    def __eq__(self, other): return True
    def __hash__(self): return 1
def f(): return Equal(3)
"""
    assert ran(program) == Ran("ended", (Gave(3),))


def test_a_program_hears_nothing_of_the_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET", "s3cret")
    (tmp_path / "kept").write_text("s3cret")
    program = "import os, sys\ndef f(): return ['SECRET' in os.environ, sorted(os.listdir()), sys.stdin.read()]"
    assert ran(program).gave[0].value == [False, [], ""]
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_a_listener_on_loopback_is_not_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        port = server.getsockname()[1]
        found = ran(f"import socket\ndef f(): socket.create_connection(('127.0.0.1', {port}))")
        with pytest.raises(BlockingIOError):
            server.accept()
    assert found.end == "tried to reach out"
    assert "socket" in found.why


_BEHIND_THE_WALLS = """
import ctypes, os, socket, sys
sys.path.insert(0, {folder!r})
import walls
walls.raise_walls(seconds=1, memory=1 << 28)
libc = ctypes.CDLL(None, use_errno=True)
def tried(call):
    try:
        return call()
    except OSError as error:
        return error.strerror
print(sorted(os.listdir("/")), os.listdir("."), os.listdir(walls.LIBRARY + "/site-packages"))
print(tried(lambda: open("/new", "w")), tried(lambda: open(walls.LIBRARY + "/os.py", "a")))
print(tried(os.fork), tried(socket.socket), tried(lambda: os.kill(1, 9)), tried(lambda: os.execv("/bin/sh", ["sh"])))
print(tried(os.setsid), tried(lambda: os.chroot("/own")), tried(lambda: os.chmod("/own", 0o777)))
print(tried(lambda: os.open("shut", os.O_CREAT, 0) and open("shut")))
for flags in (0x10000000, 0x00020000, 0x40000000):
    print(libc.unshare(flags), libc.mount(b"none", b"/own", b"tmpfs", 0, None), libc.ptrace(16, 1, 0, 0))
"""


def test_the_kernel_refuses_what_python_does_not_see() -> None:
    """The watch within Python can be got round: without it, nothing more is possible."""
    script = _BEHIND_THE_WALLS.format(folder=str(Path(walls.__file__).parent))
    begin = ["unshare", *NEW, "--", interpreter(), "-I", "-S", "-c", script]
    done = subprocess.run(begin, env={}, cwd="/", capture_output=True, text=True, check=False)
    refused = "Operation not permitted"
    top = Path(walls.LIBRARY).parts[1]
    assert done.stdout.splitlines() == [
        f"{sorted([top, 'own'])} [] []",
        "Read-only file system Read-only file system",
        " ".join([refused] * 4),
        " ".join([refused] * 3),
        "Permission denied",
        *["-1 -1 -1"] * 3,
    ], done.stderr


def test_a_program_that_nobody_hears_ends_by_itself() -> None:
    """What cannot wait ends with its time on the processor."""
    program = "def f():\n    while True: pass"
    job = json.dumps({"program": program, "function": "f", "cases": [[]], "seconds": 1, "memory": 1 << 28}).encode()
    reading, writing = os.pipe()
    script = Path(walls.__file__).with_name("inside.py")
    begin = ["unshare", *NEW, "--", interpreter(), "-I", "-S", str(script), str(writing)]
    with subprocess.Popen(begin, stdin=subprocess.PIPE, env={}, cwd="/", pass_fds=(writing,)) as process:
        os.close(writing)
        process.communicate(job)
    with os.fdopen(reading) as channel:
        assert channel.read().splitlines() == ['{"ready": true}', '{"end": "timed out"}']


def test_without_unshare_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoSandbox, match="there is no `unshare` here"):
        heard_of(b"{}", 1.0)


def test_where_a_wall_does_not_stand_nothing_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("probes.sandbox.listening.NEW", [one for one in NEW if one != "--mount"])
    with pytest.raises(NoSandbox, match="mount /tmp: Operation not permitted"):
        ran("def f(): pass")
