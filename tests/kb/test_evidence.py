"""Evidence for an answer: passages of what was found, how likely they answer, and the sentences that do."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import EmbedderError
from core.ports import silent
from core.types import FullText
from kb.cover import Cover
from kb.embedder import Embedder
from kb.embedding import Embeds
from kb.evidence import ENOUGH, Enquiry
from kb.filters import Filter
from kb.full_texts import remember_full_text
from kb.index import Index
from kb.store import Store
from kb.vectors import embed_pending
from tests.kb.shelf import NOW, made, remember

LANTERN = made(
    "lantern",
    "Lamps that follow the moon",
    "Street lamps waste light at full moon. We dim the lamps of a harbour town by the height of the moon. "
    "Fishermen saw no worse, and the town saved a fifth of its current. Moths were counted too.",
    kind="paper",
)
COPY = made(
    "copy",
    "Harbour lamps and the moon, told again",
    "Dimming saves current. Fishermen saw no worse, and the town saved a fifth of its current!",
)
BREAD = made("bread", "Rye bread keeps longer", "Rye bread of sour dough keeps for nine days in a stone crock.")
GEARS = made("gears", "Gears of wood", "Wooden gears of old mills are quiet and wear evenly over the years.")
SHELF = (LANTERN, COPY, BREAD, GEARS)
THERE = ["how much current did the town save by dimming its harbour lamps?", "how long does rye bread keep in a crock"]
NOT_THERE = ["who won the chess tournament in Reykjavik?", "what do volcanoes sound like", "the price of gold in Peru"]


def split(text: str) -> list[str]:
    return re.split(r"(?<=[.!?])\s+", text)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[tuple[Store, Index]]:
    folder = tmp_path_factory.mktemp("shelf")
    store, index = Store(folder / "nightdesk.db"), Index(folder / "chroma")
    remember(store, *SHELF)
    embed_pending(store, lambda: embedder, silent)
    yield store, index
    store.close()


@pytest.fixture(scope="module")
def enquiry(shelf: tuple[Store, Index], embedder: Embedder) -> Enquiry:
    return Enquiry(*shelf, lambda: embedder, split)


@pytest.mark.parametrize("question", THERE)
def test_what_is_there_is_answered_by_the_sentence_that_says_it(enquiry: Enquiry, question: str) -> None:
    told = enquiry.evidence(question)
    assert told.is_enough
    assert re.search("saved a fifth|nine days", told.extract[0].text)


@pytest.mark.parametrize("question", NOT_THERE)
def test_what_is_not_there_is_not_answered(enquiry: Enquiry, question: str) -> None:
    told = enquiry.evidence(question)
    assert (told.is_enough, told.extract) == (False, ())
    assert told.strength < ENOUGH
    assert told.passages


@pytest.mark.parametrize("question", ["", "🦉", "what is the", "?!", '"'])
def test_question_that_tells_nothing_is_named(enquiry: Enquiry, question: str) -> None:
    told = enquiry.evidence(question)
    assert (told.is_enough, told.passages) == (False, ())
    assert "no word that tells" in told.warnings[0]


def test_filter_takes_the_evidence_away(enquiry: Enquiry) -> None:
    assert enquiry.evidence(THERE[1], Filter(kind="post")).is_enough
    assert not enquiry.evidence(THERE[1], Filter(kind="paper")).is_enough
    assert enquiry.evidence(THERE[1], Filter(kind="release")).passages == ()


def test_nothing_is_said_twice(enquiry: Enquiry) -> None:
    told = [said.text.rstrip("!.") for said in enquiry.evidence(THERE[0]).extract]
    assert len([one for one in told if "saved a fifth" in one]) == 1


def test_without_a_model_words_decide(shelf: tuple[Store, Index]) -> None:
    def missing() -> Embeds:
        raise EmbedderError("no embedding model: install it")

    by_words = Enquiry(*shelf, missing, split)
    told = by_words.evidence(THERE[0])
    assert told.is_enough
    assert told.warnings == ("found by words only: no embedding model: install it",)
    assert not by_words.evidence(NOT_THERE[0]).is_enough


def test_passage_deep_in_a_long_text_is_evidence(store: Store, index: Index, embedder: Embedder) -> None:
    remember(store, *SHELF)
    sections = [f"Section {number} counts the teeth of wheel {number}." for number in range(200)]
    sections[150] = "The miller Quillfeather greased his wooden gears with mutton fat at every new moon."
    with store.writing() as connection:
        remember_full_text(connection, GEARS, FullText(GEARS.id, GEARS.url, "\n".join(sections), "html"), NOW)
    embed_pending(store, lambda: embedder, silent)
    told = Enquiry(store, index, lambda: embedder, split).evidence("with what did Quillfeather grease wooden gears?")
    said = told.extract[0]
    assert (said.text, said.passages[0].found_in) == (sections[150], "full text")
    assert len([passage for passage in told.passages if passage.item.id == GEARS.id]) == 3


@given(
    question=st.text(st.characters(), max_size=60)
    | st.lists(st.sampled_from("lamps moon bread rye gears of -x".split())).map(" ".join)
)
def test_every_sentence_stands_in_the_passage_it_names(enquiry: Enquiry, question: str) -> None:
    told = enquiry.evidence(question)
    assert 0 <= told.strength <= 1
    assert len({passage.id for passage in told.passages}) == len(told.passages)
    assert told.is_enough == bool(told.extract)
    for said in told.extract:
        (passage,) = said.passages
        assert passage in told.passages
        assert said.text in " ".join(passage.text.split())


@given(
    weights=st.dictionaries(st.sampled_from("owl snow mouse hunt ear".split()), st.floats(0.1, 9), min_size=1),
    words=st.lists(st.sampled_from("owls snowed mice hunting ears tea".split())),
)
def test_cover_is_a_share_that_grows_with_the_words(weights: dict[str, float], words: list[str]) -> None:
    shares = [Cover(weights).of(" ".join(words[:count])) for count in range(len(words) + 1)]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 + 1e-9 for share in shares)
