"""One-sentence summaries beside those that people wrote: ``python -m benchmarks.summaries [SCITLDR] [--fit]``.

SCITLDR is a folder with ``corpus.jsonl.gz`` (``_id``, ``title``, ``text``) and ``summaries_human.jsonl.gz`` (``id``,
``split``, ``tldrs``); without it, that of the recorded data beside the checkout. ROUGE is the F1 of ``rouge-score``
with stems, the best of several human ones. Intervals are of 95 %, by a bootstrap over documents; the differences are
paired. ``--fit`` learns the weights again on ``train`` and prints them with what they give on ``dev``.
"""

import argparse
import gzip
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rouge_score.rouge_scorer import RougeScorer  # type: ignore[import-untyped]
from rouge_score.tokenizers import DefaultTokenizer  # type: ignore[import-untyped]

from benchmarks.lexrank import document_weights, lexrank
from benchmarks.summary_weights import Example, chosen_by, learned
from triage.sentences import sentences
from triage.summaries import extract

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "data" / "search" / "scitldr"
METRICS = ("rouge1", "rouge2", "rougeL")
RESAMPLES = 10_000
BASELINES = ("first sentence", "last sentence", "LexRank")

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Document:
    """An abstract and what people made of it."""

    title: str
    text: str
    references: tuple[str, ...]


class _Stems:
    """The tokenizer of ``rouge-score``, asked once for each text."""

    def __init__(self) -> None:
        self.tokenize = cache(DefaultTokenizer(use_stemmer=True).tokenize)


def read_lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_split(folder: Path, split: str) -> list[Document]:
    told = {row["_id"]: row for row in read_lines(folder / "corpus.jsonl.gz")}
    rows = (row for row in read_lines(folder / "summaries_human.jsonl.gz") if row["split"] == split)
    return [Document(told[row["id"]]["title"], told[row["id"]]["text"], tuple(row["tldrs"])) for row in rows]


def rouge_scorer() -> Callable[[str, Sequence[str]], Scores]:
    """Return what scores a summary: ROUGE-1, -2 and -L, each the best over the references."""
    scorer = RougeScorer(list(METRICS), tokenizer=_Stems())

    def score(summary: str, references: Sequence[str]) -> Scores:
        found = [scorer.score(reference, summary) for reference in references]
        return np.array([max(each[metric].fmeasure for each in found) for metric in METRICS])

    return score


def all_scored(documents: Sequence[Document]) -> Iterator[tuple[tuple[str, ...], Scores]]:
    """Yield the sentences of each document and their scores, one row a sentence."""
    score = rouge_scorer()
    for document in documents:
        found = sentences(document.text)
        yield found, np.array([score(sentence, document.references) for sentence in found])


def interval(values: Scores) -> Scores:
    """Return the 2.5th and 97.5th percentile of the mean, a column a metric, over resampled documents."""
    draws = np.random.default_rng(0).integers(0, len(values), size=(RESAMPLES, len(values)), dtype=np.int32)
    means = np.array([values[draw].mean(axis=0) for draw in draws])
    bounds: Scores = np.percentile(means, (2.5, 97.5), axis=0)
    return bounds


def shown(values: Scores) -> str:
    mean, (low, high) = values.mean(axis=0), interval(values)
    return "  ".join(
        f"{100 * m:6.2f} [{100 * a:6.2f}, {100 * b:6.2f}]" for m, a, b in zip(mean, low, high, strict=True)
    )


def measure(documents: Sequence[Document], known: Sequence[Document]) -> dict[str, Scores]:
    """Return the scores of every method, a row a document; ``known`` weigh the words for LexRank."""
    score, weights = rouge_scorer(), document_weights([document.text for document in known])
    rows: dict[str, list[Scores]] = {
        name: [] for name in (*BASELINES, "nightdesk", "oracle", "nightdesk, two sentences")
    }
    for document, (found, scores) in zip(documents, all_scored(documents), strict=True):
        rows["first sentence"].append(scores[0])
        rows["last sentence"].append(scores[-1])
        rows["LexRank"].append(scores[int(np.argmax(lexrank(found, weights)))])
        rows["oracle"].append(scores[int(np.argmax(scores.mean(axis=1)))])
        rows["nightdesk"].append(score(extract(document.title, document.text, most=1), document.references))
        rows["nightdesk, two sentences"].append(score(extract(document.title, document.text), document.references))
    return {name: np.array(found) for name, found in rows.items()}


def report(documents: Sequence[Document], scores: dict[str, Scores]) -> None:
    print(f"{len(documents)} abstracts; ROUGE F1 x 100, mean and 95 % interval")
    print(f"{'':28}{'ROUGE-1':>23}  {'ROUGE-2':>23}  {'ROUGE-L':>23}")
    for name, values in scores.items():
        print(f"{name:28}{shown(values)}")
    best = max(BASELINES, key=lambda name: float(scores[name].mean()))
    print(f"{f'ahead of {best}':28}{shown(scores['nightdesk'] - scores[best])}")
    shares = scores["nightdesk"].mean(axis=0) / scores["oracle"].mean(axis=0)
    print("share of the oracle: " + ", ".join(f"{m} {s:.3f}" for m, s in zip(METRICS, shares, strict=True)))


def report_speed(documents: Sequence[Document]) -> None:
    for most in (1, 2):
        started = time.perf_counter()
        made = [extract(document.title, document.text, most=most) for document in documents]
        seconds = time.perf_counter() - started
        count = np.mean([len(sentences(summary)) for summary in made])
        per_second = len(documents) / seconds
        print(f"at most {most}: {per_second:.0f} abstracts/s, {count:.2f} sentences a summary")


def fit(folder: Path) -> None:
    """Learn the weights on ``train``; print them and what they choose on ``dev``."""
    train, dev = (_examples(read_split(folder, split)) for split in ("train", "dev"))
    weights = learned(train)
    print(json.dumps(weights, indent=4))
    for name, examples in (("train", train), ("dev", dev)):
        means = np.mean([each.scores[chosen_by(weights, each)] for each in examples], axis=0)
        print(f"{name}: " + ", ".join(f"{m} {100 * s:.2f}" for m, s in zip(METRICS, means, strict=True)))


def _examples(documents: Sequence[Document]) -> list[Example]:
    pairs = zip(documents, all_scored(documents), strict=True)
    return [Example.of(document.title, found, scores) for document, (found, scores) in pairs]


def main() -> None:
    arguments = argparse.ArgumentParser(description="One-sentence summaries beside those that people wrote.")
    arguments.add_argument("folder", type=Path, nargs="?", default=RECORDED)
    arguments.add_argument("--split", default="test", choices=("test", "dev", "train"))
    arguments.add_argument("--fit", action="store_true", help="learn the weights again and print them")
    chosen = arguments.parse_args()
    if chosen.fit:
        fit(chosen.folder)
        return
    documents = read_split(chosen.folder, chosen.split)
    report(documents, measure(documents, read_split(chosen.folder, "train")))
    report_speed(documents)


if __name__ == "__main__":
    main()
