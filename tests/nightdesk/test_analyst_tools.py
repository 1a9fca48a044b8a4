"""The analyst's tools: what they find and show, that it is fenced, and what they refuse."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.errors import NightdeskError
from kb.embedder import Embedder
from nightdesk.analyst_tools import PAGE, RESULT_CHARS, Library, analyst_tools
from nightdesk.told_items import named_by
from tests.feeds.documents import BODY
from tests.nightdesk.library import LATE_OWLS, OWLS, PAPER_ITEM, README, library
from triage.analyst_findings import Trail

Use = Callable[..., str]


@pytest.fixture
def shelf(tmp_path: Path, embedder: Embedder) -> Iterator[Library]:
    with library(tmp_path, embedder) as opened:
        yield opened


@pytest.fixture
def trail() -> Trail:
    return Trail()


@pytest.fixture
def use(shelf: Library, trail: Trail) -> Use:
    """Call a tool of a run on the paper, as the model does."""
    tools = {one.tool.name: one for one in analyst_tools(shelf, [PAPER_ITEM], trail)}
    return lambda name, **given: tools[name].run(given)


def refused(use: Use, name: str, **given: Any) -> str:
    with pytest.raises((NightdeskError, ValueError)) as caught:
        use(name, **given)
    return str(caught.value)


def test_search_finds_and_the_trail_keeps(use: Use, trail: Trail) -> None:
    told = use("search", query="owls that hear mice")
    assert told.index(f"id: {OWLS.id}") < told.index(f"id: {LATE_OWLS.id}")
    assert "told by: Lantern Labs" in told
    assert told.startswith("⟦data ")
    assert {OWLS.id, LATE_OWLS.id} <= set(trail.ids)


def test_search_filters(use: Use) -> None:
    assert PAPER_ITEM.id in use("search", query="lanterns or owls", kind="paper")
    assert OWLS.id not in use("search", query="lanterns or owls", kind="paper")
    assert use("search", query="lanterns", until="2001-01-01") == "Nothing was found."


def test_related_work_leaves_the_item_itself_out(use: Use, trail: Trail) -> None:
    told = use("find_related", id=OWLS.id)
    assert f"id: {LATE_OWLS.id}" in told
    assert f"id: {OWLS.id}\n" not in told
    assert LATE_OWLS.id in trail.ids


def test_open_item_is_the_lead_unless_named(use: Use, trail: Trail) -> None:
    told = use("open_item")
    assert f"id: {PAPER_ITEM.id}" in told
    assert "repositories: lumen/wick" in told
    assert OWLS.title in use("open_item", id=OWLS.url)
    assert list(trail.ids) == [PAPER_ITEM.id, OWLS.id]


def test_text_is_read_page_by_page(use: Use, shelf: Library, trail: Trail) -> None:
    told = use("read_text", id=PAPER_ITEM.id)
    assert BODY[:200] in told
    length = int(told.split(" of ")[1].split(".")[0].split(";")[0])
    assert "offset" not in told.split("\n")[0] or length > PAGE
    assert f"has {length} characters" in refused(use, "read_text", id=PAPER_ITEM.id, offset=length)
    assert use("read_text", id=PAPER_ITEM.id, offset=10).startswith(f"Characters 10 to {min(length, 10 + PAGE)} of")
    assert PAPER_ITEM.id in trail.ids


def test_text_that_cannot_be_had_is_what_was_told(use: Use) -> None:
    told = use("read_text", id=OWLS.id)
    assert told.startswith("Only what the source told, for the whole cannot be had: https://lantern.example/owls")
    assert OWLS.text in told


def test_repository_is_listed_with_its_readme(use: Use, trail: Trail) -> None:
    told = use("look_at_repository", repository="Lumen/Wick")
    assert "src/part0.py (9 bytes)" in told
    assert "and 52 more: name a folder to list it" in told
    assert "Run `make light`." in told
    assert f"the next page begins at offset {PAGE}" in told
    assert len(told) < RESULT_CHARS
    assert told.count("⟦data ") == told.count("⟦end of data ") == 2
    assert trail.leads_to("https://github.com/lumen/wick/blob/main/run.py")


def test_repository_pages_folders_and_files(use: Use) -> None:
    page = use("look_at_repository", repository="lumen/wick", path="README.md", offset=PAGE)
    assert page.startswith(f"Characters {PAGE} to {len(README)} of {len(README)}.")
    assert "# Wick" not in page
    folder = use("look_at_repository", repository="lumen/wick", path="/src/")
    assert "src/part7.py" in folder
    assert "run.py (60" not in folder
    file = use("look_at_repository", repository="lumen/wick", path="run.py")
    assert "print('lit')" in file
    assert file.count("⟦end of data") == 1
    assert not {"\u202e"} & set(file)
    assert "<think>" not in file


def test_only_repositories_that_were_named_are_looked_at(use: Use, trail: Trail) -> None:
    assert "names lumen/wick" in refused(use, "look_at_repository", repository="lumen/oil")
    assert not trail.leads_to("https://github.com/lumen/oil")
    use("look_at_repository", repository="lumen/wick")
    told = use("look_at_repository", repository="lumen/oil")
    assert "Oil for lamps" in told
    assert "The list of files cannot be had" in told


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "no such item": ("open_item", {"id": "arxiv:0000.00000"}, "there is no item"),
    "no such text": ("read_text", {"id": "the owls"}, "there is no item"),
    "offset below zero": ("read_text", {"offset": -1}, "offset: "),
    "offset in words": ("read_text", {"offset": "ten"}, "offset: "),
    "no query": ("search", {}, "query: Field required"),
    "empty query": ("search", {"query": ""}, "query: "),
    "number as query": ("search", {"query": 3}, "query: "),
    "other kind": ("search", {"query": "owls", "kind": "poem"}, "kind: "),
    "no such day": ("search", {"query": "owls", "until": "2031-02-30"}, "day"),
    "day in words": ("find_related", {"until": "yesterday"}, "until: "),
    "no repository": ("look_at_repository", {"repository": "the one of the paper"}, "write owner/name"),
    "file outside": ("look_at_repository", {"repository": "lumen/wick", "path": "../oil/README.md"}, "no path"),
    "no such file": ("look_at_repository", {"repository": "lumen/wick", "path": "none.py"}, "no answer"),
    "image": ("look_at_repository", {"repository": "lumen/wick", "path": "lamp.png"}, "is no text"),
    "no sum": ("calculate", {"expression": "open('x')"}, "not known here"),
}


@pytest.mark.parametrize(("name", "given", "told"), REFUSED.values(), ids=REFUSED)
def test_wrong_use_is_told_in_words(use: Use, name: str, given: dict[str, Any], told: str) -> None:
    assert told in refused(use, name, **given)


def test_sums(use: Use) -> None:
    assert use("calculate", expression="(71.2 - 68.9) / 2") == repr((71.2 - 68.9) / 2)


def test_schemas_are_plain_objects(shelf: Library) -> None:
    for one in analyst_tools(shelf, [PAPER_ITEM], Trail()):
        schema = dict(one.tool.parameters)
        assert schema["type"] == "object"
        assert "$defs" not in schema
        assert all("type" in field or "enum" in field for field in schema["properties"].values())


def test_release_names_its_repository() -> None:
    assert list(named_by(replace(OWLS, facts=(("repository", "Lumen/Wick"), ("votes", "3"))))) == ["lumen/wick"]
