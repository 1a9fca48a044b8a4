"""Which subjects an item is of: closeness in meaning, shared terms, keywords, categories and the hints of its source.

What they say together is a probability, calibrated on subjects and papers that no team configured; readers' votes
correct it where it was wrong. Each item is matched by itself, so that neither the items beside it nor what a base
holds changes a match.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from core.identity import text_hash
from core.judged import Band, Match
from core.types import Item, Subject
from triage.calibration import CLEAR, NEAR, OUT, WEIGHTS
from triage.keywords import UNSPACED, Phrases, is_mostly_unspaced
from triage.match_evidence import ReadItem, Resemblance, Told, in_words, told
from triage.subject_model import Embed, Example, SubjectModel, Vectors, learn
from triage.terms import Buckets, as_written, terms, weighted

__all__ = ["Classifier", "Example", "Vectors", "classifier_key", "fit"]

VERSION = "4"
_WEIGHTS = np.array(WEIGHTS, np.float32)
_TITLE_CAP, _TEXT_CAP = 2, 3
# Log odds of what the papers of the calibration do not show: a team that names a category or a source means it.
_CATEGORY, _PRIMARY_CATEGORY = 0.7, 0.7
_SOURCE_HINT = 2.0
# A judgement: posts announce in other words than the papers of the calibration, which puts them too low.
_POST = 1.0
# A judgement: a keyword weighs more where the embedding cannot read the item or the subject.
_KEYWORD_ALONE = 2.0
# Enough for any release to be clearly of a subject about releases, however its card is worded.
_RELEASE = 6.0
# Where votes want an item's log odds; the ridge goes half the way for a single vote.
_VOTED_IN, _VOTED_OUT = 2.0, -6.0
_RIDGE = 1.0
_SHARED_TERMS, _SHARED_WEIGHT = 3, 0.01
_LIKE_AN_EXAMPLE = 0.4
_NEAREST = 3


@dataclass(frozen=True, slots=True)
class _Seen:
    """An item beside every subject: its centred meaning, terms and signals, shape (subjects, signals)."""

    item: Item
    meaning: Vectors
    terms: list[str]
    buckets: Buckets
    weights: Vectors
    plain: list[Told]
    signals: Vectors


@dataclass(frozen=True, slots=True)
class Classifier:
    """The subjects of a team and what is known of them."""

    subjects: tuple[Subject, ...]
    model: SubjectModel
    phrases: Phrases

    @classmethod
    def of(cls, subjects: Sequence[Subject], model: SubjectModel) -> "Classifier":
        """Return the classifier of subjects, in the order in which ``model`` knows them."""
        phrases = [phrase for subject in subjects for phrase in (*subject.keywords, *subject.not_words)]
        return cls(tuple(subjects), model, Phrases.of(phrases))

    def to_bytes(self) -> bytes:
        """Return what was learned, to be kept under ``classifier_key``; the same classifier gives the same bytes."""
        return self.model.to_bytes()

    @classmethod
    def from_bytes(cls, content: bytes, subjects: Sequence[Subject]) -> "Classifier":
        """Return the classifier that ``to_bytes`` wrote for the same subjects.

        Raises ValueError when it is damaged, or of another number of subjects.
        """
        model = SubjectModel.from_bytes(content)
        if len(model.shares) != len(subjects):
            raise ValueError("the kept subject model is of other subjects")
        return cls.of(subjects, model)

    def match(
        self, items: Sequence[Item], vectors: Vectors, hinted: Mapping[str, frozenset[str]]
    ) -> dict[str, tuple[Match, ...]]:
        """Return by id the subjects that each item fits, best first, or the nearest one as ``out``.

        ``vectors`` are the items' unit vectors, shape (items, dimensions); ``hinted`` are, by id, the subjects that an
        item's sources are configured for.
        """
        nobody: frozenset[str] = frozenset()
        return {
            item.id: self._match(item, vector, hinted.get(item.id, nobody))
            for item, vector in zip(items, vectors, strict=True)
        }

    def signals(self, item: Item, vector: Vectors) -> Vectors:
        """Return what speaks for an item under each subject, shape (subjects, signals), as the calibration names it."""
        return self._see(item, vector, frozenset()).signals

    def log_odds(self, item: Item, vector: Vectors, hinted: frozenset[str] = frozenset()) -> Vectors:
        """Return the log odds that an item is of each subject, ``not`` words left out, shape (subjects,)."""
        return self._log_odds(self._see(item, vector, hinted))

    def _see(self, item: Item, vector: Vectors, hinted: frozenset[str]) -> _Seen:
        read, meaning = ReadItem.of(item, self.phrases), _meaning(self.model, f"{item.title}. {item.text}", vector)
        plain = [told(read, subject, hinted) for subject in self.subjects]
        found = terms(f"{item.title}. {item.text}")
        buckets, weights = weighted(found)
        signals = _signals(self.model, meaning, weights @ self.model.terms[buckets], plain)
        return _Seen(item, meaning, found, buckets, weights, plain, signals)

    def _log_odds(self, seen: _Seen) -> Vectors:
        stated = np.array([_stated(plain) for plain in seen.plain], np.float32)
        named = np.array([bool(plain.in_title or plain.in_text) for plain in seen.plain], bool)
        blind = ~(self.model.readable & bool(seen.meaning.any()))
        judged = _POST * (seen.item.kind == "post") + _KEYWORD_ALONE * (named & blind)
        odds: Vectors = seen.signals @ _WEIGHTS + stated + judged + self.model.corrections @ seen.meaning
        return odds

    def _match(self, item: Item, vector: Vectors, hinted: frozenset[str]) -> tuple[Match, ...]:
        seen = self._see(item, vector, hinted)
        odds = zip(self._log_odds(seen).tolist(), seen.plain, strict=True)
        scores = [0.0 if plain.unwanted else _probability(one) for one, plain in odds]
        order = sorted(range(len(scores)), key=lambda place: (-scores[place], self.subjects[place].slug))
        fitting = [place for place in order if scores[place] >= OUT] or order[:1]
        return tuple(
            Match(self.subjects[place].slug, scores[place], self._evidence(seen, place), _band(scores[place]))
            for place in fitting
        )

    def _evidence(self, seen: _Seen, place: int) -> str:
        plain, subject = seen.plain[place], self.subjects[place]
        if plain.unwanted:
            return f"it mentions “{plain.unwanted}”, which {subject.name} leaves out"
        correction = float(self.model.corrections[place] @ seen.meaning)
        closeness = float(seen.signals[place, 1])
        like = Resemblance(closeness / NEAR, self._shared(seen, place), self._example(seen, place), correction)
        return in_words(plain, like)

    def _shared(self, seen: _Seen, place: int) -> tuple[str, ...]:
        """Return the terms that an item shares with a subject's own words most, its keywords left out.

        Pairs of signs of unspaced scripts are no words, and are not shown.
        """
        subject = self.subjects[place]
        own = _terms_of((subject.name, subject.description)) - _terms_of(subject.keywords)
        worth = seen.weights * self.model.terms[seen.buckets, place]
        ranked = np.argsort(-worth, kind="stable")
        shared = [seen.terms[i] for i in ranked if worth[i] >= _SHARED_WEIGHT and seen.terms[i] in own]
        telling = [term for term in shared if not UNSPACED.search(term)]
        return tuple(as_written(term, f"{seen.item.title}. {seen.item.text}") for term in telling[:_SHARED_TERMS])

    def _example(self, seen: _Seen, place: int) -> str:
        """Return the title of the subject's example that an item is like, or nothing: no item is like itself."""
        own = self.model.own(place)
        itself = (self.model.shown_ids[own] == seen.item.id) | (self.model.shown_titles[own] == seen.item.title)
        closeness = np.where(itself, -1.0, self.model.shown[own] @ seen.meaning)
        best = int(closeness.argmax())
        return str(self.model.shown_titles[own][best]) if closeness[best] >= _LIKE_AN_EXAMPLE else ""


def fit(subjects: Sequence[Subject], examples: Mapping[str, Sequence[Example]], embed: Embed) -> Classifier:
    """Return the classifier of subjects from their words and their examples by slug.

    ``embed`` turns texts into unit vectors, shape (texts, dimensions). What votes correct is learned by ridge
    regression on what is missing from the log odds of the voted items, so that votes which agree change nothing.
    """
    plain = Classifier.of(subjects, learn(subjects, examples, embed))
    corrections = plain.model.corrections.copy()
    for place, subject in enumerate(subjects):
        own = examples.get(subject.slug, ())
        if not all(one.is_positive for one in own):
            corrections[place] = _correction(plain, place, own)
    return replace(plain, model=replace(plain.model, corrections=corrections))


def _correction(plain: Classifier, place: int, examples: Sequence[Example]) -> Vectors:
    """Return what votes add to a subject's log odds along centred meanings, shape (dimensions,)."""
    from sklearn.linear_model import Ridge

    alone = Classifier.of(plain.subjects[place : place + 1], plain.model.only(place))
    missing = [_missing(float(alone.log_odds(_as_item(one), one.vector)[0]), one) for one in examples]
    meanings = np.stack([plain.model.readable[place] * _meaning(plain.model, one.text, one.vector) for one in examples])
    learned: Vectors = Ridge(alpha=_RIDGE, fit_intercept=False, solver="cholesky").fit(meanings, missing).coef_
    return learned


def _meaning(model: SubjectModel, text: str, vector: Vectors) -> Vectors:
    """Return the centred meaning of a text, zero where the embedding cannot read its script, shape (d,)."""
    found = model.centred(np.array(vector, np.float32))
    return np.zeros_like(found) if is_mostly_unspaced(text) else found


@cache
def _terms_of(keywords: tuple[str, ...]) -> frozenset[str]:
    return frozenset(terms(" . ".join(keywords)))


def _missing(odds: float, example: Example) -> float:
    return max(0.0, _VOTED_IN - odds) if example.is_positive else min(0.0, _VOTED_OUT - odds)


def _as_item(example: Example) -> Item:
    return Item("example", "paper", example.title, "", example.text)


def _signals(model: SubjectModel, meaning: Vectors, alike: Vectors, plain: Sequence[Told]) -> Vectors:
    """Return the signals in the calibration's order, shape (subjects, signals)."""
    in_title = np.array([min(len(one.in_title), _TITLE_CAP) for one in plain], np.float32)
    in_text = np.array([min(len(one.in_text), _TEXT_CAP) for one in plain], np.float32)
    learned, close = model.shares * model.readable * bool(meaning.any()), model.directions @ meaning
    likeness = learned * _likeness(model, meaning)
    columns = (np.ones_like(close), close, learned, likeness, alike, alike * learned, in_title, in_text)
    return np.stack(columns, 1).astype(np.float32)


def _likeness(model: SubjectModel, meaning: Vectors) -> Vectors:
    """Return the mean closeness to the nearest of each subject's description and examples, shape (subjects,)."""
    closeness = model.shown @ meaning
    nearest = [np.sort(closeness[model.own(place)])[-_NEAREST:].mean() for place in range(len(model.shares))]
    return np.array(nearest, np.float32)


def _stated(plain: Told) -> float:
    """Return the log odds of what the team stated itself: categories, sources, releases."""
    return (
        _CATEGORY * bool(plain.categories)
        + _PRIMARY_CATEGORY * plain.is_primary
        + _SOURCE_HINT * plain.is_hinted
        + _RELEASE * plain.is_release
    )


def _probability(odds: float) -> float:
    return round(1 / (1 + math.exp(-min(max(odds, -30.0), 30.0))), 3)


def _band(score: float) -> Band:
    if score >= CLEAR:
        return "clear"
    return "uncertain" if score >= OUT else "out"


def classifier_key(subjects: Sequence[Subject], hints: Mapping[str, tuple[str, ...]], model: str) -> str:
    """Return the key of everything that a match depends on beside the item and the examples.

    ``hints`` are the subjects of sources by name, ``model`` names the embedding model.
    """
    return text_hash(f"{VERSION} {model} {list(subjects)!r} {sorted(hints.items())!r}")[:16]
