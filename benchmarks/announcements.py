"""Announcements of arXiv, day by day, as candidates of subjects: read, embedded, their closeness calibrated."""

import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks.arxiv_papers import Paper, embedded, embedder
from core.judged import Match
from core.types import Item, Subject

Floats = NDArray[np.floating]
Places = NDArray[np.int64]
Truth = NDArray[np.bool_]


@dataclass(frozen=True)
class Announcements:
    """Papers with the day of the month on which each was first announced, and their unit vectors."""

    papers: tuple[Paper, ...]
    days: Places
    vectors: NDArray[np.float32]

    def of(self, subject: Subject) -> Truth:
        """Return which papers are listed in a category."""
        return np.array([subject.slug in paper.categories for paper in self.papers])

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """Return what each paper says."""
        return tuple(paper.text for paper in self.papers)

    def matches(self, subject: Subject, before: int) -> list[Match]:
        """Return each paper's match by the closeness to a description, calibrated on the days before one."""
        description = _described(f"{subject.name}. {subject.description}")
        closeness = (self.vectors @ description)[:, None]
        past = self.days < before
        model = LogisticRegression(C=100).fit(closeness[past], self.of(subject)[past])
        return [Match(subject.slug, float(score), "") for score in model.predict_proba(closeness)[:, 1]]


@cache
def _described(text: str) -> NDArray[np.float32]:
    vector: NDArray[np.float32] = embedder().embed([text])[0]
    return vector


def read(folder: Path) -> Announcements:
    """Return the announcements of a folder's files, each paper once."""
    first: dict[str, tuple[str, Paper]] = {}
    for row in _rows(folder):
        item = Item(row["id"], "paper", row["title"], row["url"], row["abstract"])
        told = (row["crawl_date"], Paper(item, tuple(row["categories"]), int(row["crawl_date"][:4])))
        first[item.id] = min(told, first.get(item.id, told), key=lambda one: one[0])
    ordered = [first[item_id] for item_id in sorted(first)]
    papers = embedded([paper for _, paper in ordered])
    return Announcements(papers.papers, np.array([int(day[-2:]) for day, _ in ordered]), _unit(papers.vectors))


def _rows(folder: Path) -> Iterator[dict[str, str]]:
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def dcg_share(order: Sequence[int] | Places, liked: Truth, depth: int) -> tuple[float, float]:
    """Return nDCG and precision of the first ``depth`` of an order, where what is liked gains one."""
    gains = liked[np.asarray(order)[:depth]]
    discounts = 1 / np.log2(np.arange(2, depth + 2))
    ideal = discounts[: min(depth, int(liked.sum()))].sum()
    return float(gains @ discounts[: len(gains)] / ideal), float(gains.mean())
