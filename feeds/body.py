"""The body of an answer, decompressed and capped: a bomb costs no more than the cap."""

import zlib
from collections.abc import Iterator
from typing import Protocol

import brotli
import httpx

from core.errors import SourceError
from feeds.guard import is_out_of_time

MAX_BODY = 16 * 1024 * 1024
MAX_PDF = 64 * 1024 * 1024
"""Papers with many figures are larger than any feed, and are read by a process of their own."""
ENCODINGS = "gzip, deflate, br"
_STEP = 1024 * 1024
_MAX_MEMBERS = 100
_GZIP_MAGIC = b"\x1f\x8b"


class Decoder(Protocol):
    """Gives back what was compressed, at most about a megabyte at a time."""

    def decode(self, data: bytes) -> Iterator[bytes]:
        """Yield what ``data`` continues."""
        ...

    @property
    def finished(self) -> bool:
        """Whether the compressed data came to its end."""
        ...


def read_body(response: httpx.Response) -> bytes:
    """Read a streamed answer whole.

    Raises SourceError when it is larger than the caps, compressed or not, or is not what its ``Content-Encoding`` says.
    """
    names = _encodings(response)
    if len(names) > 1:
        raise SourceError(f"the answer is compressed {len(names)} times over, as nobody means well to do")
    decoder = _decoder(names[0]) if names else None
    cap = MAX_PDF if "application/pdf" in response.headers.get("content-type", "").lower() else MAX_BODY
    body = bytearray()
    try:
        for chunk in _decoded(_capped(response, cap), decoder):
            body += chunk
            if len(body) > cap:
                raise SourceError(f"the answer is larger than {_megabytes(cap)}")
    except (zlib.error, brotli.error) as error:
        raise SourceError(f"the answer is not the {names[0]} it says it is ({error})") from error
    if body and decoder and not decoder.finished:
        raise SourceError("the compressed answer breaks off")
    return bytes(body)


def _encodings(response: httpx.Response) -> list[str]:
    named = response.headers.get("content-encoding", "").lower().split(",")
    return [name for part in named if (name := part.strip()) not in ("", "identity")]


def _capped(response: httpx.Response, cap: int) -> Iterator[bytes]:
    sent = 0
    for chunk in response.iter_raw():
        sent += len(chunk)
        if sent > cap:
            raise SourceError(f"the answer is larger than {_megabytes(cap)} as it is sent")
        if is_out_of_time():  # behind a proxy the connection itself does not know
            raise SourceError("the answer takes too long in all")
        yield chunk


def _megabytes(size: int) -> str:
    return f"{size / 2**20:.3g} MB"


def _decoded(chunks: Iterator[bytes], decoder: Decoder | None) -> Iterator[bytes]:
    for chunk in chunks:
        yield from decoder.decode(chunk) if decoder else (chunk,)


def _decoder(name: str) -> Decoder:
    if name in ("gzip", "x-gzip"):
        return _Zlib(16 + zlib.MAX_WBITS)
    if name == "deflate":
        return _Deflate()
    if name == "br":
        return _Brotli()
    raise SourceError(f"the answer is compressed in a way that was not asked for ({name!r})")


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._members = 1
        self._stream = zlib.decompressobj(wbits)

    def decode(self, data: bytes) -> Iterator[bytes]:
        while data and self._goes_on(data):
            out = self._stream.decompress(data, _STEP)
            yield out
            while len(out) == _STEP and not self._stream.unconsumed_tail:  # held back inside for want of room
                out = self._stream.decompress(b"", _STEP)
                yield out
            data = self._stream.unconsumed_tail or self._stream.unused_data

    def _goes_on(self, data: bytes) -> bool:
        """Begin the next member of a gzip file (RFC 1952, 2.2); what else follows the end is padding."""
        if self._stream.eof:
            if not data.startswith(_GZIP_MAGIC):
                return False
            self._members += 1
            if self._members > _MAX_MEMBERS:
                raise zlib.error(f"more than {_MAX_MEMBERS} members")
            self._stream = zlib.decompressobj(self._wbits)
        return True

    @property
    def finished(self) -> bool:
        return self._stream.eof


class _Deflate:
    """``deflate`` is zlib's format (RFC 9110, 8.4.1.2), but many servers send the raw one."""

    def __init__(self) -> None:
        self._inner: _Zlib | None = None
        self._head = b""

    def decode(self, data: bytes) -> Iterator[bytes]:
        if self._inner is not None:
            return self._inner.decode(data)
        self._head += data
        if len(self._head) < 2:  # zlib tells itself by two bytes (RFC 1950, 2.2)
            return iter(())
        is_zlib = self._head[0] & 0x0F == zlib.DEFLATED and int.from_bytes(self._head[:2], "big") % 31 == 0
        self._inner = _Zlib(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        return self._inner.decode(self._head)

    @property
    def finished(self) -> bool:
        return self._inner is not None and self._inner.finished


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def decode(self, data: bytes) -> Iterator[bytes]:
        yield self._stream.process(data, output_buffer_limit=_STEP)
        while not self._stream.can_accept_more_data():
            yield self._stream.process(b"", output_buffer_limit=_STEP)

    @property
    def finished(self) -> bool:
        return bool(self._stream.is_finished())
