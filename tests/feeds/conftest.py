from collections.abc import Iterator

import httpx
import pytest

from feeds.answer import Fetch
from feeds.guard import guarded_transport
from feeds.http import fetcher, open_client
from tests.feeds.desk import NOW
from tests.servers.web import ToLoopback, Web, open_web


@pytest.fixture(scope="session")
def _one_web() -> Iterator[Web]:
    with open_web() as web:
        yield web


@pytest.fixture
def web(_one_web: Web) -> Web:
    """A web server on loopback that knows no page and was asked nothing."""
    _one_web.answers.clear()
    _one_web.asked.clear()
    return _one_web


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    with open_client("https://desk.example/contact", guarded_transport(["127.0.0.1"])) as client:
        yield client


@pytest.fixture
def fetch(client: httpx.Client) -> Fetch:
    return fetcher(client, lambda: NOW)


@pytest.fixture
def fetch_any(web: Web) -> Iterator[Fetch]:
    """A fetch that finds every host on loopback."""
    with open_client("", ToLoopback(web)) as client:
        yield fetcher(client, lambda: NOW)
