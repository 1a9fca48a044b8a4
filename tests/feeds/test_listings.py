"""Hugging Face, OpenRouter and GitHub: what their answers mean."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from core.identity import content_hash, id_of_url
from core.polls import Known
from core.sources import Reading
from core.types import Item
from feeds.decide import decide
from feeds.sources import source
from feeds.sources.github_releases import headers
from tests.feeds.desk import FRIDAY, document, night_of, poll_of
from tests.feeds.samples import GITHUB, MODELS, OPENROUTER, PAPERS, spec_of
from tests.shared_data import shared_data


def reading_of(kind: str, answer: object, day: date = FRIDAY.date) -> Reading:
    body = answer if isinstance(answer, str) else json.dumps(answer)
    return source(kind).read(document(body), spec_of(kind), night_of(day))


def paper(**changed: object) -> list[object]:
    return [{"paper": PAPERS[0]["paper"] | changed}]


def test_paper_of_the_day_is_that_of_arxiv_with_votes() -> None:
    assert reading_of("huggingface_papers", PAPERS).items == (
        Item(
            id="arxiv:3103.00017",
            kind="paper",
            title="Lanterns at night",
            url="https://arxiv.org/abs/3103.00017",
            text="We light n lamps.",
            authors=("Mirela Quandt",),
            published=datetime(2031, 3, 11, 17, tzinfo=UTC),
            announced=datetime(2031, 3, 13, 20, tzinfo=UTC),
            facts=(("votes", "17"),),
            told_at="https://huggingface.co/papers/3103.00017",
        ),
    )


def test_papers_are_asked_for_by_night() -> None:
    (address,) = source("huggingface_papers").addresses(spec_of("huggingface_papers"), FRIDAY)
    assert address == "https://huggingface.co/api/daily_papers?date=2031-03-14"


def test_paper_that_is_not_of_arxiv_is_skipped() -> None:
    assert reading_of("huggingface_papers", paper(id="lamp")) == Reading(())


@pytest.mark.parametrize("changed", [{"title": ""}, {"title": None}, {"authors": "Mirela"}, {"upvotes": "many"}])
def test_paper_that_cannot_be_read_costs_only_itself(changed: dict[str, object]) -> None:
    reading = reading_of("huggingface_papers", [*paper(**changed), *PAPERS])
    assert len(reading.items) == 1
    assert [problem[:12] for problem in reading.problems] == ["row 1: paper"]


@pytest.mark.parametrize(("day", "scheduled"), [(14, False), (15, True), (16, True), (17, False)])
def test_no_papers_are_by_schedule_on_a_weekend_only(day: int, scheduled: bool) -> None:  # noqa: FBT001
    assert bool(reading_of("huggingface_papers", [], date(2031, 3, day)).empty_why) == scheduled


def test_one_listing_an_organisation_is_asked() -> None:
    spec = spec_of("huggingface_models", orgs=("Lumen", "old mill"))
    asked = source("huggingface_models").addresses(spec, FRIDAY)
    assert [address.split("&")[0] for address in asked] == [
        "https://huggingface.co/api/models?author=Lumen",
        "https://huggingface.co/api/models?author=old+mill",
    ]
    assert all("sort=createdAt" in address for address in asked)


def test_model_is_a_release_with_its_base_and_licence() -> None:
    (model,) = reading_of("huggingface_models", MODELS).items
    assert (model.id, model.title, model.url) == (
        "hf:lumen/glimmer-2-8b",
        "Lumen/Glimmer-2-8B",
        "https://huggingface.co/Lumen/Glimmer-2-8B",
    )
    assert model.id == id_of_url(model.url)
    assert model.announced == datetime(2031, 3, 13, 20, tzinfo=UTC)
    assert set(model.links) == {"hf:lumen/glimmer-2-32b"}
    assert model.facts == (
        ("task", "text-generation"),
        ("licence", "mit"),
        ("derived from", "Lumen/Glimmer-2-32B"),
        ("library", "transformers"),
    )


def kind_of(name: str, *tags: str, **changed: object) -> str:
    row = MODELS[0] | {"id": name, "tags": list(tags)} | changed
    (model,) = reading_of("huggingface_models", [row]).items
    return model.announce_type


DERIVED: dict[str, tuple[str, ...]] = {
    "Lumen/Glimmer-2-32B-FP8": (),
    "Lumen/Glimmer-2-32B-GGUF": ("base_model:Lumen/Glimmer-2-32B",),
    "Lumen/Glimmer-2-32B-Small": ("base_model:Lumen/Glimmer-2-32B", "base_model:quantized:Lumen/Glimmer-2-32B"),
    "Lumen/Glimmer-2-32B-Tales": ("base_model:adapter:Lumen/Glimmer-2-32B",),
    "Lumen/Glimmer-Copper": ("base_model:merge:Lumen/Glimmer-2-32B", "base_model:merge:Kettle/Copper-3-32B"),
    "Lumen/Glimmer-2-Repack": ("gguf", "base_model:Lumen/Glimmer-2-32B"),
    "Lumen/Copper-Tuned": ("base_model:finetune:Kettle/Copper-3-32B",),
    "Lumen/Copper-Again": ("base_model:Kettle/Copper-3-32B",),
}


@pytest.mark.parametrize("name", DERIVED)
def test_copy_of_a_known_base_is_derived(name: str) -> None:
    assert kind_of(name, *DERIVED[name]) == "derived"


RELEASES: dict[str, tuple[str, ...]] = {
    "Lumen/Glimmer-2-32B": (),
    "Lumen/Glimmer-2-32B-Instruct": ("base_model:Lumen/Glimmer-2-32B", "base_model:finetune:lumen/Glimmer-2-32B"),
    "Lumen/Glimmer-2-32B-BF16": ("safetensors",),
    "Lumen/Wick": ("gguf", "en"),
}


@pytest.mark.parametrize("name", RELEASES)
def test_organisations_own_model_is_a_release(name: str) -> None:
    assert kind_of(name, *RELEASES[name]) == "new"


def test_adapter_library_tells_what_is_derived() -> None:
    assert kind_of("Lumen/Glimmer-Tales", "base_model:Lumen/Glimmer-2-32B", library_name="peft") == "derived"
    assert kind_of("Lumen/Glimmer-Tales", "base_model:Lumen/Glimmer-2-32B", library_name="transformers") == "new"


@pytest.mark.parametrize("first", [True, False])
def test_derived_model_is_remembered_and_never_news(first: bool) -> None:  # noqa: FBT001
    whole = MODELS[0] | {"id": "Lumen/Glimmer-3-8B", "tags": []}
    items = reading_of("huggingface_models", [*MODELS, whole]).items
    assert [one.novelty for one in decide(poll_of(*items, first=first), {}, FRIDAY)] == ["backlog", "news"]


def test_trending_is_one_more_listing() -> None:
    asked = source("huggingface_models").addresses(
        spec_of("huggingface_models", orgs=("Lumen",), trending=True), FRIDAY
    )
    assert asked[1:] == ("https://huggingface.co/api/models?sort=trendingScore&direction=-1&limit=50&full=true",)
    assert "author=Lumen&sort=createdAt" in asked[0]


def trending(created: str, org: str = "Kettle") -> Reading:
    row = {"id": f"{org}/Copper-3-8B", "createdAt": created}
    spec = spec_of("huggingface_models", orgs=("Lumen",), trending=True)
    return source("huggingface_models").read(document(json.dumps([row])), spec, FRIDAY)


def test_old_model_that_trends_again_is_no_release() -> None:
    assert len(trending("2031-02-13T06:00:00Z").items) == 1
    assert trending("2031-02-12T05:59:59Z") == Reading(())
    assert len(trending("2030-01-01T00:00:00Z", org="lumen").items) == 1


def test_private_model_is_skipped() -> None:
    assert reading_of("huggingface_models", [MODELS[0] | {"private": True}]) == Reading(())


def test_model_without_details_has_no_facts() -> None:
    (model,) = reading_of("huggingface_models", [{"id": "Lumen/Glimmer"}]).items
    assert (model.facts, model.links, model.announced) == ((), (), None)


@pytest.mark.parametrize("wrong", ["Glimmer", "a/b/c", "a/", "a b/c", "<b>/c", "a/b\n"])
def test_model_name_that_is_no_repository_is_named(wrong: str) -> None:
    reading = reading_of("huggingface_models", [{"id": wrong}, *MODELS])
    assert len(reading.items) == 1
    assert reading.problems[0].startswith("row 1: id")


def priced(prompt: object, completion: object) -> dict[str, str]:
    pricing = {"pricing": {"prompt": prompt, "completion": completion}}
    (model,) = reading_of("openrouter", {"data": [OPENROUTER["data"][0] | pricing]}).items
    return dict(model.facts)


PRICES = (
    ("0.00000025", "0.000001", "$0.25 in, $1 out per 1M tokens"),
    ("0.00015", "0.0006", "$150 in, $600 out per 1M tokens"),
    ("0.0000000375", "0.00000015", "$0.0375 in, $0.15 out per 1M tokens"),
    ("0", "0.000001", "$0 in, $1 out per 1M tokens"),
    ("0", "0", "free"),
    ("0.0", "-0", "free"),
)


@pytest.mark.parametrize(("prompt", "completion", "told"), PRICES)
def test_price_is_told_for_a_million_tokens(prompt: str, completion: str, told: str) -> None:
    assert priced(prompt, completion)["price"] == told


@pytest.mark.parametrize("unknown", ["-1", None, "", "soon", "NaN", "sNaN", "Infinity", "1e99999", "1e999999999999"])
def test_unknown_price_is_not_told(unknown: object) -> None:
    assert "price" not in priced(unknown, "0.000001")
    assert "price" not in priced("0.000001", unknown)


@pytest.mark.parametrize("field", ["pricing", "architecture", "created", "context_length", "description"])
def test_field_that_is_null_is_unknown(field: str) -> None:
    assert len(reading_of("openrouter", {"data": [OPENROUTER["data"][0] | {field: None}]}).items) == 1


@pytest.mark.parametrize("created", [10**18, -(10**11), 10**30])
def test_impossible_time_is_unknown(created: int) -> None:
    (model,) = reading_of("openrouter", {"data": [OPENROUTER["data"][0] | {"created": created}]}).items
    assert model.announced is None


def test_openrouter_model() -> None:
    (model,) = reading_of("openrouter", OPENROUTER).items
    assert (model.id, model.title, model.text, model.authors) == (
        "openrouter:lumen/glimmer-2",
        "Lumen: Glimmer 2",
        "A small lamp.",
        ("lumen",),
    )
    assert model.id == id_of_url(model.url)
    assert dict(model.facts)["context"] == "131,072 tokens"


def offers(*changed: Mapping[str, object]) -> tuple[Item, ...]:
    return reading_of("openrouter", {"data": [OPENROUTER["data"][0] | dict(row) for row in changed]}).items


FREE: dict[str, object] = {
    "id": "lumen/glimmer-2:free",
    "name": "Lumen: Glimmer 2 (free)",
    "pricing": {"prompt": "0", "completion": "0"},
}


def test_offer_of_a_model_is_an_item_that_links_to_it() -> None:
    model, free = offers({}, FREE | {"hugging_face_id": "Lumen/Glimmer-2"})
    assert (model.id, free.id) == ("openrouter:lumen/glimmer-2", "openrouter:lumen/glimmer-2:free")
    assert free.links == ("hf:lumen/glimmer-2", model.id)
    assert id_of_url(free.url) == free.id
    assert dict(free.facts)["price"] == "free"


@pytest.mark.parametrize("row", [{"id": "~lumen/latest"}, {"architecture": {"tokenizer": "Router"}}])
def test_router_is_no_model(row: dict[str, object]) -> None:
    assert [model.id for model in offers(row, {"id": "lumen/glimmer-3"})] == ["openrouter:lumen/glimmer-3"]


CHANGES: tuple[dict[str, object], ...] = (
    {"pricing": {"prompt": "0.0000002", "completion": "0.000001"}},
    {"context_length": 65536},
    {"architecture": {"modality": "text+image->text"}},
)


@pytest.mark.parametrize("change", CHANGES)
def test_change_in_place_changes_the_release_and_makes_no_new_one(change: dict[str, object]) -> None:
    (before,), (after,) = offers({}), offers(change)
    (decided,) = decide(poll_of(after), {before.id: Known(content_hash(before))}, FRIDAY)
    assert decided.novelty == "changed"


@pytest.mark.parametrize(
    ("weights", "links"),
    [("Lumen/Glimmer-2", ("hf:lumen/glimmer-2",)), ("", ()), (None, ()), ("a b/c", ()), ("https://lumen.example", ())],
)
def test_model_links_to_its_weights(weights: object, links: tuple[str, ...]) -> None:
    (model,) = offers({"hugging_face_id": weights})
    assert model.links == links


def test_listing_with_problems_is_not_whole() -> None:
    assert reading_of("openrouter", OPENROUTER).is_whole
    assert not reading_of("openrouter", {"data": [*OPENROUTER["data"], {"id": ""}]}).is_whole


def test_listings_two_weeks_apart_differ_by_what_came_and_went() -> None:
    folder = shared_data() / "apis" / "openrouter"
    first, second = (
        reading_of("openrouter", (folder / f"models_2026-05-{day}.json").read_text("utf-8")) for day in ("07", "20")
    )
    assert (first.problems, second.problems) == ((), ())
    known = {one.id: Known(content_hash(one)) for one in first.items}
    count = Counter(one.novelty for one in decide(poll_of(*second.items), known, FRIDAY))
    assert (len(first.items), len(second.items)) == (356, 344)
    assert count["news"] == 9
    assert first.is_whole
    assert second.is_whole


def test_release_is_known_by_repository_and_tag() -> None:
    (release,) = reading_of("github_releases", GITHUB).items
    assert (release.id, release.title, release.text) == (
        "github:lumen/wick@v2.0",
        "Wick 2: brighter",
        "Brighter by half.",
    )
    assert release.id == id_of_url(release.url)
    assert release.facts == (("repository", "Lumen/Wick"), ("tag", "v2.0"))


@pytest.mark.parametrize("title", ["", "v2.0", "V2.0", "2.0"])
def test_release_without_a_title_is_named_by_its_tag(title: str) -> None:
    (release,) = reading_of("github_releases", GITHUB.replace("Wick 2: brighter", title)).items
    assert release.title == "Wick v2.0"


@pytest.mark.parametrize(
    ("escaped", "tag"), [("nightly/3", "nightly/3"), ("nightly%2F3", "nightly/3"), ("v2%20b", "v2 b")]
)
def test_tag_is_read_from_the_address(escaped: str, tag: str) -> None:
    (release,) = reading_of("github_releases", GITHUB.replace("tag/v2.0", f"tag/{escaped}")).items
    assert release.id == f"github:lumen/wick@{tag}" == id_of_url(release.url)


def test_entry_without_a_tag_is_a_problem() -> None:
    body = GITHUB.replace("https://github.com/Lumen/Wick/releases/tag/v2.0", "https://github.com/Lumen/Wick")
    assert reading_of("github_releases", body) == Reading((), ("entries without a tag",))


API = {
    "tag_name": "v2.0",
    "html_url": "https://github.com/Lumen/Wick/releases/tag/v2.0",
    "name": "Wick 2: brighter",
    "body": "Brighter by half. See [the weights](https://huggingface.co/Lumen/Glimmer-2).",
    "draft": False,
    "prerelease": False,
    "published_at": "2031-03-13T22:00:00Z",
    "author": {"login": "oilhand"},
}


def releases(*changed: dict[str, object]) -> Reading:
    return reading_of("github_releases", [API | row for row in changed])


def test_api_tells_the_same_release_as_the_feed() -> None:
    (feed,), (api,) = reading_of("github_releases", GITHUB).items, releases({}).items
    assert api == replace(
        feed, text="Brighter by half. See the weights.", links=("hf:lumen/glimmer-2",), authors=("oilhand",)
    )


def test_notes_of_the_api_keep_their_lines() -> None:
    (release,) = releases(
        {"body": "## What is new\r\n\r\n- **Brighter** wicks\r\n- `oil --save`\r\n\r\nMore light."}
    ).items
    assert release.text == "What is new\nBrighter wicks\noil --save\nMore light."


def test_drafts_are_left_out_and_pre_releases_marked() -> None:
    (release,) = releases({"draft": True}, {"prerelease": True, "tag_name": "v2.1-rc1"}).items
    assert release.facts == (("repository", "Lumen/Wick"), ("tag", "v2.1-rc1"), ("standing", "pre-release"))


@pytest.mark.parametrize("name", [None, "", "2.0"])
def test_release_of_the_api_without_a_name_is_named_by_its_tag(name: str | None) -> None:
    (release,) = releases({"name": name, "body": None, "author": None}).items
    assert (release.title, release.text, release.authors) == ("Wick v2.0", "", ())


@pytest.mark.parametrize("changed", [{"tag_name": ""}, {"html_url": "https://elsewhere.example/"}, {"tag_name": None}])
def test_release_of_the_api_that_cannot_be_read_is_named(changed: dict[str, object]) -> None:
    reading = releases(changed, {})
    assert (len(reading.items), reading.problems[0][:6]) == (1, "row 1:")


def test_recorded_answer_of_the_api_is_read_whole() -> None:
    body = (shared_data() / "apis" / "github" / "releases_github_licensed_2021-04-19.json").read_text("utf-8")
    reading = reading_of("github_releases", body)
    assert (len(reading.items), reading.problems) == (30, ())
    assert sum(("standing", "pre-release") in one.facts for one in reading.items) == 1


TOKEN, VARIABLE = "a-token-of-nobody", "LAMP_TOKEN"


def test_token_asks_the_api_and_is_sent_nowhere_else() -> None:
    spec = spec_of("github_releases", repo="Lumen/Wick", token_env=VARIABLE, token=TOKEN)
    (address,) = source("github_releases").addresses(spec, FRIDAY)
    assert address == "https://api.github.com/repos/Lumen/Wick/releases?per_page=30"
    assert headers(spec, address)["Authorization"] == f"Bearer {TOKEN}"
    for other in ("http://api.github.com/", "https://github.com/Lumen/Wick", "https://api.github.com.example/"):
        assert headers(spec, other) == {}
    assert TOKEN not in repr(spec)


def test_without_a_token_the_feed_is_asked_without_headers() -> None:
    spec = spec_of("github_releases", repo="Lumen/Wick", token_env=VARIABLE)
    (address,) = source("github_releases").addresses(spec, FRIDAY)
    assert address == "https://github.com/Lumen/Wick/releases.atom"
    assert headers(spec, "https://api.github.com/repos/Lumen/Wick/releases") == {}
