"""What a kill costs a probe: ``python -m benchmarks.probe_kills``.

One probe is killed with SIGKILL at 20 random moments and taken up again each time; its figures stand beside those of an
undisturbed one, and what was asked twice beside what may have been in flight.
"""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.nightdesk.test_probe import EPOCHS, able, arguments, begun, config_for
from tests.probes.desk import host_of, scripts_of, stack_of
from tests.servers.lm import open_hosts

_KILLS, _AT_ONCE, _SEED = 20, 4, 2026


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        questions = stack_of(folder, sums=300, errands=40)
        with open_hosts(host_of(scripts_of(questions, EPOCHS, able)), latency=0.1) as host:
            for one in ("whole", "killed"):
                (folder / one).mkdir()
                (folder / one / "ours").symlink_to(folder / "ours")
            whole = _finished(config_for(folder / "whole", host))
            asked_once = begun(host)
            config = config_for(folder / "killed", host)
            dice = random.Random(_SEED)  # noqa: S311 - the moments are repeatable
            kills = sum(_killed(config, dice.randint(1, 120)) for _ in range(_KILLS))
            killed = _finished(config)
            again = begun(host) - 2 * asked_once
    print(f"{killed['attempts']} attempts, killed {kills} times; same figures: {killed['domains'] == whole['domains']}")
    print(f"attempts made again: {again}; in flight at the kills: at most {kills * _AT_ONCE}")


def _start(config: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "nightdesk", *arguments(config)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def _finished(config: Path) -> dict[str, Any]:
    out, _ = _start(config).communicate()
    read: dict[str, Any] = json.loads(out)
    assert read["standing"] == "finished"
    return read


def _killed(config: Path, lines: int) -> bool:
    """Kill a probe as soon as it has written so many lines more; tell whether it was still at it."""
    until = _lines(config) + lines
    process = _start(config)
    while process.poll() is None and _lines(config) < until:
        time.sleep(0.001)
    was_at_it = process.poll() is None
    if was_at_it:
        os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return was_at_it


def _lines(config: Path) -> int:
    return sum(path.read_bytes().count(b"\n") for path in (config.parent / "var" / "probes").glob("*/journal.jsonl"))


if __name__ == "__main__":
    main()
