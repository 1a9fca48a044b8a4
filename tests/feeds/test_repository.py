"""Repositories on GitHub: which are named, what they hold, and what of it is not looked at."""

import json

import pytest

from core.errors import SourceError, Unreadable
from core.polls import Validators
from feeds.answer import Document
from feeds.repository import MAX_FILE, Repositories, readme_of, repositories_in, repository_name

TREE = "https://api.github.com/repos/lumen/wick/git/trees/HEAD?recursive=1"
RAW = "https://raw.githubusercontent.com/lumen/wick/HEAD/"
FILES = {
    "tree": [
        {"path": "Readme.md", "type": "blob", "size": 40, "mode": "100644"},
        {"path": "src", "type": "tree"},
        {"path": "src/run.py", "type": "blob", "size": 12},
        {"path": "vendor/oil", "type": "commit"},
    ],
    "truncated": False,
}


def repositories(**bodies: bytes) -> tuple[Repositories, list[str]]:
    """Look at a repository of these files, by the ends of their addresses; also what was asked."""
    asked: list[str] = []

    def fetch(url: str, known: Validators) -> Document:
        asked.append(url)
        found = {TREE: json.dumps(FILES).encode()} | {RAW + path: body for path, body in bodies.items()}
        if url not in found:
            raise SourceError("HTTP 404 Not Found")
        return Document(url, "text/plain", found[url], known)

    return Repositories(fetch), asked


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Code: https://github.com/Lumen/Wick.", ("lumen/wick",)),
        (
            "git@host, https://www.github.com/lumen/wick.git and github.com/lumen/oil/tree/main",
            ("lumen/wick", "lumen/oil"),
        ),
        ("github.com/lumen/wick, github.com/LUMEN/WICK", ("lumen/wick",)),
        ("https://github.com/features/actions https://github.com/lumen https://github.com/", ()),
        ("https://notgithub.com/lumen/wick https://github.com.prize.example/lumen/wick", ()),
        ("https://gist.github.com/lumen/wick", ()),
    ],
)
def test_repositories_in_a_text(text: str, names: tuple[str, ...]) -> None:
    assert repositories_in(text) == names


@pytest.mark.parametrize("written", ["Lumen/Wick", " lumen/wick ", "https://github.com/lumen/wick/issues/3"])
def test_repository_is_named_in_many_ways(written: str) -> None:
    assert repository_name(written) == "lumen/wick"


@pytest.mark.parametrize("written", ["", "wick", "lumen/..", "lumen/wick/../x", "a b/c", "https://prize.example/a/b"])
def test_what_is_no_repository(written: str) -> None:
    with pytest.raises(ValueError, match="write owner/name"):
        repository_name(written)


def test_files_are_listed_once() -> None:
    looked, asked = repositories()
    files = looked.files("lumen/wick")
    assert [(file.path, file.size) for file in files] == [("Readme.md", 40), ("src/run.py", 12)]
    assert looked.files("lumen/wick") == files
    assert asked == [TREE]
    assert readme_of(files) == "Readme.md"
    assert readme_of(()) == "README.md"


def test_file_is_text() -> None:
    looked, asked = repositories(**{"src/a%20b%3Fc.py": "\ufeffprint('é')".encode()})
    assert looked.text("lumen/wick", "/src/./a b?c.py") == "print('é')"
    assert asked == [f"{RAW}src/a%20b%3Fc.py"]


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("image.png", "is no text"),
        ("data.bin", "is no text"),
        ("large.txt", "only files of up to"),
        ("missing.py", "HTTP 404"),
        ("../other/README.md", "no path in a repository"),
        ("src/../../x", "no path in a repository"),
        ("", "no path in a repository"),
    ],
)
def test_what_is_not_looked_at(path: str, why: str) -> None:
    bodies = {"image.png": b"\x89PNG\xff", "data.bin": b"a\0b", "large.txt": b"x" * (MAX_FILE + 1)}
    with pytest.raises(SourceError, match=why):
        repositories(**bodies)[0].text("lumen/wick", path)


def test_list_in_another_form() -> None:
    odd = Repositories(lambda url, known: Document(url, "", b'{"tree": 3}', known))
    with pytest.raises(Unreadable, match="another form"):
        odd.files("lumen/wick")
