"""Works that come from other tools, and go to them."""

import json
from pathlib import Path

import pytest

from tests.nightdesk.conftest import SAMPLE, SECOND, Cli, new_team

WORKS = """@misc{one, title={Barn owls hunt by ear alone}, abstract={Owls hear mice under snow.}, url={https://owls.example/1}}
@misc{two, title={Old stone bridges}, abstract={Why arches stand.}, eprint={3103.00002}}
"""


@pytest.fixture
def bib(tmp_path: Path) -> Path:
    path = tmp_path / "works.bib"
    path.write_text(WORKS, "utf-8")
    return path


def test_imported_works_are_found_and_are_no_news(cli: Cli, team: Path, bib: Path) -> None:
    shown = cli("import", bib, "--config", team, "--json")
    assert (shown.code, json.loads(shown.out)) == (0, {"new": 2, "known": 0, "problems": []})
    hits = json.loads(cli("search", "how birds hear prey", "--config", team, "--json").out)["hits"]
    assert hits[0]["id"] == "https://owls.example/1"
    rows = json.loads(cli("items", "--all", "--config", team, "--json").out)["items"]
    assert {row["decision"] for row in rows} == {"backlog"}


def test_imported_again_nothing_is_new(cli: Cli, team: Path, bib: Path) -> None:
    cli("import", bib, "--config", team)
    again = json.loads(cli("import", bib, "--config", team, "--json").out)
    assert again == {"new": 0, "known": 2, "problems": []}


def test_damaged_entries_are_named_and_the_others_kept(cli: Cli, team: Path, bib: Path) -> None:
    bib.write_text("@misc{torn, title={No end\n" + WORKS, "utf-8")
    shown = cli("import", bib, "--config", team)
    assert shown.code == 1
    assert "2 new works" in shown.err
    assert "line 1" in shown.err


def test_ids_alone_are_asked_of_arxiv(cli: Cli, team: Path, tmp_path: Path) -> None:
    path = tmp_path / "ids.txt"
    path.write_text("3103.00002\n", "utf-8")
    shown = cli("import", path, "--config", team, "--recording", SAMPLE / SECOND)
    assert shown.code == 2
    assert "arXiv did not tell" in shown.err


@pytest.mark.parametrize("form", ["jsonl", "bibtex"])
def test_exported_base_is_imported_again(cli: Cli, lived: Path, tmp_path: Path, model_cache: Path, form: str) -> None:
    path = tmp_path / f"all.{'bib' if form == 'bibtex' else form}"
    assert cli("export", "--config", lived, "--format", form, "--kind", "paper", "--to", path).code == 0
    (other := tmp_path / "other").mkdir()
    imported = json.loads(cli("import", path, "--config", new_team(other, model_cache), "--json").out)
    rows = json.loads(cli("items", "--all", "--kind", "paper", "--config", lived, "--json").out)["items"]
    assert (imported["new"], imported["problems"]) == (len(rows), [])
    assert len(rows) > 20


def test_export_of_a_subject_goes_to_stdout(cli: Cli, lived: Path) -> None:
    shown = cli("export", "--config", lived, "--subject", "safety", "--decision", "kept")
    exported = {json.loads(line)["id"] for line in shown.out.splitlines()}
    rows = json.loads(
        cli("items", "--all", "--subject", "safety", "--decision", "kept", "--config", lived, "--json").out
    )["items"]
    assert exported == {row["id"] for row in rows}
    assert exported


def test_notes_are_a_folder_with_an_index(cli: Cli, lived: Path, tmp_path: Path) -> None:
    folder = tmp_path / "notes"
    assert cli("export", "--config", lived, "--format", "markdown", "--decision", "kept", "--to", folder).code == 0
    index = (folder / "index.md").read_text("utf-8")
    notes = sorted(path.name for path in folder.iterdir() if path.name != "index.md")
    assert all(f"({name})" in index for name in notes)
    assert (folder / notes[0]).read_text("utf-8").startswith("---\nid: ")
    refused = cli("export", "--config", lived, "--format", "markdown")
    assert refused.code == 2
    assert "--to" in refused.err


def test_place_that_cannot_be_written_is_named(cli: Cli, lived: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file", "utf-8")
    refused = cli("export", "--config", lived, "--to", tmp_path / "taken" / "all.jsonl")
    assert refused.code == 2
    assert "taken" in refused.err
