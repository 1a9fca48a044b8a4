"""The brief of a story: what is read, that what is told stands there, and what happens to what does not."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from core.judged import Story
from core.types import Item, ItemKind
from triage.graph import LOCAL, BriefDeps, brief_key, read, untraceable, write_brief
from triage.sentences import sentences
from triage.summaries import extract

ABSTRACT = "Trams have been late for years. We propose a timetable that waits for the bus. Drivers liked it."
POST = "Today we tell of a timetable. It waits. Our tram drivers were asked, and they describe a calmer night. " * 2


def item(item_id: str, kind: ItemKind, text: str, title: str = "Waiting trams") -> Item:
    return Item(item_id, kind, title, f"https://lantern.example/{item_id}", text)


PAPER, LONG_POST = item("paper", "paper", ABSTRACT), item("post", "post", POST)
STORY = Story("paper", ("paper", "post"))


def deps_of(summarise: Callable[[str, str], str]) -> BriefDeps:
    return BriefDeps(summarise, "lantern-1")


def test_local_brief_is_whole_sentences_of_its_source() -> None:
    brief = write_brief(STORY, [PAPER, LONG_POST])
    assert brief.summary == extract(PAPER.title, ABSTRACT) == "We propose a timetable that waits for the bus."
    assert set(sentences(brief.summary)) <= set(sentences(ABSTRACT))
    assert (brief.story_id, brief.origin, brief.key) == ("paper", "local", brief_key([PAPER, LONG_POST], LOCAL))


def test_sentence_that_a_summariser_invents_is_removed() -> None:
    deps = deps_of(lambda _title, _text: "Drivers liked it. Passengers sang. Trams have been late for years.")
    brief = write_brief(STORY, [PAPER], deps)
    assert brief.summary == "Drivers liked it. Trams have been late for years."
    assert brief.origin == "local"


@pytest.mark.parametrize(
    "said",
    ["Drivers disliked it.", "Drivers liked it!", "Drivers liked it", "drivers liked it.", "99% of drivers liked it."],
)
def test_sentence_that_a_summariser_alters_is_removed(said: str) -> None:
    assert write_brief(STORY, [PAPER], deps_of(lambda _title, _text: said)).summary == ""


def test_what_a_summariser_quotes_stays_whatever_the_white_space() -> None:
    said = "  Drivers\n liked it.".replace("\n", "")
    wrapped = item("paper", "paper", ABSTRACT.replace("Drivers liked", "Drivers  liked"))
    assert write_brief(STORY, [wrapped], deps_of(lambda _title, _text: said)).summary == "  Drivers liked it."


def test_summariser_is_given_title_and_text_of_what_is_read() -> None:
    given: list[tuple[str, str]] = []

    def listen(title: str, text: str) -> str:
        given.append((title, text))
        return ""

    assert write_brief(STORY, [PAPER, LONG_POST], deps_of(listen)).summary == ""
    assert given == [("Waiting trams", ABSTRACT)]


def test_failure_of_a_summariser_is_no_summary() -> None:
    def fail(_title: str, _text: str) -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_brief(STORY, [PAPER], deps_of(fail))


def test_story_without_text_has_an_empty_brief() -> None:
    assert write_brief(Story("x", ("x",)), [item("x", "release", "")]).summary == ""


@pytest.mark.parametrize(
    ("items", "text"),
    [
        pytest.param([PAPER, LONG_POST], ABSTRACT, id="abstract_first_though_shorter"),
        pytest.param([replace(PAPER, text=""), LONG_POST], POST, id="paper_without_abstract"),
        pytest.param([item("r", "release", "Short card."), LONG_POST], POST, id="longest_of_release_and_post"),
        pytest.param([item("r", "release", POST * 2), LONG_POST], POST * 2, id="release_that_says_most"),
        pytest.param([item("a", "post", "One."), item("b", "post", "Two.")], "One.", id="first_of_equals"),
    ],
)
def test_what_is_read_of_a_story(items: list[Item], text: str) -> None:
    leading = [replace(items[0], title="The lead's own title"), *items[1:]]
    assert read(leading) == {"title": "The lead's own title", "text": text}


def test_untraceable_names_what_does_not_stand_in_the_text() -> None:
    assert untraceable("Drivers liked it. Owls sang.", ABSTRACT) == ("Owls sang.",)
    assert untraceable("", ABSTRACT) == ()


def test_sentence_is_traced_without_its_mark_and_line_ends() -> None:
    text = "* Add a lamp to the desk of the editor who reads at\n  night. It dims."
    assert untraceable("Add a lamp to the desk of the editor who reads at night. It dims.", text) == ()
    assert untraceable("Add a lamp to the desk.", text) == ("Add a lamp to the desk.",)


def test_chinese_summary_is_repaired_without_spaces() -> None:
    paper = item("zh", "paper", "钟响了。没有人在听。")
    assert (
        write_brief(STORY, [paper], deps_of(lambda _t, _x: "钟响了。猫在听。没有人在听。")).summary
        == "钟响了。没有人在听。"
    )


def test_key_changes_with_what_a_brief_depends_on() -> None:
    items = [PAPER, LONG_POST]
    changed = [
        brief_key([replace(PAPER, text="Other words."), LONG_POST], LOCAL),
        brief_key([replace(PAPER, title="Other title"), LONG_POST], LOCAL),
        brief_key([PAPER], LOCAL),
        brief_key([LONG_POST, PAPER], LOCAL),
        brief_key(items, replace(LOCAL, version="extract-next")),
    ]
    assert len({brief_key(items, LOCAL), *changed}) == 6


def test_key_stays_when_only_votes_change() -> None:
    assert brief_key([replace(PAPER, facts=(("votes", "9"),))], LOCAL) == brief_key([PAPER], LOCAL)
