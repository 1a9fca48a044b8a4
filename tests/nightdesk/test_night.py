import json
from pathlib import Path
from typing import Any

import pytest

from nightdesk.config import load_config
from tests.nightdesk.conftest import FIRST, SAMPLE, SECOND, Cli, replay_night


@pytest.fixture
def items(cli: Cli, lived: Path) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in json.loads(cli("items", "--config", lived, "--json").out)["items"]}


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {row["name"]: row["outcome"] for row in report["sources"]}


def test_both_nights_told_as_json(cli: Cli, team: Path) -> None:
    first = cli("run", "--config", team, "--recording", SAMPLE / FIRST, "--json")
    second = cli("run", "--config", team, "--recording", SAMPLE / SECOND, "--json")
    before, report = json.loads(first.out), json.loads(second.out)
    assert (first.code, second.code) == (0, 0)
    assert before["items"]["backlog"] > 0
    assert report["night"] == SECOND
    assert report["items"] == {"new": 58, "backlog": 1, "changed": 1, "known": 33}
    assert sum(row["new"] for row in report["sources"]) == 58
    assert outcomes(report)["Slackwater Digest"] == "throttled"
    assert outcomes(report)["Old Pier Notes"] == "gone"
    assert outcomes(report)["Quiet Harbour"] == "not_modified"
    assert outcomes(report)["Fenwick Seminar"] == "unchanged"
    assert all(row["why"] for row in report["sources"] if row["outcome"] not in ("new",))
    kept = report["subjects"]
    assert set(kept) == {subject.slug for subject in load_config(team).subjects}
    assert report["briefs"]["written"] == report["briefs"]["local"] > 0
    assert Path(report["digest"]["markdown"]).read_text("utf-8").startswith("#")
    assert "<html" in Path(report["digest"]["html"]).read_text("utf-8")
    assert set(report["seconds"]) == {
        "gather",
        "remember",
        "classify",
        "judge",
        "shortlist",
        "brief",
        "analyse",
        "compose",
        "deliver",
    }


def test_the_same_night_again_adds_and_tells_nothing(lived: Path) -> None:
    folder = load_config(lived).data_dir / "digests" / SECOND
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    report = replay_night(lived, SECOND)
    assert (report.counts.new, report.counts.backlog, report.counts.changed, report.counts.known) == (0, 0, 0, 0)
    assert report.briefs_written == 0
    assert {row.outcome for row in report.rows} == {"not_modified", "unchanged", "throttled", "gone"}
    assert all("not due before" in row.why for row in report.rows if row.outcome == "unchanged")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_a_paper_in_several_lists_is_one_item_with_every_sighting(items: dict[str, dict[str, Any]]) -> None:
    sources = [sighting["source"] for sighting in items["arxiv:2610.11204"]["sightings"]]
    assert sources == ["arXiv cs.AI", "arXiv cs.LG", "Hugging Face daily papers"]


def test_backlog_is_kept_but_no_news(cli: Cli, lived: Path, items: dict[str, dict[str, Any]]) -> None:
    everything = json.loads(cli("items", "--config", lived, "--all", "--json").out)["items"]
    backlog = [row for row in everything if row["decision"] == "backlog"]
    assert backlog
    assert not {row["id"] for row in backlog} & set(items)


def test_a_release_on_three_sites_and_its_post_are_one_story(cli: Cli, lived: Path) -> None:
    digest = json.loads(cli("digest", "--config", lived, "--json").out)
    told = [entry for section in digest["sections"] for entry in section["entries"] if entry["home"] is None]
    glimmer = [entry for entry in told if "glimmer-2-32b" in entry["title"].lower().replace(" ", "-")]
    assert len(glimmer) == 1
    assert {place["source"] for place in glimmer[0]["told_by"]} == {
        "Hugging Face models",
        "OpenRouter models",
        "Glimmer releases",
        "Lumenfield",
    }


def test_a_post_about_a_paper_is_told_with_it(cli: Cli, lived: Path) -> None:
    digest = json.loads(cli("digest", "--config", lived, "--json").out)
    gannet = [e for s in digest["sections"] for e in s["entries"] if e["title"].startswith("Gannet")]
    assert "Tidepool AI" in {place["source"] for place in gannet[0]["told_by"]}


def test_every_item_has_a_decision_with_a_reason(items: dict[str, dict[str, Any]]) -> None:
    assert len(items) == 58
    assert all(row["decision"] in ("kept", "dropped") and len(row["reason"]) > 15 for row in items.values())


def test_no_subject_keeps_more_stories_than_it_may(cli: Cli, lived: Path) -> None:
    limits = {subject.slug: subject.max_items for subject in load_config(lived).subjects}
    digest = json.loads(cli("digest", "--config", lived, "--json").out)
    assert all(0 <= len(section["entries"]) <= limits[section["subject"]] for section in digest["sections"])


def test_local_summaries_stand_word_for_word_in_their_source(cli: Cli, lived: Path) -> None:
    digest = json.loads(cli("digest", "--config", lived, "--json").out)
    entries = [e for s in digest["sections"] for e in s["entries"] if e["home"] is None and e["summary"]]
    assert len(entries) > 10
    assert {entry["origin"] for entry in entries} == {"local"}


def test_a_night_without_subjects_drops_everything_and_says_so(cli: Cli, team: Path) -> None:
    text = team.read_text("utf-8")
    head, sources = text.split("[[subject]]", 1)[0], text[text.index("[[source]]") :]
    team.write_text(head + sources, "utf-8")
    assert cli("run", "--config", team, "--recording", SAMPLE / FIRST, "--json").code == 0
    rows = json.loads(cli("items", "--config", team, "--json").out)["items"]
    assert {row["decision"] for row in rows} == {"dropped"}
    assert {row["reason"] for row in rows} == {"no subject is configured"}


def test_a_night_that_was_done_is_not_due(cli: Cli, lived: Path) -> None:
    again = cli("run", "--config", lived, "--recording", SAMPLE / SECOND, "--if-due")
    assert again.code == 0
    assert "nothing is due" in again.err
