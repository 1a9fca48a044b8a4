"""A recorded night beside what embedding its new items alone takes: ``python -m benchmarks.night [NIGHTS]``.

NIGHTS is a folder of recorded nights with a ``nightdesk.toml``; without it, the recorded nights beside the checkout, or
the bundled sample where there are none. The night before is run first, so that the base has a past. The baseline embeds
the measured night's new items, and nothing else, with the model loaded, in the same run.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

from sqlalchemy import select

from kb.embedder import Embedder
from kb.schema import items
from kb.store import Store
from kb.vectors import embedded_text
from nightdesk.config import load_config

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "nightdesk" / "sample"
RECORDED = ROOT.parent / "shared" / "data" / "nights"
RECORDED_NIGHT = "2026-06-12"


def run_night(config: Path, recording: Path) -> tuple[dict[str, object], float]:
    command = [sys.executable, "-m", "nightdesk", "run", "--config", str(config), "--json"]
    command += ["--recording", str(recording), "--night", recording.name]
    started = time.perf_counter()
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode == 2:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout), time.perf_counter() - started


def embed_news(data_dir: Path, night: str) -> tuple[int, float]:
    with Store(data_dir / "nightdesk.db").reading() as connection:
        statement = select(items.c.title, items.c.text).where(items.c.news_night == date.fromisoformat(night))
        texts = [embedded_text(row.title, row.text) for row in connection.execute(statement)]
    embedder = Embedder(data_dir / "models")
    started = time.perf_counter()
    embedder.embed(texts)
    return len(texts), time.perf_counter() - started


def nights_of(folder: Path, last: str | None) -> list[Path]:
    nights = sorted(path for path in folder.iterdir() if (path / "recording.jsonl").is_file())
    return [night for night in nights if last is None or night.name <= last][-2:]


def main() -> None:
    arguments = argparse.ArgumentParser(description="A recorded night beside embedding its new items alone.")
    arguments.add_argument("nights", type=Path, nargs="?", default=RECORDED if RECORDED.is_dir() else SAMPLE)
    arguments.add_argument("--night", help="the night to measure; the last one where none is named")
    chosen = arguments.parse_args()
    last = chosen.night or (RECORDED_NIGHT if chosen.nights == RECORDED else None)
    before, measured = nights_of(chosen.nights, last)
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "nightdesk.toml"
        shutil.copy(chosen.nights / "nightdesk.toml", config)
        run_night(config, before)
        report, seconds = run_night(config, measured)
        count, baseline = embed_news(load_config(config).data_dir, measured.name)
    stages = report["seconds"]
    assert isinstance(stages, dict)
    print(f"night of {measured.name}: {count} new items")
    print(f"  whole command                  {seconds:7.2f} s")
    print(f"  its stages                     {sum(stages.values()):7.2f} s   {stages}")
    print(f"  embedding its new items alone  {baseline:7.2f} s   {count / baseline:.0f} items/s")
    print(f"  ratio, whole command           {seconds / baseline:7.2f}")
    print(f"  ratio, stages                  {sum(stages.values()) / baseline:7.2f}")


if __name__ == "__main__":
    main()
