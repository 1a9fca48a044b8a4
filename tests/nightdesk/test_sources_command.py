"""`nightdesk sources` and its commands, against loopback."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import ConfigError
from core.identity import normalise_url
from core.polls import Poll, Validators
from core.sources import PollRow, SourceSpec
from feeds.opml import read_opml, write_opml
from feeds.sources import rss
from kb import ledger
from nightdesk.commands.source_changes import new_sources, subscriptions
from nightdesk.commands.sources import find_source
from nightdesk.config import Settings, load_config
from nightdesk.config_file import add_sources
from nightdesk.wiring import Desk
from tests.nightdesk.conftest import SAMPLE, SECOND, Cli
from tests.servers.web import Web, open_web

CONFIG = """# What the tide team follows.
data_dir = "var"   # beside this file
timezone = "Pacific/Auckland"

[fetch]
allow_hosts = ["127.0.0.1"]

[[subject]]
slug = "tides"
name = "Tide prediction"

[[source]]
kind = "rss"
name = "North Pier"
url = "{north}"   # asked every night

[[source]]
kind = "rss"
name = "North Star"
url = "{star}"
# the end
"""
OLD = "Thu, 01 Jan 2026 00:00:00 GMT"


def feed(title: str, *entries: str, date: str = OLD) -> bytes:
    items = "".join(
        f"<item><title>{entry}</title><link>https://pier.example/{entry.replace(' ', '-')}</link>"
        f"<pubDate>{date}</pubDate></item>"
        for entry in entries
    )
    return f'<rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'.encode()


@pytest.fixture
def web() -> Iterator[Web]:
    with open_web() as web:
        yield web


@pytest.fixture
def config(web: Web, tmp_path: Path) -> Path:
    path = tmp_path / "nightdesk.toml"
    path.write_text(CONFIG.format(north=web.url("/north.xml"), star=web.url("/star.xml")), "utf-8")
    return path


def remember(config: Path, poll: Poll, row: PollRow, now: datetime) -> None:
    with Desk(load_config(config)).store.writing() as connection:
        run = ledger.begin_run(connection, now.date(), now)
        ledger.remember_poll(connection, run, poll, row, now)
        ledger.finish_run(connection, run, now)


def north(config: Path) -> SourceSpec:
    return load_config(config).sources[0]


# The list


def test_the_list_tells_of_health(cli: Cli, config: Path) -> None:
    now = datetime.now(UTC)
    due = (now + timedelta(hours=5)).replace(microsecond=0)
    failed = Poll(north(config), "failed", "HTTP 404 Not Found", failures=3, next_due=due)
    remember(config, failed, PollRow("North Pier", "rss", "failed", "HTTP 404 Not Found"), now)
    rows = json.loads(cli("sources", "--config", config, "--json").out)["sources"]
    assert [row["name"] for row in rows] == ["North Pier", "North Star"]
    assert (rows[0]["outcome"], rows[0]["failures"], rows[0]["why"]) == ("failed", 3, "HTTP 404 Not Found")
    assert datetime.fromisoformat(rows[0]["next_due"]) == due
    assert (rows[1]["outcome"], rows[1]["why"], rows[1]["last_success"]) == (None, "not polled yet", None)
    shown = cli("sources", "--config", config).out
    assert "2 sources, 1 of them failing" in shown
    assert "! North Pier" in shown
    assert "3 times in a row" in shown
    assert f"at {due.astimezone(ZoneInfo('Pacific/Auckland')):%H:%M}" in shown
    assert "! North Star" not in shown


@pytest.mark.parametrize("width", ["80", "120"])
def test_an_address_is_never_broken(
    cli: Cli, lived: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    shown = cli("sources", "--config", lived).out
    addresses = [row["addresses"][0] for row in json.loads(cli("sources", "--config", lived, "--json").out)["sources"]]
    assert all(address in shown for address in addresses)


# Finding one by name


def specs(*names: str) -> tuple[SourceSpec, ...]:
    return tuple(SourceSpec("rss", name, rss.Options("https://pier.example/")) for name in names)


@pytest.mark.parametrize("name", ["Pier", "pier", "PIER ", "pie", "p"])
def test_a_source_is_found_by_case_and_beginning(name: str) -> None:
    assert find_source(name, specs("Pier", "Star")).name == "Pier"


def test_a_whole_name_goes_before_a_beginning() -> None:
    assert find_source("pier", specs("Pier North", "Pier")).name == "Pier"


@pytest.mark.parametrize(
    ("name", "told"),
    [("north", "'north' may be North Pier or North Star"), ("Nroth Pier", "did you mean North Pier"), ("", "''")],
)
def test_a_name_that_is_none_or_several_exits_2(cli: Cli, config: Path, name: str, told: str) -> None:
    shown = cli("sources", "check", name, "--config", config)
    assert shown.code == 2
    assert told in shown.err


# check


def stored(config: Path) -> list[str]:
    with Desk(load_config(config)).store.reading() as connection:
        dump = getattr(connection.connection.driver_connection, "iterdump")  # noqa: B009 - unknown to the type checker
        return list(dump())


def test_a_check_explains_and_stores_nothing(cli: Cli, web: Web, config: Path) -> None:
    web.says("/north.xml", feed("North", "First tide", "Second tide"), etag='"one"')
    before = stored(config)
    shown = cli("sources", "check", "north pier", "--config", config)
    assert shown.code == 0
    assert all(told in shown.out for told in (web.url("/north.xml"), "2 background", "First tide", "2026-01-01"))
    told = json.loads(cli("sources", "check", "North P", "--config", config, "--json").out)
    assert (told["entries"], told["new"], told["backlog"], told["known"]) == (2, 0, 2, 0)
    assert told["asked"][0]["bytes"] == len(feed("North", "First tide", "Second tide"))
    assert stored(config) == before


def test_the_newest_three_in_order(cli: Cli, web: Web, config: Path) -> None:
    dated = [feed("", f"Tide {day}", date=f"Thu, {day:02} Jan 2026 10:00:00 GMT") for day in (1, 22, 8, 15)]
    items = b"".join(one[one.index(b"<item>") : one.index(b"</channel>")] for one in dated)
    web.says("/north.xml", b'<rss version="2.0"><channel><title>North</title>' + items + b"</channel></rss>")
    told = json.loads(cli("sources", "check", "North Pier", "--config", config, "--json").out)
    assert [one["title"] for one in told["newest"]] == ["Tide 22", "Tide 15", "Tide 8"]


def test_the_conditional_request_is_shown(cli: Cli, web: Web, config: Path) -> None:
    url = web.says("/north.xml", feed("North", "First tide"), etag='"one"')
    now = datetime.now(UTC) - timedelta(days=1)
    answered = Poll(north(config), "new", validators={url: Validators('"one"', None, None)})
    remember(config, answered, PollRow("North Pier", "rss", "new", ""), now)
    shown = cli("sources", "check", "North Pier", "--config", config)
    assert shown.code == 0
    assert 'If-None-Match: "one"' in shown.out
    assert "not modified" in shown.out
    assert web.asked[-1].headers["If-None-Match"] == '"one"'


def test_a_failed_check_exits_1(cli: Cli, web: Web, config: Path) -> None:
    web.says("/north.xml", b"", status=404)
    shown = cli("sources", "check", "North Pier", "--config", config)
    assert shown.code == 1
    assert "failed: HTTP 404" in shown.out


def test_a_check_on_a_recording(cli: Cli, lived: Path) -> None:
    shown = cli("sources", "check", "odile", "--recording", SAMPLE / SECOND, "--config", lived, "--json")
    assert shown.code == 0
    assert json.loads(shown.out)["asked"][0]["if_none_match"]


# add


def test_add_keeps_every_byte_and_follows_the_feed(cli: Cli, web: Web, config: Path) -> None:
    page = b'<html><head><link rel="alternate" type="application/rss+xml" href="/south.xml"></head></html>'
    web.says("/", page, content_type="text/html")
    web.says("/south.xml", feed('South "Pier"', "A southern tide"))
    before = config.read_bytes()
    shown = cli("sources", "add", web.url("/"), "--subject", "tides", "--config", config)
    assert shown.code == 0
    assert "A southern tide" in shown.out
    assert config.read_bytes().startswith(before)
    added = load_config(config).sources[-1]
    assert (added.name, added.kind, added.subjects) == ('South "Pier"', "rss", ("tides",))
    assert added.options == rss.Options(web.url("/south.xml"))
    assert [asked.target for asked in web.asked] == ["/", "/south.xml"]
    assert list(config.parent.glob("*toml*")) == [config]


def test_a_dry_run_adds_nothing(cli: Cli, web: Web, config: Path) -> None:
    url, before = web.says("/south.xml", feed("South", "A tide")), config.read_bytes()
    shown = cli("sources", "add", url, "--dry-run", "--config", config, "--json")
    told = json.loads(shown.out)
    assert (shown.code, told["added"], told["source"]["name"]) == (0, False, "South")
    assert config.read_bytes() == before


@pytest.mark.parametrize(
    ("path", "options", "told"),
    [
        ("/north.xml", [], "is followed already, as 'North Pier'"),
        ("/south.xml", ["--name", "north PIER"], "give another name with --name"),
        ("/south.xml", ["--subject", "tide"], "there is no subject 'tide'; there are tides"),
    ],
)
def test_what_cannot_be_added_exits_2(
    cli: Cli, web: Web, config: Path, path: str, options: list[str], told: str
) -> None:
    before = config.read_bytes()
    shown = cli("sources", "add", web.says(path, feed("South", "A tide")), *options, "--config", config)
    assert shown.code == 2
    assert told in shown.err
    assert config.read_bytes() == before


def test_no_feed_behind_a_page_exits_1(cli: Cli, web: Web, config: Path) -> None:
    before = config.read_bytes()
    shown = cli("sources", "add", web.says("/", b"<html></html>", content_type="text/html"), "--config", config)
    assert (shown.code, config.read_bytes()) == (1, before)
    assert "nothing was added: no feed found" in shown.err


def test_no_address_exits_2(cli: Cli, config: Path) -> None:
    assert cli("sources", "add", "ftp://pier.example/", "--config", config).code == 2


@pytest.mark.parametrize("command", [["add", "https://pier.example"], ["check", "x"], ["export"], []])
def test_without_a_configuration_init_is_named(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    shown = cli("sources", *command)
    assert shown.code == 2
    assert "nightdesk init" in shown.err


# The file


def test_line_ends_mode_and_link_stay(config: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_bytes(config.read_bytes().replace(b"\n", b"\r\n").removesuffix(b"\r\n"))
    real.chmod(0o640)
    config.unlink()
    config.symlink_to(real)
    add_sources(config, [{"kind": "rss", "name": "South", "url": "https://pier.example/s.xml"}])
    assert config.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert b"\n" not in real.read_bytes().replace(b"\r\n", b"")
    assert load_config(config).sources[-1].name == "South"


@pytest.mark.parametrize(
    "added",
    [
        {"kind": "rss", "name": "North Pier", "url": "https://pier.example/s.xml"},
        {"kind": "no-such-kind", "name": "South"},
        {"kind": "rss", "name": "South", "url": "no address"},
    ],
)
def test_what_would_not_load_is_not_written(config: Path, added: dict[str, str]) -> None:
    before = config.read_bytes()
    with pytest.raises(ConfigError, match="nothing was added"):
        add_sources(config, [added])
    assert config.read_bytes() == before
    assert list(config.parent.iterdir()) == [config]


def test_sources_in_one_line_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "nightdesk.toml"
    path.write_text('data_dir = "var"\nsource = [{kind = "openrouter", name = "Models"}]\n')
    with pytest.raises(ConfigError, match="nothing was added"):
        add_sources(path, [{"kind": "huggingface_papers", "name": "Papers"}])
    assert "Papers" not in path.read_text()


@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
def test_any_name_is_written_as_it_is(tmp_path: Path, name: str) -> None:
    path = tmp_path / "nightdesk.toml"
    path.write_text('data_dir = "var"\n')
    assert add_sources(path, [{"kind": "openrouter", "name": name}]).sources[0].name == name


# import and export


def outline(*feeds: tuple[str, str]) -> str:
    return "".join(f'<outline text="{text}" xmlUrl="{url}"/>' for text, url in feeds)


@pytest.fixture
def opml(tmp_path: Path, web: Web) -> Path:
    inside = outline(
        ("South", "https://south.example/feed"),
        ("South again", "http://www.south.example/feed/"),
        ("North", web.url("/north.xml")),
        ("North Pier", "https://other.example/feed"),
        ("Learning", "https://rss.arxiv.org/rss/cs.LG"),
        ("Nowhere", "feed.xml"),
    )
    path = tmp_path / "team.opml"
    path.write_text(f'<opml version="2.0"><body><outline text="Tides">{inside}</outline></body></opml>')
    return path


def test_an_import_adds_what_is_new(cli: Cli, config: Path, opml: Path) -> None:
    before = config.read_bytes()
    told = json.loads(cli("sources", "import", opml, "--config", config, "--json").out)
    assert (told["added"], told["duplicates"], told["unusable"]) == (3, 2, 1)
    added = load_config(config).sources[2:]
    assert [(spec.name, spec.kind) for spec in added] == [
        ("South", "rss"),
        ("North Pier (other.example)", "rss"),
        ("Learning", "arxiv"),
    ]
    assert {spec.subjects for spec in added} == {("tides",)}
    assert config.read_bytes().startswith(before)
    again = json.loads(cli("sources", "import", opml, "--config", config, "--json").out)
    assert (again["added"], again["duplicates"]) == (0, 5)


def test_a_dry_import_adds_nothing(cli: Cli, config: Path, opml: Path) -> None:
    before = config.read_bytes()
    shown = cli("sources", "import", opml, "--dry-run", "--config", config)
    assert (shown.code, config.read_bytes()) == (0, before)
    assert "would be added:" in shown.out


@pytest.mark.parametrize(
    "content", ["<opml", "", '<!DOCTYPE opml [<!ENTITY a "b">]><opml><body><outline text="&a;"/></body></opml>']
)
def test_a_broken_list_is_one_line(cli: Cli, config: Path, tmp_path: Path, content: str) -> None:
    before = config.read_bytes()
    (tmp_path / "broken.opml").write_text(content)
    shown = cli("sources", "import", tmp_path / "broken.opml", "--config", config)
    assert (shown.code, config.read_bytes()) == (2, before)
    assert len(shown.err.splitlines()) == 1
    assert "broken.opml" in shown.err


def test_a_list_that_is_not_there(cli: Cli, config: Path, tmp_path: Path) -> None:
    assert "none.opml" in cli("sources", "import", tmp_path / "none.opml", "--config", config).err


def test_an_export_is_read_again(cli: Cli, lived: Path, config: Path, tmp_path: Path) -> None:
    assert cli("sources", "export", tmp_path / "out.opml", "--config", lived).code == 0
    assert cli("sources", "import", tmp_path / "out.opml", "--config", config).code == 0
    exported = [spec for spec in load_config(lived).sources if spec.kind in ("rss", "arxiv", "github_releases")]
    assert {(s.kind, s.name, s.options) for s in exported} <= {
        (s.kind, s.name, s.options) for s in load_config(config).sources
    }
    assert cli("sources", "export", "--config", lived).out == (tmp_path / "out.opml").read_text("utf-8")


def test_an_export_overwrites_only_a_list(cli: Cli, config: Path, opml: Path) -> None:
    before = config.read_bytes()
    assert cli("sources", "export", config, "--config", config).code == 2
    assert config.read_bytes() == before
    assert cli("sources", "export", opml, "--config", config).code == 0
    assert [one.title for one in read_opml(opml.read_bytes())] == ["North Pier", "North Star"]


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=100)
ADDRESSES = st.from_regex(r"https?://[a-z]{1,6}\.example(:8\d)?/[A-Za-z0-9&=?'\"%é#;+.-]{0,12}", fullmatch=True)


@given(st.lists(st.tuples(NAMES, ADDRESSES), max_size=6, unique_by=lambda pair: normalise_url(pair[1])))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_round_trip_loses_no_feed(tmp_path: Path, feeds: list[tuple[str, str]]) -> None:
    path = tmp_path / "nightdesk.toml"
    path.write_text('data_dir = "var"\n')
    followed = [SourceSpec("rss", name, rss.Options(url)) for name, url in feeds]
    text = write_opml("nightdesk", subscriptions(followed, datetime.now(UTC)))
    new = new_sources(read_opml(text.encode()), load_config(path))
    assert {dict(one.keys)["url"] for one in new} == {url for _, url in feeds}
    loaded: Settings = add_sources(path, [one.table for one in new])
    assert {spec.options for spec in loaded.sources} == {spec.options for spec in followed}
