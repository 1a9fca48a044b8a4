"""Search over a small shelf: by meaning alone, and within what a filter lets through."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from core.types import Item, Match, SearchHit
from kb.embedder import Embedder
from kb.index import Index
from kb.judgements import MatchKey, keep_matches
from kb.search import Filter, search, snippet
from kb.store import Store
from tests.kb.shelf import embed, made, remember

EARS = made("ears", "Barn owls hunt by ear", "Owls hear mice under snow.", kind="paper", published=date(2031, 3, 1))
BEAKS = made("beaks", "Woodpecker beaks", "Birds drum on trees in spring.", published=date(2031, 3, 10))
TEA = made("tea", "Tea kettles", "Water boils in ninety seconds.", published=date(2031, 3, 10))
STEAM = made("steam", "Steam engines", "Boilers of the last century.", kind="paper", published=date(2031, 3, 12))
OWLET = made("owlet", "Owlet-2B", "A small model that names birds by their song.", kind="release")
SHELF = (EARS, BEAKS, TEA, STEAM, OWLET)
BIRDS = {EARS.id: 0.9, BEAKS.id: 0.8, OWLET.id: 0.7}


class Base:
    """A store, its index and the model, as a question needs them."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self.store, self.index, self.embedder = Store(folder / "nightdesk.db"), Index(folder / "chroma"), embedder

    def ask(self, query: str, wanted: Filter = Filter(), limit: int = 10) -> tuple[SearchHit, ...]:  # noqa: B008
        return search(self.store, self.index, self.embedder, query, wanted=wanted, limit=limit)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Base]:
    filled = Base(tmp_path_factory.mktemp("base"), embedder)
    remember(filled.store, *SHELF)
    embed(filled.store, embedder)
    birds = {item_id: [Match("birds", score, "near")] for item_id, score in BIRDS.items()}
    far = {item.id: [Match("birds", 0.2, "far", band="out")] for item in (TEA, STEAM)}
    with filled.store.writing() as connection:
        keep_matches(connection, birds | far, MatchKey("k", ""))
    yield filled
    filled.store.close()


def ids(hits: tuple[SearchHit, ...]) -> set[str]:
    return {hit.item.id for hit in hits}


def test_closest_in_meaning_comes_first(base: Base) -> None:
    assert base.ask("which nocturnal bird finds prey by sound?")[0].item.id == EARS.id
    assert base.ask("a hot drink in the afternoon")[0].item.id == TEA.id


@pytest.mark.parametrize("wanted", [Filter(), Filter(kind="post"), Filter(subject="birds")])
def test_hits_are_ordered_by_score(base: Base, wanted: Filter) -> None:
    scores = [hit.score for hit in base.ask("birds in trees", wanted)]
    assert scores == sorted(scores, reverse=True)
    assert all(-1 <= score <= 1 for score in scores)


def test_score_is_the_same_with_and_without_filter(base: Base) -> None:
    everything = {hit.item.id: hit.score for hit in base.ask("birds in trees")}
    of_kind = {hit.item.id: hit.score for hit in base.ask("birds in trees", Filter(kind="post"))}
    assert of_kind == {item_id: pytest.approx(everything[item_id], abs=2e-4) for item_id in of_kind}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param(Filter(), {*SHELF}, id="no_filter"),
        pytest.param(Filter(subject="birds"), {EARS, BEAKS, OWLET}, id="subject"),
        pytest.param(Filter(subject="trams"), set(), id="subject_of_nothing"),
        pytest.param(Filter(kind="paper"), {EARS, STEAM}, id="kind"),
        pytest.param(Filter(since=date(2031, 3, 10)), {BEAKS, TEA, STEAM}, id="since_is_inclusive_without_undated"),
        pytest.param(Filter(until=date(2031, 3, 10)), {EARS, BEAKS, TEA}, id="until_is_inclusive"),
        pytest.param(Filter(since=date(2031, 3, 2), until=date(2031, 3, 11)), {BEAKS, TEA}, id="since_until"),
        pytest.param(Filter(since=date(2031, 3, 11), until=date(2031, 3, 1)), set(), id="until_before_since"),
        pytest.param(Filter("birds", "paper"), {EARS}, id="subject_and_kind"),
        pytest.param(Filter("birds", "post", date(2031, 3, 10), date(2031, 3, 10)), {BEAKS}, id="all_together"),
    ],
)
def test_filter_lets_through(base: Base, wanted: Filter, found: set[Item]) -> None:
    assert ids(base.ask("anything at all", wanted)) == {item.id for item in found}


def test_limit_is_kept_with_the_best(base: Base) -> None:
    for wanted in (Filter(), Filter(since=date(2031, 3, 1))):
        assert base.ask("owls", wanted, limit=2) == base.ask("owls", wanted)[:2]


def test_hit_tells_item_fitting_subjects_and_snippet(base: Base) -> None:
    (hit,) = base.ask("mice under snow", limit=1)
    assert (hit.item.title, hit.subjects, hit.snippet) == (EARS.title, ("birds",), "Owls hear mice under snow.")
    (tea,) = base.ask("boiling water for tea", limit=1)
    assert (tea.item.id, tea.subjects) == (TEA.id, ())


def test_what_was_embedded_since_is_found_without_a_drain(base: Base, tmp_path: Path, embedder: Embedder) -> None:
    own = Base(tmp_path, embedder)
    assert own.ask("owls") == own.ask("owls", Filter(kind="paper")) == ()
    remember(own.store, EARS)
    embed(own.store, embedder)
    assert ids(own.ask("owls")) == ids(own.ask("owls", Filter(kind="paper"))) == {EARS.id}
    own.store.close()


@pytest.mark.parametrize("query", ["", "?", "字", "a" * 5000])
def test_odd_questions_are_answered(base: Base, query: str) -> None:
    assert ids(base.ask(query)) == {item.id for item in SHELF}


def test_time_late_on_the_last_day_is_within(tmp_path: Path, embedder: Embedder) -> None:
    own = Base(tmp_path, embedder)
    late = Item("x:late", "post", "Late", "x:late", "", published=datetime(2031, 3, 10, 23, 59, 59, tzinfo=UTC))
    remember(own.store, late)
    embed(own.store, embedder)
    assert ids(own.ask("late", Filter(until=date(2031, 3, 10)))) == {"x:late"}
    assert ids(own.ask("late", Filter(until=date(2031, 3, 9)))) == set()
    own.store.close()


TEXT = "Kettles are old. Barn owls hear mice under deep snow. Owls also see.\nA list without a dot"


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        pytest.param(TEXT, "do OWLS hear under snow?", "Barn owls hear mice under deep snow.", id="most_shared_words"),
        pytest.param(TEXT, "submarines", "Kettles are old.", id="first_when_none_shares"),
        pytest.param(TEXT, "list without", "A list without a dot", id="line_is_a_sentence"),
        pytest.param("", "owls", "", id="no_text"),
        pytest.param(" \n ", "owls", "", id="blank_text"),
    ],
)
def test_snippet_is_the_sentence_that_shares_most_words(text: str, query: str, shown: str) -> None:
    assert snippet(made("x", text=text), query) == shown


@pytest.mark.parametrize("text", ["owl " * 200, "o" * 900, "hoot " * 55 + "aaaaaaaaa"])
def test_long_snippet_is_cut_between_words_within_280(text: str) -> None:
    shown = snippet(made("x", text=text), "owl")
    assert len(shown) <= 280
    assert shown.endswith(" …") == (len(text.strip()) > 280)
    assert text.startswith(shown.removesuffix(" …"))
