"""Which items are one story, and which must never be; every lab, model and paper is made up."""

import math
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.judged import Story
from core.types import Item, ItemKind
from triage.classify import Vectors
from triage.stories import stories

PAPER, OTHER_PAPER = "arxiv:3103.00001", "arxiv:3103.00002"


TEXT = "A text that says a little more about it than a title of ten words can say."


def item(item_id: str, title: str, kind: ItemKind = "post", links: tuple[str, ...] = ()) -> Item:
    text = TEXT if kind == "post" else ""
    return Item(item_id, kind, title, f"https://lantern.example/{item_id}", text, links=links)


ABSTRACT = (
    "Provers that are stuck write a short card for each lemma that they miss, and read the cards of others. On four"
    " hundred invented theorems this closes a third of the open goals, at half the tokens of a longer search."
)


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
        (HUB.id, ROUTER.id, FORGE.id, NEWS.id),
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
    assert ids(stories([runs(title), HUB], {})) == [(HUB.id, "openrouter:lumen/lamp")]


@pytest.mark.parametrize("title", ["Lumen: Glimmer 2.5", "Lumen: Glimmer 3 32B", "Lumen: Glimmer 2 7B", "Lamp 2 A3B"])
def test_model_of_another_version_or_size_never_joins_weights(title: str) -> None:
    assert len(stories([runs(title), HUB], {})) == 2


def test_two_models_that_claim_the_same_weights_stay_apart() -> None:
    claims = [runs("Lumen: Glimmer 2", slug="lumen/a"), runs("Lumen: Glimmer 2 Fast", slug="lumen/b")]
    assert len(stories([*claims, HUB], {})) == 3


def test_claim_gives_way_to_the_model_with_the_weights_name() -> None:
    assert set(ids(stories([runs("Lumen: Glimmer 2 2511"), ROUTER, HUB], {}))) == {
        ("openrouter:lumen/lamp",),
        (HUB.id, ROUTER.id),
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


MARCH = datetime(2031, 3, 14, tzinfo=UTC)


def dated(post: Item, days: float = 0) -> Item:
    return replace(post, published=MARCH + timedelta(days=days))


@pytest.mark.parametrize(
    ("title", "days", "told"),
    [
        ("Introducing silent kettles", 0, 1),
        ("Introducing silent kettles", 3, 2),
        ("Why our kettle is silent", 12, 1),
        ("Why our kettle is silent", 60, 2),
        ("[NOTICE] This feed is no longer maintained", 0, 2),
        ("Our newsletter has a new home now", 0, 2),
        ("Release notes, 14 March 2031", 0, 2),
        ("This week in news", 0, 2),
    ],
)
def test_only_a_title_that_says_what_it_is_about_makes_copies(title: str, days: float, told: int) -> None:
    posts = [dated(item("a", title)), dated(item("b", title), days)]
    assert len(stories(posts, close(a=0, b=0))) == told


ESSAYS = (
    "Agents are systems that plan and act; in this guide we explain how to call a kettle with our kit.",
    "A short essay on agency, and why the word is worn out wherever lamps are sold to night editors.",
)


@pytest.mark.parametrize(
    ("texts", "degrees", "told"),
    [
        pytest.param(ESSAYS, 39, 2, id="unrelated"),
        pytest.param(ESSAYS, 20, 1, id="nearly_the_same_meaning"),
        pytest.param((ESSAYS[0], ESSAYS[0].split(";")[0]), 39, 1, id="excerpt"),
        pytest.param(tuple(f"What is a tram agent? {text}" for text in ESSAYS), 39, 2, id="only_the_title_is_shared"),
    ],
)
def test_generic_title_makes_copies_of_the_same_text_only(texts: tuple[str, str], degrees: float, told: int) -> None:
    posts = [
        replace(dated(item(name, "What is a tram agent?")), text=text) for name, text in zip("ab", texts, strict=True)
    ]
    assert len(stories(posts, close(a=0, b=degrees))) == told


ZH_TITLE, ZH_TEXT = (
    "灯笼电车时刻表今天正式公开",
    "灯笼时刻表今天公开，让每一辆电车都等待晚点的公交，并且附上全部的说明。",
)


@pytest.mark.parametrize(
    ("title", "text", "degrees", "told"),
    [
        pytest.param(ZH_TITLE, ZH_TEXT, 0, 1, id="same_post"),
        pytest.param(
            ZH_TITLE, "水壶唱歌的时候没有人听，除了守夜的人和他的猫，他们都睡着了，灯也熄灭了。", 50, 2, id="other_text"
        ),
        pytest.param("新闻", ZH_TEXT, 0, 2, id="too_short_a_title"),
    ],
)
def test_letters_of_a_script_without_spaces_count_as_words(title: str, text: str, degrees: float, told: int) -> None:
    posts = [replace(dated(item("a", title)), text=ZH_TEXT), replace(dated(item("b", title)), text=text)]
    assert len(stories(posts, close(a=0, b=degrees))) == told


def test_copies_are_all_like_each_other() -> None:
    posts = [item(name, "Why our kettle is silent") for name in "abc"]
    assert ids(stories(posts, close(a=0, b=40, c=80))) == [("a", "b"), ("c",)]


def test_feed_that_gives_titles_alone_has_copies_of_posts_with_a_text() -> None:
    bare = replace(item("a", "Why our kettle is silent"), text="Why our kettle is silent")
    told = item("b", "Why our kettle is silent")
    assert ids(stories([bare, told], close(a=0, b=60))) == [("a", "b")]
    assert len(stories([bare, told], close(a=0, b=80))) == 2


def test_post_with_the_title_of_a_paper_joins_it() -> None:
    paper = replace(ONE, text=ABSTRACT)
    post = replace(
        item("post", ONE.title), text="We wrote a paper on what a prover may write down when it cannot go on."
    )
    assert ids(stories([post, paper], close(post=0, _1=40))) == [(PAPER, "post")]
    assert len(stories([post, paper], close(post=0, _1=50))) == 2


def test_copies_of_a_post_join_its_paper_with_it() -> None:
    telling = item("a", "Provers write cards now", links=(PAPER,))
    copy = item("b", "Provers write cards now")
    assert ids(stories([telling, copy, ONE], close(a=0, b=40, _1=30))) == [(PAPER, "a", "b")]


def test_copies_that_tell_of_two_works_join_neither_to_the_other() -> None:
    posts = [item(name, "Provers write cards now", links=(link,)) for name, link in (("a", PAPER), ("b", OTHER_PAPER))]
    posts.append(item("c", "Provers write cards now"))
    told = stories([ONE, TWO, *posts], close(a=0, b=0, c=0, _1=10, _2=10))
    assert ids(told) == [(PAPER, "a"), (OTHER_PAPER, "b"), ("c",)]


def test_post_on_a_release_that_links_to_an_unrelated_paper_joins_the_release_alone() -> None:
    post = item("post", "Introducing Glimmer 2 32B", links=(PAPER,))
    assert ids(stories([ONE, HUB, post], close(post=0, _1=0))) == [(PAPER,), (HUB.id, "post")]


def test_release_that_links_to_the_paper_on_its_family_joins_it() -> None:
    paper = item(PAPER, "Glimmer: small models for small desks", "paper")
    release = replace(HUB, links=(PAPER,))
    assert ids(stories([release, paper, ROUTER], {})) == [(PAPER, HUB.id, ROUTER.id)]
    assert len(stories([release, ONE], {})) == 2


def test_paper_on_three_sizes_joins_none_of_them() -> None:
    paper = item(PAPER, "Glimmer: small models for small desks", "paper")
    sizes = [item(f"hf:lumen/glimmer-{n}b", f"lumen/Glimmer-{n}B", "release", links=(PAPER,)) for n in (7, 14, 32)]
    assert len(stories([paper, *sizes], {})) == 4


def test_papers_are_not_chained_through_a_release() -> None:
    papers = [item(name, "Glimmer: small models", "paper") for name in (PAPER, OTHER_PAPER)]
    posts = [item(f"p{n}", "Glimmer 2 32B", links=(paper.id,)) for n, paper in enumerate(papers)]
    told = stories([*papers, HUB, *posts], close(p0=0, p1=0, _1=0, _2=0))
    assert not any({PAPER, OTHER_PAPER} <= set(story.item_ids) for story in told)


@pytest.mark.parametrize("title", ["Glimmer 2 32B or Copper 3 7B?", "Glimmer 2 32B against Glimmer 3 32B"])
def test_comparison_tells_of_neither_release(title: str) -> None:
    others = [item("hf:kettle/c", "kettle/Copper-3-7B", "release"), item("hf:lumen/3", "Glimmer 3 32B", "release")]
    assert len(stories([HUB, *others, item("post", title)], {})) == 4


def test_copy_of_a_paper_on_another_site_is_the_same_story() -> None:
    paper = replace(ONE, text=ABSTRACT, authors=("Ada Lamb", "Bo Ström"))
    copy = replace(paper, id="https://review.example/7", kind="post", title="Lemma Cards", text=ABSTRACT[:170])
    other = replace(TWO, text="Owls call at night. We count them with a single microphone on a roof in the old town.")
    assert ids(stories([copy, other, paper], {})) == [(PAPER, copy.id), (OTHER_PAPER,)]
    assert len(stories([replace(copy, kind="paper"), other, paper], {})) == 2


def test_entries_of_one_catalogue_are_two_works_however_alike() -> None:
    paper = replace(ONE, text=ABSTRACT, authors=("Ada Lamb",))
    again = replace(paper, id=OTHER_PAPER)
    page = replace(paper, id="https://review.example/7")
    told = stories([paper, again, page], close(_1=0, _2=0))
    assert len(told) == 2
    assert not any({PAPER, OTHER_PAPER} <= set(story.item_ids) for story in told)


def test_copy_of_the_vendor_is_the_one_that_a_name_joins() -> None:
    copy = item("hf:another/glimmer-2-32b", "another/Glimmer-2-32B", "release")
    assert set(ids(stories([copy, HUB, ROUTER], {}))) == {(HUB.id, ROUTER.id), (copy.id,)}


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


@given(
    items=st.lists(
        st.builds(
            item, IDS, TITLES, st.sampled_from(["paper", "post", "release"]), st.lists(IDS, max_size=3).map(tuple)
        ),
        max_size=10,
        unique_by=lambda one: one.id,
    ),
    angles=st.dictionaries(IDS, st.floats(0, 180)),
    chance=st.randoms(use_true_random=False),
)
def test_order_of_the_items_decides_no_story(
    items: list[Item], angles: dict[str, float], chance: random.Random
) -> None:
    turned = chance.sample(items, len(items))
    told = stories(items, close(**angles))
    assert set(told) == set(stories(turned, close(**angles)))
    for story in told:
        arxiv = [item_id for item_id in story.item_ids if item_id.startswith("arxiv")]
        works = [one.id for one in items if one.id in arxiv and one.kind != "post"]
        assert len(works) <= 1
