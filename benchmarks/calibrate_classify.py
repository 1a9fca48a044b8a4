"""Derive the numbers of ``triage/calibration.py``: ``python -m benchmarks.calibrate_classify FILE``.

``FILE`` holds papers of many arXiv categories. Examples come from papers up to 2016, the weights are fitted on those of
2017; the bounds of the bands are read from those of 2018 with examples up to 2017. Later papers are not looked at.
With ``--announced FILE…`` of announced papers it counts the weights of terms, and writes them, first.
"""

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from benchmarks import arxiv_papers
from benchmarks.arxiv_papers import Papers, calibration_error, draw, embedded, read, remembering
from kb.vector_rows import embedded_text
from triage.calibration import CLEAR_PRECISION, OUT_RECALL_LOSS, SIGNALS
from triage.classify import fit
from triage.terms import BUCKETS, bucket, terms

Signals = NDArray[np.float32]
Truth = NDArray[np.bool_]
COUNTS, SUBJECTS, SEEDS = (0, 5, 20), (15, 3), (1, 2, 3)
ITEMS = 600


def signals_of_year(known: Papers, year: int, seed: int) -> Iterator[tuple[Signals, Truth]]:
    """Yield the signals of a year's papers, as many of the subjects as of none, and which pairs are right."""
    embed, chance = remembering(arxiv_papers.embedder().embed), np.random.default_rng(seed)
    years = np.array([paper.year for paper in known.papers])
    every = arxiv_papers.subjects()
    primary = known.labels([one.slug for one in every])
    for count in COUNTS:
        for many in SUBJECTS:
            stated = [every[place] for place in sorted(chance.permutation(len(every))[:many])]
            slugs = [one.slug for one in stated]
            labels = np.where(years < year, known.labels(slugs), -1)
            drawn = dict(zip(slugs, draw(labels, count, seed, subjects=many), strict=True))
            examples = {slug: [known.example(place) for place in own] for slug, own in drawn.items()}
            classifier = fit(stated, examples, embed)
            within, beside = (
                np.flatnonzero((years == year) & (primary >= 0)),
                np.flatnonzero((years == year) & (primary < 0)),
            )
            asked = np.concatenate([chance.permutation(within)[:ITEMS], chance.permutation(beside)[:ITEMS]])
            found = np.stack([classifier.signals(known.papers[i].item, known.vectors[i]) for i in asked])
            yield found.reshape(-1, len(SIGNALS)), known.listed(slugs)[asked].ravel()


def gathered(known: Papers, year: int) -> tuple[Signals, Truth]:
    """Return the signals and truth of a year over all draws."""
    pairs = [pair for seed in SEEDS for pair in signals_of_year(known, year, seed)]
    return np.concatenate([found for found, _ in pairs]), np.concatenate([right for _, right in pairs])


def count_terms(files: list[Path]) -> None:
    """Write the weights of terms, counted over papers by id."""
    texts: dict[str, str] = {}
    for path in files:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = [json.loads(line) for line in lines]
        texts |= {row["id"]: embedded_text(row["title"], row["abstract"]) for row in rows}
    counts = np.zeros(BUCKETS)
    for text in texts.values():
        counts[list({bucket(term) for term in terms(text)})] += 1
    weights = np.log((len(texts) + 1) / (counts + 0.5)).clip(0)
    np.save(Path(__file__).parents[1] / "triage" / "term_weights.npy", weights.astype(np.float16))
    print(f"{len(texts)} papers counted")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("file", type=Path)
    options.add_argument("--announced", type=Path, nargs="+", default=[])
    given = options.parse_args()
    if given.announced:
        count_terms(given.announced)
    known = embedded([paper for paper in read(given.file) if paper.year <= 2018])
    model = LogisticRegression(C=100, fit_intercept=False, max_iter=5000).fit(*gathered(known, 2017))
    print(f"SIGNALS = {SIGNALS}\nWEIGHTS = {tuple(round(float(one), 2) for one in model.coef_[0])}")
    found, right = gathered(known, 2018)
    scores = model.predict_proba(found)[:, 1]
    order = np.argsort(-scores)
    precision, recall = (np.cumsum(right[order]) / total for total in (np.arange(1, len(order) + 1), right.sum()))
    last = np.flatnonzero(precision >= CLEAR_PRECISION).max()
    out = float(np.quantile(scores[right], OUT_RECALL_LOSS))
    print(f"CLEAR = {scores[order[last]]:.2f}: precision {precision[last]:.3f}, recall {recall[last]:.3f}")
    at_out = int((scores >= out).sum()) - 1
    print(f"OUT = {out:.2f}: precision {precision[at_out]:.3f}, recall {recall[at_out]:.3f}")
    print(f"calibration error {calibration_error(scores, right):.4f}, {right.mean():.3f} of the pairs right")


if __name__ == "__main__":
    main()
