"""A search leaves without taking the interpreter apart: nothing of what it tells may be lost by that."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")


def _search(config: Path, *arguments: str) -> list[str]:
    # Python buffers what it prints, as it does where nobody asked otherwise.
    command = ["env", "-u", "PYTHONUNBUFFERED", sys.executable, "-m", "nightdesk"]
    return [*command, "search", "--config", str(config), *arguments]


def test_all_is_told_before_it_leaves(team: Path) -> None:
    done = subprocess.run(_search(team, "kettles", "--json"), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["query"] == "kettles"
    assert done.stderr == ""


def test_a_failure_keeps_its_line_and_its_code(team: Path) -> None:
    done = subprocess.run(_search(team.with_name("none.toml"), "kettles"), capture_output=True, text=True, check=False)
    assert (done.returncode, "none.toml" in done.stderr) == (2, True)


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_what_cannot_be_told_is_no_success(team: Path, form: list[str]) -> None:
    with FULL.open("w") as full:
        done = subprocess.run(_search(team, "kettles", *form), stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode != 0
    assert b"space" in done.stderr
