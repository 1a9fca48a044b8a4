"""Texts to vectors by a server that speaks the OpenAI embeddings protocol: hosted, or one's own vLLM, Ollama, TEI.

The one module here that imports httpx. Protocol: ``POST {base_url}/embeddings`` with ``model`` and ``input``; the
answer's ``data`` has an ``embedding`` and an ``index`` for each text.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx
import numpy as np

from core.errors import EmbedderError
from kb.embedding import Vectors

_BATCH = 64
_CHARACTERS = 8000  # models read 512 to 8,192 tokens; most servers refuse more rather than cut
_LONGEST_WAIT = 60.0
_PASSING = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a server is asked, how long an answer may take, and how long one that failed is left alone; seconds."""

    attempts: int
    timeout: float
    quiet: float


PATIENT = Patience(5, 60.0, 60.0)
"""Items wait, nobody sits before them."""
HASTY = Patience(1, 5.0, 30.0)
"""A person waits for an answer, and gets one by words."""


class EndpointEmbedder:
    """Turns texts into unit vectors by asking a server."""

    def __init__(
        self,
        base_url: str,
        model: str,
        key: str = "",
        *,
        dimensions: int | None = None,
        patience: Patience = PATIENT,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Name the server, the model and the key; nothing is asked yet.

        ``dimensions`` asks a model that can for shorter vectors, which are those of another model.
        """
        self._url = base_url.rstrip("/") + "/embeddings"
        self._model = model
        self._sleep = sleep
        self._patience = patience
        self._quiet_until, self._failure = 0.0, ""
        self._client = httpx.Client(headers={"Authorization": f"Bearer {key}"} if key else {}, timeout=patience.timeout)
        self._length = dimensions
        self._asked_for = {} if dimensions is None else {"dimensions": dimensions}
        cut = "" if dimensions is None else f" cut to {dimensions}"
        self.name = f"{model}{cut} at {urlsplit(base_url).netloc.rpartition('@')[2]}"

    @property
    def dimensions(self) -> int:
        """How many numbers a vector has; where nothing was embedded yet, the server is asked for one to find out."""
        if self._length is None:
            self._length = len(self._asked(["nightdesk"])[0])
        return self._length

    def embed(self, texts: Sequence[str], /) -> Vectors:
        """Return one unit vector a text, shape (texts, dimensions); each text is read up to 8,000 characters.

        Raises EmbedderError when the server refuses, keeps failing, or answers with anything else.
        """
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        rows = [row for batch in _batches(texts) for row in self._asked(batch)]
        self._length = self._length or len(rows[0])
        if {len(row) for row in rows} != {self._length}:
            raise EmbedderError(f"{self._url}: {self._model} gave vectors that are not of {self._length} numbers")
        return _unit(np.array(rows, np.float32), self._url)

    def _asked(self, batch: Sequence[str]) -> list[list[float]]:
        if time.monotonic() < self._quiet_until:
            raise EmbedderError(self._failure)
        document = {"model": self._model, "input": list(batch), "encoding_format": "float"} | self._asked_for
        for attempt in range(self._patience.attempts):
            try:
                answer = self._client.post(self._url, json=document)
            except httpx.HTTPError as error:
                failure, wait = f"{self._url} does not answer: {error}", None
            else:
                if answer.status_code == httpx.codes.OK:
                    return _read(answer, len(batch), self._url)
                failure, wait = f"{self._url}: HTTP {answer.status_code}: {_told(answer)}", _asked_to_wait(answer)
                if answer.status_code not in _PASSING:
                    raise EmbedderError(failure)
            if attempt + 1 < self._patience.attempts:
                self._sleep(wait or 2.0**attempt)
        self._quiet_until, self._failure = time.monotonic() + self._patience.quiet, failure
        raise EmbedderError(failure)


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), _BATCH):
        yield [text[:_CHARACTERS] or " " for text in texts[start : start + _BATCH]]


def _read(answer: httpx.Response, count: int, url: str) -> list[list[float]]:
    try:
        rows = {int(entry["index"]): [float(x) for x in entry["embedding"]] for entry in answer.json()["data"]}
        return [rows[place] for place in range(count)]
    except (KeyError, TypeError, ValueError) as error:
        raise EmbedderError(f"{url}: an answer that is no list of {count} embeddings ({error!r})") from error


def _unit(rows: Vectors, url: str) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not np.isfinite(lengths).all() or not lengths.all():
        raise EmbedderError(f"{url}: a vector that is zero or not finite")
    unit: Vectors = rows / lengths
    return unit


def _told(answer: httpx.Response) -> str:
    """Return what the server says is wrong, in one line; it never repeats the key."""
    try:
        told = answer.json()
        error = told.get("error", told) if isinstance(told, dict) else told
        words = error.get("message", error) if isinstance(error, dict) else error
    except json.JSONDecodeError:
        words = answer.text
    return " ".join(str(words).split())[:200]


def _asked_to_wait(answer: httpx.Response) -> float | None:
    """Return the seconds of Retry-After, given as a number or a date; at most a minute."""
    told = answer.headers.get("retry-after", "")
    if told.isdigit():
        return min(float(told), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return None
    return min(max((until - datetime.now(UTC)).total_seconds(), 0.0), _LONGEST_WAIT)
