"""Search over a small shelf: by words and meaning, within what filters and signs let through, with why and history."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import EmbedderError
from core.judged import Match, Story
from core.ports import silent
from core.types import Brief, FullText, Item, SearchHit, Verdict, Vote
from kb import meaning
from kb.embedder import Embedder
from kb.embedding import Embeds
from kb.engine import driver_of
from kb.filters import Filter
from kb.full_texts import remember_full_text
from kb.index import Index
from kb.judgements import MatchKey, keep_brief, keep_digest, keep_matches, keep_shortlist
from kb.mending import mend_words
from kb.query import as_text
from kb.search import Found, Search
from kb.store import Store
from kb.vectors import embed_pending
from kb.votes import keep_vote
from kb.words import telling_words
from tests.kb.shelf import NIGHT, NOW, embed, made, remember
from tests.kb.test_vectors import Letters

EARS = replace(
    made("ears", "Barn owls hunt by ear", "Owls hear mice under snow.", kind="paper", published=date(2031, 3, 1)),
    authors=("Ada Lünd", "Tor Vik"),
)
BEAKS = made("beaks", "Woodpecker beaks", "Birds drum on trees in spring.", published=date(2031, 3, 10))
TEA = replace(
    made("tea", "Tea kettles", "Water boils in ninety seconds.", published=date(2031, 3, 10)), authors=("Vik",)
)
STEAM = made("steam", "Steam engines", "Boilers of the last century.", kind="paper", published=date(2031, 3, 12))
OWLET = made("owlet", "Owlet-2B", "A small model that names birds by their song.", kind="release")
SHELF = (EARS, BEAKS, TEA, STEAM, OWLET)
BIRDS = {EARS.id: 0.9, BEAKS.id: 0.8, OWLET.id: 0.7}
KEPT = Verdict(EARS.id, "birds", "kept", 0.9, "close to what birds is about")


class Base:
    """A store, its index and a model, as a question needs them."""

    def __init__(self, folder: Path, embedder: Embeds) -> None:
        self.folder, self.embedder = folder, embedder
        self.store, self.index = Store(folder / "nightdesk.db"), Index(folder / "chroma")
        self.search = Search(self.store, self.index, lambda: self.embedder)

    def ask(self, query: str, wanted: Filter = Filter(), limit: int = 10) -> tuple[SearchHit, ...]:  # noqa: B008
        return self.search.find(query, wanted, limit=limit).hits

    def fill(self, *items: Item) -> None:
        remember(self.store, *items)
        embed_pending(self.store, lambda: self.embedder, silent)
        self.index.drain(self.store)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[Base]:
    filled = Base(tmp_path_factory.mktemp("base"), embedder)
    filled.fill(*SHELF)
    remember(filled.store, TEA, source="Other Desk", novelty="known")
    birds = {item_id: [Match("birds", score, "near")] for item_id, score in BIRDS.items()}
    far = {item.id: [Match("birds", 0.2, "far", band="out")] for item in (TEA, STEAM)}
    with filled.store.writing() as connection:
        keep_matches(connection, birds | far, MatchKey("k", ""))
        keep_shortlist(connection, NIGHT, [KEPT], [Story(f"story-{EARS.id}", (EARS.id,))])
        keep_brief(
            driver_of(connection), Brief(f"story-{EARS.id}", "Night hunters listen for a heartbeat.", "local", "key")
        )
        keep_digest(connection, NIGHT, {"entries": [{"story_id": f"story-{EARS.id}"}]})
        keep_vote(connection, Vote(EARS.id, "birds", "useful", "ada", NOW, "for the review"))
    yield filled
    filled.store.close()


@pytest.fixture
def own(tmp_path: Path, embedder: Embedder) -> Iterator[Base]:
    opened = Base(tmp_path, embedder)
    yield opened
    opened.store.close()


def ids(hits: tuple[SearchHit, ...]) -> set[str]:
    return {hit.item.id for hit in hits}


def test_closest_in_meaning_comes_first(base: Base) -> None:
    assert base.ask("which nocturnal hunter finds prey by sound?")[0].item.id == EARS.id
    assert base.ask("a hot drink in the afternoon")[0].item.id == TEA.id


def test_rare_word_that_the_model_does_not_know_is_found(own: Base) -> None:
    own.fill(*SHELF, made("zork", "Notes on zorkblat", "A zorkblat is no bird."))
    assert own.ask("zorkblats")[0].item.title == "Notes on zorkblat"


@pytest.mark.parametrize("wanted", [Filter(), Filter(kind="post"), Filter(subject="birds")])
def test_hits_are_ordered_by_score(base: Base, wanted: Filter) -> None:
    scores = [hit.score for hit in base.ask("birds in trees", wanted)]
    assert scores == sorted(scores, reverse=True)
    assert all(0 < score < 1 for score in scores)


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
        pytest.param(Filter(source="Other Desk"), {TEA}, id="source_that_told_it_too"),
        pytest.param(Filter(source="Lantern Labs"), {*SHELF}, id="source"),
        pytest.param(Filter(author="vik"), {EARS, TEA}, id="author_by_surname"),
        pytest.param(Filter(author="ada lund"), {EARS}, id="author_without_accents"),
        pytest.param(Filter(author='" OR *'), set(), id="author_of_operators"),
        pytest.param(Filter(decision="kept"), {EARS}, id="decision"),
        pytest.param(Filter(decision="dropped"), set(), id="decision_never_taken"),
    ],
)
def test_filter_lets_through(base: Base, wanted: Filter, found: set[Item]) -> None:
    assert ids(base.ask("anything at all", wanted)) == {item.id for item in found}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param('"mice under snow"', {EARS}, id="phrase"),
        pytest.param('"mouse under snow"', set(), id="phrase_of_nothing"),
        pytest.param('birds "drum on" trees', {BEAKS}, id="phrase_among_words"),
        pytest.param("birds -song", {EARS, BEAKS, TEA, STEAM}, id="minus"),
        pytest.param('birds -"by their song" -owls', {BEAKS, TEA, STEAM}, id="two_minuses"),
        pytest.param('"birds" -spring', {OWLET}, id="phrase_and_minus"),
        pytest.param('"a heartbeat"', {EARS}, id="phrase_of_the_brief"),
    ],
)
def test_signs_let_through(base: Base, query: str, found: set[Item]) -> None:
    assert ids(base.ask(query)) == {item.id for item in found}


def test_limit_is_kept_with_the_best(base: Base) -> None:
    for wanted in (Filter(), Filter(since=date(2031, 3, 1))):
        assert base.ask("owls", wanted, limit=2) == base.ask("owls", wanted)[:2]


def test_hit_says_why_it_matched(base: Base) -> None:
    (hit,) = base.ask("a mouse or mice beneath the snow, heard by an owl", limit=1)
    assert (hit.item.title, hit.subjects, hit.snippet) == (EARS.title, ("birds",), "Owls hear mice under snow.")
    assert [hit.snippet[start:end] for start, end in hit.marks] == ["Owls", "mice", "snow"]
    assert [hit.item.title[start:end] for start, end in hit.title_marks] == ["owls"]
    assert hit.found_in == "text"
    assert hit.closeness is not None
    assert 0.3 < hit.closeness < 1


def test_hit_carries_its_history(base: Base) -> None:
    (hit,) = base.ask("owls under snow", limit=1)
    past = hit.history
    assert [sighting.source for sighting in past.sightings] == ["Lantern Labs"]
    assert past.decisions == ((NIGHT, KEPT),)
    assert past.brief is not None
    assert past.brief.summary == "Night hunters listen for a heartbeat."
    assert past.digests == (NIGHT,)
    assert [(vote.voter, vote.opinion, vote.note) for vote in past.votes] == [("ada", "useful", "for the review")]
    (tea,) = base.ask("boiling water for tea", limit=1)
    assert (tea.history.decisions, tea.history.brief, tea.history.digests, tea.history.votes) == ((), None, (), ())
    assert [sighting.source for sighting in tea.history.sightings] == ["Lantern Labs", "Other Desk"]


def test_brief_is_searched(base: Base) -> None:
    hit = base.ask("heartbeat")[0]
    assert (hit.item.id, hit.found_in, hit.snippet) == (EARS.id, "brief", "Night hunters listen for a heartbeat.")


def test_long_text_is_searched_by_passage_and_shown_by_item(own: Base) -> None:
    own.fill(*SHELF)
    sections = [f"Section {number} is about gears and belts." for number in range(60)]
    sections[40] = "The governor was invented by a clockmaker called Quillfeather."
    text = FullText(STEAM.id, STEAM.url, "\n".join(sections), "html")
    with own.store.writing() as connection:
        remember_full_text(connection, STEAM, text, NOW)
    hits = own.ask("Quillfeather the clockmaker")
    assert [hit.item.id for hit in hits].count(STEAM.id) == 1
    assert (hits[0].item.id, hits[0].found_in, hits[0].snippet) == (STEAM.id, "full text", sections[40])
    with own.store.writing() as connection:
        remember_full_text(connection, STEAM, replace(text, text="Nothing of him any more."), NOW)
    assert own.ask('"quillfeather"') == ()


def test_similar_leaves_the_item_out(base: Base) -> None:
    found = base.search.similar(OWLET, limit=3)
    assert len(found.hits) == 3
    assert OWLET.id not in ids(found.hits)
    assert base.search.similar(BEAKS, Filter(kind="release")).hits[0].item.id == OWLET.id


def test_what_was_told_since_is_found_at_once(own: Base, embedder: Embedder) -> None:
    assert own.ask("owls") == own.ask("owls", Filter(kind="paper")) == ()
    remember(own.store, EARS)
    found = own.search.find("owls")
    assert ids(found.hits) == {EARS.id}
    embed(own.store, embedder)
    assert ids(own.ask("nocturnal hunter")) == {EARS.id}
    remember(own.store, replace(EARS, title="Kettles", text="They boil."), novelty="changed")
    assert ids(own.ask('"kettles"')) == {EARS.id}
    assert own.ask('"owls"') == ()


@pytest.mark.parametrize(
    "query", ["字", "a" * 5000, "the of and", "owl " * 3000, "NEAR(a b) AND *", "snow\x00\x1b[31m"]
)
def test_odd_questions_are_answered(base: Base, query: str) -> None:
    assert base.search.find(query).warnings == ()


@pytest.mark.parametrize("query", ["", "?", "🦉🦉", '"', "-owls", "\x00"])
def test_question_without_a_word_is_told(base: Base, query: str) -> None:
    assert base.search.find(query) == Found((), ("there is no word to look for",))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(st.characters(), max_size=40) | st.text(alphabet='owl "-*()^:+{}AND OR NOT', max_size=60))
def test_anything_may_be_asked(base: Base, query: str) -> None:
    assert len(base.ask(query)) <= len(SHELF)


def test_words_are_looked_up_again_in_an_empty_base(store: Store) -> None:
    query = as_text("harbour lamps")
    with store.searching() as connection:
        assert telling_words(connection, query) == telling_words(connection, query) != {}


def test_time_late_on_the_last_day_is_within(own: Base) -> None:
    late = Item("x:late", "post", "Late", "x:late", "", published=datetime(2031, 3, 10, 23, 59, 59, tzinfo=UTC))
    own.fill(late)
    assert ids(own.ask("late", Filter(until=date(2031, 3, 10)))) == {"x:late"}
    assert ids(own.ask("late", Filter(until=date(2031, 3, 9)))) == set()


def test_without_a_model_words_answer_with_a_warning(own: Base) -> None:
    def missing() -> Embeds:
        raise EmbedderError("no embedding model: install it")

    own.fill(*SHELF)
    found = Search(own.store, own.index, missing).find("owls")
    assert found.hits[0].item.id == EARS.id
    assert found.warnings == ("found by words only: no embedding model: install it",)


def test_with_another_model_words_answer_until_its_vectors_are_made(own: Base) -> None:
    own.fill(*SHELF)
    own.embedder = Letters()
    found = own.search.find("owls")
    assert found.hits[0].item.id == EARS.id
    assert "not of letters" in found.warnings[0]
    assert "nightdesk reindex" in found.warnings[0]


def test_what_waits_for_a_vector_is_told(own: Base) -> None:
    own.fill(*SHELF[:3])
    remember(own.store, *SHELF[3:])
    found = own.search.find("steam")
    assert found.hits[0].item.id == STEAM.id
    assert found.warnings == (
        "found by words only, for want of a vector: 2 of the items; `nightdesk reindex` makes them",
    )


@pytest.mark.parametrize(("limit", "told"), [(150_000, "compared instead"), (2, "words only")])
def test_lost_index_loses_nothing(own: Base, monkeypatch: pytest.MonkeyPatch, limit: int, told: str) -> None:
    own.fill(*SHELF)
    monkeypatch.setattr(meaning, "EXACT", limit)
    assert own.search.find("owls").warnings == ()
    shutil.rmtree(own.folder / "chroma")
    found = own.search.find("owls hear mice")
    assert found.hits[0].item.id == EARS.id
    assert told in found.warnings[0]
    assert "index is missing" in found.warnings[0]


@pytest.mark.parametrize("wanted", [Filter(), Filter(kind="paper"), Filter(subject="birds")])
def test_large_base_is_asked_through_the_index_alike(
    base: Base, monkeypatch: pytest.MonkeyPatch, wanted: Filter
) -> None:
    exact = base.ask("birds that listen", wanted)
    monkeypatch.setattr(meaning, "EXACT", 2)
    large = Search(base.store, base.index, lambda: base.embedder).find("birds that listen", wanted)
    assert large.warnings == ()
    assert [hit.item.id for hit in large.hits] == [hit.item.id for hit in exact]
    assert [hit.closeness for hit in large.hits] == pytest.approx([hit.closeness for hit in exact], abs=2e-3)


def test_large_base_finds_what_the_index_does_not_know_yet(own: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "EXACT", 2)
    own.fill(*SHELF[1:])
    remember(own.store, EARS)
    embed_pending(own.store, lambda: own.embedder, silent)
    hit = own.ask("nocturnal hunting of rodents")[0]
    assert (hit.item.id, hit.closeness is not None) == (EARS.id, True)


def test_words_are_mended(own: Base) -> None:
    own.fill(*SHELF)
    assert mend_words(own.store) is False
    with own.store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO items_fts (items_fts) VALUES ('delete-all')")
    assert mend_words(own.store) is True
    assert mend_words(own.store) is False
    assert ids(own.ask('"mice"')) == {EARS.id}
