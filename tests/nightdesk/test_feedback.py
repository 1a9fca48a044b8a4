"""Votes, and what was decided on an item: given, listed, withdrawn, shown."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.nightdesk.conftest import FIRST, Cli, new_team, replay_night


@pytest.fixture(scope="module")
def morning(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Path:
    """The sample team's folder after its first night; every test votes as somebody else."""
    config = new_team(tmp_path_factory.mktemp("morning"), model_cache)
    replay_night(config, FIRST)
    return config


def kept_row(cli: Cli, config: Path) -> dict[str, Any]:
    rows = json.loads(cli("items", "--config", config, "--decision", "kept", "--json").out)["items"]
    return next(row for row in rows if len(row["subjects"]) == 1)


def votes_of(cli: Cli, config: Path, voter: str) -> list[dict[str, str]]:
    given = json.loads(cli("feedback", "--config", config, "--json").out)["votes"]
    return [vote for vote in given if vote["voter"] == voter]


@pytest.mark.parametrize(("word", "opinion"), [("up", "useful"), ("down", "not_useful"), ("wrong", "wrong_subject")])
def test_vote_is_kept_under_the_subject_of_the_item(cli: Cli, morning: Path, word: str, opinion: str) -> None:
    row = kept_row(cli, morning)
    assert cli("feedback", row["id"], word, "--config", morning, "--as", word).code == 0
    (vote,) = votes_of(cli, morning, word)
    assert (vote["item_id"], vote["opinion"], [vote["subject"]]) == (row["id"], opinion, row["subjects"])


def test_address_names_the_item_too(cli: Cli, morning: Path) -> None:
    row = kept_row(cli, morning)
    assert cli("feedback", row["url"], "up", "--config", morning, "--as", "by-address").code == 0
    assert [vote["item_id"] for vote in votes_of(cli, morning, "by-address")] == [row["id"]]


def test_later_vote_takes_the_earlier_ones_place(cli: Cli, morning: Path) -> None:
    row = kept_row(cli, morning)
    for word in ("up", "down"):
        cli("feedback", row["id"], word, "--config", morning, "--as", "fickle")
    assert [vote["opinion"] for vote in votes_of(cli, morning, "fickle")] == ["not_useful"]


def test_withdrawn_vote_is_gone_and_cannot_be_withdrawn_again(cli: Cli, morning: Path) -> None:
    row = kept_row(cli, morning)
    cli("feedback", row["id"], "up", "--config", morning, "--as", "sorry")
    assert cli("feedback", row["id"], "--withdraw", "--config", morning, "--as", "sorry").code == 0
    assert votes_of(cli, morning, "sorry") == []
    again = cli("feedback", row["id"], "--withdraw", "--config", morning, "--as", "sorry")
    assert again.code == 2
    assert "no vote" in again.err


def test_item_without_a_subject_asks_for_one(cli: Cli, morning: Path) -> None:
    rows = json.loads(cli("items", "--config", morning, "--decision", "dropped", "--json").out)["items"]
    stray = next(row for row in rows if not row["subjects"])
    refused = cli("feedback", stray["id"], "up", "--config", morning)
    assert refused.code == 2
    assert "--subject" in refused.err
    assert cli("feedback", stray["id"], "up", "--subject", "safety", "--config", morning, "--as", "sure").code == 0
    assert [vote["subject"] for vote in votes_of(cli, morning, "sure")] == ["safety"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere:1", "up"], "nowhere:1"),
        (["nowhere:1"], "up, down or wrong"),
        (["--subject", "gardening"], "gardening"),
    ],
)
def test_wrong_use_is_named(cli: Cli, morning: Path, arguments: list[str], said: str) -> None:
    refused = cli("feedback", *arguments, "--config", morning)
    assert refused.code == 2
    assert said in refused.err


def test_why_tells_matches_verdicts_and_votes(cli: Cli, morning: Path) -> None:
    row = kept_row(cli, morning)
    cli("feedback", row["id"], "up", "--note", "read this one", "--config", morning, "--as", "curious")
    told = json.loads(cli("why", row["id"], "--config", morning, "--json").out)
    assert told["id"] == row["id"]
    assert told["verdicts"][0]["reason"] == row["reason"]
    assert {match["band"] for match in told["subjects"]} <= {"clear", "uncertain"}
    own = {"subject": told["subjects"][0]["subject"], "opinion": "useful", "voter": "curious", "note": "read this one"}
    assert own in told["votes"]
    shown = cli("why", row["id"], "--config", morning).out
    assert row["url"] in shown
    assert "useful in" in shown
    assert "read this one" in shown


def test_why_of_a_dropped_item_names_the_nearest_subject(cli: Cli, morning: Path) -> None:
    rows = json.loads(cli("items", "--config", morning, "--decision", "dropped", "--json").out)["items"]
    stray = next(row for row in rows if not row["subjects"])
    told = json.loads(cli("why", stray["id"], "--config", morning, "--json").out)
    assert [match["band"] for match in told["subjects"]] == ["out"]
    assert told["verdicts"][0]["subject"] is None
