"""Which subjects an item is of, and that the evidence says why; subjects and items are made up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.judged import Match
from core.types import Item, ItemKind, Subject
from kb.embedder import Embedder
from triage.calibration import CLEAR, OUT
from triage.classify import Classifier, Example, Vectors, classifier_key, fit

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
    """Sorts items under changed subjects, embedding no text twice."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder
        self.known: dict[str, Vectors] = {}
        self.trams = self.fit((TRAMS,))
        self.classifier = self.fit(SUBJECTS)

    def embed(self, texts: Sequence[str]) -> Vectors:
        for text in texts:
            if text not in self.known:
                self.known[text] = self.embedder.embed([text])[0]
        return np.stack([self.known[text] for text in texts])

    def fit(self, subjects: Sequence[Subject], examples: Mapping[str, Sequence[Example]] | None = None) -> Classifier:
        return fit(subjects, examples or {}, self.embed)

    def vector(self, item: Item) -> Vectors:
        (vector,) = self.embed([f"{item.title}. {item.text}"])
        return np.asarray(vector)

    def example(self, item: Item, *, is_positive: bool = True) -> Example:
        return Example(item.title, item.text, self.vector(item), is_positive)

    def sort(self, classifier: Classifier, item: Item, hinted: frozenset[str] = NOBODY) -> tuple[Match, ...]:
        return classifier.match([item], self.vector(item)[None], {item.id: hinted})[item.id]

    def matches(self, item: Item, hinted: frozenset[str] = NOBODY) -> tuple[Match, ...]:
        return self.sort(self.classifier, item, hinted)

    def under(self, subject: Subject, item: Item, hinted: frozenset[str] = NOBODY) -> Match:
        """Return how an item fits one subject, which may have other keywords than when it was fitted."""
        base = self.trams if subject.slug == "trams" else self.fit((subject,))
        (only,) = self.sort(Classifier.of((subject,), base.model), item, hinted)
        return only

    def odds(self, subject: Subject, item: Item) -> float:
        """Return the log odds of an item under one subject of trams."""
        return float(Classifier.of((subject,), self.trams.model).log_odds(item, self.vector(item))[0])


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
    assert (
        sorter.odds(replace(TRAMS, keywords=(keyword,)), item(title)) > sorter.odds(TRAMS, item(title))
    ) == mentioned


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
    assert (found.band == "clear") == named
    assert (found.score > sorter.under(TRAMS, item("Owlet-2B", kind=kind)).score) == named


def test_paper_that_releases_its_code_is_of_no_subject_of_releases(sorter: Sorter) -> None:
    subject = replace(TRAMS, keywords=("release", "tram"))
    about = item("Owls over tram depots", "We release code. Owls watch every tram.")
    assert "mentions tram;" in sorter.under(subject, about).evidence + ";"
    assert "mentions release" in sorter.under(subject, replace(about, kind="post")).evidence.replace("tram, ", "")


def test_shared_words_are_told_as_the_item_writes_them(sorter: Sorter) -> None:
    found = sorter.under(OWLS, item("BIRDS at dusk", "Which Owls hear best."))
    assert "BIRDS" in found.evidence
    assert "Owls" in found.evidence


def test_item_is_of_every_subject_it_fits_best_first(sorter: Sorter) -> None:
    found = sorter.matches(
        item("Owls nesting on tram wires: kettle, tea and brewing for night crews"), frozenset({"owls"})
    )
    assert len(found) > 1
    assert all(one.fits and one.score >= OUT for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)


def test_item_close_to_a_description_fits_without_keywords(sorter: Sorter) -> None:
    found = sorter.matches(item("How barn owls locate prey", "Asymmetric ears help night birds hear and fly."))
    assert (found[0].subject, found[0].band) == ("owls", "clear")
    assert "close to its description" in found[0].evidence
    assert "shares its words owls, night, birds" in found[0].evidence


def test_item_of_no_subject_keeps_the_nearest(sorter: Sorter) -> None:
    (found,) = sorter.matches(item("Tax law of the fifteenth century", "Archives of a merchant guild."))
    assert found.band == "out"
    assert 0 <= found.score < OUT
    assert found.evidence == "far from its description"


def test_excluded_subject_is_not_nearest_to_a_fit(sorter: Sorter) -> None:
    known = sorter.fit([replace(one, not_words=("owls",)) for one in SUBJECTS])
    (found,) = sorter.sort(known, item("How barn owls locate prey", "Night birds hear and fly."))
    assert not found.fits


def test_subject_without_description_is_known_by_its_keywords(sorter: Sorter) -> None:
    assert sorter.matches(item("Brewing: how long green leaves steep in a kettle"))[0].subject == "tea"


def test_subject_of_a_name_only_is_known_by_it(sorter: Sorter) -> None:
    bare = sorter.fit((Subject("kites", "Kites"), TRAMS))
    assert sorter.sort(bare, item("Kites that fly in weak wind", "A kite for calm days."))[0].subject == "kites"


def test_chinese_subject_is_known_by_its_words(sorter: Sorter) -> None:
    chinese = (
        Subject("rail", "城市轻轨", "城市轻轨的信号与时刻表。", keywords=("轻轨", "时刻表")),
        Subject("tea", "茶", "绿茶的冲泡与采摘。", keywords=("绿茶", "冲泡")),
    )
    found = sorter.sort(sorter.fit(chinese), item("绿茶冲泡的水温", "水温对绿茶香气的影响。"))
    assert (found[0].subject, found[0].fits) == ("tea", True)
    assert "mentions 绿茶, 冲泡" in found[0].evidence


CHINESE = (
    Subject("rail", "城市轻轨", "城市轻轨的信号与时刻表。", keywords=("轻轨", "时刻表")),
    Subject("tea", "茶", "绿茶的冲泡与采摘。", keywords=("绿茶", "冲泡")),
)


@pytest.mark.parametrize(
    ("title", "text"),
    [("水库汛期调度", "本文研究水库的水位调度。"), ("公司年会通知", "年会在十二月举行，请提前报名。")],
)
def test_chinese_item_of_something_else_is_out(sorter: Sorter, title: str, text: str) -> None:
    for subjects in (CHINESE, SUBJECTS):
        assert [one.band for one in sorter.sort(sorter.fit(subjects), item(title, text))] == ["out"]


@pytest.mark.parametrize(("title", "text"), [("轻轨的夜班", ""), ("夜班安排", "轻轨在夜里也运行。")])
def test_chinese_item_that_names_a_keyword_fits_without_fragments(sorter: Sorter, title: str, text: str) -> None:
    found = sorter.sort(sorter.fit(CHINESE), item(title, text))
    assert (found[0].subject, found[0].fits, found[0].evidence) == ("rail", True, "mentions 轻轨")


def test_meaning_says_nothing_where_it_cannot_be_read(sorter: Sorter) -> None:
    known, english = sorter.fit(CHINESE), item("Signals of light rail")
    assert not sorter.sort(known, english)[0].fits
    assert not known.signals(english, sorter.vector(english))[:, 1].any()
    chinese = item("轻轨的夜班")
    assert not sorter.classifier.signals(chinese, sorter.vector(chinese))[:, 1].any()


def test_subject_without_words_matches_nothing(sorter: Sorter) -> None:
    blank = sorter.fit((Subject("blank", ""), OWLS))
    odds = blank.log_odds(WATERING[0], sorter.vector(WATERING[0]))
    assert np.isfinite(odds).all()
    assert not blank.model.directions[0].any()


@given(place=st.integers(0, 10**6), value=st.integers(1, 255), end=st.integers(0, 10**6))
@settings(max_examples=50)
def test_damaged_classifier_is_a_value_error(sorter: Sorter, place: int, value: int, end: int) -> None:
    content = bytearray(sorter.classifier.to_bytes())
    content[place % len(content)] ^= value
    for damaged in (bytes(content), bytes(content[: end % len(content)])):
        with pytest.raises(ValueError, match="damaged"):
            Classifier.from_bytes(damaged, SUBJECTS)


@given(content=st.binary(max_size=200))
def test_checksum_of_anything_else_is_a_value_error(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"damaged|another shape"):
        Classifier.from_bytes(sha256(content).digest() + content, SUBJECTS)


def test_classifier_of_other_subjects_is_a_value_error(sorter: Sorter) -> None:
    with pytest.raises(ValueError, match="other subjects"):
        Classifier.from_bytes(sorter.classifier.to_bytes(), SUBJECTS[:2])


def test_no_subjects_match_nothing(sorter: Sorter) -> None:
    nothing = sorter.fit(())
    assert sorter.sort(nothing, item("Anything")) == ()
    assert Classifier.from_bytes(nothing.to_bytes(), ()).model.shares.shape == (0,)


def test_many_subjects_are_told_apart(sorter: Sorter) -> None:
    many = sorter.fit([*(Subject(f"s{i}", f"Shelf {i}", f"Books of shelf {i}.") for i in range(197)), *SUBJECTS])
    assert sorter.sort(many, item("Night owls: hearing and flight", "How owls hear."))[0].subject == "owls"


WATERING = [
    item("Watering a roof garden by gravity", "Rain tanks feed the beds of a roof garden."),
    item("Rain tanks for roof gardens", "How large a tank the beds of a garden need."),
    item("Beds on the roof and the rain they hold", "Gardens on roofs keep rain in dry weeks."),
]
DRY = item("Roof gardens in dry weeks", "Tanks of rain keep the beds of a garden wet.")


def test_more_votes_for_its_like_raise_an_item(sorter: Sorter) -> None:
    votes = [sorter.example(one) for one in WATERING]
    scores = [sorter.sort(sorter.fit((TRAMS,), {"trams": votes[:count]}), DRY)[0].score for count in range(4)]
    assert scores == sorted(set(scores))
    assert scores[0] < OUT


def test_example_it_is_like_is_named(sorter: Sorter) -> None:
    taught = sorter.fit(SUBJECTS, {"trams": [sorter.example(one) for one in WATERING]})
    alike = replace(WATERING[1], id="x:2", title="Rain tanks for gardens on roofs")
    assert "like “Rain tanks for roof gardens”" in sorter.sort(taught, alike)[0].evidence


def test_item_is_not_told_to_be_like_itself(sorter: Sorter) -> None:
    taught = sorter.fit(SUBJECTS, {"trams": [replace(sorter.example(WATERING[1]), item_id="x:7")]})
    itself = replace(WATERING[1], id="x:7", title="Rain tanks for roof gardens, again")
    assert "like “" in sorter.sort(taught, replace(itself, id="x:8"))[0].evidence
    assert "like “" not in sorter.sort(taught, itself)[0].evidence
    assert "like “" not in sorter.sort(taught, WATERING[1])[0].evidence


def test_shared_words_are_the_subjects_own(sorter: Sorter) -> None:
    taught = sorter.fit(SUBJECTS, {"trams": [sorter.example(one) for one in WATERING]})
    alike = replace(WATERING[1], title="Rain tanks for gardens on roofs")
    assert "shares its words" not in sorter.sort(taught, alike)[0].evidence


def test_vote_of_wrong_subject_lowers_an_item_and_its_like(sorter: Sorter) -> None:
    about, alike = item("How barn owls locate prey", "Ears of night birds."), item("How tawny owls find prey")
    wrong = sorter.fit(SUBJECTS, {"owls": [sorter.example(about, is_positive=False)]})
    lowered = {one: sorter.sort(wrong, one)[0] for one in (about, alike)}
    for one, match in lowered.items():
        assert match.score < sorter.matches(one)[0].score
        assert "lowered by votes on its like" in match.evidence
    far = item("A new tram line", "Timetables of city trams.")
    assert sorter.sort(wrong, far)[0].score == pytest.approx(sorter.matches(far)[0].score, abs=0.05)


def test_contradictory_votes_stand_between_the_two(sorter: Sorter) -> None:
    about = item("Night birds on tram wires", "They rest on the wires of light rail.")
    yes, no = sorter.example(about), sorter.example(about, is_positive=False)
    low, between, high = (
        sorter.sort(sorter.fit(SUBJECTS[:2], {"trams": votes}), about) for votes in ([no], [yes, no], [yes])
    )
    scores = [next((one.score for one in found if one.subject == "trams"), 0.0) for found in (low, between, high)]
    assert scores[0] < scores[1] < scores[2]


def test_five_hundred_votes_are_learned(sorter: Sorter) -> None:
    chance = np.random.default_rng(3)
    votes = [
        replace(sorter.example(one), vector=_near(sorter.vector(one), chance), is_positive=one is not DRY)
        for one in (*WATERING[:1], DRY)
        for _ in range(250)
    ]
    taught = sorter.fit((TRAMS,), {"trams": votes})
    assert sorter.sort(taught, WATERING[0])[0].score > sorter.sort(taught, DRY)[0].score


def _near(vector: Vectors, chance: np.random.Generator) -> Vectors:
    moved = vector + chance.normal(scale=0.01, size=vector.shape).astype(np.float32)
    return np.asarray(moved / np.linalg.norm(moved), np.float32)


@given(order=st.permutations(range(len(SUBJECTS))))
def test_order_of_subjects_changes_nothing(sorter: Sorter, order: list[int]) -> None:
    about = item("Owls on tram wires", "A kettle for the night crew.")
    shuffled = sorter.fit([SUBJECTS[place] for place in order])
    for one, other in zip(sorter.sort(shuffled, about), sorter.matches(about), strict=True):
        assert (one.subject, one.band, one.evidence) == (other.subject, other.band, other.evidence)
        assert one.score == pytest.approx(other.score, abs=0.0011)


TITLES = ("Owls on tram wires", "Tea", "Tax law", "Light rail at night", "Nests", "", "茶")


@given(order=st.permutations(range(len(TITLES))), count=st.integers(1, len(TITLES)))
@settings(max_examples=50)
def test_match_does_not_depend_on_the_items_beside_it(sorter: Sorter, order: list[int], count: int) -> None:
    items = [replace(item(title), id=f"x:{place}") for place, title in enumerate(TITLES)]
    vectors = np.stack([sorter.vector(one) for one in items])
    everything = sorter.classifier.match(items, vectors, {})
    places = order[:count]
    some = sorter.classifier.match([items[place] for place in places], vectors[places], {})
    assert some == {found: everything[found] for found in some}
    assert len(some) == count


@given(title=st.text(max_size=30), text=st.text(max_size=60), seed=st.integers(0, 9))
def test_score_is_within_bounds_and_evidence_is_told(sorter: Sorter, title: str, text: str, seed: int) -> None:
    vector = np.random.default_rng(seed).normal(size=384).astype(np.float32)
    about = item(title, text)
    matched = sorter.classifier.match([about], vector[None] / np.linalg.norm(vector), {about.id: frozenset({"tea"})})
    for found in matched[about.id]:
        assert 0 <= found.score <= 1
        assert found.band == ("clear" if found.score >= CLEAR else "uncertain" if found.score >= OUT else "out")
        assert found.evidence


def test_kept_classifier_is_the_same(sorter: Sorter) -> None:
    votes = {"owls": [sorter.example(WATERING[0]), sorter.example(DRY, is_positive=False)]}
    first, again = sorter.fit(SUBJECTS, votes), sorter.fit(SUBJECTS, votes)
    assert first.to_bytes() == again.to_bytes()
    kept = Classifier.from_bytes(first.to_bytes(), SUBJECTS)
    assert kept.to_bytes() == first.to_bytes()
    for about in (*WATERING, DRY, item("Owls on tram wires", "A kettle for the night crew.")):
        assert sorter.sort(kept, about) == sorter.sort(first, about)


def test_key_depends_on_subjects_hints_and_model() -> None:
    hints = {"Lantern Labs": ("trams",)}
    keys = {
        classifier_key(SUBJECTS, hints, "m"),
        classifier_key((replace(TRAMS, not_words=("car",)), OWLS, TEA), hints, "m"),
        classifier_key(SUBJECTS, {}, "m"),
        classifier_key(SUBJECTS, hints, "m2"),
    }
    assert len(keys) == 4
    assert classifier_key(list(SUBJECTS), dict(hints), "m") in keys
