"""Search of a collection with known answers: ``python -m benchmarks.search DIR [--first N] [--base FOLDER]``.

DIR holds ``corpus.jsonl[.gz]`` (_id, title, text), ``queries.jsonl[.gz]`` (_id, text) and ``qrels.tsv`` (query,
document, score; higher is better). The documents become items of a base, and the questions go the way of
``nightdesk search``. Beside it stand an independent BM25 (bm25s, stemmed by PyStemmer) and Chroma alone.
Gain is 2^score - 1; intervals are bootstrapped over the questions (95 %). A base that is kept is not embedded again.
"""

import argparse
import gzip
import json
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import bm25s
import chromadb
import numpy as np
import Stemmer
from numpy.typing import NDArray

from core.identity import content_hash
from core.polls import Decided
from core.types import Item
from kb.embedder import Embedder
from kb.index import Index
from kb.items import remember_items
from kb.meaning import question_vector
from kb.query import as_text
from kb.ranking import Ranker, Rule
from kb.search import Search
from kb.store import Store
from kb.vector_rows import load_vectors
from kb.vectors import embed_pending

DEPTH = 100
RULES: dict[str, Rule] = {
    "words alone": "words",
    "meaning alone": "meaning",
    "hybrid": "hybrid",
    "hybrid re-ranked (the default)": "reranked",
}
Ranked = list[list[str]]


@dataclass(frozen=True)
class Collection:
    """Documents, questions by id, and what is relevant to each."""

    documents: list[dict[str, Any]]
    questions: dict[str, str]
    relevant: Mapping[str, Mapping[str, float]]


def load(folder: Path, first: int | None) -> Collection:
    relevant: dict[str, dict[str, float]] = defaultdict(dict)
    for line in (folder / "qrels.tsv").read_text("utf-8").splitlines()[1:]:
        query, document, score = line.split("\t")[:3]
        if float(score) > 0:
            relevant[query][document] = float(score)
    asked = [row for row in lines(folder, "queries") if row["_id"] in relevant][:first]
    return Collection(list(lines(folder, "corpus")), {row["_id"]: row["text"] for row in asked}, relevant)


def lines(folder: Path, name: str) -> Iterator[dict[str, Any]]:
    packed = folder / f"{name}.jsonl.gz"
    with gzip.open(packed, "rt", encoding="utf-8") if packed.exists() else (folder / f"{name}.jsonl").open() as opened:
        yield from (json.loads(line) for line in opened if line.strip())


@dataclass(frozen=True)
class Base:
    """A base of the collection's documents; an item's id is the document's."""

    store: Store
    index: Index
    embedder: Embedder


@contextmanager
def opened(folder: Path | None) -> Iterator[Base]:
    with tempfile.TemporaryDirectory() as passing:
        place = folder or Path(passing)
        store = Store(place / "nightdesk.db")
        try:
            yield Base(store, Index(place / "chroma"), Embedder(place / "models"))
        finally:
            store.close()


def fill(base: Base, collection: Collection) -> None:
    with base.store.reading() as connection:
        present = connection.exec_driver_sql("SELECT count(*) FROM items").scalar_one()
    if not present:
        made = [
            Item(row["_id"], "paper", row.get("title", ""), "", row.get("text", "")) for row in collection.documents
        ]
        with base.store.writing() as connection:
            told = [Decided(item, "backlog", content_hash(item)) for item in made]
            remember_items(connection, told, "collection", date(2000, 1, 1))
    started = time.perf_counter()
    count = embed_pending(base.store, lambda: base.embedder, lambda _: None)
    if count:
        print(f"embedded {count} documents, {count / (time.perf_counter() - started):.0f} a second")
    base.index.drain(base.store)


def ranked(base: Base, questions: Sequence[str]) -> dict[str, Ranked]:
    """Rank for every question by every rule, as the search does; questions are read as text, without signs."""
    ranker, found = Ranker(base.index, lambda: base.embedder), {name: Ranked() for name in RULES}
    with base.store.searching() as connection:
        names: dict[int, str] = dict(connection.execute("SELECT seq, id FROM items"))
        for question in questions:
            query = as_text(question)
            vector = question_vector(base.embedder, query)
            for name, rule in RULES.items():
                best = ranker.rank(connection, query, limit=DEPTH, rule=rule, vector=vector)
                found[name].append([names[seq] for seq in best.seqs.tolist()])
    return found


def bm25s_alone(collection: Collection, questions: Sequence[str]) -> Ranked:
    stemmer = Stemmer.Stemmer("english")
    texts = [f"{row.get('title', '')} {row.get('text', '')}" for row in collection.documents]
    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stopwords="en", stemmer=stemmer, show_progress=False), show_progress=False)
    asked = bm25s.tokenize(list(questions), stopwords="en", stemmer=stemmer, show_progress=False)
    depth = min(DEPTH, len(texts))
    places, _ = index.retrieve(asked, k=depth, show_progress=False)
    return [[collection.documents[place]["_id"] for place in row] for row in places]


def chroma_alone(base: Base, collection: Collection, questions: Sequence[str]) -> Ranked:
    """Ask a plain Chroma collection of the same vectors, a question's first 256 tokens as its meaning."""
    ids = [row["_id"] for row in collection.documents]
    with base.store.searching() as connection:
        present, vectors = load_vectors(connection, ids)
    client = chromadb.EphemeralClient(chromadb.config.Settings(anonymized_telemetry=False))
    plain = client.create_collection("plain", metadata={"hnsw:space": "cosine"}, embedding_function=None)
    for start in range(0, len(present), 1000):
        plain.add(ids=present[start : start + 1000], embeddings=vectors[start : start + 1000])
    asked = base.embedder.embed(list(questions))
    found = [plain.query(query_embeddings=[vector], n_results=min(DEPTH, len(present)), include=[]) for vector in asked]
    return [answer["ids"][0] for answer in found]


def ndcg(found: Sequence[str], relevant: Mapping[str, float]) -> float:
    def discounted(scores: Sequence[float]) -> float:
        return float(sum((2**score - 1) / np.log2(place + 2) for place, score in enumerate(scores[:10])))

    best = discounted(sorted(relevant.values(), reverse=True))
    return discounted([relevant.get(name, 0.0) for name in found]) / best


def recall(found: Sequence[str], relevant: Mapping[str, float]) -> float:
    return len(relevant.keys() & set(found[:DEPTH])) / len(relevant)


def reciprocal_rank(found: Sequence[str], relevant: Mapping[str, float]) -> float:
    return next((1 / place for place, name in enumerate(found, 1) if name in relevant), 0.0)


MEASURES: dict[str, Callable[[Sequence[str], Mapping[str, float]], float]] = {
    "nDCG@10": ndcg,
    f"recall@{DEPTH}": recall,
    "MRR": reciprocal_rank,
}


def interval(values: NDArray[np.float64], draws: int = 2000) -> str:
    """Return the mean and the bounds of 95 of a hundred resamples of the questions."""
    chance = np.random.default_rng(7)
    means = [values[chance.integers(0, len(values), len(values))].mean() for _ in range(draws)]
    low, high = np.quantile(means, (0.025, 0.975))
    return f"{values.mean():.4f} [{low:.3f}, {high:.3f}]"


def report(collection: Collection, found: Mapping[str, Ranked]) -> None:
    print(f"{'':34}" + "".join(f"{name:>26}" for name in MEASURES))
    per_question: dict[str, NDArray[np.float64]] = {}
    for name, lists in found.items():
        judged = [
            (listed, collection.relevant[query]) for query, listed in zip(collection.questions, lists, strict=True)
        ]
        columns = [np.array([measure(*pair) for pair in judged]) for measure in MEASURES.values()]
        per_question[name] = columns[0]
        print(f"  {name:32}" + "".join(f"{interval(column):>26}" for column in columns))
    better = max(("words alone", "meaning alone"), key=lambda name: per_question[name].mean())
    for name in list(RULES)[2:]:
        print(f"  {name}, above {better}: {interval(per_question[name] - per_question[better])} nDCG@10")


def timed(base: Base, questions: Sequence[str]) -> None:
    """Print what one search takes, with its passages and history, in a process that has searched before."""
    search, took = Search(base.store, base.index, lambda: base.embedder), []
    for question in [questions[0], *questions[:200]]:
        started = time.perf_counter()
        search.find(question)
        took.append(1000 * (time.perf_counter() - started))
    median, slow = np.quantile(took[1:], (0.5, 0.95))
    words = int(np.median([len(question.split()) for question in questions]))
    print(f"one search, warm: {median:.1f} ms at the median, {slow:.1f} ms at p95 (questions of {words} words)")


def main() -> None:
    arguments = argparse.ArgumentParser(description="Search of a collection with known answers, beside baselines.")
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--first", type=int, help="only the first so many questions")
    arguments.add_argument("--base", type=Path, help="where to keep the base; else it is thrown away")
    chosen = arguments.parse_args()
    collection = load(chosen.folder, chosen.first)
    questions = list(collection.questions.values())
    print(f"{chosen.folder.name}: {len(collection.documents)} documents, {len(questions)} questions")
    with opened(chosen.base) as base:
        fill(base, collection)
        found = ranked(base, questions)
        found["BM25 (bm25s)"] = bm25s_alone(collection, questions)
        found["Chroma alone"] = chroma_alone(base, collection, questions)
        report(collection, found)
        timed(base, questions)


if __name__ == "__main__":
    main()
