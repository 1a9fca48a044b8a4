import gzip
import random
import zlib
from collections.abc import Callable, Iterator

import brotli
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SourceError
from feeds import body
from feeds.body import read_body

WAYS = ("", "identity", "gzip", "x-gzip", "deflate", "raw deflate", "br")


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def quick_brotli(data: bytes) -> bytes:
    return bytes(brotli.compress(data, quality=1))


def compressed(data: bytes, way: str) -> bytes:
    if way == "raw deflate":
        return raw_deflate(data)
    makers: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "x-gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": quick_brotli,
    }
    for name in way.split(", "):
        data = makers.get(name, bytes)(data)
    return data


class Chunks(httpx.SyncByteStream):
    def __init__(self, chunks: list[bytes]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._chunks)


def response(data: bytes, encoding: str, size: int = 4096) -> httpx.Response:
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    return httpx.Response(200, headers={"content-encoding": encoding}, stream=Chunks(chunks))


@given(data=st.binary(max_size=5000), way=st.sampled_from(WAYS), size=st.sampled_from([1, 7, 4096]))
def test_every_compression_gives_the_body_back(data: bytes, way: str, size: int) -> None:
    assert read_body(response(compressed(data, way), way.removeprefix("raw "), size)) == data


@pytest.mark.parametrize("way", WAYS)
def test_large_body_comes_back(way: str) -> None:
    data = random.Random(7).randbytes(300_000) + bytes(5_000_000) + random.Random(8).randbytes(300_000)
    assert read_body(response(compressed(data, way), way.removeprefix("raw "), 65536)) == data


def test_gzip_members_follow_each_other_and_padding_is_ignored() -> None:
    data = gzip.compress(b"one ") + gzip.compress(b"two") + bytes(20)
    assert read_body(response(data, "gzip")) == b"one two"


@pytest.mark.parametrize("way", ["gzip", "deflate", "br"])
def test_broken_compression_is_named(way: str) -> None:
    with pytest.raises(SourceError, match=f"not the {way} it says"):
        read_body(response(b"\xff\x00this is not compressed at all" * 9, way))


@pytest.mark.parametrize("way", ["gzip", "deflate", "raw deflate", "br"])
def test_cut_compression_is_named(way: str) -> None:
    whole = compressed(random.Random(7).randbytes(20_000), way)
    with pytest.raises(SourceError, match="breaks off"):
        read_body(response(whole[: len(whole) // 2], way.removeprefix("raw ")))


def test_unknown_compression_is_named() -> None:
    with pytest.raises(SourceError, match="'zstd'"):
        read_body(response(b"", "zstd"))


@pytest.mark.parametrize("way", ["gzip", "deflate", "br"])
def test_bomb_ends_at_the_cap(way: str) -> None:
    bomb = compressed(bytes(40_000_000), way)
    with pytest.raises(SourceError, match=r"larger than 16 MB$"):
        read_body(response(bomb, way, 65536))


@pytest.mark.parametrize(("kind", "cap"), [("text/xml", "MAX_BODY"), ("Application/PDF; x=y", "MAX_PDF")])
def test_sent_size_is_capped_by_itself(monkeypatch: pytest.MonkeyPatch, kind: str, cap: str) -> None:
    monkeypatch.setattr(body, "MAX_BODY", 1)
    monkeypatch.setattr(body, "MAX_PDF", 1)
    monkeypatch.setattr(body, cap, 100)

    def answer(size: int) -> httpx.Response:
        return httpx.Response(200, headers={"content-type": kind}, stream=Chunks([bytes(size)]))

    assert read_body(answer(100)) == bytes(100)
    with pytest.raises(SourceError, match="as it is sent"):
        read_body(answer(101))


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br, gzip", "gzip," * 1500])
def test_compression_in_compression_is_refused(encoding: str) -> None:
    with pytest.raises(SourceError, match="times over"):
        read_body(response(gzip.compress(gzip.compress(b"lamp")), encoding))


def test_members_without_end_are_refused() -> None:
    with pytest.raises(SourceError, match="more than 100 members"):
        read_body(response(gzip.compress(b"") * 101 + gzip.compress(b"x"), "gzip"))
