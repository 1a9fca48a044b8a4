"""What trends would be told of real nights, of the same papers at random, and of planted rises, beside a naive ratio.

``python -m benchmarks.trends [FOLDER] [--repeats N]``. FOLDER holds days of arXiv announcements (``*.jsonl.gz``); each
paper counts on the first day that lists it, under its file and primary category as source. Where papers are dealt to
nights at random within their source, nothing rises: the share of nights that tell anything is to be near the rate of
false trends asked for. The naive baseline tells the five highest ratios of at least two among phrases met four times.
"""

import argparse
import gzip
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from core.types import Item
from triage import trends
from triage.phrases import phrases
from triage.trends import FALSE_RATE, MIN_NIGHTS, MOST_TOLD, Sourced, rising

RECORDED = Path(__file__).resolve().parents[2] / "shared" / "data" / "arxiv" / "announcements"
PLANTED = "heathered lanternwork"
Nights = dict[date, list[Sourced]]
Teller = Callable[[date, Nights], Sequence[str]]
cached_phrases = cache(phrases)


def read(folder: Path) -> Nights:
    by_night: Nights = defaultdict(list)
    seen: set[str] = set()
    for path in sorted(folder.glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = sorted(map(json.loads, lines), key=lambda row: str(row["crawl_date"]))
        for row in rows:
            if row["id"] not in seen:
                seen.add(row["id"])
                paper = Item(row["id"], "paper", row["title"], row["url"], row["abstract"], tuple(row["authors"]))
                source = f"{path.stem} {row['primary_category']}"
                by_night[date.fromisoformat(row["crawl_date"])].append((source, paper))
    return dict(by_night)


def exact(night: date, by_night: Nights) -> list[str]:
    return [trend.term for trend in rising(night, by_night)]


def naive(night: date, by_night: Nights) -> list[str]:
    tonight, before = (Counter(_keys(by_night, day)) for day in (lambda d: d == night, lambda d: d < night))
    size = len(by_night[night]) / max(sum(len(told) for day, told in by_night.items() if day < night), 1)
    ratio = {key: count / max(before[key] * size, 0.5) for key, count in tonight.items() if count >= 4}
    return [key for key in sorted(ratio, key=lambda key: (-ratio[key], key)) if ratio[key] >= 2][:MOST_TOLD]


def _keys(by_night: Nights, is_meant: Callable[[date], bool]) -> list[str]:
    items = [item for day, told in by_night.items() if is_meant(day) for _, item in told]
    return [key for item in items for key in cached_phrases(item.title) | cached_phrases(item.text)]


def dealt(by_night: Nights, chosen: random.Random) -> Nights:
    """Return the nights with each source's papers dealt anew, as many to each night as before."""
    papers: dict[str, list[Item]] = defaultdict(list)
    for told in by_night.values():
        for source, item in told:
            papers[source].append(item)
    for items in papers.values():
        chosen.shuffle(items)
    return {day: [(source, papers[source].pop()) for source, _ in told] for day, told in sorted(by_night.items())}


def permuted(by_night: Nights, chosen: random.Random) -> Nights:
    """Return the nights in another order, each as it was."""
    days = sorted(by_night)
    return dict(zip(days, (by_night[day] for day in chosen.sample(days, len(days))), strict=True))


def planted(by_night: Nights, night: date, usual: int, tonight: int) -> Nights:
    """Return the nights with an invented term put in front of so many titles, of sources that have a past."""
    chosen = random.Random(f"{usual} {tonight}")  # noqa: S311 - repeatable
    plan = {day: tonight if day == night else usual for day in by_night if day <= night}
    nights = Counter(source for day in plan for source in {source for source, _ in by_night[day]})
    lasting = {source for source, count in nights.items() if count > MIN_NIGHTS}
    places = {day: [place for place, (source, _) in enumerate(by_night[day]) if source in lasting] for day in plan}
    marked = {day: set(chosen.sample(places[day], min(plan[day], len(places[day])))) for day in plan}
    return {
        day: [
            (source, replace(item, title=f"{PLANTED}: {item.title}") if place in marked[day] else item)
            for place, (source, item) in enumerate(by_night[day])
        ]
        for day in plan
    }


def share(tell: Teller, nights: Sequence[tuple[date, Nights]]) -> str:
    told = [len(tell(night, by_night)) for night, by_night in nights]
    return f"{sum(map(bool, told)) / len(told):6.2f} of nights tell any, {sum(told) / len(told):5.2f} a night"


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path, nargs="?", default=RECORDED)
    arguments.add_argument("--repeats", type=int, default=40, help="how many shuffles")
    chosen = arguments.parse_args()
    by_night = read(chosen.folder)
    days = sorted(by_night)[MIN_NIGHTS:]
    started = time.process_time()
    rising(days[-1], by_night)
    count = sum(map(len, by_night.values()))
    print(
        f"{count:,} papers, {len(by_night)} nights; the last takes {time.process_time() - started:.1f} s of processor"
    )
    vars(trends)["phrases"] = cached_phrases  # the same papers are dealt again and again
    for day in days:
        print(f"  {day} {len(by_night[day]):4} papers: exact {exact(day, by_night)}; naive {naive(day, by_night)}")
    report(by_night, days, chosen.repeats)


def report(by_night: Nights, days: Sequence[date], repeats: int) -> None:
    ways: dict[str, Callable[[Nights, random.Random], Nights]] = {
        "papers dealt to nights at random": dealt,
        "nights in another order": permuted,
    }
    print(f"the rate of false trends asked for is {FALSE_RATE}")
    for name, way in ways.items():
        shuffles = [random.Random(turn) for turn in range(repeats)]  # noqa: S311 - repeatable
        nights = [(days[turn % len(days)], way(by_night, chosen)) for turn, chosen in enumerate(shuffles)]
        print(f"{name}, {repeats} times\n  exact {share(exact, nights)}\n  naive {share(naive, nights)}")
    print(f"an invented term, usually in 2 papers of a night, is told on this many of {len(days)} nights")
    for tonight in (4, 6, 9, 12, 15, 20):
        nights = [(day, planted(by_night, day, 2, tonight)) for day in days]
        found = [sum(PLANTED in " ".join(tell(*night)).lower() for night in nights) for tell in (exact, naive)]
        print(f"  {tonight:3} tonight: exact {found[0]}, naive {found[1]}")


if __name__ == "__main__":
    main()
