"""The three recorded nights of 2026-06-11 to 13, with their own configuration."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from kb.minilm import onnx_file
from nightdesk.commands.night import report_json
from nightdesk.config import load_config
from nightdesk.night import NightReport
from tests.nightdesk.conftest import Cli, replay_night
from tests.shared_data import shared_data

NIGHTS = ("2026-06-11", "2026-06-12", "2026-06-13")
TROUBLE = {
    "Trouble: gone": "gone",
    "Trouble: busy": "throttled",
    "Trouble: down": "throttled",
    "Trouble: page": "failed",
    "Trouble: empty": "failed",
    "Trouble: missing": "failed",
}
ARXIV = ("arXiv cs.AI", "arXiv cs.CL", "arXiv cs.CV", "arXiv cs.LG")

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("recorded")
    shutil.copy(shared_data() / "nights" / "nightdesk.toml", folder)
    (folder / "var" / "models").mkdir(parents=True)
    onnx_file(model_cache)
    for part in model_cache.iterdir():
        (folder / "var" / "models" / part.name).hardlink_to(part)
    return folder / "nightdesk.toml"


@pytest.fixture(scope="module")
def reports(config: Path) -> dict[str, NightReport]:
    nights = shared_data() / "nights"
    return {night: replay_night(config, night, nights) for night in NIGHTS}


def rows(report: NightReport) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in report_json(report)["sources"]}


def test_old_posts_of_the_first_night_are_backlog(reports: dict[str, NightReport]) -> None:
    first = reports["2026-06-11"]
    told = rows(first)
    assert sum(told[name]["new"] for name in ARXIV) == 370
    assert first.counts.backlog > 2800
    assert first.counts.new - 370 < 10


def test_the_second_night_tells_what_is_new(reports: dict[str, NightReport]) -> None:
    told = rows(reports["2026-06-12"])
    assert sum(told[name]["new"] for name in ARXIV) == 376
    assert sum(told[name]["new"] + told[name]["known"] for name in ARXIV) == 518
    assert told["OpenRouter models"]["new"] == 9
    assert told["OpenRouter models"]["changed"] > 80
    assert told["Hugging Face daily papers"]["new"] == 15
    assert told["Hugging Face daily papers"]["known"] == 15
    assert sum(row["new"] for row in told.values() if row["kind"] == "rss") == 4
    assert told["Mistral AI News"]["outcome"] == "not_modified"


def test_arxiv_is_empty_by_schedule_on_saturday(reports: dict[str, NightReport]) -> None:
    told = rows(reports["2026-06-13"])
    assert {told[name]["outcome"] for name in ARXIV} == {"empty_by_schedule"}
    assert told["OpenRouter models"]["outcome"] == "not_modified"


@pytest.mark.parametrize("night", NIGHTS)
def test_trouble_has_its_true_outcome_and_stops_nothing(reports: dict[str, NightReport], night: str) -> None:
    told = rows(reports[night])
    assert {name: told[name]["outcome"] for name in TROUBLE} == TROUBLE
    assert all(told[name]["why"] for name in TROUBLE)
    assert f"{night} 07:00" in told["Trouble: busy"]["why"]
    assert f"{night} 09:00" in told["Trouble: down"]["why"]


def test_search_answers_as_a_researcher_would(cli: Cli, config: Path, reports: dict[str, NightReport]) -> None:
    assert reports
    shown = cli("search", "reward hacking in reinforcement learning", "--config", config, "--json", "--limit", 10)
    hits = json.loads(shown.out)["hits"]
    assert len(hits) == 10
    assert "hacking" in hits[0]["title"].lower()
    told = [f"{hit['title']} {hit['snippet']}".lower() for hit in hits]
    assert sum("reinforcement learning" in text or "reward" in text for text in told) >= 7


def test_subjects_keep_at_most_what_they_may(cli: Cli, config: Path, reports: dict[str, NightReport]) -> None:
    assert reports
    limits = {subject.slug: subject.max_items for subject in load_config(config).subjects}
    digest = json.loads(cli("digest", "--config", config, "--night", "2026-06-12", "--json").out)
    assert all(len(section["entries"]) <= limits[section["subject"]] for section in digest["sections"])
