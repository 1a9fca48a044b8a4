"""A desk with as many kept stories as wanted, all invented, and its brief stage: ``python -m benchmarks.brief_desk``.

Run as a module it writes the briefs that are missing, as a night does, and prints what that took.
"""

import gc
import json
import random
import resource
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

from core.identity import content_hash
from core.judged import Story
from core.polls import Decided
from core.ports import silent
from core.types import Item, Night, Verdict
from kb import judgements
from kb.items import remember_items
from nightdesk.briefing import brief
from nightdesk.config import load_config
from nightdesk.models import Asking, open_model
from nightdesk.night_deps import NightDeps
from nightdesk.wiring import Desk, fan_out, network

NIGHT = Night(date(2031, 3, 14), datetime(2031, 3, 13, tzinfo=UTC), datetime(2031, 3, 14, 5, tzinfo=UTC))
_CONFIG = """
data_dir = "var"
timezone = "UTC"

[llm]
wire = "openai"
base_url = "{url}"
model = "MiniMax-M2"
price = {{ input = 0.3, output = 1.2, cache_read = 0.03 }}
nightly_budget_usd = 50.0
concurrency = {at_once}

[[subject]]
slug = "lamps"
name = "Lamps and lanterns"
description = "Lamps that burn longer: wicks, oils, glasses, and how they are trimmed and measured."
keywords = ["lamp", "wick"]
"""
_WHO = ("The keeper", "A trimmed wick", "The taller lantern", "Every second lamp", "This new oil", "Our burner")
_DOES = ("burns for", "lights the harbour over", "was measured on", "saves", "outlasts the old one by", "was kept for")
_WHAT = ("hours of the night", "metres of quay", "grams of oil", "nights in a row", "days at sea", "turns of the glass")
_WHY = ("because its glass is thin", "while nobody looks after it", "as the harbour's log shows", "without any smoke")


def make_desk(folder: Path, url: str, stories: int, at_once: int = 64) -> Path:
    """Fill a folder with a desk whose night keeps so many stories; return its configuration."""
    config = folder / "nightdesk.toml"
    config.write_text(_CONFIG.format(url=url, at_once=at_once), "utf-8")
    works = [_work(number) for number in range(stories)]
    told = [Story(work.id, (work.id,)) for work in works]
    verdicts = [Verdict(work.id, "lamps", "kept", 0.9, "it fits") for work in works]
    with Desk(load_config(config)).store.writing() as connection:
        remember_items(connection, [Decided(work, "news", content_hash(work)) for work in works], "Lamps", NIGHT.date)
        judgements.keep_shortlist(connection, NIGHT.date, verdicts, told)
    return config


def _work(number: int) -> Item:
    dice = random.Random(number)  # noqa: S311 - chosen anew by the same seed
    text = " ".join(_sentence(dice) for _ in range(14))
    address = f"https://lantern.example/{number}"
    return Item(address, "paper", f"Lamp {number}", address, text, published=NIGHT.now, announced=NIGHT.now)


def _sentence(dice: random.Random) -> str:
    parts = (dice.choice(_WHO), dice.choice(_DOES), str(dice.randrange(2, 900)), dice.choice(_WHAT), dice.choice(_WHY))
    return f"{' '.join(parts)}."


def write_briefs(config: Path) -> dict[str, float]:
    """Write what is missing; return how many the model wrote, the seconds, those of the processor, and MB."""
    desk = Desk(load_config(config))
    model, llm = open_model(desk, NIGHT.date), desk.settings.llm
    assert model
    assert llm
    with ThreadPoolExecutor(1) as pool:
        wire = network(desk.settings)
        deps = NightDeps(desk, wire, NIGHT, 1, fan_out, silent, pool, Future(), model, Asking(model, llm))
        started, cpu = time.perf_counter(), time.process_time()
        written = brief(deps)
        took, cpu = time.perf_counter() - started, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"model": written["model"], "seconds": took, "cpu": cpu, "peak": peak}


def count_briefs(config: Path) -> int:
    """Return how many stories have a brief by the model."""
    with Desk(load_config(config)).store.reading() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM briefs WHERE origin = 'model'").scalar_one())


if __name__ == "__main__":
    gc.set_threshold(200_000)  # as the command does
    sys.stdout.write(json.dumps(write_briefs(Path(sys.argv[1]))))
