import itertools
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest

from core.errors import Gone, SourceError, Throttled, Unreachable
from core.polls import Validators
from feeds import politeness
from feeds.answer import Answer, Fetch
from feeds.arxiv_api import ArxivApi
from feeds.http import fetcher, open_client
from feeds.politeness import Manners, Turnstile, persistent
from tests.feeds.desk import NOW, document
from tests.servers.arxiv_api import serves
from tests.servers.web import ToLoopback, Web


@dataclass
class Clockwork:
    """A clock that only sleeping and asking move; ``asked`` is when each address was asked."""

    now: float = 100.0
    asked: list[tuple[float, str]] = field(default_factory=list)
    lasts: float = 0.5

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.now += seconds

    def turnstile(self, folder: Path) -> Turnstile:
        return Turnstile(folder / "arxiv", now=lambda: self.now, sleep=self.sleep)

    def ask(self, manners: Manners, url: str) -> None:
        with manners.turn(url):
            self.asked.append((self.now, url))
            self.now += self.lasts
            if "broken" in url:
                raise SourceError("broken")


@pytest.fixture
def clockwork() -> Clockwork:
    return Clockwork()


@pytest.fixture
def manners(clockwork: Clockwork, tmp_path: Path) -> Manners:
    return Manners(clockwork.turnstile(tmp_path), lambda: NOW + timedelta(seconds=clockwork.now))


def times(clockwork: Clockwork, manners: Manners, *urls: str) -> list[float]:
    for url in urls:
        try:
            clockwork.ask(manners, url)
        except SourceError:
            assert "broken" in url
    return [moment for moment, _ in clockwork.asked]


ARXIV = [
    ("https://rss.arxiv.org/a", "https://rss.arxiv.org/b"),
    ("https://rss.arxiv.org/a", "https://export.arxiv.org/b"),
    ("https://arxiv.org/a", "https://RSS.arxiv.org/b"),
    ("https://rss.arxiv.org/a", "https://export.arxiv.org./b"),
    ("https://rss.arxiv.org/broken", "https://rss.arxiv.org/b"),
]


@pytest.mark.parametrize("urls", ARXIV)
def test_arxiv_is_asked_once_in_three_seconds(clockwork: Clockwork, manners: Manners, urls: tuple[str, str]) -> None:
    assert times(clockwork, manners, *urls) == [100.0, 103.5]


@pytest.mark.parametrize("host", ["lantern.example", "notarxiv.org", "arxiv.org.lantern.example"])
def test_other_hosts_are_asked_at_once(clockwork: Clockwork, manners: Manners, host: str) -> None:
    assert times(clockwork, manners, f"https://{host}/a", f"https://{host}/b") == [100.0, 100.5]


def test_time_spent_elsewhere_counts_for_the_pause(clockwork: Clockwork, manners: Manners) -> None:
    quick = [f"https://lantern.example/{n}" for n in range(4)]
    assert times(clockwork, manners, "https://arxiv.org/a", *quick, "https://arxiv.org/b")[-1] == 103.5


def test_another_desk_on_the_machine_waits_too(clockwork: Clockwork, tmp_path: Path) -> None:
    for _ in range(3):
        clockwork.ask(Manners(clockwork.turnstile(tmp_path), lambda: NOW), "https://arxiv.org/a")
    assert [moment for moment, _ in clockwork.asked] == [100.0, 103.5, 107.0]


@pytest.mark.parametrize("last", ["1e12", "nonsense", "", "nan"])
def test_a_clock_set_back_or_a_torn_file_costs_one_pause_at_most(
    clockwork: Clockwork, manners: Manners, tmp_path: Path, last: str
) -> None:
    (tmp_path / "arxiv").write_text(last)
    assert times(clockwork, manners, "https://arxiv.org/a")[0] <= 103.0


def test_a_stopped_process_does_not_hold_the_turn_forever(
    clockwork: Clockwork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(politeness, "_LONGEST_WAIT", 0.1)
    with clockwork.turnstile(tmp_path).turn(), pytest.raises(OSError, match=r"arxiv\.lock"):
        clockwork.ask(Manners(clockwork.turnstile(tmp_path), lambda: NOW), "https://arxiv.org/a")


PROCESS = """
    import sys, time
    from pathlib import Path
    from feeds.politeness import Manners, Turnstile
    from core.ports import system_clock

    folder, name = Path(sys.argv[1]), sys.argv[2]
    clock = folder / "clock"  # a clock that both processes read, and that sleeping moves

    def now():
        return float(clock.read_text() or 0)

    def sleep(seconds):
        moved = now() + seconds
        (folder / name).write_text(str(moved))
        (folder / name).replace(clock)

    manners = Manners(Turnstile(folder / "arxiv", now=now, sleep=sleep), system_clock)
    hosts = ("rss.arxiv.org", "export.arxiv.org")
    for n in range(8):
        with manners.turn(f"https://{hosts[n % 2]}/"):
            with (folder / "asked").open("a") as asked:
                asked.write(f"{now()} {name}\\n")
            time.sleep(0.02)
"""


def test_two_processes_never_ask_arxiv_within_three_seconds(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("1000.0")
    command = [sys.executable, "-c", textwrap.dedent(PROCESS), str(tmp_path)]
    running = [subprocess.Popen([*command, name]) for name in ("one", "two")]
    assert [process.wait(60) for process in running] == [0, 0]
    asked = [line.split() for line in (tmp_path / "asked").read_text().splitlines()]
    moments = [float(moment) for moment, _ in asked]
    assert len(moments) == 16
    assert {name for _, name in asked} == {"one", "two"}
    assert min(later - earlier for earlier, later in itertools.pairwise(moments)) >= 3.0


def test_feed_and_api_of_arxiv_share_the_pause(web: Web, clockwork: Clockwork, manners: Manners) -> None:
    web.says("//rss.arxiv.org/rss/cs.CL", b"<rss/>")
    web.answers["//export.arxiv.org/api/query"] = serves([])
    asked: list[float] = []

    @contextmanager
    def turn(url: str) -> Iterator[None]:
        with manners.turn(url):
            asked.append(clockwork.now)
            yield

    with open_client("", ToLoopback(web)) as client:
        fetch = fetcher(client, lambda: NOW, turn)
        fetch("https://rss.arxiv.org/rss/cs.CL", Validators())
        ArxivApi(fetch).details(["arxiv:3103.00001"])
    assert len(asked) >= 2
    assert all(later - earlier >= 3.0 for earlier, later in itertools.pairwise(asked))


def test_different_hosts_are_asked_at_once(manners: Manners) -> None:
    both = Barrier(2, timeout=5)

    def ask(host: str) -> None:
        with manners.turn(f"https://{host}.example/"):
            both.wait()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ask, ["one", "two"]))


def test_same_host_never_meets_itself(manners: Manners) -> None:
    both = Barrier(2, timeout=0.1)

    def ask(path: str) -> None:
        with manners.turn(f"https://lantern.example/{path}"), pytest.raises(BrokenBarrierError):
            both.wait()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(ask, ["one", "two"]))


def throttled(manners: Manners, url: str, until: datetime | None) -> None:
    with pytest.raises(Throttled), manners.turn(url):
        raise Throttled("wait", until=until)


def test_quiet_holds_for_the_whole_host_until_it_ends(clockwork: Clockwork, manners: Manners) -> None:
    until = NOW + timedelta(seconds=200)
    throttled(manners, "https://lantern.example/a", until)
    with pytest.raises(Throttled, match=r"lantern\.example asked to wait until .*; not asked") as told:
        clockwork.ask(manners, "https://LANTERN.example/b")
    assert told.value.until == until
    assert clockwork.asked == []
    clockwork.ask(manners, "https://other.example/")
    clockwork.now = 200.0
    clockwork.ask(manners, "https://lantern.example/b")
    assert len(clockwork.asked) == 2


def test_quiet_is_never_shortened(manners: Manners) -> None:
    manners.leave_alone("https://lantern.example/", NOW + timedelta(days=2))
    manners.leave_alone("https://lantern.example/", NOW + timedelta(days=1))
    manners.leave_alone("https://lantern.example/", None)
    with pytest.raises(Throttled) as told, manners.turn("https://lantern.example/"):
        pass
    assert told.value.until == NOW + timedelta(days=2)


def test_throttled_without_a_time_is_no_quiet(clockwork: Clockwork, manners: Manners) -> None:
    throttled(manners, "https://lantern.example/a", None)
    clockwork.ask(manners, "https://lantern.example/b")


def failing(times: int, error: SourceError, calls: list[str]) -> Fetch:
    def fetch(url: str, _: Validators) -> Answer:
        calls.append(url)
        if len(calls) <= times:
            raise error
        return document(b"", url)

    return fetch


def test_what_may_pass_is_tried_three_times_with_growing_waits() -> None:
    calls: list[str] = []
    waits: list[float] = []
    persistent(failing(2, Unreachable("HTTP 502"), calls), waits.append)("https://lantern.example/", Validators())
    assert len(calls) == 3
    assert 1 <= waits[0] <= 3
    assert 2 <= waits[1] <= 4
    with pytest.raises(Unreachable, match="HTTP 502"):
        persistent(failing(9, Unreachable("HTTP 502"), []), waits.append)("https://lantern.example/", Validators())
    assert len(waits) == 4


def _never(seconds: float) -> None:
    pytest.fail(f"slept {seconds} s")


@pytest.mark.parametrize("error", [SourceError("404"), Throttled("429", until=None), Gone("410")])
def test_what_was_meant_is_not_tried_again(error: SourceError) -> None:
    calls: list[str] = []
    with pytest.raises(type(error)):
        persistent(failing(1, error, calls), _never)("https://lantern.example/", Validators())
    assert len(calls) == 1


def test_impossible_address_is_a_source_error(manners: Manners) -> None:
    with open_client("") as client, pytest.raises(SourceError):
        fetcher(client, lambda: NOW, manners.turn)("https://\x00/", Validators())
