"""Walls round a program that nobody trusts: another root, few system calls, little of everything.

Run inside new namespaces by the interpreter alone, before the program: nothing but the standard library is here. The
walls are the kernel's; what Python watches (``inside``) only tells what was tried.
"""

import ctypes
import os
import resource
import struct
from collections.abc import Iterable

LIBRARY = os.path.dirname(os.__file__)  # noqa: PTH120 - a lighter start than with pathlib
OWN = "/own"
_ROOT = "/tmp"  # noqa: S108 - covered by an empty file system of our own
_READ_ONLY, _NO_SETUID, _NO_DEVICES, _NO_EXEC, _REMOUNT, _BIND, _REC = 1, 2, 4, 8, 32, 4096, 16384
_DETACH = 2
_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 4, 22, 38
_FILTER = 2
_OPEN_FILES = 32
_FILE_BYTES = 1 << 20
# What an interpreter needs that computes and reads its own library, by machine; everything else is refused. Nothing
# here waits, so that the limit on processor time is one on life, even where the host was killed.
_CALLS = {
    "x86_64": (
        0xC000003E,
        "read 0 write 1 open 2 close 3 stat 4 fstat 5 lstat 6 lseek 8 mmap 9 mprotect 10 munmap 11 brk 12 "
        "rt_sigaction 13 rt_sigprocmask 14 rt_sigreturn 15 pread64 17 readv 19 writev 20 access 21 sched_yield 24 "
        "mremap 25 madvise 28 dup 32 getpid 39 exit 60 fcntl 72 ftruncate 77 getcwd 79 mkdir 83 unlink 87 "
        "readlink 89 gettimeofday 96 getrusage 98 sysinfo 99 times 100 getuid 102 getgid 104 geteuid 107 getegid 108 "
        "gettid 186 getdents64 217 clock_gettime 228 clock_getres 229 exit_group 231 "
        "openat 257 newfstatat 262 unlinkat 263 readlinkat 267 faccessat 269 getrandom 318 statx 332",
    ),
    "aarch64": (
        0xC00000B7,
        "getcwd 17 dup 23 fcntl 25 mkdirat 34 unlinkat 35 ftruncate 46 faccessat 48 openat 56 close 57 getdents64 61 "
        "lseek 62 read 63 write 64 readv 65 writev 66 pread64 67 readlinkat 78 newfstatat 79 fstat 80 exit 93 "
        "exit_group 94 clock_gettime 113 clock_getres 114 sched_yield 124 "
        "rt_sigaction 134 rt_sigprocmask 135 rt_sigreturn 139 times 153 getrusage 165 gettimeofday 169 getpid 172 "
        "getuid 174 geteuid 175 getgid 176 getegid 177 gettid 178 sysinfo 179 brk 214 munmap 215 mremap 216 mmap 222 "
        "mprotect 226 madvise 233 getrandom 278 statx 291",
    ),
}
_MACHINE = os.uname().machine
_CAPSET, _PIVOT_ROOT = {"x86_64": (126, 155), "aarch64": (91, 41)}.get(_MACHINE, (0, 0))
_libc = ctypes.CDLL(None, use_errno=True)


def raise_walls(*, seconds: int, memory: int) -> None:
    """Leave the host's files, limit what may be taken, and refuse every system call that a computation does not need.

    Raises OSError where the kernel does not build one of the walls; then nothing may be run.
    """
    if _MACHINE not in _CALLS:
        raise OSError(f"no list of system calls for {_MACHINE}")
    _enter_an_empty_root()
    _limit(seconds, memory)
    _drop_every_capability()
    _refuse_calls_but(*_CALLS[_MACHINE])


def _enter_an_empty_root() -> None:
    """Make a root of memory that has the interpreter's library, read-only, and one small folder."""
    os.chdir(LIBRARY)  # the way to it where the new root covers it
    _mount("tmpfs", _ROOT, "tmpfs", _NO_SETUID | _NO_DEVICES, "size=64k,nr_inodes=64,mode=755")
    library, own = _ROOT + LIBRARY, _ROOT + OWN
    for folder in (library, own):
        os.makedirs(folder)  # noqa: PTH103
    _mount(".", library, None, _BIND | _REC)
    if os.path.isdir(f"{library}/site-packages"):  # noqa: PTH112
        _mount("tmpfs", f"{library}/site-packages", "tmpfs", _READ_ONLY, "size=4k,nr_inodes=2")
    _make_read_only(library)
    _mount("tmpfs", own, "tmpfs", _NO_SETUID | _NO_DEVICES | _NO_EXEC, "size=4m,nr_inodes=64,mode=700")
    os.chdir(_ROOT)
    _called(_libc.syscall(_PIVOT_ROOT, b".", b"."), "pivot_root")
    _called(_libc.umount2(b".", _DETACH), "leave the old root")
    _make_read_only("/")
    os.chdir(OWN)


def _make_read_only(folder: str) -> None:
    kept = os.statvfs(folder).f_flag & (_NO_SETUID | _NO_DEVICES | _NO_EXEC | os.ST_NOATIME | os.ST_RELATIME)
    _mount("none", folder, None, _REMOUNT | _BIND | _READ_ONLY | kept)


def _limit(seconds: int, memory: int) -> None:
    for what, most in (
        (resource.RLIMIT_CPU, (seconds, seconds + 1)),
        (resource.RLIMIT_AS, (memory, memory)),
        (resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES)),
        (resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES)),
        (resource.RLIMIT_NPROC, (1, 1)),
        (resource.RLIMIT_CORE, (0, 0)),
        (resource.RLIMIT_MEMLOCK, (0, 0)),
    ):
        resource.setrlimit(what, most)


def _drop_every_capability() -> None:
    version_3 = struct.pack("Ii", 0x20080522, 0)
    _called(_libc.syscall(_CAPSET, version_3, bytes(24)), "drop capabilities")
    _called(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "give up new privileges")


def _refuse_calls_but(machine: int, names: str) -> None:
    """Load a filter (classic BPF over ``struct seccomp_data``) by which other system calls fail with EPERM."""
    program = b"".join(_filter(machine, [int(one) for one in names.split()[1::2]]))
    steps = ctypes.create_string_buffer(program, len(program))
    told = ctypes.create_string_buffer(struct.pack("HL", len(program) // 8, ctypes.addressof(steps)))
    _called(_libc.prctl(_PR_SET_SECCOMP, _FILTER, told, 0, 0), "refuse system calls")


def _filter(machine: int, allowed: Iterable[int]) -> Iterable[bytes]:
    load, equals, end = 0x20, 0x15, 0x06
    allow, refuse, kill = 0x7FFF0000, 0x00050001, 0x80000000
    yield from (_step(load, 4), _step(equals, machine, 1), _step(end, kill), _step(load, 0))
    for number in allowed:
        yield from (_step(equals, number, 0, 1), _step(end, allow))
    yield _step(end, refuse)


def _step(code: int, value: int, if_so: int = 0, if_not: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_so, if_not, value)


def _mount(source: str, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    texts = [None if one is None else one.encode() for one in (source, target, kind)]
    given = None if data is None else data.encode()
    _called(_libc.mount(*texts, ctypes.c_ulong(flags), given), f"mount {target}")


def _called(result: int, what: str) -> None:
    if result:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")
