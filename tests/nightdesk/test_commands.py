import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from nightdesk.cli import app
from nightdesk.config import load_config
from tests.nightdesk.conftest import SECOND, Cli

GROUPS = [str(group.name) for group in app.registered_groups]
COMMANDS = sorted(
    [*(str(command.name or getattr(command.callback, "__name__", "")) for command in app.registered_commands), *GROUPS]
)
READING = {"items": [], "digest": [], "sources": [], "subjects": [], "doctor": [], "search": ["reward hacking"]}
READING["ask"] = ["What does Harbor-2 Mini cost?"]
READING["read"] = READING["why"] = ["openrouter:lumenfield/glimmer-2-32b"]
READING["probe"] = READING["questions"] = ["list"]
READING["feedback"] = READING["runs"] = READING["usage"] = []
WRITING = {"init", "demo", "run", "record", "serve", "reindex", "import", "export", "analyse", "graph"}
HEAVY = ("chromadb", "langgraph", "onnxruntime", "numpy", "sqlalchemy", "httpx", "feedparser", "arxiv", "rich")


def test_every_command_is_known_here() -> None:
    assert set(COMMANDS) == set(READING) | WRITING


@pytest.mark.parametrize("command", COMMANDS)
def test_help_says_what_a_command_does(cli: Cli, command: str) -> None:
    shown = cli(command, "--help")
    assert shown.code == 0
    assert f"nightdesk {command}" in shown.out
    assert "--config" in shown.out or command in ("init", "demo", "graph")


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    script = f"""
import sys
sys.argv = ["nightdesk", *{arguments!r}]
from nightdesk.cli import main
try:
    main()
finally:
    print("LOADED", [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "LOADED []" in done.stderr


def test_the_first_help_does_not_even_load_pydantic() -> None:
    """Typer itself loads it for the help of a command, but not for the list of all."""
    script = "import sys; sys.argv = ['nightdesk', '--help']\nfrom nightdesk.cli import main\ntry:\n    main()\n"
    script += "finally:\n    assert 'pydantic' not in sys.modules"
    subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)


def test_a_search_loads_only_what_it_needs(lived: Path) -> None:
    script = f"""
import sys
sys.argv = ["nightdesk", "search", "reward hacking", "--config", {str(lived)!r}]
from nightdesk.cli import main
try:
    main()
finally:
    heavy = {{"chromadb", "digests.sinks", "feeds", "pydantic", "rich", "smtplib", "sqlalchemy"}}
    print("LOADED", *(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "LOADED"


@pytest.mark.parametrize(("command", "arguments"), READING.items())
def test_json_is_one_document_on_stdout(cli: Cli, lived: Path, command: str, arguments: list[str]) -> None:
    shown = cli(command, *arguments, "--config", lived, "--json")
    assert shown.code == 0, shown.out + shown.err
    assert isinstance(json.loads(shown.out), dict)


@pytest.mark.parametrize(("command", "arguments"), READING.items())
def test_people_get_text(cli: Cli, lived: Path, command: str, arguments: list[str]) -> None:
    shown = cli(command, *arguments, "--config", lived)
    assert shown.code == 0, shown.out + shown.err
    assert len(shown.out) > 80 or "no model was probed yet" in shown.err


@pytest.mark.parametrize("command", ["items", "sources", "runs", "subjects", "search", "doctor"])
def test_an_empty_base_is_no_error(cli: Cli, team: Path, command: str) -> None:
    shown = cli(command, *READING[command], "--config", team, "--json")
    assert shown.code == 0, shown.out + shown.err
    assert json.loads(shown.out)


def test_config_may_stand_before_the_command(cli: Cli, lived: Path) -> None:
    assert cli("--config", lived, "subjects", "--json").code == 0


def test_search_finds_by_meaning(cli: Cli, lived: Path) -> None:
    shown = cli("search", "models that cheat their reward signal", "--config", lived, "--json", "--limit", 3)
    hits = json.loads(shown.out)["hits"]
    assert "arxiv:2610.11312" in [hit["id"] for hit in hits] or any("Reward Model" in hit["title"] for hit in hits)
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    told = {"id", "kind", "title", "url", "published", "score", "subjects", "snippet"}
    assert set(hits[0]) == told | {"closeness", "found_in", "matched", "history"}


@pytest.mark.parametrize(
    ("option", "value", "holds"),
    [
        ("--subject", "safety", lambda hit: "safety" in hit["subjects"]),
        ("--kind", "post", lambda hit: hit["kind"] == "post"),
        ("--since", SECOND, lambda hit: hit["published"][:10] >= SECOND),
        ("--until", "2026-10-13", lambda hit: hit["published"][:10] <= "2026-10-13"),
    ],
)
def test_search_filters(cli: Cli, lived: Path, option: str, value: str, holds: object) -> None:
    shown = cli("search", "language models", "--config", lived, option, value, "--json")
    hits = json.loads(shown.out)["hits"]
    assert callable(holds)
    assert hits
    assert all(holds(hit) for hit in hits)


def test_digest_of_one_subject_tells_its_stories_in_full(cli: Cli, lived: Path) -> None:
    digest = json.loads(cli("digest", "--config", lived, "--subject", "evaluation", "--json").out)
    assert [section["subject"] for section in digest["sections"]] == ["evaluation"]
    assert all(entry["home"] is None for entry in digest["sections"][0]["entries"])


@pytest.mark.parametrize(("form", "start"), [("markdown", "#"), ("html", "<!doctype html>"), ("json", "{")])
def test_digest_forms(cli: Cli, lived: Path, form: str, start: str) -> None:
    assert cli("digest", "--config", lived, "--format", form).out.lower().startswith(start)


def test_init_writes_a_configuration_that_loads(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "team" / "nightdesk.toml"
    assert cli("init", path).code == 0
    settings = load_config(path)
    assert len(settings.subjects) >= 5
    assert {spec.kind for spec in settings.sources} >= {"arxiv", "rss", "openrouter", "github_releases"}
    again = cli("init", path)
    assert again.code == 2
    assert "exists already" in again.err


def test_items_of_a_night_and_a_subject(cli: Cli, lived: Path) -> None:
    shown = cli("items", "--config", lived, "--night", SECOND, "--subject", "safety", "--decision", "kept", "--json")
    rows = json.loads(shown.out)["items"]
    assert rows
    assert all("safety" in row["subjects"] and row["decision"] == "kept" for row in rows)


def test_published_times_are_utc(cli: Cli, lived: Path) -> None:
    rows = json.loads(cli("items", "--config", lived, "--json").out)["items"]
    times = [datetime.fromisoformat(row["published"]) for row in rows if row["published"]]
    assert times
    assert all(moment.tzinfo is not None and moment.utcoffset() == datetime.now(UTC).utcoffset() for moment in times)


def test_the_app_is_a_typer() -> None:
    assert isinstance(app, typer.Typer)
