"""What the README promises: every command line of its shell blocks is run here."""

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from feeds.sources import kinds
from nightdesk.config import load_config
from tests.nightdesk.conftest import SAMPLE, SECOND, Cli, copied_team

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def lines() -> list[str]:
    stripped = (line.split("#", 1)[0].strip() for block in blocks("sh") for line in block.splitlines())
    return [line for line in stripped if line]


def test_there_are_commands() -> None:
    assert len(lines()) > 10


@pytest.mark.parametrize("line", [line for line in lines() if line.startswith("make ")])
def test_make_knows_the_target(line: str) -> None:
    # Dry: this very test is part of `make test`.
    subprocess.run([*shlex.split(line), "--dry-run"], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("line", [line for line in lines() if line.startswith("nightdesk ")])
def test_nightdesk_takes_the_line(
    cli: Cli, lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str
) -> None:
    command, *arguments = shlex.split(line)[1:]
    folder = lived.parent
    if command == "init":
        folder = tmp_path
    if command in ("feedback", "export", "import"):
        folder = copied_team(lived, tmp_path / "team").parent
    if command == "run":
        arguments += ["--recording", str(SAMPLE / SECOND)]
    monkeypatch.chdir(folder)
    if command == "import":
        cli("export", "--format", "bibtex", "--to", *arguments)
    assert cli(command, *arguments).code == 0


def test_every_other_line_is_known() -> None:
    assert {line.split()[0] for line in lines()} == {"make", "nightdesk"}


def test_the_configuration_example_loads(tmp_path: Path) -> None:
    path = tmp_path / "nightdesk.toml"
    path.write_text(next(block for block in blocks("toml") if "[[subject]]" in block), "utf-8")
    settings = load_config(path)
    assert settings.subjects[0].not_words == ("estate agent",)


def test_every_file_it_names_is_there() -> None:
    named = re.findall(r"\]\(([^)#:]+)\)", README)
    assert named
    assert all((ROOT / name).stat().st_size > 500 for name in named)
    assert (ROOT / "docs" / "digest.png").read_bytes().startswith(b"\x89PNG")


def test_the_table_of_kinds_is_complete() -> None:
    assert set(kinds()) == set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE))


def test_the_wheel_holds_everything_it_needs(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".venv", ".git", "nightdesk-demo", ".*_cache"))
    build = ["-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run([sys.executable, *build], cwd=tree, check=True, capture_output=True)
    wheel = next(tmp_path.glob("nightdesk-*.whl"))
    shutil.unpack_archive(wheel, tmp_path / "unpacked", "zip")
    held = {path.relative_to(tmp_path / "unpacked").as_posix() for path in (tmp_path / "unpacked").rglob("*")}
    data = {"nightdesk/nightdesk.toml", "nightdesk/sample/nightdesk.toml", "triage/background.txt"}
    data |= {
        "digests/letter.html.j2",
        "digests/slack-manifest.yaml",
        "digests/page.html.j2",
        "digests/page.css",
        f"nightdesk/sample/{SECOND}/recording.jsonl",
    }
    data |= {"probes/stacks/fun/fun/svg-night-desk.toml"}
    assert data <= held
    assert {name.split("/")[0] for name in held if not name.startswith("nightdesk-")} == {
        *("core", "digests", "feeds", "kb", "lm", "nightdesk", "probes", "triage")
    }
