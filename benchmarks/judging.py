"""Judging a night's items beside embedding them once: ``python -m benchmarks.judging [NIGHTS]``.

NIGHTS is a folder of recorded nights, as for ``benchmarks.night``. Both nights are run; the last one's news are then
embedded, sorted by subject, ranked and summarised once more in one process, every item, kept or not.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks.night import RECORDED, RECORDED_NIGHT, SAMPLE, nights_of, run_night
from kb import items as stored
from kb.engine import driver_of
from kb.novelty import familiar
from kb.vector_rows import embedded_text, load_vectors
from nightdesk.config import load_config
from nightdesk.lessons import matcher_of, taught_before, votes_with_items
from nightdesk.wiring import Desk
from triage.candidates import Evidence
from triage.relevance import shortlist
from triage.stories import stories
from triage.summaries import extract


def seconds(work: Callable[[], object], repeats: int) -> float:
    taken = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return median(taken)


def main() -> None:
    arguments = argparse.ArgumentParser(description="Judging a night's items beside embedding them once.")
    arguments.add_argument("nights", type=Path, nargs="?", default=RECORDED if RECORDED.is_dir() else SAMPLE)
    arguments.add_argument("--repeats", type=int, default=3)
    chosen = arguments.parse_args()
    nights = nights_of(chosen.nights, RECORDED_NIGHT if chosen.nights == RECORDED else None)
    with tempfile.TemporaryDirectory() as folder:
        config = Path(shutil.copy(chosen.nights / "nightdesk.toml", folder))
        for recording in nights:
            run_night(config, recording)
        measure(Desk(load_config(config)), nights[-1].name, chosen.repeats)


def measure(desk: Desk, name: str, repeats: int) -> None:
    with desk.store.reading() as connection:
        night = date.fromisoformat(name)
        news = {item.id: item for item in stored.news_of(connection, night)}
        ids, matrix = load_vectors(driver_of(connection), list(news))
        sightings = stored.sightings_of(connection, ids)
        vectors = dict(zip(ids, matrix, strict=True))
        matcher, subjects = matcher_of(desk, taught_before(desk, night)), desk.settings.subjects
        listed = [news[item_id] for item_id in ids]
        matches = matcher.classifier.match(listed, matrix, {})

        def rank() -> None:
            near = familiar(connection, ids, matrix, night)
            evidence = Evidence(matches, sightings, vectors, near, votes_with_items(connection))
            shortlist(subjects, news, stories(listed, vectors), evidence)

        texts = [embedded_text(item.title, item.text) for item in listed]
        embedding = seconds(lambda: desk.embedder.embed(texts), repeats)
        parts = {
            f"sorting by {len(subjects)} subjects": lambda: matcher.classifier.match(listed, matrix, {}),
            "stories and relevance": rank,
            "summaries of all": lambda: [extract(item.title, item.text) for item in listed],
        }
        taken = {part: seconds(work, repeats) for part, work in parts.items()}
    print(f"night of {name}: {len(listed)} items, medians of {repeats}")
    for part, took in {**taken, "judging, together": sum(taken.values())}.items():
        print(f"  {part:28}{took:8.2f} s{took / embedding:8.2f} of embedding them once ({embedding:.2f} s)")


if __name__ == "__main__":
    main()
