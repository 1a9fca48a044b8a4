"""The listed pairs of release names: no two releases are one, and what is one is told so, save five known misses."""

import tomllib
from pathlib import Path

import pytest

from core.identity import same_work
from core.release_names import release_name
from core.types import Item

PAIRS = tomllib.loads((Path(__file__).parent / "release_pairs.toml").read_text("utf-8"))
MISSED = {
    "DeepSeek: R1 Distill Qwen 32B": "the vendor is half of the family, and is left out",
    "Google: Gemma 3 27B": "a listing leaves Instruct out, which by name alone is the base model",
    "Gemma 3 4B Pretrained": "PT is PyTorch in other names",
    "o4-mini": "no family but the vendor's",
    "Cohere c4ai command a 03-2025": "a vendor without a mark behind it is read as family",
}


def release(item_id: str, title: str) -> Item:
    return Item(item_id, "release", title, "https://lantern.example/", "")


@pytest.mark.parametrize(("one", "other"), PAIRS["different"])
def test_two_releases_are_never_one(one: str, other: str) -> None:
    assert release_name(one) != release_name(other)
    assert not same_work(release("hf:lumen/a", one), release("openrouter:lumen/a", other))


@pytest.mark.parametrize(("one", "other"), PAIRS["same"])
def test_one_release_is_told_so(one: str, other: str) -> None:
    assert same_work(release("hf:lumen/a", one), release("openrouter:lumen/a", other)) == (other not in MISSED)


def test_list_is_long_and_its_misses_are_few() -> None:
    assert len(PAIRS["same"]) >= 150
    assert len(PAIRS["different"]) >= 150
    assert len(MISSED) <= 0.05 * len(PAIRS["same"])
    assert {tuple(pair) for pair in PAIRS["same"]}.isdisjoint(map(tuple, PAIRS["different"]))


@pytest.mark.parametrize(
    "title",
    ["Glimmer 2.1: faster and smaller", "Glimmer v2.1 – now in your pocket", "Lumen Glimmer 2.1 - for your desk"],
)
def test_prose_behind_a_name_is_no_part_of_it(title: str) -> None:
    assert release_name(title).versions == ("2.1",)
    assert release_name(title).family.endswith("glimmer")


@pytest.mark.parametrize(
    "title",
    ["Glimmer 2.1: Mini", "Glimmer 2.1 - Sonata", "Glimmer 2.1: the Mini is here", "Lumen 2: Glimmer 2.1 with eyes"],
)
def test_what_may_belong_to_the_name_stays(title: str) -> None:
    assert release_name(title) != release_name("Glimmer 2.1")
    assert release_name(title) != release_name("Lumen 2")
