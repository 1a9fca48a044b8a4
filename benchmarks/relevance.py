"""Relevance beside plainer orders, on announcements of arXiv: ``python -m benchmarks.relevance [FOLDER]``.

FOLDER holds the announcements and ``--daily`` the community's daily papers. Three questions, for each an order by
closeness to the subject's description alone and the usual methods beside ours:

- *votes*: readers with an interest of their own within a subject (a topic told by words of title and abstract) vote on
  papers of the days before the ninth, half of them useful; how well are the days after it ordered for them?
- *spread*: what does a list of eight lose in relevance, and how alike are its papers? Likeness is that of words
  (TF-IDF), which none of the methods sees.
- *attention*: are the papers that the community puts forward on a day found, when its votes are hidden? Beside chance,
  whose share is that of the list.

Constants were chosen with readers of two subjects and on the days before the twelfth; the figures are of readers of
two others, and of the twelfth.
"""

import argparse
import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.announcements import Announcements, Floats, Places, Truth, read
from benchmarks.arxiv_papers import subjects
from benchmarks.readers import DEPTH, Task, report_votes, taste_alone
from core.earlier import Earlier, Familiar
from triage.diversity import spread
from triage.lifts import fit
from triage.novelty import novelty

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
CHOSEN_ON, REPORTED = ("cs.CV", "cs.AI"), ("cs.CL", "cs.LG")
REPORTED_DAY = 12


def by_mmr(weight: float) -> Callable[[Floats, Floats, int], Sequence[int]]:
    """Return the method of Carbonell and Goldstein (1998), the cost of closeness being ``weight`` in log odds."""

    def choose(worths: Floats, vectors: Floats, limit: int) -> Sequence[int]:
        closeness, kept = vectors @ vectors.T, [0]
        while len(kept) < min(limit, len(worths)):
            gains = worths - weight * closeness[:, kept].max(axis=1)
            gains[kept] = -np.inf
            kept.append(int(gains.argmax()))
        return kept

    return choose


SPREADS: dict[str, Callable[[Floats, Floats, int], Sequence[int]]] = {
    "the most relevant": lambda worths, _, limit: range(min(limit, len(worths))),
    **{f"MMR, weight {weight}": by_mmr(weight) for weight in (0.5, 1.0, 2.0, 4.0)},
    "ours": lambda worths, vectors, limit: spread(worths.tolist(), list(vectors), limit).kept,
}


def report_spread(told: Announcements, days: Sequence[int]) -> None:
    print(f"spread: {DEPTH} papers in each of four subjects, days {', '.join(map(str, days))}")
    print(f"  {'':20}{'log odds':>9}{'words alike':>13}{'most':>7}{'meaning alike':>15}{'most':>7}{'covers':>8}")
    words = TfidfVectorizer(stop_words="english", sublinear_tf=True, min_df=2).fit_transform(told.texts)
    chosen = [subject for subject in subjects() if subject.slug in CHOSEN_ON + REPORTED]
    lists = [(day, np.array([fit(match) for match in told.matches(one, min(days))])) for one in chosen for day in days]
    for name, method in SPREADS.items():
        rows = [_spread_row(told, words, method, on) for on in lists]
        odds, *rest = np.mean(rows, axis=0)
        alike = "".join(f"{x:>{width}.3f}" for x, width in zip(rest, (13, 7, 15, 7, 8), strict=True))
        print(f"  {name:20}{odds:>9.3f}{alike}")
    print()


def _spread_row(told: Announcements, words: Any, method: Any, on: tuple[int, Floats]) -> tuple[float, ...]:
    day, fits = on
    of_day = np.flatnonzero(told.days == day)
    places = of_day[np.argsort(-fits[of_day], kind="stable")][:100]
    kept = list(method(fits[places], told.vectors[places], DEPTH))
    by_words = (words[places] @ words[places].T).toarray()
    by_meaning = told.vectors[places] @ told.vectors[places].T
    chance = 1 / (1 + np.exp(-fits[places]))
    covers = float(by_words[kept].max(axis=0) @ chance / chance.sum())
    return float(fits[places][kept].mean()), *_alike(by_words, kept), *_alike(by_meaning, kept), covers


def _alike(closeness: Floats, kept: Sequence[int]) -> tuple[float, float]:
    pairs = closeness[np.ix_(kept, kept)][np.triu_indices(len(kept), 1)]
    return float(pairs.mean()), float(pairs.max())


def report_attention(told: Announcements, daily: Path) -> None:
    put_forward = {row["paper"]["id"] for row in json.loads(daily.read_text("utf-8"))}
    liked = np.array([paper.item.id in put_forward for paper in told.papers])
    day = np.flatnonzero(told.days == REPORTED_DAY)
    fits = np.max([[fit(m) for m in told.matches(one, REPORTED_DAY)] for one in subjects()], axis=0)[day]
    new = np.array([novelty(told.papers[place].item, _familiar(told, int(place))).size for place in day])
    voted, signs = _voted_before(told, liked)
    taught = taste_alone(Task(subjects()[0], fits, told.vectors[day], told.vectors[voted], signs))
    orders = {"closeness alone": fits, "ours, votes hidden": fits + new, "ours, taught": fits + new + taught}
    print(
        f"attention: {int(liked[day].sum())} papers that the community put forward, among {len(day)}; its votes hidden"
    )
    print(f"  taught: by {int((signs > 0).sum())} that it put forward of the days before, and as many others")
    for name, worths in orders.items():
        recalls = [(share, _recall(worths, liked[day], share)) for share in (0.1, 0.2, 0.4)]
        print(f"  {name:20}" + "".join(f"  in the first {share:.0%}: {recall:.2f}" for share, recall in recalls))


def _voted_before(told: Announcements, liked: Truth) -> tuple[Places, Floats]:
    past = told.days < REPORTED_DAY
    useful = np.flatnonzero(liked & past)
    others = np.random.default_rng(0).permutation(np.flatnonzero(~liked & past))[: len(useful)]
    return np.concatenate([useful, others]), np.repeat([1.0, -1.0], len(useful))


def _familiar(told: Announcements, place: int) -> Familiar:
    past = np.flatnonzero(told.days < told.days[place])
    if not len(past):
        return Familiar()
    nearest = past[int((told.vectors[past] @ told.vectors[place]).argmax())]
    paper, similarity = told.papers[nearest].item, float(told.vectors[nearest] @ told.vectors[place])
    return Familiar(Earlier(paper.id, paper.title, similarity, date(2026, 6, int(told.days[nearest]))))


def _recall(worths: Floats, there: Truth, share: float) -> float:
    first = np.argsort(-worths, kind="stable")[: round(share * len(there))]
    return float(there[first].sum() / there.sum())


def main() -> None:
    arguments = argparse.ArgumentParser(description="Relevance beside plainer orders, on announcements of arXiv.")
    arguments.add_argument("folder", type=Path, nargs="?", default=SHARED / "arxiv" / "announcements")
    daily = SHARED / "apis" / "huggingface" / "daily_papers_2026-06-12.json"
    arguments.add_argument("--daily", type=Path, default=daily, help="the community's daily papers")
    chosen = arguments.parse_args()
    told = read(chosen.folder)
    print("constants were chosen on this:")
    report_votes(told, CHOSEN_ON)
    report_spread(told, (8, 9, 10, 11))
    print("not on this:")
    report_votes(told, REPORTED)
    report_spread(told, (REPORTED_DAY,))
    report_attention(told, chosen.daily)


if __name__ == "__main__":
    main()
