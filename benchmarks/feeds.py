"""Every feed document of some folders through the whole edge: ``python -m benchmarks.feeds DIR…``.

Archives (.tar.gz, .tar.xz, .zip) are read in place. Each file comes as an answer of a server would, through
``feeds.sources.rss.read``. Ends with 1, naming the files, when a rule is broken:

- no crash, and no file takes longer than 5 seconds;
- no item without an identity, or without a title and a text;
- no script, style, event handler or tag in what is stored, save what the document tells of as escaped text;
- every address is http or https;
- feedparser alone, on the same bytes, finds no more entries.
"""

import argparse
import html
import io
import mimetypes
import re
import resource
import tarfile
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import feedparser

from core.errors import Unreadable
from core.polls import Validators
from core.sources import Reading, SourceSpec
from core.types import Item, Night
from feeds.answer import Document
from feeds.sources import rss

MOST_SECONDS = 5.0
NOW = datetime(2031, 3, 14, 6, 0, tzinfo=UTC)
NIGHT = Night(NOW.date(), NOW.replace(hour=0), NOW)
ADDRESS = "https://lantern.example/feed.xml"
SPEC = SourceSpec("rss", "measured", rss.Options(ADDRESS))
TYPES = {".xml": "application/xml", ".atom": "application/atom+xml", ".rss": "application/rss+xml", ".rdf": "text/xml"}
SILENT = re.compile(r"(\d+) entries without title and text")
MARKUP = re.compile(
    r"<(?:script|style|iframe|object|embed|a|p|div|span|img|b|i|br|table|td|ul|li)(?:\s[^<>]*)?/?>", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What the edge made of one file, beside feedparser alone; ``failure`` is empty where it was read."""

    name: str
    items: int
    entries_alone: int
    seconds: float
    seconds_alone: float
    failure: str
    problems: tuple[str, ...]
    broken: tuple[str, ...]


def files_in(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and bytes of every file of a folder and of the archives in it."""
    if path.is_dir():
        for inner in sorted(path.iterdir()):
            yield from files_in(inner)
    elif path.name.endswith((".tar.gz", ".tar.xz")):
        with tarfile.open(path) as archive:
            members = (member for member in archive if member.isfile())
            yield from (
                (f"{path}:{one.name}", content.read()) for one in members if (content := archive.extractfile(one))
            )
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed:
            yield from ((f"{path}:{name}", packed.read(name)) for name in packed.namelist() if not name.endswith("/"))
    else:
        yield str(path), path.read_bytes()


def content_type(name: str, body: bytes) -> str:
    """Return the type that a server would name; the feedparser suite writes it into a comment."""
    stated = re.search(rb"Header:\s*Content-type:\s*([^\r\n]+)", body[:2000], re.IGNORECASE)
    if stated:
        return stated[1].decode("latin-1").strip()
    return TYPES.get(Path(name).suffix, mimetypes.guess_type(name)[0] or "")


def measure(name: str, body: bytes) -> Measured:
    document = Document(ADDRESS, content_type(name, body), body, Validators())
    started = time.perf_counter()
    reading, failure, broken = Reading(()), "", []
    try:
        reading = rss.read(document, SPEC, NIGHT)
    except Unreadable as error:
        failure = str(error)
    except Exception as error:  # noqa: BLE001 - a crash is what is looked for
        broken.append(f"crash: {type(error).__name__}: {error}")
    seconds = time.perf_counter() - started
    alone, seconds_alone = entries_alone(document)
    broken += [f"{item.title[:40]!r}: {rule}" for item in reading.items for rule in broken_rules(item, body)]
    if seconds > MOST_SECONDS:
        broken.append(f"{seconds:.1f} s")
    told = len(reading.items) + sum(
        int(problem.split()[0]) for problem in reading.problems if "without title" in problem
    )
    if alone > told and not any("only the first" in problem for problem in reading.problems):
        broken.append(f"feedparser alone finds {alone} entries, we {told} {failure}")
    return Measured(name, len(reading.items), alone, seconds, seconds_alone, failure, reading.problems, tuple(broken))


def entries_alone(document: Document) -> tuple[int, float]:
    """Return how many entries feedparser finds by itself, and its seconds; none where it knows no form of feed."""
    headers = {"content-type": document.content_type, "content-location": document.url}
    started = time.perf_counter()
    try:
        found = feedparser.parse(
            io.BytesIO(document.body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception:  # noqa: BLE001 - feedparser gives up in many ways
        return 0, time.perf_counter() - started
    return len(found.entries) if found.get("version") else 0, time.perf_counter() - started


def broken_rules(item: Item, body: bytes) -> Iterator[str]:
    if not item.id:
        yield "no identity"
    if not (item.title or item.text):
        yield "neither title nor text"
    if not re.match(r"https?://[^/\s]", item.url):
        yield f"the address {item.url!r}"
    for tag in MARKUP.findall("\n".join((item.title, item.text, *item.authors, *item.categories))):
        if not told_of(tag, body):
            yield f"the tag {tag!r}"


def told_of(tag: str, body: bytes) -> bool:
    """Tell whether a document shows a tag as text: escaped in HTML, which a feed escapes once more."""
    text = re.sub(r"&#0*60;|&#[xX]0*3[cC];", "&lt;", body.decode("utf-8", "replace"))
    escaped = html.escape(tag.split(maxsplit=1)[0].rstrip("/>"), quote=False)
    return any(form in text for form in (html.escape(escaped), escaped))


def report(measured: list[Measured]) -> None:
    read = [one for one in measured if not one.failure]
    items = sum(one.items for one in measured)
    print(f"{len(measured)} files, {len(read)} read, {items} items, {len(measured) - len(read)} refused")
    for reason, count in Counter(re.sub(r"\d[\d,]*", "n", one.failure)[:90] for one in measured).most_common():
        print(f"  {count:6}  {reason or 'read'}")
    for problem, count in Counter(re.sub(r"\d[\d,]*", "n", each) for one in measured for each in one.problems).items():
        print(f"  {count:6}  problem: {problem}")
    for one in sorted(measured, key=lambda one: -one.seconds)[:5]:
        print(f"  {one.seconds:6.2f} s  {one.name} ({one.items} items)")
    ours, alone = sum(one.seconds for one in read), sum(one.seconds_alone for one in read)
    entries = sum(one.entries_alone for one in read)
    print(f"the edge {items / ours:.0f} items/s, feedparser alone {entries / alone:.0f} entries/s")
    print(f"the edge takes {ours / alone:.2f} times as long, on the same {len(read)} files")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def main() -> None:
    arguments = argparse.ArgumentParser(description="Every document of some folders through the edge.")
    arguments.add_argument("folders", type=Path, nargs="+", metavar="DIR")
    chosen = arguments.parse_args()
    warnings.simplefilter("ignore", DeprecationWarning)
    files = ((name, body) for folder in chosen.folders for name, body in files_in(folder))
    measured = [measure(name, body) for name, body in files if not name.endswith((".md", ".jsonl", ".serde.json"))]
    report(measured)
    broken = [(one.name, rule) for one in measured for rule in one.broken]
    for name, rule in broken:
        print(f"BROKEN {name}: {rule}")
    raise SystemExit(1 if broken else 0)


if __name__ == "__main__":
    main()
