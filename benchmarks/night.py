"""A recorded night beside what embedding its new items alone takes: ``python -m benchmarks.night [NIGHTS]``.

NIGHTS is a folder of recorded nights with a ``nightdesk.toml``; without it, the recorded nights beside the checkout, or
the bundled sample where there are none. The night before is run first, so that the base has a past. Night and baseline
then take turns, each a process of its own from the same base; the figures are medians. Whole processes are compared
with each other, and the night's stages with embedding by a loaded model.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from nightdesk.config import load_config

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "nightdesk" / "sample"
RECORDED = ROOT.parent / "shared" / "data" / "nights"
RECORDED_NIGHT = "2026-06-12"


def timed(*command: str) -> tuple[dict[str, Any], float]:
    """Run a module of this project; return the JSON document that it printed and the seconds that it took."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", *command], check=False, capture_output=True, text=True)
    if not done.stdout:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout), time.perf_counter() - started


def run_night(config: Path, recording: Path) -> tuple[dict[str, Any], float]:
    night = ["--recording", str(recording), "--night", recording.name]
    return timed("nightdesk", "run", "--config", str(config), "--json", *night)


def nights_of(folder: Path, last: str | None) -> list[Path]:
    nights = sorted(path for path in folder.iterdir() if (path / "recording.jsonl").is_file())
    return [night for night in nights if last is None or night.name <= last][-2:]


def main() -> None:
    arguments = argparse.ArgumentParser(description="A recorded night beside embedding its new items alone.")
    arguments.add_argument("nights", type=Path, nargs="?", default=RECORDED if RECORDED.is_dir() else SAMPLE)
    arguments.add_argument("--night", help="the night to measure; the last one where none is named")
    arguments.add_argument("--repeats", type=int, default=3, help="how often both are run")
    chosen = arguments.parse_args()
    last = chosen.night or (RECORDED_NIGHT if chosen.nights == RECORDED else None)
    before, measured = nights_of(chosen.nights, last)
    nights, alone = [], []
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder) / "before"
        base.mkdir()
        shutil.copy(chosen.nights / "nightdesk.toml", base)
        run_night(base / "nightdesk.toml", before)
        for turn in range(chosen.repeats):
            copy = shutil.copytree(base, Path(folder) / str(turn))
            nights.append(run_night(copy / "nightdesk.toml", measured))
            data_dir = load_config(copy / "nightdesk.toml").data_dir
            alone.append(timed("benchmarks.embed_news", str(data_dir), measured.name))
    report(measured.name, nights, alone)


def report(night: str, nights: list[tuple[dict[str, Any], float]], alone: list[tuple[dict[str, Any], float]]) -> None:
    stages = {name: median(told["seconds"][name] for told, _ in nights) for name in nights[0][0]["seconds"]}
    in_stages = median(sum(told["seconds"].values()) for told, _ in nights)
    embedding = median(told["seconds"] for told, _ in alone)
    whole, baseline = (median(seconds for _, seconds in runs) for runs in (nights, alone))
    count = alone[0][0]["count"]
    print(f"night of {night}: {count} new items, medians of {len(nights)}")
    print(f"{'':33}{'the night':>12}{'embedding its new items alone':>32}{'ratio':>8}")
    for name, took, beside in (("whole process", whole, baseline), ("stages, the model loaded", in_stages, embedding)):
        print(f"  {name:31}{took:10.2f} s{beside:30.2f} s{took / beside:8.2f}")
    print(f"  stages: {', '.join(f'{name} {seconds:.2f}' for name, seconds in stages.items())}")


if __name__ == "__main__":
    main()
