"""What the commands of a script are up to, as bashkit's parser reads them; hidden ones are looked for in the text."""

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from functools import cache
from typing import Literal

from bashkit import Bash, BashError

Kind = Literal["destructive", "exfiltration", "privilege", "persistence", "obfuscation"]
_BEFORE = tuple(
    "sudo doas env xargs nohup command exec time timeout nice builtin parallel watch setsid stdbuf ionice".split()
)
_EXECS = ("-exec", "-execdir", "-ok", "-okdir")
_OF_WRAPPER = re.compile(r"-.*|\w+=.*|\d+(\.\d+)?[smhd]?")
_WITH_VALUE = ("-n", "-I", "-s", "-P", "-L", "-u", "-k", "-a")
_SHELLS = ("bash", "sh", "dash", "zsh", "eval")
_BY_NAME: dict[str, Kind] = {
    **dict.fromkeys(("mkfs", "shred", "wipefs", "fdisk"), "destructive"),
    **dict.fromkeys(
        ("curl", "wget", "nc", "ncat", "netcat", "scp", "rsync", "ssh", "ftp", "telnet", "socat"), "exfiltration"
    ),
    **dict.fromkeys(("sudo", "su", "doas", "passwd", "visudo", "setcap", "chown", "useradd", "usermod"), "privilege"),
    **dict.fromkeys(("crontab", "at", "systemctl", "nohup", "disown", "trap"), "persistence"),
}
_LASTING = re.compile(r"(\.(bashrc|bash_profile|profile|zshrc)|authorized_keys|/cron|/systemd/|/etc/rc|/etc/init)")
_SECRET = re.compile(
    r"(/etc/shadow|/etc/sudoers|\.ssh/id_|\.aws/credentials|\.netrc|\.pgpass|(^|/)\.env$|credentials|\.pem$)"
)
_HIDDEN = re.compile(
    r"(base64\s+(-d|--decode)|xxd\s+-r)[^\n]{0,200}\|\s*(ba|da|z)?sh\b|\bHISTFILE=|\bhistory\s+-c|\$'(\\x[0-9a-f]{2}){3}"
)
_ROOTS = ("", "~", ".", "..", "/home", "/home/user", "/srv", "/etc")
_SEEN = ("/home/", "/srv/", "/etc/", "/tmp/")  # noqa: S108 - of the shell's own world
"""Where an environment tells its differences."""
_CHOOSING = ("-name", "-iname", "-path", "-regex", "-newer", "-mtime")
_FORK_BOMB = re.compile(r"(?<!\S)([^\s()]{1,40})\s*\(\)\s*\{\s*\1\s*\|\s*\1\s*&")
_DEEPEST, _MOST_LINES = 4, 10_000


def told_by(script: str, allowed: Sequence[str] | None, depth: int = 0) -> Iterator[tuple[Kind, str]]:
    """Yield what a script tries, with the words that tell; ``allowed`` are patterns, ``deleted:*.tmp``."""
    if hidden := _HIDDEN.search(script):
        yield "obfuscation", hidden[0]
    if bomb := _FORK_BOMB.search(script):
        yield "destructive", bomb[0]
    try:
        read = _parser().analyze(script)
    except BashError:
        yield from _by_line(script, allowed, depth)
        return
    for redirect in read.redirects:
        yield from _of_path(redirect.path or "", redirect.is_write)
    for command in read.commands:
        words = [command.name or "?", *(word if word is not None else "?" for word in command.args)]
        yield from _of_words(words, allowed, depth)


def _by_line(script: str, allowed: Sequence[str] | None, depth: int) -> Iterator[tuple[Kind, str]]:
    """Yield what the lines try of a script that is broken or too long to be parsed as one."""
    lines = [line for line in dict.fromkeys(script.splitlines()) if line.strip()]
    for line in lines[:_MOST_LINES] if len(lines) > 1 else ():
        yield from told_by(line, allowed, depth + 1)


def _of_words(words: list[str], allowed: Sequence[str] | None, depth: int) -> Iterator[tuple[Kind, str]]:
    name, rest, quote = words[0].rpartition("/")[2], words[1:], " ".join(words)
    if name in _BY_NAME:
        yield _BY_NAME[name], quote
    if name == "rm" and not _is_allowed(rest, allowed):
        yield "destructive", quote
    if (name == "find" and "-delete" in rest and not any(word.startswith(_CHOOSING) for word in rest)) or (
        name == "dd" and any(word.startswith("of=/dev") for word in rest)
    ):
        yield "destructive", quote
    if name == "chmod" and any(re.fullmatch(r"0?777|[0-7]?[4267][0-7]{3}|[ugoa]*\+\w*s", word) for word in rest):
        yield "privilege", quote
    for word in rest:
        yield from _of_path(word, name in ("tee", "cp", "mv", "ln"))
    yield from _inside(name, rest, allowed, depth)


def _inside(name: str, rest: list[str], allowed: Sequence[str] | None, depth: int) -> Iterator[tuple[Kind, str]]:
    """Yield what is tried by commands that are arguments of others."""
    if depth >= _DEEPEST or not rest:
        return
    if name in _SHELLS:
        yield from told_by(" ".join(rest) if name == "eval" else rest[-1], allowed, depth + 1)
    execs = [place for place, word in enumerate(rest) if name == "find" and word in _EXECS]
    if name in _BEFORE or execs:
        inner = rest[execs[0] + 1 :] if execs else _wrapped(rest)
        if inner:
            yield from _of_words(inner, allowed, depth + 1)


def _wrapped(words: list[str]) -> list[str]:
    """Return the command that another is told to run, without that one's options, settings and durations."""
    place = 0
    while place < len(words) and _OF_WRAPPER.fullmatch(words[place]):
        place += 2 if words[place] in _WITH_VALUE else 1
    return words[place:]


def _of_path(path: str, is_written: bool) -> Iterator[tuple[Kind, str]]:  # noqa: FBT001 - said by the parser
    if is_written and _LASTING.search(path):
        yield "persistence", path
    if _SECRET.search(path):
        yield "privilege", path
    if path.startswith(("/dev/tcp/", "/dev/udp/")):
        yield "exfiltration", path


def _is_allowed(rest: Sequence[str], allowed: Sequence[str] | None) -> bool:
    """Tell whether every path that ``rm`` is given may go.

    Without a list all may but whole trees and roots. With one, the differences that it makes tell more than its words,
    wherever they can be seen.
    """
    paths = [word for word in rest if not word.startswith("-")]
    is_deep = any(re.fullmatch(r"-\w*[rR]\w*|--recursive", word) for word in rest)
    if any(path.rstrip("/*") in _ROOTS for path in paths) or (is_deep and (allowed is None or not paths)):
        return False
    far = [path for path in paths if path.startswith("/") and (is_deep or not path.startswith(_SEEN))]
    patterns = [one.removeprefix("deleted:") for one in allowed or () if one.startswith("deleted:")]
    return allowed is None or all(any(fnmatchcase(path, pattern) for pattern in patterns) for path in far)


@cache
def _parser() -> Bash:
    return Bash()
