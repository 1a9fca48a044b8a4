"""Hugging Face, OpenRouter and GitHub: what their answers mean."""

import json
from datetime import UTC, date, datetime

import pytest

from core.identity import id_of_url
from core.types import Item, Reading
from feeds.sources import source
from tests.feeds.desk import FRIDAY, document, night_of
from tests.feeds.samples import GITHUB, MODELS, OPENROUTER, PAPERS, spec_of


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
        ("base model", "Lumen/Glimmer-2-32B"),
        ("library", "transformers"),
    )


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


@pytest.mark.parametrize("slug", ["lumen/glimmer-2:free", "~lumen/auto"])
def test_special_slugs_are_models(slug: str) -> None:
    (model,) = reading_of("openrouter", {"data": [OPENROUTER["data"][0] | {"id": slug}]}).items
    assert model.id == f"openrouter:{slug}"
    assert model.authors == ("lumen",)


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
