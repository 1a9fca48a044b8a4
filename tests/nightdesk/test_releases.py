"""Which release is probed where, and by what name."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.identity import github_release_id, hf_id, openrouter_id
from core.types import Item
from nightdesk.config_endpoints import EndpointSettings
from nightdesk.releases import matched

NOW = datetime(2026, 10, 14, 3, tzinfo=UTC)
WEIGHTS = Item(hf_id("Quill-AI/Lumen-2-8B"), "release", "Quill-AI/Lumen-2-8B", "https://a.example", "")
LISTED = Item(openrouter_id("quill/lumen-2-8b"), "release", "Quill: Lumen 2 8B", "https://b.example", "")
OFFERED = replace(LISTED, id=openrouter_id("quill/lumen-2-8b:free"), title="Quill: Lumen 2 8B (free)")
TAGGED = Item(github_release_id("Quill/lumen", "v2.0"), "release", "lumen v2.0", "https://c.example", "")
OWN = EndpointSettings("own", "openai", "http://127.0.0.1:8000/v1", "", "")
ROUTER = EndpointSettings("router", "openai", "https://openrouter.ai/api/v1", "", "")


def asked(endpoint: EndpointSettings, *patterns: str) -> list[tuple[str, str]]:
    items = (WEIGHTS, LISTED, OFFERED, TAGGED)
    return [(one.item_id, one.model) for one in matched(items, [replace(endpoint, releases=patterns)], NOW)]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("quill-ai/*", ["Quill-AI/Lumen-2-8B"]),
        ("QUILL-AI/lumen-?-8b", ["Quill-AI/Lumen-2-8B"]),
        ("hf:*", ["Quill-AI/Lumen-2-8B"]),
        ("openrouter:*", []),
        ("quill/*", []),
        ("quill-ai", []),
    ],
)
def test_a_server_of_ones_own_calls_models_as_their_repositories(pattern: str, found: list[str]) -> None:
    assert [model for _, model in asked(OWN, pattern)] == found


def test_openrouter_calls_models_as_it_lists_them_and_offers_are_named_as_such() -> None:
    assert asked(ROUTER, "quill*/*") == [(LISTED.id, "quill/lumen-2-8b")]
    assert asked(ROUTER, "*:free") == [(OFFERED.id, "quill/lumen-2-8b:free")]
    assert asked(ROUTER, "openrouter:quill/*") == [(LISTED.id, "quill/lumen-2-8b")]


@pytest.mark.parametrize(("host", "found"), [("eu.openrouter.ai", ["quill/lumen-2-8b"]), ("notopenrouter.ai", [])])
def test_openrouter_is_told_by_its_whole_domain(host: str, found: list[str]) -> None:
    there = replace(ROUTER, base_url=f"https://{host}/api/v1")
    assert [model for _, model in asked(there, "openrouter:quill/*")] == found


def test_an_endpoint_that_names_its_model_is_asked_for_that() -> None:
    fixed = replace(OWN, model="lumen")
    assert asked(fixed, "quill/lumen@v*") == [(TAGGED.id, "lumen")]
    assert asked(OWN, "quill/lumen@v*") == []


def test_one_release_told_of_by_two_catalogues_has_one_key() -> None:
    fixed = replace(OWN, model="lumen", releases=("quill*",))
    keys = {one.item_id: one.key for one in matched((WEIGHTS, LISTED, TAGGED), [fixed], NOW)}
    assert keys[WEIGHTS.id] == keys[LISTED.id] != keys[TAGGED.id]


def test_what_is_no_release_or_is_named_by_nobody_is_left_alone() -> None:
    post = replace(WEIGHTS, kind="post")
    assert list(matched([post], [replace(OWN, releases=("*",))], NOW)) == []
    assert asked(OWN) == []
