"""How well subjects are told apart: ``python -m benchmarks.classify --train FILE --test FILE [--examples 0,5,20]``.

Descriptions and k examples a subject from the one file, the papers of the other sorted; or one file split by the year
of ``--split-year``: earlier papers are the examples' source, those of that year and later are sorted. Prints top-1 and
any-listed accuracy, macro-F1, calibration error and items a second, averaged over draws of examples, beside naive
Bayes, an SVM, the nearest description and logistic regression, each with the same descriptions and examples.
Papers of other categories are left out. The calibration error is over every paper and subject; for the others, over
the probability that they give to each subject where they give one. Categories of papers are hidden from all, and
keywords are left out: a subject is its name and two sentences. Papers of both files are sorted by neither.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC

from benchmarks import arxiv_papers
from benchmarks.arxiv_papers import Papers, Places, calibration_error, draw, embedded, read, remembering
from core.types import Subject
from triage.classify import Vectors, fit

Scores = NDArray[np.floating]
Embed = Callable[[Sequence[str]], Vectors]
DRAWS = 5


@dataclass(frozen=True, slots=True)
class Task:
    """Subjects, one draw of examples by subject, and the papers to sort."""

    subjects: tuple[Subject, ...]
    train: Papers
    drawn: list[Places]
    test: Papers
    embed: Embed

    @property
    def described(self) -> list[str]:
        """What each subject says of itself."""
        return [f"{one.name}. {one.description}" for one in self.subjects]

    def texts(self) -> tuple[list[str], list[int]]:
        """Return the descriptions and examples with their subjects' places."""
        texts, labels = self.described, list(range(len(self.subjects)))
        for place, own in enumerate(self.drawn):
            texts += [self.train.papers[i].text for i in own]
            labels += [place] * len(own)
        return texts, labels


def nightdesk(task: Task) -> Scores:
    """Score through the product's own classifier."""
    examples = {
        subject.slug: [task.train.example(i) for i in own]
        for subject, own in zip(task.subjects, task.drawn, strict=True)
    }
    classifier = fit(task.subjects, examples, task.embed)
    items = [paper.item for paper in task.test.papers]
    odds = [classifier.log_odds(item, vector) for item, vector in zip(items, task.test.vectors, strict=True)]
    return np.asarray(1 / (1 + np.exp(-np.stack(odds))))


def naive_bayes(task: Task) -> Scores:
    """Score by multinomial naive Bayes on words."""
    words = CountVectorizer(stop_words="english")
    texts, labels = task.texts()
    model = MultinomialNB(alpha=0.1).fit(words.fit_transform(texts), labels)
    return np.asarray(model.predict_proba(words.transform([paper.text for paper in task.test.papers])))


def support_vectors(task: Task) -> Scores:
    """Score by a linear SVM on TF-IDF; its margins are no probabilities."""
    words = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    texts, labels = task.texts()
    model = LinearSVC().fit(words.fit_transform(texts), labels)
    return np.asarray(model.decision_function(words.transform([paper.text for paper in task.test.papers])))


def nearest_description(task: Task) -> Scores:
    """Score by the cosine between paper and description."""
    described = task.embed([f"{one.name}. {one.description}" for one in task.subjects])
    return np.asarray(task.test.vectors @ described.T)


def logistic_regression(task: Task) -> Scores:
    """Score by multinomial logistic regression on the same embeddings."""
    known = [task.embed([f"{one.name}. {one.description}" for one in task.subjects])]
    known += [task.train.vectors[own] for own in task.drawn]
    model = LogisticRegression(max_iter=1000).fit(np.concatenate(known), task.texts()[1])
    return np.asarray(model.predict_proba(task.test.vectors))


METHODS: dict[str, Callable[[Task], Scores]] = {
    "nightdesk": nightdesk,
    "naive Bayes": naive_bayes,
    "TF-IDF, linear SVM": support_vectors,
    "nearest description": nearest_description,
    "logistic regression": logistic_regression,
}
_PROBABLE = ("nightdesk", "naive Bayes", "logistic regression")


def measure(name: str, task: Task) -> tuple[float, float, float, float, float]:
    """Return top-1 and any-listed accuracy, macro-F1, calibration error (nan without probabilities) and seconds."""
    started = time.perf_counter()
    scores = METHODS[name](task)
    seconds = time.perf_counter() - started
    slugs = [subject.slug for subject in task.subjects]
    truth, listed, first = task.test.labels(slugs), task.test.listed(slugs), scores.argmax(1)
    macro = float(f1_score(truth, first, labels=range(len(slugs)), average="macro", zero_division=0))
    error = calibration_error(scores.ravel(), listed.ravel()) if name in _PROBABLE else float("nan")
    return float((first == truth).mean()), float(listed[np.arange(len(first)), first].mean()), macro, error, seconds


def report(train: Papers, test: Papers, counts: Sequence[int]) -> None:
    """Print a table for every number of examples."""
    stated = tuple(replace(one, keywords=()) for one in arxiv_papers.subjects())
    embed = remembering(arxiv_papers.embedder().embed)
    labels = train.labels([subject.slug for subject in stated])
    print(f"{len(train.papers)} papers to draw examples from, {len(test.papers)} to sort, {len(stated)} subjects")
    for count in counts:
        draws = [draw(labels, count, seed, subjects=len(stated)) for seed in range(DRAWS if count else 1)]
        print(f"\n{count} examples  {'':12}  top-1 ±spread  any-listed  macro-F1    ECE  items/s")
        for name in METHODS:
            measured = np.array([measure(name, Task(stated, train, drawn, test, embed)) for drawn in draws])
            top, listed, macro, error, seconds = measured.mean(0)
            spread = measured[:, 0].std()
            told = "    -" if np.isnan(error) else f"{error:5.3f}"
            speed = len(test.papers) / seconds
            print(
                f"  {name:22}  {top:5.3f} ±{spread:5.3f}  {listed:10.3f}  {macro:8.3f}  {told}  {speed:7.0f}",
                flush=True,
            )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--train", type=Path, required=True, help="papers to draw examples from")
    options.add_argument("--test", type=Path, help="papers to sort; left out, those of --train from --split-year on")
    options.add_argument("--split-year", type=int, help="the first year to sort")
    options.add_argument("--examples", default="0,5,20", help="how many examples a subject, by commas")
    given = options.parse_args()
    if (given.test is None) == (given.split_year is None):
        options.error("give either --test or --split-year")
    slugs = {subject.slug for subject in arxiv_papers.subjects()}
    train = [paper for paper in read(given.train) if paper.categories[0] in slugs]
    test = [paper for paper in read(given.test) if paper.categories[0] in slugs] if given.test else train
    if given.split_year:
        test = [paper for paper in train if paper.year >= given.split_year]
        train = [paper for paper in train if paper.year < given.split_year]
    known = {paper.item.id for paper in train}
    apart = [paper for paper in test if paper.item.id not in known]
    print(f"{len(test) - len(apart)} papers to sort are left out: they are among those to draw from")
    report(embedded(train), embedded(apart), [int(count) for count in given.examples.split(",")])


if __name__ == "__main__":
    main()
