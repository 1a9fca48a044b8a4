"""A thousand feeds on loopback, gathered twice, beside a bare httpx client: ``python -m benchmarks.gather``.

250 hosts (addresses 127.0.0.1 to 127.0.0.250) with four feeds each answer after 50 ms, with validators. Both sides ask
with the same number of threads. Asking is timed apart from reading, which is compared with feedparser's on the same
bytes. Exits 1 when the second night asks for a feed without its validator, or reads one.
"""

import argparse
import asyncio
import io
import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from statistics import median

import feedparser
import httpx

from core.polls import SourceMemory
from core.sources import SourceSpec
from core.types import Night
from feeds.answer import Document, Unmodified
from feeds.arxiv_api import ArxivApi
from feeds.guard import guarded_transport
from feeds.http import fetcher, open_client
from feeds.politeness import Manners, Turnstile, persistent
from feeds.poll import Asked, asker, conclude
from feeds.sources.rss import Options
from nightdesk.machine import shared_folder
from nightdesk.wiring import fan_out

HOSTS, FEEDS_PER_HOST, ENTRIES, SECONDS = 250, 4, 10, 0.05
NOW = datetime(2031, 3, 14, 6, tzinfo=UTC)
NIGHT = Night(date(2031, 3, 14), NOW, NOW)
ENTRY = (
    "<item><title>Lantern {n} of feed {feed}</title><link>https://lantern.example/{feed}/{n}</link>"
    "<guid>lantern-{feed}-{n}</guid><pubDate>Fri, 14 Mar 2031 05:00:00 GMT</pubDate>"
    "<description>&lt;p&gt;Oil, wick and &lt;a href='https://lantern.example/'&gt;glass&lt;/a&gt;.&lt;/p&gt; {text}"
    "</description></item>"
)
PLAIN = "Every lamp on the quay was trimmed before the ships came in. " * 8


def body_of(feed: str) -> bytes:
    entries = "".join(ENTRY.format(n=n, feed=feed, text=PLAIN) for n in range(ENTRIES))
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{feed}</title>{entries}</channel></rss>'.encode()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while head := await reader.readuntil(b"\r\n\r\n"):
        feed = head.split(b" ", 2)[1].decode().strip("/")
        await asyncio.sleep(SECONDS)
        known = b'if-none-match: "1"' in head.lower()
        body = b"" if known else body_of(feed)
        status = b"304 Not Modified" if known else b"200 OK"
        length = b"" if known else b"Content-Length: %d\r\n" % len(body)
        writer.write(b'HTTP/1.1 %s\r\nETag: "1"\r\n%s\r\n%s' % (status, length, body))
        await writer.drain()


async def serve(port: "multiprocessing.Queue[int]") -> None:
    async def forgiving(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await answer(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(forgiving, "0.0.0.0", 0, backlog=1024)  # noqa: S104 - every loopback address
    port.put(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _serve(port: "multiprocessing.Queue[int]") -> None:
    asyncio.run(serve(port))


@contextmanager
def open_server() -> Iterator[int]:
    port: multiprocessing.Queue[int] = multiprocessing.Queue()
    process = multiprocessing.Process(target=_serve, args=(port,), daemon=True)
    process.start()
    try:
        yield port.get(timeout=30)
    finally:
        process.terminate()
        process.join()


def timed(work: Callable[[], Iterable[object]]) -> tuple[list[object], float]:
    started = time.perf_counter()
    done = list(work())
    return done, time.perf_counter() - started


def asked_barely(urls: list[str], etag: str | None) -> float:
    headers = {"if-none-match": etag} if etag else {}
    with httpx.Client(limits=httpx.Limits(max_connections=64, max_keepalive_connections=32)) as client:
        answers, seconds = timed(lambda: fan_out(lambda url: client.get(url, headers=headers).content, urls))
    assert len(answers) == len(urls)
    return seconds


def asked_by_us(known: list[tuple[SourceSpec, SourceMemory]]) -> tuple[list[Asked], float]:
    hosts = [f"127.0.0.{host + 1}" for host in range(HOSTS)]
    with open_client("", guarded_transport(hosts)) as client:
        manners = Manners(Turnstile(shared_folder() / "arxiv"), lambda: NOW)
        ask = asker(persistent(fetcher(client, lambda: NOW, manners.turn)), NIGHT)
        answers, seconds = timed(lambda: fan_out(ask, known))
    return [one for one in answers if isinstance(one, Asked)], seconds


def read_by_us(asked: list[Asked]) -> tuple[int, float]:
    polls, seconds = timed(lambda: (conclude(one, ArxivApi(_never), NIGHT) for one in asked))
    return sum(len(poll.items) for poll in polls), seconds  # type: ignore[attr-defined, misc]


def _never(*_: object) -> Document:
    raise AssertionError("nothing is asked of arXiv here")


def read_by_feedparser(asked: list[Asked]) -> tuple[int, float]:
    bodies = [answer.body for one in asked for _, answer in one.answers if isinstance(answer, Document)]
    parsed, seconds = timed(lambda: (feedparser.parse(io.BytesIO(body)).entries for body in bodies))
    return sum(map(len, parsed)), seconds  # type: ignore[arg-type]


def main() -> None:
    arguments = argparse.ArgumentParser(description="A thousand feeds gathered twice, beside a bare httpx client.")
    arguments.add_argument("--repeats", type=int, default=3, help="how often both sides ask")
    repeats = arguments.parse_args().repeats
    with open_server() as port:
        urls = [f"http://127.0.0.{n % HOSTS + 1}:{port}/{n}" for n in range(HOSTS * FEEDS_PER_HOST)]
        specs = [SourceSpec("rss", url, Options(url)) for url in urls]
        first = compare("first", urls, [(spec, SourceMemory()) for spec in specs], None, repeats)
        memories = [SourceMemory(validators={url: answer.validators}) for one in first for url, answer in one.answers]  # type: ignore[union-attr]
        second = compare("second", urls, list(zip(specs, memories, strict=True)), '"1"', repeats)
    entries, seconds = read_by_us(first)
    plain, beside = read_by_feedparser(first)
    print(f"reading   {entries} entries at {entries / seconds:,.0f}/s, ratio {seconds / beside:.2f}")
    print(f"          feedparser alone {plain} at {plain / beside:,.0f}/s")
    known = sum(isinstance(answer, Unmodified) and answer.by_server for one in second for _, answer in one.answers)
    print(
        f"second gather: {known} of {len(urls)} feeds answered 304 to their validators, {len(urls) - known} were read"
    )
    raise SystemExit(known != len(urls))


def compare(
    name: str, urls: list[str], known: list[tuple[SourceSpec, SourceMemory]], etag: str | None, repeats: int
) -> list[Asked]:
    bare, ours = [], []
    for _ in range(repeats):
        bare.append(asked_barely(urls, etag))
        asked, seconds = asked_by_us(known)
        ours.append(seconds)
    took, beside = median(ours), median(bare)
    print(f"{name:6} gather of {len(urls)} feeds: {took:.2f} s; bare httpx {beside:.2f} s; ratio {took / beside:.2f}")
    return asked


if __name__ == "__main__":
    main()
