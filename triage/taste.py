"""What votes teach: readers like what is like what they liked, and from whom.

The lift of an item is the share of useful among the votes on items like it (Nadaraya, 1964; Watson, 1964), each vote
counting the more, the more alike the two are, and drawn to nothing where few are. An estimate of this form can be
proved to be fair: a useful vote never lowers an item, one that says not useful never raises one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.types import Vote
from triage.lifts import NONE, Lift, named

Vectors = NDArray[np.float32]

# One vote on a like item turns the odds by two or so, a dozen of one mind decide. Chosen with ``python -m
# benchmarks.relevance`` on the readers that it sets aside for that; so was the power of the cosine, one and a half, by
# which few near votes outdo many far ones.
_MOST = 14.0
_SHRINKAGE = 1.5
# What all candidates have in common says nothing of taste; of a few candidates, little is known to be common.
_COMMON = 20
# A vote under another subject tells of the reader, though not of this subject.
_OTHER_SUBJECT = 0.3
# A source's name tells far less than what it writes; it takes eight votes of one mind for half of the lift.
_SOURCE_MOST, _SOURCE_SHRINKAGE = 1.0, 8.0
# Who asks for less of a source says so outright: one reader more than halves its odds, many together not twice that.
_LESS_MOST = 2.0
_WORTH_WORDS = 0.3
# Below this cosine, beyond what is common, a reader does not see the likeness that a reason would claim.
_NAMED = 0.4
_SIGN = {"useful": 1.0, "not_useful": -1.0}


@dataclass(frozen=True, slots=True, eq=False)
class Voted:
    """A vote and what it was on: the item's title, the sources that told of it, its unit vector where it has one."""

    vote: Vote
    title: str
    sources: tuple[str, ...] = ()
    vector: Vectors | None = None


class Taste:
    """What a desk's votes teach, made ready once for all subjects."""

    def __init__(self, votes: Sequence[Voted]) -> None:
        """Take what was voted on; where that is not of the subject, the vote says nothing of taste."""
        said = [voted for voted in votes if voted.vote.opinion in _SIGN]
        self._voted = [voted for voted in said if voted.vector is not None]
        vectors = [voted.vector for voted in self._voted if voted.vector is not None]
        self._matrix: Vectors = np.stack(vectors) if vectors else np.zeros((0, 0), np.float32)
        self._signs = np.array([_SIGN[voted.vote.opinion] for voted in self._voted], np.float32)
        self._by_source = _by_source(said)

    def lifts(self, slug: str, vectors: Mapping[str, Vectors]) -> dict[str, Lift]:
        """Return the lift of each candidate of a subject by what the votes say of items like it.

        ``vectors`` are the candidates' unit vectors.
        """
        if not self._voted or not vectors:
            return {}
        weights = np.array([_weight(slug, voted.vote.subject) for voted in self._voted], np.float32)
        cosines = _cosines(self._matrix, np.stack(list(vectors.values())))
        counted = cosines * np.sqrt(cosines) * weights[:, None]
        signed = counted * self._signs[:, None]
        sizes = _MOST * signed.sum(axis=0) / (counted.sum(axis=0) + _SHRINKAGE)
        most, least = signed.argmax(axis=0), signed.argmin(axis=0)
        told = np.where(sizes > 0, most, least)
        return {
            item_id: _explained(item_id, float(size), self._voted[row], cosine=float(cosines[row, column]))
            for column, (item_id, size, row) in enumerate(zip(vectors, sizes, told, strict=True))
        }

    def sources(self, slug: str) -> dict[str, Lift]:
        """Return the lift of each source by the share of useful among the votes on what it told."""
        return {name: _trust(name, slug, said) for name, said in self._by_source.items()}


def _cosines(voted: Vectors, candidates: Vectors) -> Vectors:
    """Return how alike voted items and candidates are beyond what is common, shape (votes, candidates), in [0, 1]."""
    common = candidates.sum(axis=0) / (len(candidates) + _COMMON)
    cosines: Vectors = np.clip(_unit(voted - common) @ _unit(candidates - common).T, 0.0, 1.0)
    return cosines


def _unit(rows: Vectors) -> Vectors:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Vectors = rows / np.maximum(lengths, 1e-6)
    return unit


def _weight(slug: str, voted_under: str) -> float:
    return 1.0 if voted_under == slug else _OTHER_SUBJECT


def _explained(item_id: str, size: float, most: Voted, *, cosine: float) -> Lift:
    """Name the voted item that did most for the lift, where a reader would see that the two are alike."""
    if abs(size) < _WORTH_WORDS:
        return Lift(size)
    if most.vote.item_id == item_id:
        return Lift(size, "you found it useful" if size > 0 else "you found it not useful")
    judged = "you found useful" if size > 0 else "was not useful"
    return Lift(size, f"like {named(most.title)}, which {judged}" if cosine >= _NAMED else f"like what {judged}")


def _by_source(said: Iterable[Voted]) -> dict[str, dict[str, list[float]]]:
    """Return the signs of the votes on what each source told, by subject."""
    signs: dict[str, dict[str, list[float]]] = {}
    for voted in said:
        for name in dict.fromkeys(voted.sources):
            signs.setdefault(name, {}).setdefault(voted.vote.subject, []).append(_SIGN[voted.vote.opinion])
    return signs


def _trust(name: str, slug: str, said: Mapping[str, Sequence[float]]) -> Lift:
    useful = sum(_weight(slug, subject) * sum(signs) for subject, signs in said.items())
    counted = sum(_weight(slug, subject) * len(signs) for subject, signs in said.items())
    size = _SOURCE_MOST * useful / (counted + _SOURCE_SHRINKAGE)
    if abs(size) < _WORTH_WORDS:
        return Lift(size)
    return Lift(size, f"from {name}, which is {'mostly' if size > 0 else 'seldom'} useful to you")


def unwanted(sources: Iterable[str], readers: Mapping[str, Sequence[str]]) -> Lift:
    """Lower an item by those of its sources of which readers want less; what others tell too is lowered by their share.

    ``readers`` are who wants less of a source under the subject.
    """
    names = tuple(dict.fromkeys(sources))
    asked = {name: len(readers[name]) for name in names if readers.get(name)}
    if not asked:
        return NONE
    most = max(asked, key=lambda name: asked[name])
    size = sum(count / (count + 1) for count in asked.values()) / len(names)
    return Lift(-_LESS_MOST * size, f"from {most}, of which {_readers(asked[most])} less")


def _readers(count: int) -> str:
    return "a reader wants" if count == 1 else f"{count} readers want"


def source(sources: Iterable[str], trusted: Mapping[str, Lift]) -> Lift:
    """Return the lift of an item by its sources: the mean, in the words of the one that tells most."""
    lifts = [trusted.get(name, NONE) for name in dict.fromkeys(sources)]
    if not lifts:
        return NONE
    most = max(lifts, key=lambda lift: abs(lift.size))
    return Lift(sum(lift.size for lift in lifts) / len(lifts), most.reason)
