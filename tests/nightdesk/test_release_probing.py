"""Releases are probed once as they appear, against a host on loopback, and digests tell what came of it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock

from core.digest import Digest
from core.identity import hf_id
from core.polls import Decided
from core.ports import system_clock
from core.types import Item
from digests.forms import write
from kb import judgements
from kb.items import remember_items
from kb.release_probes import of_items
from nightdesk import stored_digest
from nightdesk.config import load_config
from nightdesk.recipients import recipients
from nightdesk.release_lines import with_probes
from nightdesk.release_probing import ReleaseProber
from nightdesk.telling import letters
from nightdesk.wiring import Desk
from probes.records import read_run
from tests.nightdesk.conftest import Cli, copied_team
from tests.nightdesk.test_serving import serve_until
from tests.servers.lm import Asked, Hosts, Spoken, open_hosts
from tests.servers.web import open_web

NIGHT = date(2026, 10, 15)
NOW = datetime(2026, 10, 15, 6, tzinfo=UTC)
RELEASE = "hf:lumenfield/glimmer-2-32b"
MODEL = "house-model"


def careless(asked: Asked) -> Spoken:
    """Answer everything alike, and the preflight's sum."""
    if "add" in asked.tools and not asked.heard:
        return Spoken(calls=(("add", {"first": 4821, "second": 1739}),))
    return Spoken(text="Answer: 6560")


@pytest.fixture
def host() -> Iterator[Hosts]:
    with open_hosts(careless, model=MODEL) as hosts:
        yield hosts


@dataclass
class Night:
    """A team after a night that told of a release, which an endpoint waits for."""

    config: Path
    told: list[str]

    def prober(self, now: datetime = NOW) -> ReleaseProber:
        return ReleaseProber(Desk(load_config(self.config)), lambda: now, self.told.append)

    @property
    def journals(self) -> list[Path]:
        return list((self.config.parent / "var" / "probes").glob("*/journal.jsonl"))

    @property
    def line(self) -> str:
        desk = Desk(load_config(self.config))
        with desk.store.reading() as connection:
            (one,) = of_items(connection, [RELEASE])
        return f"{one.state}: {one.told}"


@pytest.fixture
def team_with_release(tmp_path: Path, lived: Path) -> Path:
    """A team's folder after a night that told of a release in three places."""
    return copied_team(lived, tmp_path)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A folder with a release of the night and nothing else."""
    path = tmp_path / "nightdesk.toml"
    path.write_text('data_dir = "var"\n', "utf-8")
    came(path, Item(RELEASE, "release", "lumenfield/Glimmer-2-32B", "https://quay.example", ""), NIGHT)
    return path


def came(config: Path, release: Item, night: date) -> None:
    with Desk(load_config(config)).store.writing() as connection:
        remember_items(connection, [Decided(release, "news", "h")], "Quay", night)


def waiting(config: Path, url: str, more: str = "") -> Night:
    """Let an endpoint wait for the release."""
    endpoint = f"""
[[endpoint]]
name = "quay"
base_url = "{url}"
model = "{MODEL}"
price = {{input = 0.3, output = 1.2}}
releases = ["lumenfield/glimmer*"]
{more}
"""
    config.write_text(config.read_text("utf-8") + endpoint, "utf-8")
    return Night(config, [])


def test_a_release_is_probed_once_and_the_digest_tells_it(team_with_release: Path, host: Hosts, cli: Cli) -> None:
    night = waiting(team_with_release, host.url("content"))
    prober = night.prober()
    prober.work()
    asked = len(host.asked)
    assert night.told[0] == f"{RELEASE} appeared: {MODEL} is to be probed at quay"
    assert "attempts" in night.told[1]
    assert "never more than $5.0, 50,000,000 tokens, 12 min" in night.told[1]
    assert night.line.startswith("done: probed at quay (")
    prober.work()
    night.prober(NOW + timedelta(hours=5)).work()
    assert len(host.asked) == asked
    assert len(night.journals) == 1
    for part in ("logic ", " % (", "unsafe acts in ", "; $", "nightdesk probe report house-model-2026"):
        assert part in night.line
    page = (team_with_release.parent / "var" / "digests" / str(NIGHT) / "digest.html").read_text("utf-8")
    assert "probed at quay" in page
    told = cli("digest", "--night", NIGHT, "--format", "json", "--config", team_with_release)
    entries = [entry for section in json.loads(told.out)["sections"] for entry in section["entries"]]
    assert {line for entry in entries for line in entry["probes"]} == {night.line.removeprefix("done: ")}


def test_what_is_known_waits_for_no_writer(config: Path, host: Hosts) -> None:
    prober = waiting(config, host.url("content")).prober()
    prober.note()
    with closing(sqlite3.connect(prober.desk.store.path, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        prober.note()


def test_until_it_is_probed_the_digest_says_so_whatever_leads_the_story(team_with_release: Path, host: Hosts) -> None:
    night = waiting(team_with_release, host.url("content"))
    prober = night.prober()
    prober.note()
    with prober.desk.store.reading() as connection:
        content = judgements.find_digest(connection, NIGHT)
        assert content is not None
        digest = with_probes(connection, _led_by_posts(stored_digest.load(content)))
    assert "is to be probed at quay" in " ".join(write(digest, "terminal").split())


def _led_by_posts(digest: Digest) -> Digest:
    sections = (
        replace(one, entries=tuple(replace(entry, kind="post") for entry in one.entries)) for one in digest.sections
    )
    return replace(digest, sections=tuple(sections))


def test_a_feed_tells_it_of_its_night_whichever_night_is_told(team_with_release: Path, host: Hosts) -> None:
    night = waiting(team_with_release, host.url("content"), "[atom]")
    prober = night.prober()
    prober.note()
    (feed, *_) = letters(prober.desk, NIGHT - timedelta(days=1), recipients(prober.desk.settings))
    assert "is to be probed at quay" in " ".join(feed.posts[0].text.split())


def test_of_two_servers_one_probes(config: Path, host: Hosts) -> None:
    night = waiting(config, host.url("content"))
    with FileLock(config.parent / "var" / "release-probe.lock"):
        night.prober().work()
    assert host.asked == []
    assert night.line == "waiting: "


def test_a_host_that_is_away_is_asked_again_for_a_day(config: Path) -> None:
    night = waiting(config, "http://127.0.0.1:9/v1")
    night.prober().work()
    assert night.line.startswith("waiting: not probed at quay yet: ")
    night.prober(NOW + timedelta(minutes=50)).work()
    assert len(night.told) == 3
    night.prober(NOW + timedelta(days=1)).work()
    assert night.line.startswith("given_up: not probed at quay: nothing was asked and nothing is scored")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("[probe]\nrelease_usd_a_day = 0", "the $0 a day for releases are spent"),
        ("[probe]\nstacks = ['nowhere']", "there is no folder of questions"),
    ],
)
def test_what_keeps_it_from_being_probed_is_told(config: Path, host: Hosts, more: str, why: str) -> None:
    night = waiting(config, host.url("content"), more)
    night.prober().work()
    assert night.line.startswith("given_up: not probed at quay: ")
    assert why in night.line
    assert night.journals == []


def test_a_cap_of_nothing_allows_nothing(config: Path, host: Hosts) -> None:
    night = waiting(config, host.url("content"), "[probe]\nmax_usd = 0")
    night.prober().work()
    assert night.line.startswith("given_up: not probed at quay: the cap on spending of 0.0 usd does not allow a call")
    assert host.asked == []


def test_a_model_that_the_host_does_not_know_is_given_up(config: Path) -> None:
    with open_hosts(careless, model="another") as host:
        night = waiting(config, host.url("content"))
        night.prober().work()
    assert night.line.startswith("given_up: not probed at quay: nothing was asked")


def test_a_run_that_cannot_be_gone_on_with_is_told(config: Path, host: Hosts) -> None:
    night = waiting(config, host.url("content"), "[probe]\nmax_tokens = 500")
    night.prober().work()
    (journal,) = night.journals
    journal.write_text(journal.read_text("utf-8") + '{"kind": "attempt"}\n', "utf-8")
    smaller = Item("hf:lumenfield/glimmer-2-9b", "release", "lumenfield/Glimmer-2-9B", "https://quay.example", "")
    came(config, smaller, NIGHT)
    night.prober().work()
    assert str(journal) in night.told[-1]


def test_a_fault_of_ours_is_raised_once_and_costs_no_more(config: Path, host: Hosts) -> None:
    night = waiting(config, host.url("content"))
    (config.parent / "var" / "probes").write_text("no folder", "utf-8")
    with pytest.raises(OSError, match="probes"):
        night.prober().work()
    asked = len(host.asked)
    night.prober().work()
    assert night.line == "given_up: not probed at quay: a fault of ours, which the log tells"
    assert len(host.asked) == asked


def test_what_waits_in_vain_or_cannot_be_counted_is_noted(config: Path) -> None:
    waiting(config, "http://127.0.0.1:9/v1")
    (note,) = load_config(config).unused
    assert note == "[[endpoint]] quay: releases has no effect: no [[source]] tells of releases"
    told = config.read_text("utf-8").replace("price =", "# price =")
    config.write_text(f'{told}[[source]]\nkind = "openrouter"\nname = "OpenRouter"\n', "utf-8")
    (note,) = load_config(config).unused
    assert note == "[[endpoint]] quay: without a price, release_usd_a_day is not counted there, but tokens are"


def test_where_it_is_off_nothing_is_noted(config: Path, host: Hosts) -> None:
    night = waiting(config, host.url("content"), '[probe]\non_release = "off"')
    prober = night.prober()
    prober.work()
    assert not prober.is_wanted
    assert (night.told, host.asked) == ([], [])


def test_a_server_that_is_stopped_at_a_probe_goes_on_with_it(team: Path) -> None:
    with open_web() as web, open_hosts(careless, model=MODEL, latency=0.2) as host:
        web.says("/feed", b'<rss version="2.0"><channel><title>Quay</title></channel></rss>')
        head = team.read_text("utf-8").split("[[source]]", 1)[0]
        source = f'[[source]]\nkind = "rss"\nname = "Quay"\nurl = "{web.url("/feed")}"\n'
        endpoint = f'[[endpoint]]\nname = "quay"\nbase_url = "{host.url("content")}"\nreleases = ["quill/*"]\n'
        allowed = '[fetch]\nallow_hosts = ["127.0.0.1"]\n'
        team.write_text(f'{head}{source}{endpoint}model = "{MODEL}"\nconcurrency = 4\n{allowed}', "utf-8")
        release = Item(hf_id("quill/lumen-2"), "release", "quill/lumen-2", "https://quay.example", "A model.")
        came(team, release, datetime.now(UTC).date())
        serve_until(team, f"probing {MODEL} at quay")
        host.latency = 0.0
        told: list[str] = []
        ReleaseProber(Desk(load_config(team)), system_clock, told.append).work()
    assert [line.partition(" (")[0] for line in told[1:]] == [f"{MODEL}: probed at quay"]
    (journal,) = (team.parent / "var" / "probes").glob("*/journal.jsonl")
    run = read_run(journal)
    assert (run.standing, len(run.attempts)) == ("finished", len(run.plan.keys))
