"""When two names mean one model: family, version, size and variant must agree. Few families are not made up."""

import json
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.release_names import ReleaseName, names_in, release_name
from tests.shared_data import shared_data

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
    ("mill/oldmill-20310314", "Old Mill 2031-03-14"),
    ("lumen/Glimmer2-32B", "Lumen: Glimmer 2 32B"),
    ("lumen/glimmer-2-5", "Glimmer 2.5"),
    ("lumen/Glimmer-v1_5", "Glimmer v1.5"),
    ("lumen/Glimmer-2.0", "Glimmer 2"),
    ("lumen/glimmer-ballad-4.5", "Glimmer 4.5 Ballad"),
    ("lumen/Glimmer-2-30B-A3B", "Glimmer 2 30B A3B"),
    ("lumen/Glimmer-2-32b-it", "Glimmer 2 32B Instruct"),
    ("lumen/Glimmer-2-32B-BF16", "Glimmer 2 32B"),
    ("lumen/glimmer-2:free", "Lumen: Glimmer 2 (free)"),
    ("kettle/copper-3-08-2031", "Kettle: Copper 3 (08-2031)"),
    ("kettle/copper-xs.2", "Copper XS 2"),
    ("kettle/Copper-3-Plus", "Copper 3+"),
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
    ("Qwen3-32B", "Qwen3-32B-Thinking"),
    ("lumen/Glimmer-2-30B-A3B", "lumen/Glimmer-2-30B"),
    ("lumen/Glimmer-2-30B-A3B", "lumen/Glimmer-2-30B-A10B"),
    ("lumen/Glimmer-2-32B", "lumen/Glimmer-2-32B-Base"),
    ("lumen/Glimmer-2-32B", "lumen/Glimmer-2-32B-Instruct"),
    ("lumen/Glimmer-2-32B", "lumen/Glimmer-2-32B-preview"),
    ("lumen/Glimmer-2-2512", "lumen/Glimmer-2"),
    ("lumen/Glimmer-2-2512", "lumen/Glimmer-2-2511"),
    ("lumen/Glimmer-2.1", "lumen/Glimmer-2.10"),
    ("lumen/Glimmer-2", "lumen/Glimmer-2o"),
    ("lumen/Glimmer-2", "lumen/Glimmer-2+"),
)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_model_has_one_name(one: str, other: str) -> None:
    assert release_name(one) == release_name(other)
    assert release_name(one) in names_in(other)
    assert release_name(other) in names_in(one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_models_are_never_one(one: str, other: str) -> None:
    assert release_name(one) != release_name(other)
    assert release_name(other) not in names_in(one.rsplit("/", 1)[-1])
    assert release_name(one) not in names_in(other.rsplit("/", 1)[-1])
    assert release_name(one) not in names_in(f"Introducing {other}")


PARTS = {
    "lumen/Glimmer-2-30B-A3B-Instruct-2512": ReleaseName("glimmer", ("2",), ("30b", "a3b"), ("2512", "instruct")),
    "Lumen: Old Mill M2.5 Mini (preview)": ReleaseName("oldmill", ("m2.5",), ("mini",), ("preview",)),
    "kettle/Copper3-8x7B-v0.1": ReleaseName("copper", ("3", "0.1"), ("8x7b",)),
    "kettle/copper-r7b-12-2031": ReleaseName("copperr", (), ("7b",), ("203112",)),
    "kettle/copper-4o-mini-2031-07-18": ReleaseName("copper", ("4o",), ("mini",), ("20310718",)),
    "kettle/copper-v": ReleaseName("copperv"),
    "Mill: R1 0528": ReleaseName("mill", ("r1",), (), ("0528",)),
    "mill-ai/r1": ReleaseName("mill", ("r1",)),
    "v2.0": ReleaseName("", ("2",)),
    "": ReleaseName(""),
}


@pytest.mark.parametrize("name", PARTS)
def test_name_is_told_apart_into_its_parts(name: str) -> None:
    assert release_name(name) == PARTS[name]


PACKED = (
    ("GGUF", "gguf"),
    ("Q4_K_M", "gguf"),
    ("IQ3_XS", "gguf"),
    ("Q8_0-GGUF", "gguf"),
    ("AWQ", "awq"),
    ("GPTQ-Int4", "gptq int4"),
    ("FP8", "fp8"),
    ("NVFP4", "nvfp4"),
    ("MLX-4bit", "4bit mlx"),
    ("bnb-4bit", "4bit bnb"),
    ("4.0bpw-exl2", "4.0bpw exl2"),
    ("w8a8", "w8a8"),
    ("LoRA", "lora"),
    ("abliterated", "abliterated"),
)


@pytest.mark.parametrize(("suffix", "packings"), PACKED)
def test_packing_is_known_by_its_suffix(suffix: str, packings: str) -> None:
    packed, plain = release_name(f"somebody/Glimmer-2-32B-{suffix}"), release_name("lumen/Glimmer-2-32B")
    assert set(packed.packings) == set(packings.split())
    assert (packed.family, packed.versions, packed.sizes) == (plain.family, plain.versions, plain.sizes)


CONTRADICTIONS = (
    ("Glimmer 2", "Glimmer 3", True),
    ("Glimmer 2", "Glimmer 2 32B", False),
    ("Glimmer 32B", "Glimmer 8B", True),
    ("Glimmer Small", "Glimmer 24B", False),
    ("Glimmer", "Glimmer 2 32B Instruct", False),
    ("Glimmer Instruct", "Glimmer Thinking", True),
    ("Glimmer 2512", "Glimmer 2511", True),
    ("Glimmer 2512", "Glimmer Instruct 2512", False),
)


@pytest.mark.parametrize(("one", "other", "does"), CONTRADICTIONS)
def test_only_what_both_names_state_can_contradict(one: str, other: str, does: bool) -> None:  # noqa: FBT001
    assert release_name(one).contradicts(release_name(other)) == does
    assert release_name(other).contradicts(release_name(one)) == does


NAMED = (
    "Introducing Glimmer 2",
    "Glimmer 2: a lamp for every window",
    "Introducing Glimmer-2: twice the light",
    "Why we made Glimmer 2 smaller",
    "Glimmer 2: it is here",
    "Lumen Labs: Glimmer 2 is here",
    "glimmer-2",
)


@pytest.mark.parametrize("title", NAMED)
def test_headline_names_the_release(title: str) -> None:
    assert release_name("lumen/Glimmer-2") in names_in(title)


NOT_NAMED = (
    "Introducing Glimmer 2 Mini",
    "Glimmer 2 8B",
    "Glimmer 2.1",
    "A glimmer of hope in 2",
    "Glimmer",
    "2 Glimmer",
    "Glimmer 2 Thinking",
    "Glimmer 2 GGUF",
    "Glimmer 2 2512",
    "",
)


@pytest.mark.parametrize("title", NOT_NAMED)
def test_headline_names_something_else(title: str) -> None:
    assert release_name("lumen/Glimmer-2") not in names_in(title)


@pytest.mark.parametrize("name", ["lumen/Glimmer", "", "lumen/", "Lumen: Glimmer"])
def test_name_without_a_number_is_never_found_in_headlines(name: str) -> None:
    assert release_name(name) not in names_in("A glimmer of hope; Glimmer")


FAMILY = st.sampled_from((("Glimmer",), ("Copper",), ("Old", "Mill")))
VERSION = st.from_regex(r"[1-9](\.[1-9])?|[mrk][1-9](\.[1-9])?|[1-9]\.[1-9]{2}", fullmatch=True)
SIZE = st.sampled_from(("", "8B", "32B", "8x7B", "0.5B", "30B-A3B", "Mini", "1T"))
VARIANT = st.sampled_from(("", "Instruct", "Thinking", "Base", "2512", "20310314", "Preview"))
Model = tuple[tuple[str, ...], str, str, str]
MODEL = st.tuples(FAMILY, VERSION, SIZE, VARIANT)


@st.composite
def written(draw: st.DrawFn, model: Model) -> str:
    """A name as some site might write it: vendor, case and separators as it likes."""
    family, *rest = model
    joint = draw(st.sampled_from(("-", " ", "_")))
    name = joint.join(part.replace("-", joint) for part in (*family, *rest) if part)
    vendor = draw(st.sampled_from(("", "lumen/", "Lumen: ", "Kettle AI: ")))
    return draw(st.sampled_from((str.swapcase, str.lower, str.upper)))(vendor + name)


@given(st.data(), MODEL)
def test_vendor_case_and_separators_never_matter(data: st.DataObject, model: Model) -> None:
    assert release_name(data.draw(written(model))) == release_name(data.draw(written(model)))


@given(st.data(), MODEL, MODEL)
def test_other_versions_sizes_or_variants_never_merge(data: st.DataObject, one: Model, other: Model) -> None:
    same = release_name(data.draw(written(one))) == release_name(data.draw(written(other)))
    assert same == (one == other)


@given(MODEL, MODEL)
def test_headline_names_a_release_exactly_when_all_of_it_agrees(one: Model, other: Model) -> None:
    repo = "lumen/" + "-".join((*one[0], *filter(None, one[1:])))
    headline = "Introducing " + " ".join((*other[0], *filter(None, other[1:]))) + ": why we made it"
    assert (release_name(repo) in names_in(headline)) == (one == other)


@given(st.text())
def test_any_text_has_a_name(text: str) -> None:
    assert release_name(text) == release_name(text.strip())
    assert all(name.is_telling for name in names_in(text))


@pytest.mark.parametrize("listing", ["models_2026-05-07.json", "models_2026-05-20.json"])
@pytest.mark.parametrize("field", ["id", "name", "canonical_slug"])
def test_no_two_listed_models_share_a_name(listing: str, field: str) -> None:
    rows = json.loads((shared_data() / "apis" / "openrouter" / listing).read_text("utf-8"))["data"]
    slugs = defaultdict(set)
    for row in rows:
        if row["architecture"]["tokenizer"] != "Router":
            slugs[release_name(row[field])].add(row["canonical_slug"])
    assert len(slugs) > 300
    assert [found for found in slugs.values() if len(found) > 1] == []
    assert sum(bool(name.family and (name.versions or name.sizes)) for name in slugs) > 0.9 * len(slugs)
