"""Whether a question can be answered, and what is cited: ``python -m benchmarks.ask DIR... [--first N] [--fit]``.

A DIR is a collection of the form that ``benchmarks.search`` reads. Every question is asked twice the way of
``nightdesk ask``: with its documents in the base, and with all of them, and whatever bears their titles, taken out;
then of the other collections, which are of other fields. Half of the questions, drawn by lot, serve to choose
thresholds (and, with ``--fit``, the weights of ``kb.evidence``); the figures are of the other half. Beside it stand the
cosine of the best hit and its BM25 score, each with the threshold that is best for it on the first half.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.search import Base, Collection, fill, interval, load, opened
from core.answers import Evidence
from kb.evidence import ENOUGH, Enquiry, Source
from kb.filters import Condition, Filter
from kb.query import as_text
from kb.words import search_words
from triage.sentences import sentences

SEED = 11
MEASURES = ("evidence (as shipped)", "words of it alone", "cosine of the best hit", "BM25 of the best hit")


@dataclass(frozen=True)
class Without(Filter):
    """Lets everything through but the documents that were taken out."""

    gone: tuple[str, ...] = ()

    def conditions(self) -> list[Condition]:
        """Return the condition on the ``items`` table."""
        return [("id NOT IN (SELECT value FROM json_each(?))", (json.dumps(self.gone),))] if self.gone else []


@dataclass(frozen=True)
class Asked:
    """One question asked once: by how much every measure says that it can be answered, and what was cited."""

    name: str
    is_present: bool
    measures: Mapping[str, float]
    features: tuple[float, float]
    cited: tuple[str, ...]
    hits: tuple[str, ...]


class Desk:
    """One collection, ready to be asked."""

    def __init__(self, base: Base, collection: Collection) -> None:
        """Ask the base, which holds the collection's documents."""
        self.base, self.collection = base, collection
        self.enquiry = Enquiry(base.store, base.index, lambda: base.embedder, sentences)
        self.titles: dict[str, list[str]] = {}
        for row in collection.documents:
            self.titles.setdefault(row.get("title", "").lower(), []).append(row["_id"])
        self.title_of = {row["_id"]: row.get("title", "").lower() for row in collection.documents}

    def documents_of(self, name: str) -> tuple[str, ...]:
        """Return what is relevant to a question, and whatever bears the same title."""
        return tuple(other for one in self.collection.relevant[name] for other in self.titles[self.title_of[one]])

    def ask(self, name: str, question: str, gone: tuple[str, ...], *, is_present: bool) -> Asked:
        """Ask one question, with some documents taken out."""
        wanted = Without(gone=gone)
        found = self.enquiry.look(question, wanted)
        best = found.sources[0] if found.sources else None
        told = self.enquiry.evidence(question, wanted) if is_present else Evidence(question)
        cited = tuple(dict.fromkeys(passage.item.id for said in told.extract for passage in said.passages))
        hits = tuple(source.item.id for source in found.sources)
        features = (best.closeness or 0.0, best.cover) if best else (0.0, 0.0)
        return Asked(name, is_present, self._measures(question, best, gone), features, cited, hits)

    def _measures(self, question: str, best: Source | None, gone: Sequence[str]) -> dict[str, float]:
        with self.base.store.searching() as connection:
            scored = search_words(connection, as_text(question))
            names = dict(connection.execute("SELECT seq, id FROM items"))
        pairs = zip(scored.seqs.tolist(), scored.scores.tolist(), strict=True)
        left = [score for seq, score in pairs if names[seq] not in gone]
        strength = best.strength if best else 0.0
        cover, closeness = (best.cover, best.closeness or 0.0) if best else (0.0, 0.0)
        return dict(zip(MEASURES, (strength, cover, closeness, max(left, default=0.0)), strict=True))


def asked_of(desk: Desk, questions: Sequence[str]) -> list[Asked]:
    """Ask every question with its documents there, and with them taken out."""
    told = desk.collection.questions
    return [
        desk.ask(name, told[name], () if is_present else desk.documents_of(name), is_present=is_present)
        for name in questions
        for is_present in (True, False)
    ]


def truth(asked: Sequence[Asked]) -> NDArray[np.bool_]:
    return np.array([one.is_present for one in asked])


def by(measure: str, asked: Sequence[Asked]) -> NDArray[np.float64]:
    return np.array([one.measures[measure] for one in asked])


def balanced(asked: Sequence[Asked], measure: str, threshold: float) -> float:
    """Return the mean of the shares that are told rightly, of those that can and of those that cannot be answered."""
    said, is_there = by(measure, asked) >= threshold, truth(asked)
    return float((said[is_there].mean() + (~said)[~is_there].mean()) / 2)


def best_threshold(asked: Sequence[Asked], measure: str) -> float:
    values = np.unique(by(measure, asked))
    return float(max(values, key=lambda value: balanced(asked, measure, float(value))))


def report(name: str, first: Sequence[Asked], second: Sequence[Asked], strangers: Sequence[Asked]) -> None:
    print(f"{name}: {len(second) // 2} questions held out, {len(strangers)} of other fields")
    print(f"  {'':28}{'ROC AUC':>9}{'accuracy':>10}{'there, answered':>17}{'gone, refused':>15}{'other field':>13}")
    for measure in MEASURES:
        threshold = ENOUGH if measure == MEASURES[0] else best_threshold(first, measure)
        said, is_there = by(measure, second) >= threshold, truth(second)
        area = roc_auc_score(is_there, by(measure, second))
        refused = (by(measure, strangers) < threshold).mean() if strangers else float("nan")
        print(
            f"  {measure:28}{area:9.3f}{balanced(second, measure, threshold):10.3f}"
            f"{said[is_there].mean():17.3f}{(~said)[~is_there].mean():15.3f}{refused:13.3f}"
        )


def report_citations(desk: Desk, asked: Sequence[Asked]) -> None:
    """Print which share of what is cited is relevant, where the question is answered."""
    answered = [one for one in asked if one.is_present and one.cited]
    columns = {
        "cited": [one.cited for one in answered],
        "first cited": [one.cited[:1] for one in answered],
        "first hit": [one.hits[:1] for one in answered],
        "first two hits": [one.hits[:2] for one in answered],
        "first three hits": [one.hits[:3] for one in answered],
    }
    for name, lists in columns.items():
        right = [
            np.mean([found in desk.collection.relevant[one.name] for found in listed])
            for one, listed in zip(answered, lists, strict=True)
        ]
        print(f"  precision, {name:18}{interval(np.array(right))}   ({np.mean([len(one) for one in lists]):.2f} each)")


def fit(asked: Sequence[Asked]) -> None:
    """Print the weights of closeness, cover and bias that tell best what is there, and those of cover alone."""
    features = np.array([one.features for one in asked])
    for name, columns in (("closeness and cover", features), ("cover alone", features[:, 1:])):
        model = LogisticRegression(C=10).fit(columns, truth(asked))
        print(f"fitted on {name}: {model.coef_[0].round(2)}, bias {model.intercept_[0]:.2f}")


def shuffled(collection: Collection) -> list[str]:
    return [str(name) for name in np.random.default_rng(SEED).permutation(list(collection.questions))]


def main() -> None:
    arguments = argparse.ArgumentParser(description="When there is an answer, and what it cites.")
    arguments.add_argument("folders", type=Path, nargs="+")
    arguments.add_argument("--first", type=int, default=400, help="at most so many questions of each, drawn by lot")
    arguments.add_argument(
        "--base", type=Path, help="where to keep the bases, a folder each; else they are thrown away"
    )
    arguments.add_argument("--fit", action="store_true", help="print the weights fitted to the first halves")
    chosen = arguments.parse_args()
    collections = {folder.name: load(folder, None) for folder in chosen.folders}
    drawn = {name: shuffled(c) for name, c in collections.items()}
    for name, collection in collections.items():
        with opened(chosen.base / name if chosen.base else None) as base:
            fill(base, collection)
            desk = Desk(base, collection)
            half = min(chosen.first, len(drawn[name])) // 2
            first = asked_of(desk, drawn[name][:half])
            second = asked_of(desk, drawn[name][half : 2 * half])
            others = [(one, other) for other in collections if other != name for one in drawn[other][:half]]
            strangers = [
                desk.ask(one, collections[other].questions[one], (), is_present=False) for one, other in others
            ]
            report(name, first, second, strangers)
            report_citations(desk, second)
            if chosen.fit:
                fit(first)


if __name__ == "__main__":
    main()
