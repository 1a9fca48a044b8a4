"""The search and its index from the command line, over the sample team's nights."""

import json
import shutil
from pathlib import Path

import pytest

from core.toml_file import read_toml
from kb.index import Index
from kb.items import get_items
from kb.store import Store
from nightdesk.config import load_config
from nightdesk.config_base import FILE_NAME, load_base_config
from nightdesk.config_subjects import checked_base
from tests.kb.shelf import made, remember
from tests.nightdesk.conftest import Cli, copied_team
from tests.nightdesk.test_bad_use import one_line


@pytest.fixture
def moved(lived: Path, tmp_path: Path) -> Path:
    """A copy of the team's folder, to be written to: a base is moved by copying it."""
    return copied_team(lived, tmp_path / "moved")


def _hits(cli: Cli, config: Path, *arguments: object) -> list[dict[str, object]]:
    shown = cli("search", *arguments, "--config", config, "--json")
    assert (shown.code, shown.err) == (0, "")
    hits: list[dict[str, object]] = json.loads(shown.out)["hits"]
    return hits


def test_people_see_what_matched_and_what_became_of_it(cli: Cli, lived: Path) -> None:
    shown = cli("search", "reward hacking", "--config", lived, "--limit", 3)
    assert (shown.code, shown.err) == (0, "")
    assert "3 hits for “reward hacking”" in shown.out
    assert " 1. " in shown.out
    assert "https://arxiv.org/abs/" in shown.out
    assert "told by arXiv cs." in shown.out
    assert "in the digest of 2026-10-1" in shown.out


def test_history_is_whole_and_what_why_tells(cli: Cli, moved: Path) -> None:
    item = _hits(cli, moved, "reward hacking", "--decision", "kept")[0]["id"]
    cli("feedback", item, "up", "--note", "for the review", "--as", "ada", "--config", moved)
    hit = _hits(cli, moved, "reward hacking", "--decision", "kept")[0]
    told = json.loads(cli("why", item, "--config", moved, "--json").out)
    past = hit["history"]
    assert isinstance(past, dict)
    assert [(one["source"], one["url"], one["announced"]) for one in past["sightings"]] == [
        (one["source"], one["url"], one["announced"]) for one in told["sightings"]
    ]
    assert past["decisions"] == told["verdicts"]
    assert past["brief"] == told["brief"]
    assert past["digests"] == told["digests"]
    assert [vote["note"] for vote in past["votes"]] == [vote["note"] for vote in told["votes"]]
    assert all((past["sightings"], past["decisions"], past["brief"]["summary"], past["digests"], past["votes"]))


def test_why_tells_people_the_brief_and_the_digests(cli: Cli, lived: Path) -> None:
    hit = _hits(cli, lived, "reward hacking", "--decision", "kept")[0]
    history = hit["history"]
    assert isinstance(history, dict)
    shown = " ".join(cli("why", hit["id"], "--config", lived).out.split())
    assert " ".join(history["brief"]["summary"].split()) in shown
    assert f"told in the digest of {history['digests'][0]}" in shown


def test_phrases_and_minus(cli: Cli, lived: Path) -> None:
    with_it = _hits(cli, lived, "reward")
    without = _hits(cli, lived, "reward -hacking")
    assert "hacking" in json.dumps(with_it).lower()
    assert all("hacking" not in f"{hit['title']} {hit['snippet']}".lower() for hit in without)
    assert _hits(cli, lived, '"no paper has this phrase"') == []
    for apart in (("reward", "-hacking"), ("-hacking", "reward"), ("reward", "--", "-hacking")):
        shown = cli("search", "--config", lived, "--json", *apart)
        assert (shown.code, json.loads(shown.out)["hits"]) == (0, without)


def test_minus_alone_is_no_option(cli: Cli, lived: Path) -> None:
    shown = cli("search", "-hacking", "--config", lived)
    assert (shown.code, shown.err) == (0, "there is no word to look for\n")


def test_unknown_option_is_still_refused(cli: Cli, lived: Path) -> None:
    shown = cli("search", "reward", "--limmit", "3", "--config", lived)
    assert shown.code == 2
    assert "--limmit" in shown.err


def test_similar_by_id_and_address(cli: Cli, lived: Path) -> None:
    first = _hits(cli, lived, "reward hacking")[0]
    by_id = _hits(cli, lived, "--similar", first["id"], "--limit", 4)
    assert by_id == _hits(cli, lived, "--similar", first["url"], "--limit", 4)
    assert len(by_id) == 4
    assert first["id"] not in [hit["id"] for hit in by_id]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param((), "say in words", id="neither"),
        pytest.param(("owls", "--similar", "x"), "say in words", id="both"),
        pytest.param(("--similar", "x:nowhere"), "there is no item", id="unknown_item"),
        pytest.param(("owls", "--subject", "nothing"), "there is no subject 'nothing'", id="unknown_subject"),
    ],
)
def test_wrong_use_is_one_line(cli: Cli, lived: Path, arguments: tuple[str, ...], told: str) -> None:
    shown = cli("search", *arguments, "--config", lived)
    assert (shown.code, shown.out) == (2, "")
    assert told in one_line(shown.err)


_WRONG_FOR_A_SEARCH = (
    ('slug = "agents"', 'slug = "Agents"', "[[subject]] 1 (Agents): slug: String should match"),
    ('slug = "agents"', "slug = 7", "[[subject]] 1 (7): slug: Input should be a valid string"),
    (
        'slug = "agents"',
        'slog = "agents"',
        "[[subject]] 1 (Agents and tool use): unknown key 'slog'; did you mean 'slug'",
    ),
    ('data_dir = "', 'data_dir = 3 # "', "data_dir: Input should be a valid string"),
    ("[[source]]", '[kb]\nembedder = "remote"\n[[source]]', '[kb]: embedder: "local", or a table [kb.embedder]'),
    ("[[source]]", '[kb]\nurl = "x"\n[[source]]', "[kb] url: only the embedded store"),
)


def test_a_search_reads_what_the_configuration_says_of_the_base(cli: Cli, moved: Path) -> None:
    whole = moved.read_text("utf-8")
    moved.write_text(whole.replace('kind = "arxiv"', 'kind = "arxive"', 1), "utf-8")
    assert cli("items", "--config", moved).code == 2
    assert _hits(cli, moved, "reward hacking")
    for right, wrong, told in _WRONG_FOR_A_SEARCH:
        assert right in whole
        moved.write_text(whole.replace(right, wrong, 1), "utf-8")
        shown = cli("search", "owls", "--config", moved)
        assert (shown.code, shown.out) == (2, "")
        assert told in one_line(shown.err)


def test_both_ways_to_read_a_configuration_say_the_same(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    path.write_text('data_dir = "~/desk"\n[[subject]]\nslug = "owls"\nname = "Owls"\n[kb]\nembedder = "local"', "utf-8")
    assert load_base_config(path) == checked_base(path, read_toml(path))


def test_hostile_title_is_text(cli: Cli, moved: Path) -> None:
    store = Store(load_config(moved).data_dir / "nightdesk.db")
    remember(store, made("x", "[bold]Zorkblat\x1b[31m [link=x]", "A zorkblat\x07 is [red]text[/red]."))
    store.close()
    shown = cli("search", "zorkblat", "--config", moved, "--limit", 1)
    assert "[bold]Zorkblat[31m [link=x]" in shown.out
    assert "A zorkblat is [red]text[/red]." in shown.out
    assert not {"\x1b", "\x07"} & set(shown.out)


@pytest.mark.parametrize("harm", ["missing", "damaged"])
def test_lost_index_is_told_and_made_again(cli: Cli, moved: Path, harm: str) -> None:
    folder = load_config(moved).data_dir / "chroma"
    before = [hit["id"] for hit in _hits(cli, moved, "reward hacking")]
    if harm == "missing":
        shutil.rmtree(folder)
    else:
        (folder / "chroma.sqlite3").write_bytes(b"torn")
    shown = cli("search", "reward hacking", "--config", moved, "--json")
    assert f"the index is {harm}" in one_line(shown.err)
    assert "nightdesk reindex" in shown.err
    assert [hit["id"] for hit in json.loads(shown.out)["hits"]] == before
    made_again = json.loads(cli("reindex", "--config", moved, "--json").out)
    assert made_again["embedded"] == 0
    assert made_again["indexed"] == made_again["vectors"] == 82
    assert [hit["id"] for hit in _hits(cli, moved, "reward hacking")] == before


def test_reindex_embeds_what_waits_and_then_nothing(cli: Cli, moved: Path) -> None:
    store = Store(load_config(moved).data_dir / "nightdesk.db")
    remember(store, owls := made("owls", "Barn owls", "They hear mice."))
    assert "1 of the items" in one_line(cli("search", "owls", "--config", moved).err)
    first = json.loads(cli("reindex", "--config", moved, "--json").out)
    assert first["embedded"] == 1
    again = json.loads(cli("reindex", "--config", moved, "--json").out)
    assert (again["embedded"], again["indexed"], again["vectors"]) == (0, 0, first["vectors"])
    with store.reading() as connection:
        assert get_items(connection, [owls.id])
    with store.searching() as plain:
        assert Index(load_config(moved).data_dir / "chroma").state(plain) == "whole"
    store.close()


def test_reindex_of_an_empty_base(cli: Cli, team: Path) -> None:
    shown = cli("reindex", "--config", team)
    assert shown.code == 0
    assert "0 items embedded" in shown.err
