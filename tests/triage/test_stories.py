"""Which items are one story, and which must never be; every lab, model and paper is made up."""

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Item, ItemKind, Story
from triage.classify import Vectors
from triage.stories import stories

PAPER, OTHER_PAPER = "arxiv:3103.00001", "arxiv:3103.00002"


def item(item_id: str, title: str, kind: ItemKind = "post", links: tuple[str, ...] = ()) -> Item:
    return Item(item_id, kind, title, f"https://lantern.example/{item_id}", "", links=links)


def close(**degrees: float) -> Mapping[str, Vectors]:
    """Return vectors by the angle that each has; ``_1`` stands for the first paper, ``_2`` for the other."""
    names = {"_1": PAPER, "_2": OTHER_PAPER}
    angles = {names.get(name, name): math.radians(angle) for name, angle in degrees.items()}
    return {name: np.array([math.cos(angle), math.sin(angle)], np.float32) for name, angle in angles.items()}


def ids(told: tuple[Story, ...]) -> list[tuple[str, ...]]:
    return [story.item_ids for story in told]


ONE = item(PAPER, "Lemma cards for provers that are stuck", "paper")
TWO = item(OTHER_PAPER, "Counting owls with one microphone", "paper")


def test_post_that_links_to_the_paper_it_is_about_joins_it() -> None:
    post = item("post", "Provers write cards now", links=(PAPER,))
    assert stories([post, ONE, TWO], close(post=0, _1=30, _2=80)) == (
        Story(PAPER, (PAPER, "post")),
        Story(OTHER_PAPER, (OTHER_PAPER,)),
    )


def test_post_that_links_to_two_papers_stays_alone() -> None:
    post = item("post", "Our week in provers", links=(PAPER, OTHER_PAPER))
    assert ids(stories([post, ONE, TWO], close(post=0, _1=10, _2=10))) == [("post",), (PAPER,), (OTHER_PAPER,)]


def test_post_that_cites_an_unrelated_paper_stays_alone() -> None:
    post = item("post", "Our new kettle", links=(PAPER,))
    assert ids(stories([ONE, post], close(post=0, _1=61))) == [(PAPER,), ("post",)]


def test_link_to_a_work_of_another_night_is_nothing() -> None:
    post = item("post", "Provers write cards now", links=("arxiv:3001.00009", PAPER))
    assert ids(stories([post], close(post=0))) == [("post",)]


def test_item_without_vector_is_not_merged_by_its_link() -> None:
    post = item("post", "Provers write cards now", links=(PAPER,))
    assert ids(stories([post, ONE], close(post=0))) == [("post",), (PAPER,)]


def test_paper_that_links_to_a_paper_stays_alone() -> None:
    citing = item(OTHER_PAPER, "A reply to lemma cards for provers", "paper", links=(PAPER,))
    assert ids(stories([citing, ONE], close(_1=0, _2=0))) == [(OTHER_PAPER,), (PAPER,)]


def test_posts_about_one_paper_are_one_story() -> None:
    posts = [item(name, f"Cards, says {name}", links=(PAPER,)) for name in ("ada", "bo")]
    assert ids(stories([posts[0], ONE, posts[1]], close(ada=0, bo=20, _1=10))) == [(PAPER, "ada", "bo")]


HUB = item("hf:lumen/glimmer-2-32b", "lumen/Glimmer-2-32B", "release")
ROUTER = item("openrouter:lumen/glimmer-2-32b", "Lumen: Glimmer 2 32B", "release")
FORGE = item("github:lumen/glimmer@v2", "Glimmer-2 32b", "release")
NEWS = item("post", "Introducing Glimmer 2 32B, a model for small desks")


def test_release_on_three_sites_with_its_announcement_is_one_story() -> None:
    assert ids(stories([NEWS, ROUTER, TWO, HUB, FORGE], {})) == [
        (ROUTER.id, HUB.id, FORGE.id, NEWS.id),
        (OTHER_PAPER,),
    ]


def test_copies_on_one_site_stay_apart() -> None:
    copy = item("hf:someone/glimmer-2-32b", "someone/Glimmer-2-32B", "release")
    assert ids(stories([HUB, copy], {})) == [(HUB.id,), (copy.id,)]


@pytest.mark.parametrize(
    "other",
    [
        "Glimmer-2-7B",
        "Glimmer-2.5-32B",
        "Glimmer-3-32B",
        "Glimmer-2-32B-Instruct",
        "Glimmer-2-32B-Thinking",
        "Glimmer-2-32B-2512",
        "Glimmer-2-32B-GGUF",
        "Glimmer-2-32B-A3B",
        "Glimmer-2",
        "Shimmer-2-32B",
    ],
)
def test_other_version_size_or_name_is_another_story(other: str) -> None:
    release = item(f"openrouter:lumen/{other.lower()}", f"Lumen: {other}", "release")
    assert len(stories([HUB, release], {})) == 2
    assert len(stories([release, HUB], {})) == 2


def runs(title: str, weights: Item = HUB, slug: str = "lumen/lamp") -> Item:
    return item(f"openrouter:{slug}", title, "release", links=(weights.id,))


@pytest.mark.parametrize("title", ["Lumen: Glimmer 2", "Lumen: Glimmer 2 32B 2512", "Lumen: Glimmer Instruct", "Lamp"])
def test_model_joins_the_weights_that_its_site_says_it_runs(title: str) -> None:
    assert ids(stories([HUB, runs(title)], {})) == [(HUB.id, "openrouter:lumen/lamp")]
    assert ids(stories([runs(title), HUB], {})) == [("openrouter:lumen/lamp", HUB.id)]


@pytest.mark.parametrize("title", ["Lumen: Glimmer 2.5", "Lumen: Glimmer 3 32B", "Lumen: Glimmer 2 7B", "Lamp 2 A3B"])
def test_model_of_another_version_or_size_never_joins_weights(title: str) -> None:
    assert len(stories([runs(title), HUB], {})) == 2


def test_two_models_that_claim_the_same_weights_stay_apart() -> None:
    claims = [runs("Lumen: Glimmer 2", slug="lumen/a"), runs("Lumen: Glimmer 2 Fast", slug="lumen/b")]
    assert len(stories([*claims, HUB], {})) == 3


def test_claim_gives_way_to_the_model_with_the_weights_name() -> None:
    assert set(ids(stories([runs("Lumen: Glimmer 2 2511"), ROUTER, HUB], {}))) == {
        ("openrouter:lumen/lamp",),
        (ROUTER.id, HUB.id),
    }


def test_quantisation_that_links_to_its_base_stays_apart() -> None:
    packed = item("hf:lumen/glimmer-2-32b-fp8", "lumen/Glimmer-2-32B-FP8", "release", links=(HUB.id,))
    assert len(stories([packed, HUB, FORGE], {})) == 2


def test_releases_whose_names_hold_no_version_or_size_are_not_joined_by_name() -> None:
    lamps = [item("hf:lumen/lamp", "lumen/Lamp", "release"), item("github:mill/lamp@v1", "Lamp", "release")]
    assert len(stories(lamps, {})) == 2


@pytest.mark.parametrize(
    "title",
    [
        "Introducing Glimmer 2 7B",
        "Glimmer 2 32B Mini for phones",
        "Glimmer 2.5 32B is out",
        "Glimmer is two years old",
        "What 32B can do",
    ],
)
def test_post_that_names_another_release_stays_alone(title: str) -> None:
    assert len(stories([HUB, item("post", title)], {})) == 2


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("longer", ["Glimmer-2-Coder", "Glimmer-2-Swift", "Big-Glimmer-2", "Glimmer-2-Swift-Mini"])
def test_post_joins_the_release_that_it_names_most_exactly(longer: str, turned: bool) -> None:  # noqa: FBT001
    base = item("hf:lumen/glimmer-2", "lumen/Glimmer-2", "release")
    whole = item("hf:lumen/whole", f"lumen/{longer}", "release")
    post = item("post", f"Introducing {longer.replace('-', ' ')}")
    releases = [whole, base] if turned else [base, whole]
    assert set(ids(stories([*releases, post], {}))) == {(base.id,), (whole.id, post.id)}


def test_repository_that_links_to_weights_stays_apart_unless_it_has_their_name() -> None:
    engine = item("github:mill/wick@v3", "Wick 3 runs Glimmer", "release", links=(HUB.id,))
    assert len(stories([engine, HUB], {})) == 2
    unnamed = item("github:mill/wick@now", "Wick", "release", links=(HUB.id,))
    assert len(stories([unnamed, HUB], {})) == 2


def test_same_title_in_two_feeds_is_one_story() -> None:
    first, again = item("a", "Why our kettle is silent"), item("b", "Why our kettle is silent!")
    assert ids(stories([first, TWO, again], close(a=0, b=40, _2=90))) == [("a", "b"), (OTHER_PAPER,)]


def test_same_title_over_other_text_is_another_story() -> None:
    first, again = item("a", "What we learned this week"), item("b", "What we learned this week")
    assert ids(stories([first, again], close(a=0, b=50))) == [("a",), ("b",)]


def test_round_up_that_links_to_papers_of_other_nights_too_stays_alone() -> None:
    post = item("post", "Our week in provers", links=(PAPER, "arxiv:2999.00001", "https://lantern.example/"))
    assert ids(stories([ONE, post], close(post=0, _1=10))) == [(PAPER,), ("post",)]


def test_short_title_in_two_feeds_is_two_stories() -> None:
    assert len(stories([item("a", "Release notes, March"), item("b", "Release notes, March")], {})) == 2


def test_paper_leads_release_leads_post() -> None:
    paper = item(PAPER, "Glimmer: a small model", "paper")
    release = item(HUB.id, HUB.title, "release")
    post = item("post", "Glimmer 2 32B", links=(PAPER,))
    (story,) = stories([post, release, paper], close(post=0, _1=0))
    assert story == Story(PAPER, (PAPER, HUB.id, "post"))


def test_night_without_items_has_no_stories() -> None:
    assert stories([], {}) == ()


TITLES = st.sampled_from(
    ["Why our kettle is silent", "Glimmer-2-7B", "Introducing Glimmer 2 7B", "Glimmer 2 32B", "", "字", "Glimmer-2"]
)
IDS = st.sampled_from([f"{site}:{n}" for site in ("arxiv", "hf", "openrouter", "https") for n in range(4)])


@given(
    items=st.lists(
        st.builds(
            item, IDS, TITLES, st.sampled_from(["paper", "post", "release"]), st.lists(IDS, max_size=3).map(tuple)
        ),
        max_size=10,
        unique_by=lambda one: one.id,
    ),
    angles=st.dictionaries(IDS, st.floats(0, 180)),
)
def test_every_item_is_in_exactly_one_story(items: list[Item], angles: dict[str, float]) -> None:
    told = stories(items, close(**angles))
    assert sorted(item_id for story in told for item_id in story.item_ids) == sorted(one.id for one in items)
    assert all(story.id == story.lead for story in told)
    place = {one.id: number for number, one in enumerate(items)}
    firsts = [min(place[item_id] for item_id in story.item_ids) for story in told]
    assert firsts == sorted(firsts)
    kind = {one.id: ("paper", "release", "post").index(one.kind) for one in items}
    assert all([kind[i] for i in story.item_ids] == sorted(kind[i] for i in story.item_ids) for story in told)
