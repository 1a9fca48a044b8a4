"""The vectors closest to a question: first by the signs of their numbers, then exactly.

Vectors whose numbers differ in sign at few places are close (Charikar, 2002). Comparing signs is counting bits, a
sixteenth of the memory. Of the closest tenth by signs, the best fifth is taken when each difference counts by the size
of the question's number there, in four bits (after RaBitQ, Gao and Long, 2024), 2,000 at least; these are compared in
full. So are all that a filter leaves, where they are few.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kb.embedding import Vectors
from kb.filters import Seqs

Rows = NDArray[np.float16]
_CLOSE, _SHARE = 2000, 10
_FAR = 65_535
_TOGETHER = 256
_FEW = 4000
_SIZE_BITS = 4
_SIGN_AND_DIGITS, _EXPONENTS_APART = np.int32(-0x7000_0001), np.float32(2.0**112)


@dataclass(frozen=True, slots=True)
class ByMeaning:
    """The cosine similarity of items, by ``items.seq``, ascending, and their vectors, shape (seqs, dimensions)."""

    seqs: Seqs
    cosines: NDArray[np.float32]
    vectors: Vectors


@dataclass(frozen=True, slots=True)
class Block:
    """Vectors of items in the order of ``seqs``, ascending: ``rows`` as float16, ``signs`` as words of 64 bits.

    Shapes are (seqs,), (dimensions / 64 rounded up, seqs) and (seqs, dimensions).
    """

    seqs: Seqs
    signs: NDArray[np.uint64]
    rows: Rows

    @classmethod
    def of(cls, seqs: Seqs, rows: Rows) -> "Block":
        """Return rows with their signs."""
        return cls(seqs, signs_of(rows), rows)


def signs_of(rows: Rows | Vectors) -> NDArray[np.uint64]:
    """Return which numbers are positive, one column a row, so that a comparison reads memory from end to end."""
    packed = np.packbits(rows > 0, axis=1)
    padded = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))
    return np.ascontiguousarray(padded.view(np.uint64).T)


class Nearness:
    """Blocks of vectors, of which a later one takes the place of what earlier ones say of the same item."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        """Compare with the vectors of these blocks."""
        self.blocks = tuple(block for block in blocks if len(block.seqs))
        self._former = [
            np.concatenate([[], *(_places(block, later.seqs)[0] for later in self.blocks[number + 1 :])]).astype(int)
            for number, block in enumerate(self.blocks)
        ]
        self.count = sum(len(block.seqs) for block in self.blocks)

    @property
    def superseded(self) -> int:
        """How many rows a later one has taken the place of."""
        return sum(map(len, self._former))

    def nearest(self, vector: Vectors, among: Seqs | None, limit: int) -> ByMeaning:
        """Return the ``limit`` closest items, of those ``among`` where given."""
        if among is not None and len(among) <= _FEW:
            near = self._present(among)
        else:
            wanted = max(_CLOSE, limit, self.count // _SHARE)
            near = self._weighed(_least(self._by_signs(vector, among), wanted), vector)
        if len(near) > limit:
            near = np.sort(near[np.argpartition(-self._cosines(near, vector), limit - 1)[:limit]])
        return _compared(*self._gathered(near), vector)

    def of(self, seqs: Seqs, vector: Vectors) -> ByMeaning:
        """Return how close these items are; those without a vector are left out."""
        return _compared(*self._gathered(self._present(seqs)), vector)

    def _present(self, seqs: Seqs) -> NDArray[np.int64]:
        """Return the places of these items that count through all blocks."""
        places, start = [np.zeros(0, np.int64)], 0
        for block, former in zip(self.blocks, self._former, strict=True):
            found = _places(block, seqs)[0]
            places.append(start + (found[~np.isin(found, former)] if len(former) else found))
            start += len(block.seqs)
        return np.concatenate(places)

    def _by_signs(self, vector: Vectors, among: Seqs | None) -> NDArray[np.uint16]:
        """Return at how many places each row's signs differ from the question's."""
        asked, parts = signs_of(vector[None])[:, 0], []
        for block, former in zip(self.blocks, self._former, strict=True):
            differing = np.zeros(len(block.seqs), np.uint16)
            for column, own in zip(block.signs, asked, strict=True):
                differing += np.bitwise_count(column ^ own)
            differing[former] = _FAR
            if among is not None:
                differing[~_listed(block.seqs, among)] = _FAR
            parts.append(differing)
        return np.concatenate([np.zeros(0, np.uint16), *parts])

    def _weighed(self, places: NDArray[np.int64], vector: Vectors) -> NDArray[np.int64]:
        """Return the best of these places when a difference in sign counts by the size of the question's number."""
        kept = max(_CLOSE, len(places) // 5)
        if len(places) <= kept:
            return places
        far, start = [], 0
        for block in self.blocks:
            own = places[(places >= start) & (places < start + len(block.seqs))] - start
            far.append(_differing_size(block.signs, own, vector))
            start += len(block.seqs)
        return np.sort(places[np.argpartition(np.concatenate(far), kept)[:kept]])

    def _cosines(self, places: NDArray[np.int64], vector: Vectors) -> NDArray[np.float32]:
        """Return how close the rows at places are, a few at a time: all at once would not fit near the processor."""
        found, start = [np.zeros(0, np.float32)], 0
        for block in self.blocks:
            own = places[(places >= start) & (places < start + len(block.seqs))] - start
            parts = (own[first : first + _TOGETHER] for first in range(0, len(own), _TOGETHER))
            found += [widened(block.rows[part]) @ vector for part in parts]
            start += len(block.seqs)
        return np.concatenate(found)

    def _gathered(self, places: NDArray[np.int64]) -> tuple[Seqs, Vectors]:
        """Return the items at places that count through all blocks, and their vectors."""
        seqs, rows, start = [np.zeros(0, np.int64)], [], 0
        for block in self.blocks:
            own = places[(places >= start) & (places < start + len(block.seqs))] - start
            seqs.append(block.seqs[own])
            rows.append(widened(block.rows[own]))
            start += len(block.seqs)
        return np.concatenate(seqs), np.concatenate(rows) if rows else np.zeros((0, 0), np.float32)


def widened(rows: Rows) -> Vectors:
    """Return finite numbers as float32, bit by bit: numpy converts them one at a time, which takes five times as long.

    Sign and digits are moved to where float32 has them; the factor is what lies between the zeros of both exponents.
    """
    bits = rows.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= _SIGN_AND_DIGITS
    wide: Vectors = bits.view(np.float32)
    wide *= _EXPONENTS_APART
    return wide


def _differing_size(signs: NDArray[np.uint64], places: NDArray[np.int64], vector: Vectors) -> NDArray[np.uint32]:
    """Return how large the numbers of a vector are, in all, at which the signs at some places differ from it."""
    size, bits = np.abs(vector), np.arange(_SIZE_BITS)
    level = np.rint(size * ((2**_SIZE_BITS - 1) / size.max())).astype(np.uint8)
    far = np.zeros(len(places), np.uint32)
    for column, own, levels in zip(
        signs, signs_of(vector[None])[:, 0], signs_of(level >> bits[:, None] & 1), strict=True
    ):
        differing = column[places] ^ own
        for bit, mask in enumerate(levels):
            far += np.bitwise_count(differing & mask) * np.uint32(1 << bit)
    return far


def _places(block: Block, seqs: Seqs) -> tuple[NDArray[np.int64], Seqs]:
    """Return where a block has these items, and which it has."""
    places = np.minimum(np.searchsorted(block.seqs, seqs), len(block.seqs) - 1)
    has = block.seqs[places] == seqs
    return places[has], seqs[has]


def _listed(seqs: Seqs, among: Seqs) -> NDArray[np.bool_]:
    """Return which items are listed; by a table, because sorting a million numbers takes longer than all the rest."""
    table = np.zeros(int(max(seqs[-1], among[-1])) + 1, np.bool_)
    table[among] = True
    listed: NDArray[np.bool_] = table[seqs]
    return listed


def _least(far: NDArray[np.uint16], wanted: int) -> NDArray[np.int64]:
    """Return where the ``wanted`` least numbers stand, ascending; counting them is quicker than a partition of all."""
    reached = np.cumsum(np.bincount(far))
    reach = min(int(np.searchsorted(reached, wanted)), _FAR - 1)
    near = np.flatnonzero(far <= reach)
    if len(near) > wanted:
        near = np.sort(near[np.argpartition(far[near], wanted - 1)[:wanted]])
    return near


def _compared(seqs: Seqs, rows: Vectors, vector: Vectors) -> ByMeaning:
    order = np.argsort(seqs)
    seqs, rows = seqs[order], rows[order] if len(seqs) else np.zeros((0, len(vector)), np.float32)
    return ByMeaning(seqs, rows @ vector, rows)


# numpy's own loads masked arrays, to make sure that these are none.
def united(one: Seqs, other: Seqs) -> Seqs:
    """Return the numbers of both, ascending, each once."""
    both = np.sort(np.concatenate((one, other)))
    return both[np.diff(both, prepend=-1) > 0]


def among_these(seqs: Seqs, these: Seqs) -> NDArray[np.bool_]:
    """Tell which numbers are among these, which ascend."""
    if not len(these):
        return np.zeros(len(seqs), np.bool_)
    found: NDArray[np.bool_] = these[np.minimum(np.searchsorted(these, seqs), len(these) - 1)] == seqs
    return found
