"""Simulated readers with an interest of their own within a subject, who vote on some days and read on later ones.

An interest is a topic told by words of title and abstract, which no method is given. Half of a reader's votes say that
an item was useful.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression

from benchmarks.announcements import Announcements, Floats, Places, Truth, dcg_share
from benchmarks.arxiv_papers import subjects
from core.types import Opinion, Subject, Vote
from triage.lifts import fit
from triage.taste import Taste, Voted

VOTES, SEEDS, DEPTH = (0, 1, 5, 20, 100), 3, 8
FIRST_DAY, LAST_DAYS = 9, (9, 10, 11, 12, 15)
INTERESTS = {
    "agents": r"\bagent",
    "medicine": r"medical|clinical|patient|health",
    "speech": r"speech|audio|voice",
    "three dimensions": r"\b3D\b|gaussian splat|point cloud|nerf",
    "video": r"video",
    "efficiency": r"quanti[sz]|pruning|inference cost|speculative|kv cache|sparse attention",
    "safety": r"jailbreak|red.team|alignment|harmful|unsafe",
    "robots": r"robot|embodied|manipulation|vision-language-action",
    "retrieval": r"retriev|\brag\b|search engine",
    "code": r"code generation|program repair|software engineer|\bcoding\b",
    "mathematics": r"mathematic|theorem|\bproof",
    "reinforcement learning": r"reinforcement learning|policy gradient|grpo",
    "translation": r"translation|multilingual|low-resource",
    "diffusion": r"diffusion",
    "graphs": r"graph neural|knowledge graph",
    "science": r"molecul|protein|chemistry|material|physics",
}


@dataclass(frozen=True, slots=True)
class Task:
    """One reader's candidates of one day, with what the reader voted on before; ``signs`` are 1 and -1."""

    subject: Subject
    fits: Floats
    candidates: Floats
    voted: Floats
    signs: Floats


Method = Callable[[Task], Floats]


def by_closeness(task: Task) -> Floats:
    return task.fits


def by_rocchio(task: Task) -> Floats:
    """Order by the mean of the useful ones less that of the others (Rocchio, 1971)."""
    liked, others = task.voted[task.signs > 0], task.voted[task.signs < 0]
    query = liked.mean(axis=0) if len(liked) else 0.0
    return task.candidates @ (query - (others.mean(axis=0) if len(others) else 0.0)) if len(task.voted) else task.fits


def by_regression(task: Task) -> Floats:
    if len(set(task.signs.tolist())) < 2:
        return task.fits
    model = LogisticRegression(C=10, class_weight="balanced", max_iter=500).fit(task.voted, task.signs)
    return np.asarray(model.decision_function(task.candidates))


def by_taste(task: Task) -> Floats:
    return task.fits + taste_alone(task)


def taste_alone(task: Task) -> Floats:
    opinions: dict[bool, Opinion] = {True: "useful", False: "not_useful"}
    at = datetime(2026, 6, 8, tzinfo=UTC)
    votes = [
        Voted(Vote(f"voted {place}", task.subject.slug, opinions[sign > 0], "reader", at), "", (), vector)
        for place, (vector, sign) in enumerate(zip(task.voted, task.signs, strict=True))
    ]
    ids = [f"candidate {place}" for place in range(len(task.candidates))]
    lifts = Taste(votes).lifts(task.subject.slug, dict(zip(ids, task.candidates, strict=True)))
    return np.array([lifts[item_id].size if lifts else 0.0 for item_id in ids])


METHODS: dict[str, Method] = {
    "closeness alone": by_closeness,
    "Rocchio": by_rocchio,
    "logistic regression": by_regression,
    "ours": by_taste,
    "ours, closeness left out": taste_alone,
}


def tasks(told: Announcements, subject: Subject, count: int) -> Iterator[tuple[Task, Truth]]:
    """Yield the readers' tasks with what each likes."""
    listed, matches = told.of(subject), told.matches(subject, FIRST_DAY)
    fits = np.array([fit(match) for match in matches])
    for pattern in INTERESTS.values():
        likes = _likes(told.texts, pattern)
        if not 0.03 < likes[listed].mean() < 0.35:
            continue
        for seed in range(SEEDS):
            voted = _voted(np.flatnonzero(listed & (told.days < FIRST_DAY)), likes, (count, seed))
            signs = np.where(likes[voted], 1.0, -1.0)
            for day in LAST_DAYS:
                places = np.flatnonzero(listed & (told.days == day))
                if len(places) >= 20 and likes[places].sum() >= 2:
                    task = Task(subject, fits[places], told.vectors[places], told.vectors[voted], signs)
                    yield task, likes[places]


@cache
def _likes(texts: tuple[str, ...], pattern: str) -> Truth:
    return np.array([len(re.findall(pattern, text, re.IGNORECASE)) >= 2 for text in texts])


def _voted(past: Places, likes: Truth, count_and_seed: tuple[int, int]) -> Places:
    count, seed = count_and_seed
    shuffled = np.random.default_rng(seed).permutation(past)
    liked = shuffled[likes[shuffled]][: (count + 1) // 2]
    return np.concatenate([liked, shuffled[~likes[shuffled]][: count - len(liked)]])


def report_votes(told: Announcements, slugs: Sequence[str]) -> None:
    print(f"votes: readers of {' and '.join(slugs)}, nDCG@{DEPTH} / precision@{DEPTH} of the days after")
    print(f"  {'':26}" + "".join(f"{count:>15} votes" for count in VOTES))
    chosen = [subject for subject in subjects() if subject.slug in slugs]
    found: dict[tuple[str, int], list[tuple[float, float]]] = {}
    for count in VOTES:
        for task, likes in (pair for subject in chosen for pair in tasks(told, subject, count)):
            for name, method in METHODS.items():
                order = np.argsort(-method(task), kind="stable")
                found.setdefault((name, count), []).append(dcg_share(order, likes, DEPTH))
    for name in METHODS:
        means = [np.mean(found[name, count], axis=0) for count in VOTES]
        print(f"  {name:26}" + "".join(f"{ndcg:>13.3f} / {precision:.3f}" for ndcg, precision in means))
    print(f"  {len(found['ours', 0]) // SEEDS} readers and days, {SEEDS} draws of votes each\n")
