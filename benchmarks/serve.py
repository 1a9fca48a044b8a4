"""Ten invented nights of ``serve`` on a fast clock: ``python -m benchmarks.serve [--nights 10] [--items 60]``.

Memory, threads and open files after each night, beside those after the third: what is kept from night to night grows.
The server is woken every half hour of its clock, as the scheduler would wake it.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.ports import silent
from nightdesk.config import load_config
from nightdesk.morning import deliver_due
from nightdesk.serving import Server
from nightdesk.wiring import Desk, network
from tests.servers.web import Scripted, Web, open_web

_STEP = timedelta(minutes=30)
_SETTLED = 3
_GROWTH = 1.05
# The store keeps connections that it once needed.
_KEPT_OPEN = 4
_CONFIG = """
data_dir = "var"
[[subject]]
slug = "lamps"
name = "Lamps and lanterns"
description = "Lamps that burn longer: wicks, oils, glasses, and how they are trimmed and measured."
[[source]]
kind = "rss"
name = "Quay"
url = "{url}"
[atom]
[fetch]
allow_hosts = ["127.0.0.1"]
"""
_WORDS = "lamp wick oil glass harbour keeper night burn trim measure lantern quay winter light smoke flame hour".split()


@dataclass(frozen=True, slots=True)
class State:
    """What a process holds: MB of memory, threads, open files."""

    memory: float
    threads: int
    files: int


def main() -> None:
    """Print the figures; end with 1 where something grew after the third night."""
    arguments = argparse.ArgumentParser(description="Ten nights of serving.")
    arguments.add_argument("--nights", type=int, default=10)
    arguments.add_argument("--items", type=int, default=60)
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as folder, open_web() as web:
        states = list(_lived(Path(folder), web, given.nights, given.items))
    base, last = states[_SETTLED - 1], states[-1]
    growth = last.memory / base.memory
    print(f"after night {len(states)}: {growth:.3f} of the memory after night {_SETTLED} (goal: at most {_GROWTH})")
    kept = last.threads <= base.threads and last.files <= base.files + _KEPT_OPEN
    print(f"threads {base.threads} and {last.threads}, open files {base.files} and {last.files}")
    sys.exit(0 if growth <= _GROWTH and kept else 1)


def _lived(folder: Path, web: Web, nights: int, items: int) -> Iterator[State]:
    now = datetime(2031, 3, 24, 6, tzinfo=UTC)
    told: list[str] = []
    web.answers["/feed"] = lambda _asked: Scripted(_feed(now, items))
    config = folder / "nightdesk.toml"
    config.write_text(_CONFIG.format(url=web.url("/feed")), "utf-8")
    desk = Desk(load_config(config))
    wire = replace(network(desk.settings), clock=lambda: now)
    server = Server(desk, wire, lambda at: deliver_due(desk, at, silent), told.append, silent)
    for night in range(1, nights + 1):
        started = time.perf_counter()
        for _ in range(timedelta(days=1) // _STEP):
            server.work()
            now += _STEP
        state, took = _state(), time.perf_counter() - started
        print(f"night {night}: {state.memory:.0f} MB, {state.threads} threads, {state.files} files, {took:.1f} s")
        yield state
    print(
        f"{sum(line.startswith('running') for line in told)} nights run, {sum(': sent' in line for line in told)} told"
    )


def _state() -> State:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    memory = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return State(memory, threading.active_count(), len(list(Path("/proc/self/fd").iterdir())))


def _feed(now: datetime, items: int) -> bytes:
    """Return the posts of today and yesterday; each night's are its own."""
    days = (now.date(), now.date() - timedelta(days=1))
    entries = "".join(_entry(f"{day}-{number}", day.isoformat()) for day in days for number in range(items))
    return f'<rss version="2.0"><channel><title>Quay</title>{entries}</channel></rss>'.encode()


def _entry(name: str, day: str) -> str:
    dice = random.Random(name)  # noqa: S311 - chosen anew by the same seed
    text = ". ".join(" ".join(dice.choices(_WORDS, k=9)).capitalize() for _ in range(6))
    title = " ".join(dice.choices(_WORDS, k=5)).capitalize()
    when = datetime.fromisoformat(day).strftime("%a, %d %b %Y 00:00:00 GMT")
    link = f"https://quay.example/{name}"
    told = f"<title>{title} {name}</title><link>{link}</link><description>{text}.</description>"
    return f"<item>{told}<pubDate>{when}</pubDate></item>"


if __name__ == "__main__":
    main()
