import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from core.ports import silent
from kb.minilm import onnx_file
from nightdesk.cli import main
from nightdesk.config import load_config
from nightdesk.night import NightReport, a_night, run_night
from nightdesk.wiring import Desk, replay

SAMPLE = Path(str(files("nightdesk"))) / "sample"
FIRST, SECOND = "2026-10-14", "2026-10-15"


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Cli = Callable[..., Outcome]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run a command in this process, as the entry point does."""

    def run(*arguments: object) -> Outcome:
        monkeypatch.setattr("sys.argv", ["nightdesk", *map(str, arguments)])
        capsys.readouterr()
        code: object = 0
        try:
            main()
        except SystemExit as stop:
            code = stop.code or 0
        captured = capsys.readouterr()
        assert isinstance(code, int)
        return Outcome(code, captured.out, captured.err)

    return run


@pytest.fixture
def team(tmp_path: Path, model_cache: Path) -> Path:
    """A folder with the sample team's configuration and no night yet; returns the configuration."""
    return new_team(tmp_path, model_cache)


def new_team(folder: Path, model_cache: Path) -> Path:
    config = folder / "nightdesk.toml"
    config.write_bytes((SAMPLE / "nightdesk.toml").read_bytes())
    onnx_file(model_cache)
    models = folder / "var" / "models"
    models.mkdir(parents=True)
    for part in model_cache.iterdir():
        (models / part.name).hardlink_to(part)
    return config


@pytest.fixture(scope="session")
def eve(tmp_path_factory: pytest.TempPathFactory, model_cache: Path) -> Path:
    """The sample team's folder after the first sample night, to be copied only; returns the configuration."""
    config = new_team(tmp_path_factory.mktemp("eve"), model_cache)
    replay_night(config, FIRST)
    return config


@pytest.fixture
def team_on_eve(tmp_path: Path, eve: Path) -> Path:
    """A folder of the sample team after the first sample night; returns the configuration."""
    return copied_team(eve, tmp_path)


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory, eve: Path) -> Path:
    """The sample team's folder after both sample nights, to be read only; returns the configuration."""
    config = copied_team(eve, tmp_path_factory.mktemp("lived"))
    replay_night(config, SECOND)
    return config


def copied_team(config: Path, folder: Path) -> Path:
    """Copy a team's folder, but for the embedding model, which is only read."""
    copytree(config.parent, folder, ignore=ignore_patterns("models"), dirs_exist_ok=True)
    copytree(config.parent / "var" / "models", folder / "var" / "models", copy_function=os.link, dirs_exist_ok=True)
    return folder / config.name


def replay_night(config: Path, night: str, nights: Path = SAMPLE) -> NightReport:
    settings = load_config(config)
    wire = replay(settings, nights / night)
    told = a_night(settings.timezone, None, timedelta(hours=24), wire.clock())
    return run_night(Desk(settings), wire, told, silent)
