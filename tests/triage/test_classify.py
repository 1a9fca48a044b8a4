"""Which subjects an item is of, and that the evidence says why; subjects and items are made up."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.types import Item, ItemKind, Match, Subject
from kb.embedder import Embedder
from triage.classify import Profile, Vectors, key, match, profiles

TRAMS = Subject(
    "trams",
    "Tram networks",
    "Tracks, timetables and signalling of city trams and light rail.",
    arxiv=("cs.ZT", "cs.ZR"),
)
OWLS = Subject("owls", "Owls", "Hearing, flight and nesting of owls and other birds of the night.")
TEA = Subject("tea", "Tea", keywords=("tea", "kettle", "brewing"))
SUBJECTS = (TRAMS, OWLS, TEA)
NOBODY: frozenset[str] = frozenset()


class Sorter:
    """Sorts items under changed subjects without embedding the background again and again."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self.known = profiles(SUBJECTS, embedder.embed)

    def vector(self, item: Item) -> Vectors:
        (vector,) = self.embedder.embed([f"{item.title}. {item.text}"])
        return np.asarray(vector)

    def matches(self, item: Item, hinted: frozenset[str] = NOBODY) -> tuple[Match, ...]:
        return match(item, self.vector(item), self.known, hinted)

    def under(self, subject: Subject, item: Item, hinted: frozenset[str] = NOBODY) -> Match:
        """Return how an item fits one subject, which may have other keywords than when it was embedded."""
        profile = next(profile for profile in self.known if profile.subject.slug == subject.slug)
        (only,) = match(item, self.vector(item), [replace(profile, subject=subject)], hinted)
        return only


@pytest.fixture(scope="module")
def sorter(embedder: Embedder) -> Sorter:
    return Sorter(embedder)


def item(title: str, text: str = "", *, kind: ItemKind = "paper", categories: Sequence[str] = ()) -> Item:
    return Item("x:1", kind, title, "https://lantern.example/1", text, categories=tuple(categories))


@pytest.mark.parametrize(
    ("keyword", "title", "mentioned"),
    [
        pytest.param("tram", "The last tram at night", True, id="whole_word"),
        pytest.param("tram", "TRAM lines", True, id="case_is_nothing"),
        pytest.param("tram", "Trams at night", True, id="plural"),
        pytest.param("bus", "Two buses a minute", True, id="plural_in_es"),
        pytest.param("tram", "Trampolines at night", False, id="start_of_a_word"),
        pytest.param("rail", "Monorail and guardrail", False, id="end_of_a_word"),
        pytest.param("light rail", "A light-rail line", True, id="hyphen_for_space"),
        pytest.param("light-rail", "A light rail line", True, id="space_for_hyphen"),
        pytest.param("light rail", "A rail of light", False, id="words_in_another_order"),
        pytest.param("light rail", "Light, rail", True, id="comma_is_no_word"),
        pytest.param("C++", "Signals in C++, again", True, id="marks_of_a_name"),
        pytest.param("C", "Signals in C++", False, id="name_without_its_marks"),
        pytest.param("C++", "Signals in C", False, id="marks_that_are_missing"),
        pytest.param("Tram 2", "Tram 2.5 is here", False, id="another_version"),
        pytest.param("Tram 2.5", "Tram 2.5 is here", True, id="version"),
        pytest.param("轻轨", "城市轻轨时刻表", True, id="chinese"),
        pytest.param("电车", "城市轻轨时刻表", False, id="chinese_absent"),
        pytest.param("über", "Überall fahren Bahnen", False, id="start_of_an_accented_word"),
        pytest.param("Müller", "Ein Gleis für Müller", True, id="accented_word"),
        pytest.param("трамваи", "Ночные трамваи", True, id="cyrillic"),
        pytest.param("кот", "Который час", False, id="start_of_a_cyrillic_word"),
        pytest.param("—", "Trams — and more", False, id="keyword_without_a_word"),
    ],
)
def test_keyword_is_found_in_the_title(sorter: Sorter, keyword: str, title: str, mentioned: bool) -> None:  # noqa: FBT001
    found = sorter.under(replace(TRAMS, keywords=(keyword,)), item(title))
    assert (f"mentions {keyword}" in found.evidence) == mentioned
    assert (found.score > sorter.under(TRAMS, item(title)).score) == mentioned


def test_keyword_in_the_text_counts_less_than_in_the_title(sorter: Sorter) -> None:
    about = item("Night service", "Every tram waits.")
    nowhere = sorter.under(replace(TRAMS, keywords=("canal",)), about)
    in_text = sorter.under(replace(TRAMS, keywords=("tram",)), about)
    in_title = sorter.under(replace(TRAMS, keywords=("night",)), about)
    assert nowhere.score < in_text.score < in_title.score


def test_keywords_count_up_to_a_cap(sorter: Sorter) -> None:
    about = item("One two three four")
    words = ("one", "two", "three", "four")
    scores = [sorter.under(replace(TRAMS, keywords=words[:n]), about).score for n in range(5)]
    assert scores[0] < scores[1] < scores[2] == scores[3] == scores[4]


@pytest.mark.parametrize(
    ("title", "text"), [("Cable-cars of the hill", ""), ("Trams of the hill", "Like a cable car.")]
)
def test_not_word_excludes_and_is_named(sorter: Sorter, title: str, text: str) -> None:
    strict = replace(TRAMS, keywords=("trams", "hill"), not_words=("ferry", "cable car"))
    found = sorter.under(strict, item(title, text, categories=["cs.ZT"]), frozenset({"trams"}))
    assert (found.fits, found.score) == (False, 0.0)
    assert "cable car" in found.evidence
    assert "ferry" not in found.evidence


def test_not_word_inside_another_word_excludes_nothing(sorter: Sorter) -> None:
    strict = replace(TRAMS, not_words=("car",))
    about = item("Tram tracks in Cardiff", "Careful timetables for city trams.")
    assert sorter.under(strict, about) == sorter.under(TRAMS, about)


def test_category_raises_and_the_first_one_more(sorter: Sorter) -> None:
    none, listed, primary, both = (
        sorter.under(TRAMS, item("Night service", categories=categories))
        for categories in (["cs.ZZ"], ["cs.ZZ", "cs.ZT"], ["cs.ZT", "cs.ZZ"], ["cs.ZT", "cs.ZR"])
    )
    assert none.score < listed.score < primary.score == both.score
    assert "listed in" not in none.evidence
    assert "listed in cs.ZT" in listed.evidence
    assert "listed in cs.ZT, cs.ZR" in both.evidence


def test_hint_of_the_source_raises_its_subject_only(sorter: Sorter) -> None:
    about = item("Night service")
    plain, hinted, elsewhere = (
        sorter.under(TRAMS, about, hints) for hints in (NOBODY, frozenset({"trams"}), frozenset({"tea"}))
    )
    assert plain == elsewhere
    assert hinted.score > plain.score
    assert "from a source of this subject" in hinted.evidence


@pytest.mark.parametrize(("kind", "named"), [("release", True), ("post", False), ("paper", False)])
def test_release_fits_a_subject_of_releases(sorter: Sorter, kind: ItemKind, named: bool) -> None:  # noqa: FBT001
    found = sorter.under(replace(TRAMS, keywords=("release",)), item("Owlet-2B", kind=kind))
    assert ("a model release" in found.evidence) == named
    assert (found.score > sorter.under(TRAMS, item("Owlet-2B", kind=kind)).score) == named


def test_item_is_of_every_subject_it_fits_best_first(sorter: Sorter) -> None:
    found = sorter.matches(
        item("Owls nesting on tram wires: kettle, tea and brewing for night crews"), frozenset({"owls"})
    )
    assert len(found) > 1
    assert all(one.fits and one.score >= 0.5 for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_item_close_to_a_description_fits_without_keywords(sorter: Sorter) -> None:
    (found,) = sorter.matches(item("How barn owls locate prey", "Asymmetric ears help night birds hear and fly."))
    assert (found.subject, found.fits) == ("owls", True)
    assert "close to its description" in found.evidence


def test_item_of_no_subject_keeps_the_nearest(sorter: Sorter) -> None:
    (found,) = sorter.matches(item("Tax law of the fifteenth century", "Archives of a merchant town."))
    assert not found.fits
    assert 0 <= found.score < 0.5
    assert found.evidence == "far from its description"


def test_excluded_subject_is_not_nearest_to_a_fit(sorter: Sorter) -> None:
    known = [replace(p, subject=replace(p.subject, not_words=("owls",))) for p in sorter.known]
    about = item("How barn owls locate prey", "Night birds hear and fly.")
    (found,) = match(about, sorter.vector(about), known, NOBODY)
    assert not found.fits
    assert "owls" in found.evidence


def test_subject_without_description_is_known_by_its_keywords(sorter: Sorter) -> None:
    assert sorter.matches(item("Brewing: how long green leaves steep in a kettle"))[0].subject == "tea"


def test_no_subjects_match_nothing(embedder: Embedder) -> None:
    assert profiles((), embedder.embed) == ()
    assert match(item("Anything"), embedder.embed(["Anything"])[0], (), NOBODY) == ()


@given(order=st.permutations(range(len(SUBJECTS))))
def test_order_of_subjects_and_repetition_change_nothing(sorter: Sorter, order: list[int]) -> None:
    about = item("Owls on tram wires", "A kettle for the night crew.")
    vector = sorter.vector(about)
    known: list[Profile] = [sorter.known[place] for place in order]
    assert match(about, vector, known, NOBODY) == match(about, vector, sorter.known, NOBODY)


@given(title=st.text(max_size=30), text=st.text(max_size=60), seed=st.integers(0, 9))
def test_score_is_within_bounds_and_evidence_is_told(sorter: Sorter, title: str, text: str, seed: int) -> None:
    vector = np.random.default_rng(seed).normal(size=384).astype(np.float32)
    for found in match(item(title, text), vector / np.linalg.norm(vector), sorter.known, frozenset({"tea"})):
        assert 0 <= found.score <= 1
        assert found.fits == (found.score >= 0.5)
        assert found.evidence


def test_key_depends_on_subjects_hints_and_model() -> None:
    hints = {"Lantern Labs": ("trams",)}
    keys = {
        key(SUBJECTS, hints, "m"),
        key((replace(TRAMS, not_words=("car",)), OWLS, TEA), hints, "m"),
        key(SUBJECTS, {}, "m"),
        key(SUBJECTS, hints, "m2"),
    }
    assert len(keys) == 4
    assert key(list(SUBJECTS), dict(hints), "m") in keys
