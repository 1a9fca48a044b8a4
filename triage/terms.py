"""What a text speaks of, as weighted terms: unit TF-IDF vectors over hashed words.

The weights are inverse document frequencies counted on announced AI papers, one a bucket of the hash; no word is kept
beside them, so that any script can be hashed. ``python -m benchmarks.calibrate_classify`` derives them.
"""

import re
import zlib
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from triage.keywords import UNSPACED

Numbers = NDArray[np.float32]
Buckets = NDArray[np.int64]
BUCKETS = 1 << 15
_WORD = re.compile(r"[^\W\d_][\w+#]+")
_LONG = 4


def terms(text: str) -> list[str]:
    """Return the terms of a text once each, in the order in which they come; unspaced scripts give pairs of signs."""
    words = dict.fromkeys(_WORD.findall(text.lower()))
    return list(dict.fromkeys(chain.from_iterable(map(_stems, words))))


@lru_cache(1 << 16)
def _stems(word: str) -> tuple[str, ...]:
    if UNSPACED.search(word):
        return tuple(word[i : i + 2] for i in range(len(word) - 1))
    return (word.rstrip("s") if len(word) > _LONG else word,)


def as_written(term: str, text: str) -> str:
    """Return a term as a text first writes it."""
    found = re.search(rf"(?<![^\W_]){re.escape(term)}s*(?![^\W_])", text, re.IGNORECASE)
    return found[0] if found else term


def weighted(found: Sequence[str]) -> tuple[Buckets, Numbers]:
    """Return the buckets of terms and their weights, shape (terms,) each; the weights have unit length together."""
    buckets = np.array([*map(bucket, found)], np.int64)
    weights = _frequencies()[buckets].astype(np.float32)
    return buckets, weights / max(float(np.sqrt((weights * weights).sum())), 1e-9)


def vector(text: str) -> Numbers:
    """Return the unit vector of a text over all buckets."""
    dense = np.zeros(BUCKETS, np.float32)
    np.add.at(dense, *weighted(terms(text)))
    return dense


@lru_cache(1 << 16)
def bucket(term: str) -> int:
    """Return the place of a term among the weights."""
    return zlib.crc32(term.encode()) % BUCKETS


@cache
def _frequencies() -> NDArray[np.float16]:
    with files("triage").joinpath("term_weights.npy").open("rb") as file:
        weights: NDArray[np.float16] = np.load(file, allow_pickle=False)
    return weights
