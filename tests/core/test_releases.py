"""One release from what up to three sites tell of it; every lab and model is made up."""

from itertools import permutations

import pytest

from core.releases import Release, release_of
from core.types import Item

HUB = Item(
    id="hf:lumen/glimmer-2-30b-a3b-instruct",
    kind="release",
    title="Lumen/Glimmer-2-30B-A3B-Instruct",
    url="https://huggingface.co/Lumen/Glimmer-2-30B-A3B-Instruct",
    text="",
    facts=(("task", "text-generation"), ("licence", "mit")),
)
ROUTER = Item(
    id="openrouter:lumen/glimmer-2-30b-a3b",
    kind="release",
    title="Lumen: Glimmer 2 30B A3B",
    url="https://openrouter.ai/lumen/glimmer-2-30b-a3b",
    text="",
    facts=(
        ("context", "131,072 tokens"),
        ("price", "$0.25 in, $1 out per 1M tokens"),
        ("modality", "text+image->text"),
    ),
)
FORGE = Item(
    id="github:lumen/glimmer@v2",
    kind="release",
    title="Glimmer 2",
    url="https://github.com/lumen/glimmer/releases/tag/v2",
    text="",
    facts=(("repository", "lumen/glimmer"), ("tag", "v2")),
)
POST = Item("https://lumen.example/2", "post", "Glimmer 3 8B Mini Instruct Preview", "https://lumen.example/2", "")


def test_release_told_on_three_sites_is_merged() -> None:
    assert release_of([POST, ROUTER, FORGE, HUB]) == Release(
        family="glimmer",
        version="2",
        size="30b-a3b",
        variant="instruct",
        licence="mit",
        context_length=131072,
        price="$0.25 in, $1 out per 1M tokens",
        takes=("text", "image"),
        gives=("text",),
        endpoints=(
            ("openrouter", "lumen/glimmer-2-30b-a3b"),
            ("huggingface", "Lumen/Glimmer-2-30B-A3B-Instruct"),
        ),
    )


def test_order_of_the_sites_changes_only_that_of_the_endpoints() -> None:
    found = [release_of(order) for order in permutations([HUB, ROUTER, FORGE, POST])]
    assert len({(one.version, one.size, one.variant, one.licence, one.price, one.takes) for one in found if one}) == 1
    assert {frozenset(one.endpoints) for one in found if one} == {frozenset(found[0].endpoints if found[0] else ())}


def test_family_is_told_in_words() -> None:
    mill = Item("hf:mill/old-mill-2", "release", "mill/Old-Mill-2", "https://huggingface.co/mill/Old-Mill-2", "")
    found = release_of([mill])
    assert found is not None
    assert (found.family, found.version) == ("old mill", "2")


def test_what_no_site_tells_is_empty_or_unknown() -> None:
    assert release_of([Item("hf:lumen/lamp", "release", "Lumen/Lamp", "https://huggingface.co/Lumen/Lamp", "")]) == (
        Release(family="lamp", endpoints=(("huggingface", "Lumen/Lamp"),))
    )


def test_offer_of_a_free_price_alone_is_asked_by_its_own_slug() -> None:
    free = Item("openrouter:lumen/lamp-1", "release", "Lumen: Lamp 1", "https://openrouter.ai/lumen/lamp-1:free", "")
    found = release_of([free])
    assert found is not None
    assert found.endpoints == (("openrouter", "lumen/lamp-1:free"),)


SOFTWARE = Item(
    "github:lumen/wick@v0.21", "release", "wick v0.21", "https://github.com/lumen/wick/releases/tag/v0.21", ""
)


@pytest.mark.parametrize("items", [[], [POST], [SOFTWARE], [SOFTWARE, POST]])
def test_what_can_be_asked_nowhere_is_no_model(items: list[Item]) -> None:
    assert release_of(items) is None
