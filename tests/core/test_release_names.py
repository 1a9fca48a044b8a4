"""When two names mean one model: family, version and size must agree. The families are made up but for three pairs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity import names_release, release_name

SAME = (
    ("lumen/Glimmer-32B", "Lumen: Glimmer 32B"),
    ("lumen/Glimmer-32B", "Introducing Glimmer 32B"),
    ("lumen/Glimmer-32B", "glimmer 32b"),
    ("lumen/Glimmer-2-32B", "Lumen: Glimmer 2 32B"),
    ("lumen/glimmer-2.5", "Glimmer v2.5"),
    ("lumen/Glimmer-V2.5", "Announcing Glimmer 2.5"),
    ("lumen/glimmer_2_8b", "Glimmer 2 8B"),
    ("Lumen: Glimmer M2", "lumen/glimmer-m2"),
    ("kettle/copper-1.5-7b", "Kettle: Copper 1.5 7B"),
    ("kettle/copper-1.5-7b", "Released: Copper 1.5 7B"),
    ("kettle/copper-8x7b", "Copper 8x7B"),
    ("kettle/Copper3-14B", "Kettle: Copper3 14B"),
    ("kettle/copper-3-mini", "Copper 3 Mini"),
    ("kettle/copper-3-instruct", "Kettle: Copper 3 Instruct"),
    ("mill/Old-Mill-0.5B", "New model: Old Mill 0.5B"),
    ("mill/oldmill-20310314", "Oldmill 20310314"),
)
DIFFERENT = (
    ("Claude 4.5 Sonnet", "Claude 4 Sonnet"),
    ("MiniMax-M2", "MiniMax-M2.5"),
    ("Qwen3-32B", "Qwen3-8B"),
    ("lumen/Glimmer-32B", "lumen/Glimmer-8B"),
    ("lumen/Glimmer-2", "lumen/Glimmer-2.5"),
    ("lumen/Glimmer-2", "lumen/Glimmer-3"),
    ("lumen/Glimmer-2", "lumen/Glimmer-20"),
    ("lumen/Glimmer-2", "lumen/Glimmer-2-32B"),
    ("lumen/Glimmer-2-32B", "lumen/Glimmer-2-8B"),
    ("lumen/Glimmer-2-32B", "lumen/Glimmer-2.5-32B"),
    ("lumen/Glimmer-M1", "lumen/Glimmer-M2"),
    ("lumen/Glimmer-2.5", "lumen/Glimmer-2.5.1"),
    ("lumen/Glimmer2", "lumen/Glimmer3"),
    ("lumen/Glimmer 2", "lumen/Shimmer 2"),
    ("kettle/copper-3", "kettle/copper-3-mini"),
    ("kettle/copper-3", "kettle/copper-3-pro"),
    ("kettle/copper-3", "kettle/copper-3-flash"),
    ("kettle/copper-3-nano", "kettle/copper-3-micro"),
    ("kettle/copper-3", "kettle/copper-3-8x7b"),
    ("kettle/copper-8x7b", "kettle/copper-8x22b"),
    ("kettle/copper-1.5", "kettle/copper-15"),
    ("Copper 4 Ballad", "Copper 4.1 Ballad"),
    ("Copper 4 Ballad", "Copper 4 Sonata"),
    ("mill/old-mill-2031-03", "mill/old-mill-2031-04"),
    ("mill/r1", "mill/r2"),
    ("mill/r1", "mill/r1.5"),
    ("mill/r1", "mill/r10"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_model_has_one_name(one: str, other: str) -> None:
    assert release_name(one) == release_name(other)
    assert names_release(other, release_name(one))
    assert names_release(one, release_name(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_models_are_never_one(one: str, other: str) -> None:
    assert release_name(one) != release_name(other)
    assert not names_release(one, release_name(other))
    assert not names_release(other, release_name(one))
    assert not names_release(f"Introducing {other}", release_name(one))


NAMED = (
    "Introducing Glimmer 2",
    "Glimmer 2: a lamp for every window",
    "Introducing Glimmer-2: twice the light",
    "Why we made Glimmer 2 smaller",
    "Lumen Labs: Glimmer 2 is here",
    "glimmer-2",
)


@pytest.mark.parametrize("title", NAMED)
def test_headline_names_the_release(title: str) -> None:
    assert names_release(title, release_name("lumen/Glimmer-2"))


NOT_NAMED = (
    "Introducing Glimmer 2 Mini",
    "Glimmer 2 8B",
    "Glimmer 2.1",
    "A glimmer of hope in 2",
    "Glimmer",
    "2 Glimmer",
    "",
)


@pytest.mark.parametrize("title", NOT_NAMED)
def test_headline_names_something_else(title: str) -> None:
    assert not names_release(title, release_name("lumen/Glimmer-2"))


@pytest.mark.parametrize("name", ["lumen/Glimmer", "", "lumen/", "Lumen: Glimmer"])
def test_name_without_a_number_is_never_found_in_headlines(name: str) -> None:
    assert not names_release("A glimmer of hope", release_name(name))


FAMILY = st.sampled_from(("Glimmer", "Copper", "Old Mill"))
VERSION = st.from_regex(r"[1-9](\.[1-9])?", fullmatch=True)
SIZE = st.sampled_from(("", "8B", "32B", "8x7B", "0.5B"))
MODEL = st.tuples(FAMILY, VERSION, SIZE)


@given(MODEL, MODEL)
def test_names_agree_exactly_when_family_version_and_size_do(
    one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    repo = "lumen/" + "-".join(part for part in one if part).replace(" ", "-")
    headline = "Introducing " + " ".join(part for part in other if part)
    assert names_release(headline, release_name(repo)) == (one == other)
