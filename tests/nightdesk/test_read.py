"""``read``: a work's whole text, from a recording, from the store, or what the source told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from core.types import FullText, Item
from kb.store import Store
from nightdesk.full_texts import full_text_of
from tests.feeds.documents import BODY, PAPER
from tests.kb.shelf import NOW, made, remember
from tests.nightdesk.conftest import Cli
from tests.nightdesk.test_bad_use import one_line

PAPER_ITEM = Item(
    "arxiv:2610.99999", "paper", "[bold]Lanterns\x1b[31m", "https://arxiv.org/abs/2610.99999", "An abstract."
)
HTML = "https://arxiv.org/html/2610.99999"


@pytest.fixture
def desk(team: Path) -> Path:
    """A team that knows one paper; returns the configuration."""
    store = Store(team.parent / "var" / "nightdesk.db")
    remember(store, PAPER_ITEM)
    store.close()
    return team


def _recording(folder: Path, body: bytes | None) -> Path:
    """Write a recording in which arXiv has this HTML of the paper, or nothing."""
    folder.mkdir(exist_ok=True)
    (folder / "paper").write_bytes(body or b"")
    line: dict[str, object] = {
        "method": "GET",
        "url": HTML,
        "status": 200 if body else 404,
        "headers": {},
        "file": "paper",
    }
    (folder / "recording.jsonl").write_text(json.dumps(line), "utf-8")
    return folder


def test_people_get_title_address_origin_and_text(cli: Cli, desk: Path, tmp_path: Path) -> None:
    shown = cli("read", PAPER_ITEM.id, "--config", desk, "--recording", _recording(tmp_path / "r", PAPER))
    assert (shown.code, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert lines[:3] == ["[bold]Lanterns[31m", f"{HTML} (html)", ""]
    assert lines[3:5] == ["Lanterns over Long Tasks", "1 Introduction"]
    assert BODY in shown.out


def test_outside_text_is_no_markup_and_no_escape(cli: Cli, desk: Path, tmp_path: Path) -> None:
    hostile = PAPER.replace(b"oil", "[red]oil[/red] \x1b]0;title\x07\x9b31m \u202e".encode())
    shown = cli("read", PAPER_ITEM.id, "--config", desk, "--recording", _recording(tmp_path / "r", hostile))
    assert "[red]oil[/red]" in shown.out
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(shown.out)


def test_json_is_one_document(cli: Cli, desk: Path, tmp_path: Path) -> None:
    shown = cli("read", PAPER_ITEM.id, "--json", "--config", desk, "--recording", _recording(tmp_path / "r", PAPER))
    told = json.loads(shown.out)
    assert shown.code == 0
    assert set(told) == {"id", "kind", "title", "url", "origin", "why", "text"}
    assert (told["id"], told["url"], told["origin"], told["why"]) == (PAPER_ITEM.id, HTML, "html", "")


def test_second_reading_needs_no_network(cli: Cli, desk: Path, tmp_path: Path) -> None:
    first = cli("read", PAPER_ITEM.id, "--config", desk, "--recording", _recording(tmp_path / "r", PAPER))
    again = cli("read", PAPER_ITEM.id, "--config", desk)
    assert (again.code, again.out) == (0, first.out)


def test_failure_is_told_on_stderr_and_tried_again(cli: Cli, desk: Path, tmp_path: Path) -> None:
    shown = cli("read", PAPER_ITEM.id, "--config", desk, "--recording", _recording(tmp_path / "r", None))
    assert shown.code == 1
    assert shown.out.splitlines()[-1] == "An abstract."
    assert "HTTP 404" in one_line(shown.err)
    assert "the recording holds no answer" in one_line(shown.err)
    again = cli("read", PAPER_ITEM.id, "--config", desk, "--recording", _recording(tmp_path / "r", PAPER))
    assert (again.code, again.err) == (0, "")


@pytest.mark.parametrize("name", [PAPER_ITEM.url, "https://arxiv.org/pdf/2610.99999v2", HTML])
def test_item_may_be_named_by_its_address(cli: Cli, desk: Path, tmp_path: Path, name: str) -> None:
    recording = _recording(tmp_path / "r", PAPER)
    told = json.loads(cli("read", name, "--json", "--config", desk, "--recording", recording).out)
    assert told["id"] == PAPER_ITEM.id


@pytest.mark.parametrize("name", ["arxiv:0000.00000", "", "https://[", "\x1b[31m"])
def test_unknown_item_is_one_line(cli: Cli, desk: Path, name: str) -> None:
    shown = cli("read", name, "--config", desk)
    assert (shown.code, shown.out) == (2, "")
    assert "there is no item" in one_line(shown.err)
    assert "\x1b" not in shown.err


def test_new_version_is_read_anew(tmp_path: Path) -> None:
    owls, asked = made("owls"), list[Item]()

    def read(item: Item) -> FullText:
        asked.append(item)
        return FullText(item.id, item.url, f"version {item.version}", "article")

    store = Store(tmp_path / "nightdesk.db")
    remember(store, owls)
    second = replace(owls, version=2)
    texts = [full_text_of(store, item, read, lambda: NOW).text for item in (owls, owls, second, second)]
    store.close()
    assert texts == ["version None", "version None", "version 2", "version 2"]
    assert asked == [owls, second]
