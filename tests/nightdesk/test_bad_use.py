import json
import shutil
from pathlib import Path

import pytest

from tests.nightdesk.conftest import FIRST, SAMPLE, Cli


def one_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    assert len(lines) == 1, text
    return lines[0]


@pytest.mark.parametrize(
    ("find", "replacement", "named"),
    [
        ('data_dir = "var"', 'data_dirr = "var"', ["data_dirr", "data_dir"]),
        ("max_items = 6", "max_itmes = 6", ["[[subject]] 1 (agents)", "max_itmes", "max_items"]),
        ('category = "cs.AI"', 'catgory = "cs.AI"', ["[[source]] 1 (arXiv cs.AI)", "catgory", "category"]),
        ('kind = "arxiv"', 'kind = "arxive"', ["arxive", "there are arxiv"]),
        ('wire = "offline"', 'wire = "ofline"', ["[llm]", "wire", "offline"]),
        ('timezone = "America/New_York"', 'timezone = "America/New_Yorc"', ["timezone", "New_Yorc"]),
        ("max_items = 6", "max_items = 0", ["[[subject]] 1 (agents)", "max_items"]),
        ('data_dir = "var"', "", ["data_dir", "missing"]),
        ('slug = "agents"', 'slug = "safety"', ["[[subject]] slug", "safety", "twice"]),
        ("[[subject]]", "[[subject]", ["TOML"]),
    ],
)
def test_a_wrong_key_or_value_is_one_line(cli: Cli, team: Path, find: str, replacement: str, named: list[str]) -> None:
    team.write_text(team.read_text("utf-8").replace(find, replacement, 1), "utf-8")
    shown = cli("run", "--config", team, "--recording", SAMPLE / FIRST)
    line = one_line(shown.err)
    assert shown.code == 2
    assert str(team) in line
    assert all(word in line for word in named), line


def test_a_missing_configuration_is_named(cli: Cli, tmp_path: Path) -> None:
    shown = cli("run", "--config", tmp_path / "none.toml")
    assert shown.code == 2
    assert "none.toml" in one_line(shown.err)


def test_no_configuration_at_all_says_init(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    shown = cli("run")
    assert shown.code == 2
    assert "nightdesk init" in one_line(shown.err)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("{", "not JSON"),
        ('{"method": "GET"}', "'headers' is missing"),
        ('{"method":"GET","url":"https://a.example","status":200,"headers":{},"file":"bodies/none"}', "bodies/none"),
        ("[]", "not an object"),
    ],
)
def test_a_malformed_recording_names_file_and_line(cli: Cli, team: Path, tmp_path: Path, line: str, named: str) -> None:
    recording = tmp_path / "recording"
    shutil.copytree(SAMPLE / FIRST, recording)
    with (recording / "recording.jsonl").open("a") as index:
        index.write(line + "\n")
    number = len((recording / "recording.jsonl").read_text().splitlines())
    shown = cli("run", "--config", team, "--recording", recording)
    told = one_line(shown.err)
    assert shown.code == 2
    assert f"recording.jsonl, line {number}" in told
    assert named in told


def test_a_recording_that_is_not_there(cli: Cli, team: Path, tmp_path: Path) -> None:
    shown = cli("run", "--config", team, "--recording", tmp_path / "nowhere")
    assert shown.code == 2
    assert "nowhere is not a recording" in one_line(shown.err)


def test_a_data_folder_that_cannot_be_made(cli: Cli, team: Path) -> None:
    shutil.rmtree(team.parent / "var")
    (team.parent / "var").write_text("a file stands where the folder should be")
    shown = cli("run", "--config", team, "--recording", SAMPLE / FIRST)
    assert shown.code == 2
    assert str(team.parent / "var") in one_line(shown.err)


@pytest.mark.parametrize("arguments", [("search", "owls"), ("items",), ("run", "--recording", SAMPLE / FIRST)])
def test_a_data_folder_in_nobodys_home(cli: Cli, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    config = tmp_path / "nightdesk.toml"
    config.write_text('data_dir = "~nobody-of-this-name/desk"\ntimezone = "UTC"\n')
    shown = cli(*arguments, "--config", config)
    assert (shown.code, shown.out) == (2, "")
    assert f"{config}: '~nobody-of-this-name/desk': this machine knows no such home" in one_line(shown.err)


def test_a_store_that_is_no_database(cli: Cli, team: Path) -> None:
    (team.parent / "var" / "nightdesk.db").write_text("this is not a database, but it is long enough to be read" * 20)
    shown = cli("run", "--config", team, "--recording", SAMPLE / FIRST)
    assert shown.code == 2
    assert "nightdesk.db" in one_line(shown.err)
    assert "this is not a database" in (team.parent / "var" / "nightdesk.db").read_text()


@pytest.mark.parametrize(
    "arguments",
    [("search", "x", "--subject", "none"), ("digest", "--night", "2020-01-01"), ("search", "  "), ("digest",)],
)
def test_what_is_not_there_is_one_line(cli: Cli, team: Path, arguments: tuple[str, ...]) -> None:
    shown = cli(*arguments, "--config", team)
    assert shown.code == 2
    assert one_line(shown.err)


def test_a_failed_source_is_named_and_the_night_goes_on(cli: Cli, team: Path) -> None:
    with team.open("a") as config:
        config.write('\n[[source]]\nkind = "rss"\nname = "Nowhere"\nurl = "https://nowhere.example/feed.xml"\n')
    shown = cli("run", "--config", team, "--recording", SAMPLE / FIRST, "--json")
    report = json.loads(shown.out)
    assert shown.code == 1
    assert report["sources"][-1]["outcome"] == "failed"
    assert "the recording holds no answer" in report["sources"][-1]["why"]
    assert report["items"]["new"] > 0


@pytest.mark.parametrize("since", ["24", "a day", "-3h", "h"])
def test_a_duration_that_is_none(cli: Cli, team: Path, since: str) -> None:
    shown = cli("run", "--config", team, "--recording", SAMPLE / FIRST, f"--since={since}")
    assert shown.code == 2
    assert "24h" in one_line(shown.err)
