"""A base whose vectors come from a server: configured, changed to, unreachable, and never mixed."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.errors import ConfigError
from kb.endpoint import Patience
from kb.minilm import NAME
from kb.schema import vectors
from kb.store import Store
from kb.vector_rows import count_pending
from nightdesk.config import load_config
from nightdesk.search_list.session import Session
from nightdesk.wiring import Desk
from tests.nightdesk.conftest import FIRST, SAMPLE, SECOND, Cli, copied_team
from tests.nightdesk.test_bad_use import one_line
from tests.servers.embeddings import Embeddings, open_embeddings


@pytest.fixture
def server() -> Iterator[Embeddings]:
    with open_embeddings() as opened:
        yield opened


@pytest.fixture
def moved(lived: Path, tmp_path: Path) -> Path:
    return copied_team(lived, tmp_path / "moved")


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a server that is gone; what is patient with it gives up at once."""
    monkeypatch.setattr("kb.endpoint.PATIENT", Patience(1, 5.0, 60.0))
    with open_embeddings() as closed:
        return closed.url


def embed_by(config: Path, url: str, rest: str = "") -> None:
    plain = config.read_text("utf-8").partition("\n[kb.embedder]")[0]
    config.write_text(f'{plain}\n[kb.embedder]\nurl = "{url}"\nmodel = "counting-1"\n{rest}', "utf-8")


def models_in(config: Path) -> dict[str, int]:
    store = Store(load_config(config).data_dir / "nightdesk.db")
    with store.reading() as connection:
        rows = connection.execute(select(vectors.c.model, func.count()).group_by(vectors.c.model)).all()
    store.close()
    return {row[0]: row[1] for row in rows}


def waiting_in(config: Path) -> int:
    store = Store(load_config(config).data_dir / "nightdesk.db")
    with store.searching() as connection:
        waiting = count_pending(connection)
    store.close()
    return waiting


@pytest.mark.parametrize(
    ("told", "error"),
    [
        pytest.param('[kb]\nembedder = "minilm"', "[kb]: embedder:", id="no_table"),
        pytest.param('[kb.embedder]\nurl = "http://127.0.0.1/v1"', "'model' is missing", id="no_model"),
        pytest.param('[kb.embedder]\nurl = "127.0.0.1/v1"\nmodel = "m"', "an address is needed", id="no_address"),
        pytest.param('[kb.embedder]\nurls = "http://127.0.0.1/v1"\nmodel = "m"', "did you mean 'url'", id="typo"),
        pytest.param('[kb]\nchroma_url = "http://127.0.0.1"', "[kb] chroma_url: only the embedded", id="chroma"),
        pytest.param('[kb]\nurl = "postgresql://127.0.0.1"', "[kb] url: only the embedded", id="postgres"),
    ],
)
def test_wrong_tables_are_one_line(team: Path, told: str, error: str) -> None:
    team.write_text(f"{team.read_text('utf-8')}\n{told}\n", "utf-8")
    with pytest.raises(ConfigError) as raised:
        load_config(team)
    assert error in one_line(str(raised.value))


def test_local_by_name_is_the_default(team: Path) -> None:
    team.write_text(f'{team.read_text("utf-8")}\n[kb]\nembedder = "local"\n', "utf-8")
    assert load_config(team).embedder is None


def test_key_comes_from_the_environment_and_is_never_shown(
    moved: Path, server: Embeddings, monkeypatch: pytest.MonkeyPatch
) -> None:
    embed_by(moved, server.url, 'api_key_env = "OWL_KEY"\ndimensions = 12\n')
    assert any("OWL_KEY is not set" in line for line in load_config(moved).unused)
    monkeypatch.setenv("OWL_KEY", "sk-owl")
    settings = load_config(moved)
    assert "sk-owl" not in repr(settings)
    desk = Desk(settings)
    desk.embedder.embed(["owls"])
    assert (server.keys[-1], server.asked[-1]["dimensions"]) == ("Bearer sk-owl", 12)
    assert desk.embedder.name.startswith("counting-1 cut to 12 at 127.0.0.1:")


def test_former_vectors_answer_until_all_new_ones_are_there(cli: Cli, moved: Path, server: Embeddings) -> None:
    before = cli("search", "reward hacking", "--config", moved, "--json").out
    embed_by(moved, server.url)
    between = cli("search", "reward hacking", "--config", moved, "--json")
    assert (between.out, between.err) == (before, "")
    told = json.loads(cli("reindex", "--config", moved, "--json").out)
    assert told["embedded"] == told["indexed"] == told["vectors"] == 82
    assert models_in(moved) == {f"counting-1 at {server.url.split('/')[2]}": 82}
    after = cli("search", "reward hacking", "--config", moved, "--json")
    assert (after.code, after.err) == (0, "")
    assert server.asked[-1]["input"] == ["reward hacking"]


def test_unreachable_server_leaves_words_and_one_warning(cli: Cli, moved: Path) -> None:
    with open_embeddings() as server:
        embed_by(moved, server.url)
        cli("reindex", "--config", moved)
    shown = cli("search", "reward hacking", "--config", moved, "--json")
    assert shown.code == 0
    assert "found by words only" in one_line(shown.err)
    assert json.loads(shown.out)["hits"]
    page = Session(Desk(load_config(moved))).find("reward hacking")
    assert page.hits
    assert "found by words only" in page.notes[0]


def test_night_without_its_embedder_keeps_what_was_gathered(
    cli: Cli, team: Path, server: Embeddings, nobody: str
) -> None:
    embed_by(team, nobody)
    night = ("run", "--config", team, "--recording", SAMPLE / FIRST, "--json")
    stopped = cli(*night)
    assert (stopped.code, stopped.out) == (2, "")
    assert "what was gathered is kept and waits" in one_line(stopped.err)
    assert waiting_in(team) > 10
    embed_by(team, server.url)
    assert cli(*night).code == 0
    assert waiting_in(team) == 0
    assert (load_config(team).data_dir / "digests" / FIRST / "digest.md").is_file()


def test_night_after_a_change_of_embedder_has_vectors_of_one_model(cli: Cli, team: Path, server: Embeddings) -> None:
    assert cli("run", "--config", team, "--recording", SAMPLE / FIRST, "--json").code == 0
    assert list(models_in(team)) == [NAME]
    hit = json.loads(cli("search", "reward", "--config", team, "--json").out)["hits"][0]["id"]
    cli("feedback", hit, "up", "--subject", "agents", "--config", team)
    embed_by(team, server.url)
    assert cli("run", "--config", team, "--recording", SAMPLE / SECOND, "--json").code == 0
    assert [name.split(" at ")[0] for name in models_in(team)] == ["counting-1"]
    assert waiting_in(team) == 0


def test_doctor_tells_the_embedder(cli: Cli, moved: Path, server: Embeddings, nobody: str) -> None:
    def checks() -> list[dict[str, str]]:
        told = json.loads(cli("doctor", "--config", moved, "--json").out)["checks"]
        return [check for check in told if check["name"] == "embedder"]

    assert [(check["state"], NAME in check["what"]) for check in checks()] == [("ok", True)]
    embed_by(moved, server.url)
    told = checks()
    assert [check["state"] for check in told] == ["warning", "warning", "ok"]
    assert "calibrated on the local model" in told[0]["what"]
    assert f"has vectors of {NAME}" in told[1]["what"]
    assert "12 dimensions" in told[2]["what"]
    assert server.url in told[2]["what"]
    embed_by(moved, nobody)
    assert checks()[-1]["state"] == "failed"
    assert "does not answer" in checks()[-1]["what"]
