"""What is known of the subjects as numbers: directions of meaning, terms, and what readers' votes correct.

A direction is the mean of the examples, the description counting as a few of them: the nearest-centroid rule, which
with so few examples is as good as any learner that draws borders. Meanings are centred between unrelated research and
the subjects themselves, so that what all of a team's subjects share tells none of them.
"""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from importlib.resources import files
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.types import Subject
from triage.keywords import is_mostly_unspaced
from triage.terms import BUCKETS, vector

Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
DESCRIPTION_SHARE = 5
_TERMS_OF_DESCRIPTION = 2
_KEYWORDS_BESIDE_PROSE = 0.7
_BACKGROUND_SHARE = 5
_DIGEST = 32


@dataclass(frozen=True, slots=True)
class Example:
    """An item that a team says is, or is not, of a subject; ``vector`` is its unit vector.

    ``item_id`` is the item's, so that none is told to be like itself.
    """

    title: str
    text: str
    vector: Vectors
    is_positive: bool
    item_id: str = ""


@dataclass(frozen=True, slots=True)
class SubjectModel:
    """What matching needs of ``n`` subjects, in their order; ``d`` are the dimensions of a vector."""

    centre: Vectors
    """Shape (d,)."""
    directions: Vectors
    """Unit vectors, shape (n, d)."""
    terms: Vectors
    """Unit vectors over the buckets of terms, shape (buckets, n)."""
    shares: Vectors
    """How much of each direction the examples make up, 0 to 1; shape (n,)."""
    corrections: Vectors
    """What votes add to the log odds, along centred meanings; shape (n, d)."""
    shown: Vectors
    """The centred meanings of each subject's description and examples, subject by subject, shape (shown, d)."""
    starts: NDArray[np.int64]
    """Where each subject's begin among them, and where the last ends; shape (n + 1,)."""
    shown_titles: NDArray[np.str_]
    """The titles of the examples, empty for a description; shape (shown,)."""
    shown_ids: NDArray[np.str_]
    """The examples' item ids, empty where there is none; shape (shown,)."""
    readable: NDArray[np.bool_]
    """Whether the embedding can read a subject's own words; elsewhere its directions are zero; shape (n,)."""

    def centred(self, meaning: Vectors) -> Vectors:
        """Return one vector, shape (d,), centred and of unit length."""
        return unit(meaning - self.centre)

    def own(self, place: int) -> slice:
        """Return where the description and examples of a subject are among those shown."""
        return slice(int(self.starts[place]), int(self.starts[place + 1]))

    def only(self, place: int) -> "SubjectModel":
        """Return the model of one subject."""
        return replace(
            self,
            directions=self.directions[place : place + 1],
            terms=self.terms[:, place : place + 1],
            shares=self.shares[place : place + 1],
            corrections=self.corrections[place : place + 1],
            shown=self.shown[self.own(place)],
            starts=self.starts[place : place + 2] - self.starts[place],
            shown_titles=self.shown_titles[self.own(place)],
            shown_ids=self.shown_ids[self.own(place)],
            readable=self.readable[place : place + 1],
        )

    def to_bytes(self) -> bytes:
        """Return a checksum and the model as a compressed NumPy archive; the same model gives the same bytes."""
        file = io.BytesIO()
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        np.savez_compressed(file, **values)
        archive = file.getvalue()
        return sha256(archive).digest() + archive

    @classmethod
    def from_bytes(cls, content: bytes) -> "SubjectModel":
        """Return the model that ``to_bytes`` wrote.

        Raises ValueError when it is damaged or of another shape.
        """
        digest, archive = content[:_DIGEST], content[_DIGEST:]
        if sha256(archive).digest() != digest:
            raise ValueError("the kept subject model is damaged")
        try:
            with np.load(io.BytesIO(archive), allow_pickle=False) as values:
                return cls(**{field.name: values[field.name] for field in fields(cls)})
        except (ValueError, KeyError, TypeError, AttributeError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise ValueError("the kept subject model is of another shape") from error


def unit(rows: NDArray[np.floating]) -> Vectors:
    """Return vectors scaled to unit length, shape (…, d)."""
    scaled: Vectors = rows / np.maximum(np.linalg.norm(rows, axis=-1, keepdims=True), 1e-9)
    return scaled.astype(np.float32)


def learn(subjects: Sequence[Subject], examples: Mapping[str, Sequence[Example]], embed: Embed) -> SubjectModel:
    """Return the model of subjects; ``embed`` turns texts into unit vectors, shape (texts, d)."""
    positive = [[one for one in examples.get(subject.slug, ()) if one.is_positive] for subject in subjects]
    background, described = _embedded(subjects, embed)
    centre = _shrunk(background, [_mean(ones) for ones in positive if ones])
    told = np.array([bool(_words(subject)) for subject in subjects], bool)
    readable = np.array([not is_mostly_unspaced(" ".join(_words(subject))) for subject in subjects], bool)
    of_words = unit(described - _shrunk(background, list(described[told & readable])))
    of_words[~told] = 0
    shown = [
        can_read * np.concatenate([own[None], *(unit(one.vector - centre)[None] for one in ones)])
        for can_read, own, ones in zip(readable, of_words, positive, strict=True)
    ]
    nothing = np.zeros((0, len(centre)), np.float32)
    return SubjectModel(
        centre=centre,
        directions=unit(np.stack([_summed(one) for one in shown])) if shown else nothing,
        terms=_terms(subjects, positive),
        shares=np.array([len(ones) / (DESCRIPTION_SHARE + len(ones)) for ones in positive], np.float32),
        corrections=np.zeros_like(of_words),
        shown=np.concatenate([nothing, *shown]),
        starts=np.cumsum([0, *map(len, shown)]),
        shown_titles=np.array([title for ones in positive for title in ("", *(one.title for one in ones))], np.str_),
        shown_ids=np.array([known for ones in positive for known in ("", *(one.item_id for one in ones))], np.str_),
        readable=readable,
    )


def _summed(shown: Vectors) -> Vectors:
    """Return the sum of a description, which comes first, and its examples."""
    total: Vectors = shown.sum(0) + (DESCRIPTION_SHARE - 1) * shown[0]
    return total


def _embedded(subjects: Sequence[Subject], embed: Embed) -> tuple[Vectors, Vectors]:
    """Return the mean of unrelated research, shape (d,), and the subjects' own words, shape (subjects, d)."""
    unrelated = files("triage").joinpath("background.txt").read_text("utf-8").splitlines()
    told = [_words(subject) for subject in subjects]
    vectors = embed([*unrelated, *(text for texts in told for text in texts)])
    ends = np.cumsum([len(unrelated), *(len(texts) for texts in told)])
    described = [vectors[start:end].sum(0) / max(end - start, 1) for start, end in pairwise(ends)]
    background: Vectors = vectors[: len(unrelated)].mean(0)
    return background, unit(np.array(described, np.float32).reshape(-1, len(background)))


def _words(subject: Subject) -> list[str]:
    """Return what a subject says of itself: its name, its name with its description, its keywords."""
    described = f"{subject.name}. {subject.description}" if subject.description else ""
    return [text for text in (subject.name, described, ", ".join(subject.keywords)) if text]


def _shrunk(background: Vectors, means: Sequence[Vectors]) -> Vectors:
    """Return the centre of subjects' means, the background counting as a few of them."""
    total = np.sum([_BACKGROUND_SHARE * background, *means], axis=0)
    centre: Vectors = (total / (_BACKGROUND_SHARE + len(means))).astype(np.float32)
    return centre


def _mean(examples: Sequence[Example]) -> Vectors:
    mean: Vectors = np.mean([one.vector for one in examples], axis=0, dtype=np.float32)
    return mean


def _terms(subjects: Sequence[Subject], examples: Sequence[Sequence[Example]]) -> Vectors:
    columns = np.zeros((BUCKETS, len(subjects)), np.float32)
    for place, (subject, own) in enumerate(zip(subjects, examples, strict=True)):
        prose = vector(f"{subject.name}. {subject.description}")
        described = prose + _KEYWORDS_BESIDE_PROSE * vector(" . ".join(subject.keywords))
        total = _TERMS_OF_DESCRIPTION * described
        for one in own:
            total += vector(f"{one.title}. {one.text}")
        columns[:, place] = unit(total)
    return columns
