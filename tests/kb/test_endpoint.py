"""Vectors from a server that speaks the OpenAI embeddings protocol, and what it may say instead."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import numpy as np
import pytest

from core.errors import EmbedderError
from kb.endpoint import EndpointEmbedder
from tests.servers.embeddings import Embeddings, Said, counted, open_embeddings


@pytest.fixture
def server() -> Iterator[Embeddings]:
    with open_embeddings() as opened:
        yield opened


class Desk:
    """An embedder whose waits are noted, not waited."""

    def __init__(self, url: str, key: str = "") -> None:
        self.waits: list[float] = []
        self.embedder = EndpointEmbedder(url, "counting-1", key, sleep=self.waits.append)


def test_vectors_are_the_servers_at_unit_length_in_order(server: Embeddings) -> None:
    server.is_backwards = True
    texts = ["barn owls", "kettles", ""]
    vectors = Desk(server.url).embedder.embed(texts)
    wanted = np.array([counted(text or " ") for text in texts])
    np.testing.assert_allclose(vectors, wanted / np.linalg.norm(wanted, axis=1, keepdims=True), atol=1e-6)


def test_request_is_what_the_protocol_says(server: Embeddings) -> None:
    desk = Desk(f"{server.url}/", key="sk-owl")
    desk.embedder.embed(["barn owls"])
    asked = {"path": "/v1/embeddings", "model": "counting-1", "input": ["barn owls"], "encoding_format": "float"}
    assert asked in server.asked
    assert set(server.keys) == {"Bearer sk-owl"}


def test_many_texts_go_in_batches(server: Embeddings) -> None:
    texts = [f"owl {number}" for number in range(150)]
    assert Desk(server.url).embedder.embed(texts).shape == (150, 12)
    assert [len(asked["input"]) for asked in server.asked if asked["input"] != ["nightdesk"]] == [64, 64, 22]


def test_long_text_is_cut(server: Embeddings) -> None:
    Desk(server.url).embedder.embed(["owl " * 5000])
    assert max(len(text) for asked in server.asked for text in asked["input"]) == 8000


def test_nothing_is_asked_before_the_first_use(server: Embeddings) -> None:
    embedder = Desk(server.url).embedder
    assert embedder.name == f"counting-1 at {server.url.split('/')[2]}"
    assert server.asked == []
    assert embedder.dimensions == embedder.dimensions == 12
    assert len(server.asked) == 1


def test_no_texts_give_no_rows(server: Embeddings) -> None:
    assert Desk(server.url).embedder.embed([]).shape == (0, 12)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 529])
def test_what_may_pass_is_tried_again(server: Embeddings, status: int) -> None:
    server.next.extend([Said(status), Said(status)])
    desk = Desk(server.url)
    assert desk.embedder.embed(["owls"]).shape == (1, 12)
    assert desk.waits == [1.0, 2.0]


def test_retry_after_is_kept_up_to_a_minute(server: Embeddings) -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=20), usegmt=True)
    for told in ("7", soon, "86400", "soon"):
        server.next.append(Said(429, headers=(("Retry-After", told),)))
    desk = Desk(server.url)
    desk.embedder.embed(["owls"])
    assert desk.waits[0] == 7.0
    assert 15 < desk.waits[1] <= 20
    assert desk.waits[2:] == [60.0, 8.0]


def test_what_does_not_pass_ends_in_one_line(server: Embeddings) -> None:
    server.next.extend([Said(503, b"<html>\n down \n</html>")] * 9)
    desk = Desk(server.url)
    with pytest.raises(EmbedderError, match=r"/v1/embeddings: HTTP 503: <html> down </html>$"):
        desk.embedder.embed(["owls"])
    assert len(desk.waits) == 4


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_refusal_is_told_at_once_without_the_key(server: Embeddings, status: int) -> None:
    server.next.append(Said(status, json.dumps({"error": {"message": "no such model"}}).encode()))
    desk = Desk(server.url, key="sk-secret-owl")
    with pytest.raises(EmbedderError, match=f"HTTP {status}: no such model") as caught:
        desk.embedder.embed(["owls"])
    assert desk.waits == []
    assert "sk-secret-owl" not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.parametrize(
    "body",
    [
        b"not JSON",
        b"[]",
        b'{"data": []}',
        b'{"data": [{"index": 0}]}',
        b'{"data": [{"index": 0, "embedding": "AAAA"}]}',
        b'{"data": [{"index": 5, "embedding": [1.0]}]}',
        b'{"data": [{"index": 0, "embedding": [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]}]}',
        b'{"data": [{"index": 0, "embedding": [1.0, 2.0]}]}',
        b'{"data": [{"index": 0, "embedding": [1e999, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}]}',
    ],
)
def test_broken_answer_is_one_error(server: Embeddings, body: bytes) -> None:
    embedder = Desk(server.url).embedder
    assert embedder.dimensions == 12
    server.next.append(Said(200, body))
    with pytest.raises(EmbedderError, match="/v1/embeddings"):
        embedder.embed(["owls"])


def test_no_server_is_one_error() -> None:
    with open_embeddings() as closed:
        url = closed.url
    with pytest.raises(EmbedderError, match="does not answer"):
        Desk(url).embedder.embed(["owls"])
