from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier, BrokenBarrierError

import pytest

from core.errors import SourceError
from core.polls import Validators
from feeds.http import Answer, Document, fetcher, open_client, polite
from tests.feeds.desk import NOW, document


@dataclass
class Clockwork:
    """A clock that only sleeping and fetching move; ``asked`` is when each address was asked."""

    now: float = 100.0
    asked: list[tuple[float, str]] = field(default_factory=list)
    lasts: float = 0.5

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def fetch(self, url: str, _: Validators) -> Answer:
        self.asked.append((self.now, url))
        self.now += self.lasts
        if "broken" in url:
            raise SourceError("broken")
        return document(b"", url)


def times(*urls: str) -> list[float]:
    clockwork = Clockwork()
    ask = polite(clockwork.fetch, lambda: clockwork.now, clockwork.sleep)
    for url in urls:
        try:
            ask(url, Validators())
        except SourceError:
            assert "broken" in url
    return [moment for moment, _ in clockwork.asked]


def test_arxiv_is_asked_once_in_three_seconds() -> None:
    assert times("https://rss.arxiv.org/a", "https://rss.arxiv.org/b") == [100.0, 103.5]


def test_hosts_of_arxiv_share_the_pause() -> None:
    urls = ("https://rss.arxiv.org/a", "https://export.arxiv.org/b", "https://arxiv.org/c")
    assert times(*urls) == [100.0, 103.5, 107.0]


def test_a_failed_request_counts_for_the_pause() -> None:
    assert times("https://rss.arxiv.org/broken", "https://rss.arxiv.org/b") == [100.0, 103.5]


@pytest.mark.parametrize("host", ["lantern.example", "notarxiv.org", "arxiv.org.lantern.example"])
def test_other_hosts_are_asked_at_once(host: str) -> None:
    assert times(f"https://{host}/a", f"https://{host}/b") == [100.0, 100.5]


def test_time_spent_elsewhere_counts_for_the_pause() -> None:
    quick = [f"https://lantern.example/{n}" for n in range(4)]
    assert times("https://arxiv.org/a", *quick, "https://arxiv.org/b")[-1] == 103.5


def test_different_hosts_are_asked_at_once() -> None:
    both = Barrier(2, timeout=5)

    def fetch(url: str, _: Validators) -> Document:
        both.wait()
        return document(b"", url)

    ask = polite(fetch, lambda: 0.0, lambda _: None)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda host: ask(f"https://{host}.example/", Validators()), ["one", "two"]))
    assert len(answers) == 2


def test_same_host_never_meets_itself() -> None:
    both = Barrier(2, timeout=0.1)

    def fetch(url: str, _: Validators) -> Document:
        with pytest.raises(BrokenBarrierError):
            both.wait()
        return document(b"", url)

    ask = polite(fetch, lambda: 0.0, lambda _: None)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda path: ask(f"https://lantern.example/{path}", Validators()), ["one", "two"]))


def test_impossible_address_is_a_source_error() -> None:
    with open_client("") as client, pytest.raises(SourceError):
        polite(fetcher(client, lambda: NOW), lambda: 0.0, lambda _: None)("https://\x00/", Validators())
