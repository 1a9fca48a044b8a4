"""Whatever is typed or imported: a sensible answer or one clear line, and nothing on the terminal that steers it."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.nightdesk.conftest import Cli
from tests.nightdesk.test_bad_use import one_line

LONG = 10_000
ODD = {
    "one mark": '"',
    "unbalanced": '"reward hacking',
    "emoji": "🦉",
    "stop words": "the of",
    "one long word": "a" * LONG,
    "many words": ("reward hacking " * LONG)[:LONG],
    "operators": 'AND OR ( NEAR "* title:x',
    "sql": "' OR 1=1 --",
    "escape": "\x1b[31mred\x07",
    "direction": "\u202ereward\u2066",
    "lone surrogate": "reward \udcff hacking",
    "bytes that are no text": "\udcff\udcfe",
    "another script": "奖励黑客",
}
every_oddity = pytest.mark.parametrize("typed", ODD.values(), ids=ODD)


def _is_sensible(cli: Cli, *arguments: object) -> None:
    shown = cli(*arguments)
    assert shown.code in (0, 2)
    assert bool(shown.out) == (shown.code == 0)
    assert len(shown.err.splitlines()) <= 1
    assert not {"\x1b", "\x07", "\u202e"} & set(shown.out + shown.err)
    assert "Traceback" not in shown.err


@every_oddity
@pytest.mark.parametrize("command", ["search", "ask"])
def test_odd_questions_are_answered(cli: Cli, lived: Path, command: str, typed: str) -> None:
    _is_sensible(cli, command, typed, "--config", lived)


@every_oddity
def test_odd_names_of_items_are_one_short_line(cli: Cli, lived: Path, typed: str) -> None:
    for arguments in (("search", "--similar", typed), ("why", typed)):
        shown = cli(*arguments, "--config", lived)
        assert (shown.code, shown.out) == (2, "")
        assert len(one_line(shown.err)) < 400


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(typed=st.text(st.characters(exclude_characters="\x00"), max_size=60), command=st.sampled_from(["search", "ask"]))
def test_anything_may_be_typed(cli: Cli, lived: Path, typed: str, command: str) -> None:
    arguments = ("--json", "--config", lived, "--", typed)
    _is_sensible(cli, command, *arguments)


def test_json_of_an_odd_question_is_a_document(cli: Cli, lived: Path) -> None:
    for command in ("search", "ask"):
        assert json.loads(cli(command, ODD["lone surrogate"], "--config", lived, "--json").out)


def _damaged(text: str, seed: int) -> str:
    chance, letters = random.Random(seed), list(text)
    for _ in range(4):
        at = chance.randrange(len(letters))
        letters[at : at + chance.randrange(12)] = chance.choice(["{", "}", '"', "@", ",", "=", "\\", "\x00", "é", ""])
    return "".join(letters)


@pytest.mark.parametrize("seed", range(4))
def test_damaged_bibtex_is_named_and_the_rest_is_kept(cli: Cli, team: Path, tmp_path: Path, seed: int) -> None:
    entry = "@misc{lamp, title={Lamps and {M}oths}, author={Vik, Tor}, year=2031, url={https://lantern.example/lamp}}\n"
    whole = entry.replace("lamp", "kettle").replace("Lamps and {M}oths", "Kettles")
    path = tmp_path / "kept.bib"
    path.write_text(f"{whole}\n{_damaged(entry, seed)}", "utf-8")
    shown = cli("import", path, "--config", team)
    assert shown.code in (0, 1)
    assert len(shown.err.splitlines()) <= 3
    listed = json.loads(cli("items", "--all", "--config", team, "--json").out)["items"]
    assert "Kettles" in [row["title"] for row in listed]


@pytest.mark.parametrize("body", [b"\xff\xfe\x00\x01", b"@article{open, title={" + b"{" * 20_000, b"\x00" * 5000])
def test_file_that_is_no_bibtex_is_one_line(cli: Cli, team: Path, tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "torn.bib"
    path.write_bytes(body)
    shown = cli("import", path, "--config", team)
    assert shown.code == 1
    assert "left out: " in one_line(shown.err.split("\n", 1)[1])
