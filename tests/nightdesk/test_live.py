"""The commands against a real server on loopback, without a recording."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest

from core.errors import ConfigError
from feeds.sources import headers_of
from kb.minilm import onnx_file
from nightdesk.config import load_config
from tests.nightdesk.conftest import Cli
from tests.servers.web import Web, open_web

CONFIG = """
data_dir = "var"
timezone = "UTC"

[fetch]
allow_hosts = ["127.0.0.1"]

[[subject]]
slug = "tides"
name = "Tide prediction"
description = "Models that predict tides, currents and waves at the coast."
keywords = ["tide"]
"""


def feed(*titles: str) -> bytes:
    items = "".join(
        f"<item><title>{title}</title><link>https://blog.example/{title.replace(' ', '-')}</link>"
        f"<description>We present a model that predicts the tide to {len(title)} centimetres.</description>"
        f"<pubDate>{format_datetime(datetime.now(UTC))}</pubDate></item>"
        for title in titles
    )
    return f'<rss version="2.0"><channel><title>Blog</title>{items}</channel></rss>'.encode()


@pytest.fixture
def web() -> Iterator[Web]:
    with open_web() as web:
        yield web


@pytest.fixture
def config(web: Web, tmp_path: Path, model_cache: Path) -> Path:
    sources = "".join(
        f'\n[[source]]\nkind = "rss"\nname = "{name}"\nurl = "{web.url(f"/{name}.xml")}"\n'
        for name in ("north", "south")
    )
    path = tmp_path / "nightdesk.toml"
    path.write_text(CONFIG + sources, "utf-8")
    onnx_file(model_cache)
    (tmp_path / "var" / "models").mkdir(parents=True)
    for part in model_cache.iterdir():
        (tmp_path / "var" / "models" / part.name).hardlink_to(part)
    return path


def test_a_live_night_then_the_next_poll(cli: Cli, web: Web, config: Path) -> None:
    web.says("/north.xml", feed("A tide model"), etag='"one"')
    web.says("/south.xml", b"nothing here", status=404)
    first = cli("run", "--config", config, "--json")
    report = json.loads(first.out)
    assert first.code == 1
    assert [row["outcome"] for row in report["sources"]] == ["new", "failed"]
    assert "404" in report["sources"][1]["why"]
    web.says("/south.xml", feed("Another tide model"))
    second = json.loads(cli("run", "--config", config, "--json").out)
    assert [row["outcome"] for row in second["sources"]] == ["not_modified", "new"]
    digest = json.loads(cli("digest", "--config", config, "--json").out)
    assert {entry["title"] for entry in digest["sections"][0]["entries"]} == {"A tide model", "Another tide model"}
    assert [row["outcome"] for row in digest["ledger"]] == ["new", "new"]


def test_a_recording_of_the_live_sources_replays_as_they_answered(
    cli: Cli, web: Web, config: Path, tmp_path: Path
) -> None:
    web.says("/north.xml", feed("A tide model", "A current model"), etag='"one"')
    web.says("/south.xml", b"", status=410)
    recorded = cli("record", tmp_path / "night", "--config", config)
    assert recorded.code == 0
    web.answers.clear()
    report = json.loads(cli("run", "--config", config, "--recording", tmp_path / "night", "--json").out)
    assert [(row["outcome"], row["new"]) for row in report["sources"]] == [("new", 2), ("gone", 0)]
    again = cli("record", tmp_path / "night", "--config", config)
    assert again.code == 2
    assert "holds a recording already" in again.err


def test_recording_leaves_the_knowledge_base_alone(cli: Cli, web: Web, config: Path, tmp_path: Path) -> None:
    web.says("/north.xml", feed("A tide model"))
    web.says("/south.xml", feed("Another tide model"))
    assert cli("record", tmp_path / "night", "--config", config).code == 0
    assert json.loads(cli("items", "--config", config, "--all", "--json").out)["items"] == []


def test_a_private_host_is_refused_until_it_is_allowed(cli: Cli, web: Web, config: Path) -> None:
    config.write_text(config.read_text("utf-8").replace('allow_hosts = ["127.0.0.1"]', ""), "utf-8")
    report = json.loads(cli("run", "--config", config, "--json").out)
    assert [row["outcome"] for row in report["sources"]] == ["failed", "failed"]
    assert "name 127.0.0.1 in [fetch] allow_hosts" in report["sources"][0]["why"]
    assert web.asked == []


def test_a_host_that_asked_for_quiet_is_left_alone_by_its_other_sources(cli: Cli, web: Web, config: Path) -> None:
    web.says("/north.xml", b"", 429, retry_after="3600")
    web.says("/south.xml", feed("Another tide model"))
    cli("run", "--config", config, "--json")
    web.asked.clear()
    report = json.loads(cli("run", "--config", config, "--json").out)
    assert report["sources"][0]["outcome"] == "throttled"
    assert web.asked == []


GITHUB = """
[[source]]
kind = "github_releases"
name = "Wick"
repo = "Lumen/Wick"
token_env = "WICK_TOKEN"
"""


@pytest.mark.parametrize("token", ["", "lamp-oil"])
def test_token_comes_from_the_environment_only(config: Path, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    monkeypatch.setenv("WICK_TOKEN", token)
    config.write_text(config.read_text("utf-8") + GITHUB, "utf-8")
    settings = load_config(config)
    sent = headers_of(settings.sources)
    assert sent("https://api.github.com/repos/Lumen/Wick/releases").get("Authorization", "") == (
        "Bearer lamp-oil" if token else ""
    )
    for other in ("https://api.github.com/repos/Other/Wick/releases", "https://lantern.example/repos/Lumen/Wick/x"):
        assert sent(other) == {}
    assert "lamp-oil" not in repr(settings)
    assert any("WICK_TOKEN is not set" in line for line in settings.unused) == (not token)


def test_token_is_no_key_of_the_file(config: Path) -> None:
    config.write_text(config.read_text("utf-8") + GITHUB + 'token = "lamp-oil"', "utf-8")
    with pytest.raises(ConfigError, match="unknown key 'token'"):
        load_config(config)


def post(link: str, title: str) -> bytes:
    return (
        f'<rss version="2.0"><channel><item><title>{title}</title><link>{link}</link><guid>tide-1</guid>'
        f"<description>We present a model that predicts the tide.</description></item></channel></rss>"
    ).encode()


def test_edited_title_and_address_are_no_new_item(cli: Cli, web: Web, config: Path) -> None:
    web.says("/south.xml", feed())
    web.says("/north.xml", post("https://blog.example/tide", "A tide model"))
    cli("run", "--config", config, "--json")
    web.says("/north.xml", post("https://blog.example/a-better-name", "A tide model, corrected"))
    row = json.loads(cli("run", "--config", config, "--json").out)["sources"][0]
    assert (row["new"], row["changed"]) == (0, 1)
    (told,) = json.loads(cli("items", "--config", config, "--all", "--json").out)["items"]
    assert (told["title"], told["url"]) == ("A tide model, corrected", "https://blog.example/a-better-name")
