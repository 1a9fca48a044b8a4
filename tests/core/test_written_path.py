"""Paths that somebody wrote down."""

from pathlib import Path

import pytest

from core.errors import ConfigError
from core.written_path import written_path

FOLDER = Path("/tmp/desk")  # noqa: S108 - only named


def test_a_relative_path_begins_at_the_folder() -> None:
    assert written_path("var/owls", FOLDER) == FOLDER / "var" / "owls"


def test_a_whole_path_stays() -> None:
    assert written_path("/srv/owls", FOLDER) == Path("/srv/owls")


def test_a_tilde_is_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert written_path("~/owls", FOLDER) == Path("/home/ada/owls")


def test_home_of_nobody_is_told() -> None:
    with pytest.raises(ConfigError, match=r"'~nobody-of-this-name/owls': this machine knows no such home"):
        written_path("~nobody-of-this-name/owls", FOLDER)
