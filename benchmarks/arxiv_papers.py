"""Papers of arXiv with their categories, as items of fifteen subjects: read, drawn as examples, embedded."""

import gzip
import json
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir

import numpy as np
from numpy.typing import NDArray

from core.identity import text_hash
from core.types import Item, Subject
from kb.embedder import Embedder
from kb.vector_rows import embedded_text
from triage.classify import Example, Vectors

Truth = NDArray[np.bool_]
Places = NDArray[np.int64]
KEPT = Path(gettempdir()) / "nightdesk-benchmarks"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as the archive lists it, its primary category first."""

    item: Item
    categories: tuple[str, ...]
    year: int

    @property
    def text(self) -> str:
        """What stands for its meaning."""
        return embedded_text(self.item.title, self.item.text)


@dataclass(frozen=True, slots=True)
class Papers:
    """Papers with their unit vectors, shape (papers, dimensions)."""

    papers: tuple[Paper, ...]
    vectors: Vectors

    def example(self, place: int) -> Example:
        """Return a paper as a positive example of its subject."""
        item = self.papers[place].item
        return Example(item.title, item.text, self.vectors[place], is_positive=True, item_id=item.id)

    def labels(self, slugs: Sequence[str]) -> Places:
        """Return the place of each paper's primary category among the subjects, -1 where it has none there."""
        places = {slug: place for place, slug in enumerate(slugs)}
        return np.array([places.get(paper.categories[0], -1) for paper in self.papers])

    def listed(self, slugs: Sequence[str]) -> Truth:
        """Return which subjects each paper is listed in, shape (papers, subjects)."""
        return np.array([[slug in paper.categories for slug in slugs] for paper in self.papers])


def read(path: Path) -> tuple[Paper, ...]:
    """Return the papers of a file of one JSON object a line, gzip or plain."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return tuple(_paper(json.loads(line)) for line in content.decode("utf-8").split("\n") if line)


def _paper(row: dict[str, str]) -> Paper:
    item = Item(row["id"], "paper", row["title"], f"https://arxiv.org/abs/{row['id']}", row["abstract"])
    first = row["primary_category"]
    return Paper(item, (first, *(name for name in row["categories"] if name != first)), int(row["created"][:4]))


def subjects() -> tuple[Subject, ...]:
    """Return the fifteen subjects, their slugs being the categories' names."""
    stated = tomllib.loads(Path(__file__).with_name("arxiv_subjects.toml").read_text("utf-8"))["subject"]
    return tuple(Subject(one["slug"], one["name"], one["description"], tuple(one["keywords"])) for one in stated)


def embedded(papers: Sequence[Paper]) -> Papers:
    """Return papers with vectors as the knowledge base keeps them; a temporary folder remembers them."""
    texts = [paper.text for paper in papers]
    kept = KEPT / f"{Embedder.name}-{text_hash(chr(0).join(texts))[:24]}.npy"
    if not kept.exists():
        KEPT.mkdir(exist_ok=True)
        np.save(kept, embedder().embed(texts).astype(np.float16))
    return Papers(tuple(papers), np.load(kept).astype(np.float32))


def embedder() -> Embedder:
    """Return the model that the product embeds with."""
    return Embedder(KEPT / "models")


def remembering(embed: Callable[[Sequence[str]], Vectors]) -> Callable[[Sequence[str]], Vectors]:
    """Return an ``embed`` that embeds each text once."""
    known: dict[str, Vectors] = {}

    def embed_new(texts: Sequence[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, embed(new), strict=True) if new else ())
        return np.stack([known[text] for text in texts])

    return embed_new


def draw(labels: Places, count: int, seed: int, *, subjects: int) -> list[Places]:
    """Return the places of ``count`` papers of each subject, fewer where there are fewer."""
    chance = np.random.default_rng(seed)
    own = [np.flatnonzero(labels == place) for place in range(subjects)]
    return [chance.permutation(places)[:count] for places in own]


def calibration_error(scores: NDArray[np.floating], truth: Truth, bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width (Guo and others, 2017)."""
    place = np.minimum((scores * bins).astype(int), bins - 1)
    parts = [place == one for one in range(bins) if (place == one).any()]
    return float(sum(part.mean() * abs(scores[part].mean() - truth[part].mean()) for part in parts))
