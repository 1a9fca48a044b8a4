"""A night that is killed anywhere, and run again, ends as one that was not."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from nightdesk.config import load_config
from nightdesk.wiring import Desk
from tests.nightdesk.conftest import FIRST, SAMPLE, SECOND, replay_night


def command(config: Path, night: str) -> list[str]:
    run = [sys.executable, "-m", "nightdesk", "run", "--config", str(config), "--json"]
    return [*run, "--recording", str(SAMPLE / night)]


def files(config: Path, night: str) -> dict[str, bytes]:
    folder = load_config(config).data_dir / "digests" / night
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment_the_digest_is_the_same(team_on_eve: Path, lived: Path, seed: int) -> None:
    chance = random.Random(seed)
    kills = 0
    for _ in range(4):
        process = subprocess.Popen(command(team_on_eve, SECOND), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.8, 4.0))
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            kills += 1
        process.wait()
    replay_night(team_on_eve, SECOND)
    assert kills
    assert files(team_on_eve, SECOND) == files(lived, SECOND)


def test_killed_between_any_two_writes_the_digest_is_the_same(team_on_eve: Path, lived: Path) -> None:
    """Kill after every n-th committed write, so that each stage is hit whatever the machine's speed."""
    killed: list[int] = []
    for writes in (1, 2, 5, 9, 17, 19, 20, 21, 22, 25, 40):
        script = f"""
import os, signal, sys
from kb.store import Store
left = {writes}
plain = Store.writing
class Counting:
    def __init__(self, inner): self.inner = inner
    def __enter__(self): return self.inner.__enter__()
    def __exit__(self, *error):
        global left
        done = self.inner.__exit__(*error)
        left -= 1
        if left == 0: os.kill(os.getpid(), signal.SIGKILL)
        return done
Store.writing = lambda self: Counting(plain(self))
sys.argv = {["nightdesk", *command(team_on_eve, SECOND)[3:]]!r}
from nightdesk.cli import main
main()
"""
        killed.append(subprocess.run([sys.executable, "-c", script], capture_output=True, check=False).returncode)
    assert killed.count(-signal.SIGKILL) >= 6
    replay_night(team_on_eve, SECOND)
    assert files(team_on_eve, SECOND) == files(lived, SECOND)
    with Desk(load_config(team_on_eve)).store.reading() as connection:
        assert not connection.exec_driver_sql("SELECT count(*) FROM changes").scalar()


def test_two_runs_at_once_wait_for_each_other(team_on_eve: Path, lived: Path) -> None:
    both = [
        subprocess.Popen(command(team_on_eve, SECOND), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    told = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert any("waiting" in stderr for _, stderr in told)
    assert files(team_on_eve, SECOND) == files(lived, SECOND)


def test_an_earlier_night_again_changes_nothing(lived: Path, team: Path) -> None:
    for night in (FIRST, SECOND):
        replay_night(team, night)
    before = {night: files(team, night) for night in (FIRST, SECOND)}
    again = replay_night(team, FIRST)
    assert (again.counts.new, again.counts.changed, again.briefs_written) == (0, 0, 0)
    assert {night: files(team, night) for night in (FIRST, SECOND)} == before
    assert replay_night(team, SECOND).counts.new == 0
    assert files(team, SECOND) == files(lived, SECOND)
