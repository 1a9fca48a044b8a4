"""Serving: each night once, at its hour, caught up after sleep; sources are asked ahead, releases more often."""

import json
import re
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from core.ports import silent
from kb import ledger
from kb.judgements import find_digest
from nightdesk.config import load_config
from nightdesk.serving import Server, due_night
from nightdesk.wiring import Desk, network
from tests.nightdesk.conftest import new_team
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, loopback_slack
from tests.servers.web import Scripted, Web, open_web

FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Quay</title>{}</channel></rss>"""
ENTRY = (
    "<item><title>Agents that call tools, day {0}</title><link>https://quay.example/{0}</link>"
    "<description>A language-model agent planned with tools for {0} days and was measured each day.</description>"
    "<pubDate>{1}</pubDate></item>"
)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Served:
    """A desk on loopback sources that tell one new post a day, with a clock to be moved."""

    server: Server
    clock: Clock
    web: Web
    told: list[str]

    def pass_time(self, until: datetime, step: timedelta) -> None:
        while self.clock.now < until:
            self.clock.now = min(self.clock.now + step, until)
            self.server.work()

    @property
    def nights(self) -> list[str]:
        return [line.removeprefix("running the night of ") for line in self.told if line.startswith("running")]


@pytest.fixture
def served(tmp_path: Path, model_cache: Path) -> Iterator[Served]:
    with open_web() as web:
        yield _served(tmp_path, model_cache, web, ZoneInfo("Europe/Paris"))


def _served(folder: Path, model_cache: Path, web: Web, zone: ZoneInfo) -> Served:
    clock = Clock(datetime(2026, 3, 27, 12, tzinfo=UTC))
    web.answers["/feed"] = lambda _asked: Scripted(_feed(clock.now))
    config = new_team(folder, model_cache)
    head = config.read_text("utf-8").split("[[source]]", 1)[0].replace("America/New_York", zone.key)
    source = f'[[source]]\nkind = "rss"\nname = "Quay"\nurl = "{web.url("/feed")}"\n'
    config.write_text(head + source + '[fetch]\nallow_hosts = ["127.0.0.1"]\n', "utf-8")
    settings = load_config(config)
    told: list[str] = []
    wire = replace(network(settings), clock=clock)
    return Served(Server(Desk(settings), wire, lambda _: (), told.append, silent), clock, web, told)


def _feed(now: datetime) -> bytes:
    entries = [ENTRY.format(day, f"{now:%a, %d %b %Y} 00:00:00 GMT") for day in range(now.timetuple().tm_yday, 80, -1)]
    return FEED.format("".join(entries)).encode()


def test_each_night_is_run_once_over_a_change_of_clocks(served: Served) -> None:
    served.server.work()
    threads = threading.active_count()
    served.pass_time(datetime(2026, 3, 31, 12, tzinfo=UTC), timedelta(hours=1, minutes=7))
    assert threading.active_count() <= threads  # those of other tests may end meanwhile
    assert served.nights == [f"2026-03-{day}" for day in range(27, 32)]


def test_sleep_is_caught_up_once(served: Served) -> None:
    served.server.work()
    served.clock.now += timedelta(days=3)
    served.server.work()
    served.server.work()
    assert served.nights == ["2026-03-27", "2026-03-30"]


def test_night_comes_no_earlier_than_its_hour(served: Served) -> None:
    served.server.work()
    served.clock.now = datetime(2026, 3, 28, 3, 59, tzinfo=UTC)
    assert due_night(served.server.desk, served.clock.now) is None
    served.clock.now += timedelta(minutes=1)
    assert due_night(served.server.desk, served.clock.now) == date(2026, 3, 28)


def test_what_was_run_by_hand_before_its_hour_is_run_again_at_it(served: Served) -> None:
    served.server.work()
    desk, early = served.server.desk, datetime(2026, 3, 28, 2, tzinfo=UTC)
    with desk.store.writing() as connection:
        ledger.finish_run(connection, ledger.begin_run(connection, date(2026, 3, 28), early), early)
    assert due_night(desk, datetime(2026, 3, 28, 4, tzinfo=UTC)) == date(2026, 3, 28)


def test_what_is_gathered_ahead_is_told_by_the_coming_night(served: Served) -> None:
    served.server.work()
    served.clock.now = datetime(2026, 3, 28, 0, tzinfo=UTC)
    served.server.work()
    assert any(line == "gathered ahead: 1 new from Quay" for line in served.told)
    served.web.answers["/feed"] = Scripted(status=500)
    served.clock.now = datetime(2026, 3, 28, 6, tzinfo=UTC)
    served.server.work()
    with served.server.desk.store.reading() as connection:
        digest = json.dumps(find_digest(connection, date(2026, 3, 28)))
    assert re.search(r"quay\.example/87", digest)


def test_two_servers_on_one_folder_run_a_night_once(served: Served) -> None:
    other = replace(served.server, desk=Desk(served.server.desk.settings))
    for _ in range(2):
        served.server.work()
        other.work()
    assert Counter(served.nights) == {"2026-03-27": 1}


def test_server_that_is_stopped_at_work_goes_on_with_it(tmp_path: Path, model_cache: Path) -> None:
    with open_web() as web:
        config = _served(tmp_path, model_cache, web, ZoneInfo("Europe/Paris")).server.desk.settings.path
        quick, web.answers["/feed"] = web.answers["/feed"], Scripted(delay=30.0)
        serve_until(config, "running the night of")
        assert not list((tmp_path / "var" / "digests").glob("*/digest.html"))
        web.answers["/feed"] = quick
        serve_until(config, " new items, ")
    assert list((tmp_path / "var" / "digests").glob("*/digest.html"))


def serve_until(config: Path, words: str) -> None:
    """Serve until a line is told, then ask to stop."""
    command = [sys.executable, "-m", "nightdesk", "serve", "--config", str(config)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert any(words in line for line in process.stderr)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
        assert "stopped" in process.stderr.read()


def test_server_that_hears_clicks_ends_in_time(
    tmp_path: Path, model_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NIGHTDESK_TEST_BOT", BOT_TOKEN)
    monkeypatch.setenv("NIGHTDESK_TEST_APP", APP_TOKEN)
    with open_web() as web, loopback_slack() as slack:
        config = _served(tmp_path, model_cache, web, ZoneInfo("Europe/Paris")).server.desk.settings.path
        tokens = 'bot_token_env = "NIGHTDESK_TEST_BOT"\napp_token_env = "NIGHTDESK_TEST_APP"\n'
        whole = f'{config.read_text("utf-8")}[slack]\n{tokens}base_url = "{slack.base_url}"\n'
        config.write_text(whole, "utf-8")
        serve_until(config, "hearing clicks from Slack")
