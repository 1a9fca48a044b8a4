"""What is one paper, one release, one story, with all ids hidden: ``python -m benchmarks.duplicates [DATA]``.

DATA is a folder of recorded data as beside the checkout. Papers are told by title, authors and abstract:

- revised: one arXiv record in two harvests, or two records of a numbered series;
- groups: one arXiv id met several times in the data, and the three nearest other papers (TF-IDF) of each paper.

The rule's weights were fitted on half of the ids (an even crc32); every figure is given for that half and the other.
A pair of different papers counts for the other half when neither id was fitted on. Baselines: equal titles, and the
best threshold of shared title words on the fitted half. Intervals are 95 %: Wilson's for shares, bootstrap for F1.
"""

import argparse
import gzip
import json
import math
import random
import re
import tempfile
import time
import tomllib
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from sklearn.feature_extraction.text import TfidfVectorizer

from core.identity import same_work
from core.papers import paper_text, plain_words, same_paper
from core.polls import Validators
from core.release_names import release_name
from core.sources import SourceSpec
from core.types import Item, Night
from feeds.answer import Document
from feeds.sources import rss
from kb.embedder import Embedder
from kb.vector_rows import embedded_text
from triage.near_duplicates import likely_copies
from triage.post_copies import telling_title
from triage.stories import stories

ROOT = Path(__file__).resolve().parents[1]
RECORDED = ROOT.parent / "shared" / "data"
RELEASE_PAIRS = ROOT / "tests" / "core" / "release_pairs.toml"
ANNOUNCEMENTS = ("dw-dengwei_2026-06", "wlsgur073_2026-06")
ONE_NIGHT, MORNING = "2026-06-12", "2026-06-12"
NEAREST, SAME_TOPIC = 3, 200
ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True, slots=True)
class Paper:
    """A record of a paper; ``id`` is never shown to a rule."""

    id: str
    title: str
    authors: tuple[str, ...]
    abstract: str


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, whether they are one paper, and whether the weights were fitted on any of their ids."""

    one: Paper
    other: Paper
    same: bool
    fitted: bool


Rule = Callable[[Pair], bool]


def is_fitted(paper_id: str) -> bool:
    return zlib.crc32(paper_id.encode()) % 2 == 0


def rows_of(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def revised_pairs(data: Path) -> list[Pair]:
    def paper(row: dict[str, Any], told: dict[str, Any]) -> Paper:
        return Paper(row["id"], told["title"], tuple(re.split(r",| and ", told["authors"])), told["abstract"])

    rows = rows_of(data / "arxiv" / "pairs" / "arxiv_versions.jsonl.gz")
    return [
        Pair(paper(row, row["a"]), paper(row, row["b"]), row["label"] == "same", is_fitted(row["id"])) for row in rows
    ]


def announced(data: Path) -> dict[tuple[str, str, int], Paper]:
    """Return every announcement by its file, day and row."""
    return {
        (f"arxiv/announcements/{name}.jsonl.gz", row["crawl_date"], row["row"]): Paper(
            row["id"], row["title"], tuple(row["authors"]), row["abstract"]
        )
        for name in ANNOUNCEMENTS
        for row in rows_of(data / "arxiv" / "announcements" / f"{name}.jsonl.gz")
    }


def group_pairs(data: Path, rows: dict[tuple[str, str, int], Paper]) -> Iterator[Pair]:
    """Yield the first record of each group with every other whose text is not the same, or else with the second."""
    for group in rows_of(data / "arxiv" / "duplicates" / "groups.jsonl.gz"):
        first, *others = (paper for member in group["members"] for paper in records(data, member, rows))
        varied = list(dict.fromkeys(other for other in others if other != first)) or others[:1]
        yield from (Pair(first, other, same=True, fitted=is_fitted(group["arxiv_id"])) for other in varied)


def records(data: Path, member: dict[str, Any], rows: dict[tuple[str, str, int], Paper]) -> Iterator[Paper]:
    if "rows" in member:
        yield from (rows[member["file"], day, row] for day, row in member["rows"])
    elif "index" in member:
        told = json.loads((data / member["file"]).read_text("utf-8"))[member["index"]]
        names = tuple(author["name"] for author in told["paper"]["authors"])
        yield Paper(told["paper"]["id"], told["title"], names, told["summary"])
    else:
        yield entry(data / member["file"], member["entry"])


def entry(path: Path, place: int) -> Paper:
    text = path.read_text("utf-8")
    body = json.loads(text)["body"] if path.suffix == ".json" else text
    told = ElementTree.fromstring(body).findall(f"{ATOM}entry")[place]  # noqa: S314 - a recorded answer of arXiv
    names = tuple(name.text or "" for name in told.iterfind(f"{ATOM}author/{ATOM}name"))
    return Paper("", told.findtext(f"{ATOM}title", ""), names, told.findtext(f"{ATOM}summary", ""))


def nearest_pairs(papers: Sequence[Paper]) -> list[tuple[float, Pair]]:
    """Return each paper's nearest other papers by TF-IDF of title and abstract, the most alike first."""
    texts = [f"{paper.title} {paper.title} {paper.abstract}" for paper in papers]
    matrix = TfidfVectorizer(sublinear_tf=True, min_df=2, stop_words="english").fit_transform(texts)
    found: dict[tuple[int, int], float] = {}
    for start in range(0, len(papers), 500):
        scores = (matrix[start : start + 500] @ matrix.T).toarray()
        for row, likeness in enumerate(scores, start):
            likeness[row] = -1
            for other in likeness.argpartition(-NEAREST)[-NEAREST:]:
                found[min(row, int(other)), max(row, int(other))] = float(likeness[other])
    ranked = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    return [(score, different(papers[one], papers[other])) for (one, other), score in ranked]


def random_pairs(papers: Sequence[Paper], count: int) -> list[Pair]:
    chance = random.Random(20260612)  # noqa: S311 - repeatable draws
    return [different(*chance.sample(papers, 2)) for _ in range(count)]


def different(one: Paper, other: Paper) -> Pair:
    return Pair(one, other, same=False, fitted=is_fitted(one.id) or is_fitted(other.id))


def by_rule(pair: Pair) -> bool:
    one, other = (paper_text(paper.title, paper.authors, paper.abstract) for paper in (pair.one, pair.other))
    return same_paper(one, other)


def by_equal_title(pair: Pair) -> bool:
    return plain_words(pair.one.title) == plain_words(pair.other.title)


def shared_title(pair: Pair) -> float:
    one, other = set(plain_words(pair.one.title)), set(plain_words(pair.other.title))
    return len(one & other) / max(len(one | other), 1)


def by_shared_title(pairs: Iterable[Pair]) -> tuple[float, Rule]:
    """Return the threshold of shared title words that is best on some pairs, and its rule."""
    shared = [(shared_title(pair), pair.same) for pair in pairs]
    least = max((n / 20 for n in range(21)), key=lambda least: f1(*counts((s >= least, same) for s, same in shared)))
    return least, lambda pair: shared_title(pair) >= least


def counts(told: Iterable[tuple[bool, bool]]) -> tuple[int, int, int]:
    """Return true merges, false merges and missed pairs of (merged, same)."""
    right = wrong = missed = 0
    for merged, same in told:
        right, wrong, missed = right + (merged and same), wrong + (merged and not same), missed + (same and not merged)
    return right, wrong, missed


def f1(right: int, wrong: int, missed: int) -> float:
    return 2 * right / max(2 * right + wrong + missed, 1)


def wilson(hits: int, count: int) -> tuple[float, float]:
    if not count:
        return 0.0, 1.0
    z, share = 1.96, hits / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    width = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(middle - width, 0.0), min(middle + width, 1.0)


def bootstrap(told: Sequence[tuple[bool, bool]], draws: int = 400) -> tuple[float, float]:
    chance = random.Random(7)  # noqa: S311 - repeatable draws
    scores = sorted(f1(*counts(chance.choices(told, k=len(told)))) for _ in range(draws))
    return scores[draws // 40], scores[-draws // 40 - 1]


def report(title: str, pairs: Sequence[Pair], rules: dict[str, Rule]) -> None:
    print(f"\n{title}: {sum(pair.same for pair in pairs)} same, {sum(not pair.same for pair in pairs)} different")
    halves = {
        "all": pairs,
        "fitted half": [p for p in pairs if p.fitted],
        "other half": [p for p in pairs if not p.fitted],
    }
    print(f"  {'':22}{'':13}{'precision':>22}{'recall':>24}{'F1':>24}   false, missed")
    for name, rule in rules.items():
        for half, chosen in halves.items():
            told = [(rule(pair), pair.same) for pair in chosen]
            right, wrong, missed = counts(told)
            shares = "  ".join(
                interval(hits / max(count, 1), wilson(hits, count))
                for hits, count in ((right, right + wrong), (right, right + missed))
            )
            score = interval(f1(right, wrong, missed), bootstrap(told))
            print(f"  {name:22}{half:13}{shares}  {score}   {wrong}, {missed}")


def interval(value: float, ends: tuple[float, float]) -> str:
    return f"{value:.4f} [{ends[0]:.4f}, {ends[1]:.4f}]"


def as_item(paper: Paper, item_id: str) -> Item:
    return Item(item_id, "paper", paper.title, "", paper.abstract, authors=paper.authors)


def report_candidates(pairs: Sequence[Pair], crowd: Sequence[Paper]) -> None:
    """Print how many true pairs the near-duplicate step would compare at all, among a crowd of other papers."""
    same = [pair for pair in pairs if pair.same]
    items = [as_item(pair.one, f"a{n}") for n, pair in enumerate(same)]
    items += [as_item(pair.other, f"b{n}") for n, pair in enumerate(same)]
    items += [as_item(paper, f"c{n}") for n, paper in enumerate(crowd)]
    started = time.perf_counter()
    likely = {(one.id, other.id) for one, other in likely_copies(items)}
    took = time.perf_counter() - started
    found = sum((f"a{n}", f"b{n}") in likely for n in range(len(same)))
    print(f"\nnear-duplicate step among {len(items)} records: {len(likely)} pairs to compare, {took:.2f} s")
    print(f"  true pairs among them: {found} of {len(same)} ({found / len(same):.4f})")


def report_night(night: Sequence[Paper], rules: dict[str, Rule]) -> None:
    closest = [pair for _, pair in nearest_pairs(night)][:SAME_TOPIC]
    print(f"\none night of {len(night)} papers, its {len(closest)} nearest pairs of different papers; false merges:")
    for name, rule in rules.items():
        print(f"  {name:22}{sum(map(rule, closest)):5}")
    pages = [as_item(paper, f"https://papers.example/{n}") for n, paper in enumerate(night)]
    by_work = sum(
        same_work(as_item(p.one, "https://a.example"), as_item(p.other, "https://b.example")) for p in closest
    )
    print(f"  {'same_work, as pages':22}{by_work:5}")
    print(f"  stories of all of them as pages of the web: {len(stories(pages, {}))} of {len(pages)}")
    known = [as_item(paper, f"arxiv:{paper.id}") for paper in night]
    print(f"  stories of all of them with their ids: {len(stories(known, {}))} of {len(known)}")


def report_other_nights(nights: dict[str, list[Paper]]) -> None:
    """Print the same of every other night, of which some repeat the papers of a Friday."""
    false = {day: sum(by_rule(pair) for _, pair in nearest_pairs(told)[:SAME_TOPIC]) for day, told in nights.items()}
    print(f"  the other nights: {', '.join(f'{day} {count}' for day, count in sorted(false.items()))}")


def report_releases() -> None:
    pairs = tomllib.loads(RELEASE_PAIRS.read_text("utf-8"))
    print(f"\nrelease names: {len(pairs['same'])} pairs of one release, {len(pairs['different'])} of two")

    def title(name: str) -> frozenset[str]:
        return frozenset(plain_words(name.rsplit("/", 1)[-1]))

    rules: dict[str, Callable[[str, str], bool]] = {
        "core.release_names": lambda one, other: release_name(one) == release_name(other),
        "equal words": lambda one, other: title(one) == title(other),
        "half the words": lambda one, other: len(title(one) & title(other)) >= 0.5 * len(title(one) | title(other)),
    }
    for name, rule in rules.items():
        merged = sum(rule(*pair) for pair in pairs["same"])
        false = sum(rule(*pair) for pair in pairs["different"])
        share = interval(merged / len(pairs["same"]), wilson(merged, len(pairs["same"])))
        print(f"  {name:22}merged {share}   false merges {false}")


def posts_of(data: Path) -> list[Item]:
    now = datetime.fromisoformat(MORNING).replace(tzinfo=UTC)
    posts: dict[str, Item] = {}
    for path in sorted((data / "feeds" / "ai-blogs" / MORNING).glob("*.xml")):
        address = f"https://blogs.example/{path.name}"
        document = Document(address, "application/xml", path.read_bytes(), Validators())
        spec = SourceSpec("rss", path.stem, rss.Options(address))
        posts.update((item.id, item) for item in rss.read(document, spec, Night(now.date(), now, now)).items)
    return list(posts.values())


def report_posts(data: Path) -> None:
    """Print which posts of a morning's feeds are told as one; only those with a title in common are embedded."""
    posts = posts_of(data)
    titled: dict[tuple[str, ...], list[Item]] = defaultdict(list)
    for post in posts:
        titled[tuple(re.findall(r"\w+", post.title.lower()))].append(post)
    doubtful = [post for likely in titled.values() if len(likely) > 1 for post in likely]
    with tempfile.TemporaryDirectory() as folder:
        vectors = Embedder(Path(folder)).embed([embedded_text(post.title, post.text) for post in doubtful])
    told = stories(posts, {post.id: vector for post, vector in zip(doubtful, vectors, strict=True)})
    several = [story for story in told if len(story.item_ids) > 1]
    listed = [json.loads(line) for line in (data / "feeds/ai-blogs" / f"cross_feed_duplicates_{MORNING}.jsonl").open()]
    true = {tuple(row["value"].split()) for row in listed if telling_title(row["value"])}
    titles = {post.id: tuple(re.findall(r"\w+", post.title.lower())) for post in posts}
    right = sum(titles[story.item_ids[0]] in true for story in several)
    print(f"\nposts of one morning: {len(posts)} posts, {len(doubtful)} with a title in common")
    print(f"  known double posts told as one: {right} of {len(true)}; other stories of several: {len(several) - right}")
    print(f"  baseline, equal titles: {sum(len(likely) > 1 for likely in titled.values())} stories of several")
    for story in several:
        print(f"    {' + '.join(story.item_ids)}")


def report_speed(papers: Sequence[Paper]) -> None:
    """Print how long stories take where one item in forty, or one in five, is a page that may be a copy of a paper."""
    print("\nspeed of stories:")
    for count, every in ((400, 40), (400, 5), (4000, 40), (4000, 5)):
        ids = (f"arxiv:{n}" if n % every else f"https://x.example/{n}" for n in range(count))
        items = [as_item(paper, item_id) for item_id, paper in zip(ids, papers, strict=False)]
        took = min(timed(partial(stories, items, {})) for _ in range(3))
        print(f"  {count:5} items, {count // every:4} of them pages: {1000 * took:.0f} ms")


def timed(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def main() -> None:
    arguments = argparse.ArgumentParser(description="What is one paper, one release, one story, with all ids hidden.")
    arguments.add_argument("data", type=Path, nargs="?", default=RECORDED)
    data = arguments.parse_args().data
    rows = announced(data)
    papers = list({paper.id: paper for paper in rows.values()}.values())
    revised, grouped = revised_pairs(data), list(group_pairs(data, rows))
    hard = [pair for _, pair in nearest_pairs(papers)]
    least, shared = by_shared_title(pair for pair in (*revised, *grouped, *hard) if pair.fitted)
    rules: dict[str, Rule] = {
        "same_paper": by_rule,
        "equal titles": by_equal_title,
        f"{least:.2f} of title words": shared,
    }
    report("revised papers and numbered series", revised, rules)
    report("groups and nearest other papers", [*grouped, *hard], rules)
    report("groups and random other papers", [*grouped, *random_pairs(papers, 5000)], rules)
    report("together, without random pairs", [*revised, *grouped, *hard], rules)
    report_candidates(revised, papers)
    nights: dict[str, dict[str, Paper]] = defaultdict(dict)
    for (name, day, _), paper in rows.items():
        if ANNOUNCEMENTS[0] in name:
            nights[day][paper.id] = paper
    report_night(list(nights[ONE_NIGHT].values()), rules)
    report_other_nights({day: list(told.values()) for day, told in nights.items() if day != ONE_NIGHT})
    report_releases()
    report_posts(data)
    report_speed(papers)


if __name__ == "__main__":
    main()
