"""A night that is killed while its briefs are written asks again only for what was under way."""

import signal
import subprocess
import time
from itertools import count
from pathlib import Path

from nightdesk.config import load_config
from nightdesk.wiring import Desk
from tests.nightdesk.conftest import SECOND, replay_night
from tests.nightdesk.test_crash_safety import command
from tests.nightdesk.test_models import configured
from tests.servers.lm import Asked, Fault, Said, open_hosts
from tests.servers.lm.reader import reads

AT_ONCE = 3


class Host:
    """Answers briefs as a reader would, but every fifth request by a refusal for now; ``answered`` has the bodies."""

    def __init__(self) -> None:
        self.answered: list[str] = []
        self._asked = count(1)

    def __call__(self, asked: Asked) -> Said:
        if next(self._asked) % 5 == 0:
            return Fault.throttled("0.01")
        if asked.system.startswith("You write briefs"):
            self.answered.append(asked.text)
        return reads(asked)


def kill_during_briefs(config: Path, host: Host, briefs: int) -> None:
    """Run the night until so many briefs were answered."""
    process = subprocess.Popen(command(config, SECOND), stdout=subprocess.DEVNULL)
    while process.poll() is None and len(host.answered) < briefs:
        time.sleep(0.005)
    process.kill()
    assert process.wait() == -signal.SIGKILL, "the night was over before it could be killed"


def test_killed_while_briefs_are_written_only_what_was_under_way_is_asked_again(team_on_eve: Path) -> None:
    host = Host()
    with open_hosts(host, latency=0.1) as hosts:
        price = "price = { input = 0.3, output = 1.2 }"
        configured(team_on_eve, hosts.url("content"), price, "analyses = 0", f"concurrency = {AT_ONCE}")
        kill_during_briefs(team_on_eve, host, 8)
        told = replay_night(team_on_eve, SECOND)
    different = set(host.answered)
    assert len(host.answered) - len(different) <= AT_ONCE
    assert 0 < told.briefs["model"] <= len(different) - (8 - AT_ONCE), "what was kept is not written again"
    with Desk(load_config(team_on_eve)).store.reading() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM briefs WHERE origin = 'model'").scalar_one()
        lost = connection.exec_driver_sql("SELECT count(*) FROM briefs WHERE why LIKE '%could not be asked%'")
        assert lost.scalar_one() == 0
    assert kept >= len(different) - 1
