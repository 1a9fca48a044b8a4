"""What a team teaches changes the next night, and ``why`` shows it."""

import json
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from kb.clicks import About, Click, keep_click
from kb.store import Store
from nightdesk.named_item import names_an_item
from tests.nightdesk.conftest import FIRST, SAMPLE, SECOND, Cli, new_team, replay_night


@pytest.fixture
def morning(tmp_path: Path, model_cache: Path) -> Path:
    """The sample team's folder after its first night."""
    config = new_team(tmp_path, model_cache)
    replay_night(config, FIRST)
    return config


def verdicts_under(cli: Cli, config: Path, item_id: str, subject: str) -> list[dict[str, Any]]:
    told = json.loads(cli("why", item_id, "--config", config, "--json").out)
    return [verdict for verdict in told["verdicts"] if verdict["subject"] == subject and verdict["night"] == SECOND]


def vote(cli: Cli, config: Path, word: str, items: Iterable[str], subject: str) -> None:
    for number, item_id in enumerate(items):
        cli("feedback", item_id, word, "--subject", subject, "--config", config, "--as", f"reader {number}")


def kept_under(cli: Cli, config: Path, subject: str) -> list[dict[str, Any]]:
    shown = cli("items", "--config", config, "--subject", subject, "--decision", "kept", "--json")
    return list(json.loads(shown.out)["items"])


def test_votes_move_their_like_on_the_next_night_and_why_says_so(
    cli: Cli, morning: Path, tmp_path_factory: pytest.TempPathFactory, model_cache: Path
) -> None:
    silent = new_team(tmp_path_factory.mktemp("silent"), model_cache)
    for night in (FIRST, SECOND):
        replay_night(silent, night)
    liked = [row["id"] for row in kept_under(cli, morning, "reinforcement-learning")]
    vote(cli, morning, "down", liked, "reinforcement-learning")
    replay_night(morning, SECOND)
    rows = kept_under(cli, silent, "reinforcement-learning")
    before = {row["id"]: verdicts_under(cli, silent, row["id"], "reinforcement-learning") for row in rows}
    after = {row["id"]: verdicts_under(cli, morning, row["id"], "reinforcement-learning") for row in rows}
    lowered = [key for key in before if before[key] and after[key] and after[key][0]["score"] < before[key][0]["score"]]
    assert lowered
    assert any("not useful" in after[key][0]["reason"] for key in lowered)


def test_item_of_another_subject_is_not_told_under_it_again(cli: Cli, morning: Path) -> None:
    replay_night(morning, SECOND)
    wrong = kept_under(cli, morning, "safety")[0]["id"]
    vote(cli, morning, "wrong", [wrong], "safety")
    replay_night(morning, SECOND)
    assert wrong not in {row["id"] for row in kept_under(cli, morning, "safety")}
    withdrawn = cli("feedback", wrong, "--withdraw", "--config", morning, "--as", "reader 0")
    assert withdrawn.code == 0
    replay_night(morning, SECOND)
    assert wrong in {row["id"] for row in kept_under(cli, morning, "safety")}


def test_less_of_a_source_lowers_it_on_the_next_night_and_why_says_so(cli: Cli, team_on_eve: Path) -> None:
    replay_night(team_on_eve, SECOND)
    row = kept_under(cli, team_on_eve, "safety")[0]
    (before,) = verdicts_under(cli, team_on_eve, row["id"], "safety")
    store = Store(team_on_eve.parent / "var" / "nightdesk.db")
    with store.writing() as connection:
        for sighting, voter in product(row["sightings"], ("ada", "bo")):
            keep_click(
                connection, Click(About(voter, row["id"], "safety"), "less_of_source", 1, said=sighting["source"])
            )
    store.close()
    replay_night(team_on_eve, SECOND)
    (after,) = verdicts_under(cli, team_on_eve, row["id"], "safety")
    assert after["score"] < before["score"]
    assert "of which 2 readers want less" in after["reason"]


def with_examples(config: Path, *examples: str) -> None:
    text = config.read_text("utf-8")
    config.write_text(
        text.replace('slug = "safety"\n', f'slug = "safety"\nexamples = {json.dumps(examples)}\n'), "utf-8"
    )


def test_examples_pull_their_like_into_a_subject(cli: Cli, morning: Path) -> None:
    replay_night(morning, SECOND)
    rows = json.loads(cli("items", "--all", "--config", morning, "--json").out)["items"]
    strays = [row for row in rows if "safety" not in row["subjects"]]
    stray = next(row for row in strays if row["decision"] == "backlog")
    with_examples(morning, stray["url"], stray["title"])
    replay_night(morning, SECOND)
    told = json.loads(cli("why", stray["id"], "--config", morning, "--json").out)["subjects"]
    assert "safety" in {match["subject"] for match in told if match["band"] != "out"}


def test_item_of_the_night_itself_teaches_from_the_next_night_on(morning: Path) -> None:
    with_examples(morning, "arxiv:2610.11312")
    first = replay_night(morning, SECOND).markdown.read_bytes()
    assert replay_night(morning, SECOND).markdown.read_bytes() == first


@pytest.mark.parametrize("example", ["arxiv:2999.99999", "https://nowhere.example/typo"])
def test_example_that_is_nowhere_is_named(cli: Cli, morning: Path, example: str) -> None:
    with_examples(morning, example)
    checks = json.loads(cli("doctor", "--config", morning, "--json").out)["checks"]
    assert any(check["name"] == "examples" and example in check["what"] for check in checks)
    assert example in cli("run", "--config", morning, "--recording", SAMPLE / SECOND).err


@pytest.mark.parametrize("text", ["Toolformer", "基于强化学习的推理", "DreamerV3"])
def test_title_of_one_word_is_an_example_too(text: str) -> None:
    assert not names_an_item(text)


@pytest.mark.parametrize(
    "text", ["2610.11312", "arxiv:2610.11312", "https://a.example/b", "a.example/b", "hf:lumen/wick"]
)
def test_ids_and_addresses_name_items(text: str) -> None:
    assert names_an_item(text)


def test_more_than_twenty_examples_are_refused(cli: Cli, team: Path) -> None:
    many = ", ".join(f'"lamp {number}"' for number in range(21))
    text = team.read_text("utf-8").replace('slug = "safety"\n', f'slug = "safety"\nexamples = [{many}]\n')
    team.write_text(text, "utf-8")
    refused = cli("subjects", "--config", team)
    assert refused.code == 2
    assert "safety" in refused.err
    assert "examples" in refused.err
