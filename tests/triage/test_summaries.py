"""Sentences and what is chosen of them: whole, verbatim, and the contribution before the background."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.graph import repaired, untraceable
from triage.summaries import extract, sentences


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param(
            "Owls hear. Kettles boil! Do trams wait?", ["Owls hear.", "Kettles boil!", "Do trams wait?"], id="marks"
        ),
        pytest.param("Some birds, e.g. Owls, hear mice.", ["Some birds, e.g. Owls, hear mice."], id="e_g"),
        pytest.param("It waits, i.e. Trams stop.", ["It waits, i.e. Trams stop."], id="i_e"),
        pytest.param("Falk et al. Found it. We did not.", ["Falk et al. Found it.", "We did not."], id="et_al"),
        pytest.param(
            "Dr. Wren met J. Marsh in Fig. 3.", ["Dr. Wren met J. Marsh in Fig. 3."], id="titles_and_initials"
        ),
        pytest.param("Owls vs. Trams is a game. It ends.", ["Owls vs. Trams is a game.", "It ends."], id="vs"),
        pytest.param("It rose by 3.5 points. Then 2.1.", ["It rose by 3.5 points.", "Then 2.1."], id="decimals"),
        pytest.param("Glimmer v2. 7 of 9 agree.", ["Glimmer v2.", "7 of 9 agree."], id="number_begins"),
        pytest.param("“Wait.” Then it left.", ["“Wait.”", "Then it left."], id="curly_quotes"),
        pytest.param('He said "wait." She did.', ['He said "wait."', "She did."], id="straight_quotes"),
        pytest.param("It stops (at night.) Trams rest.", ["It stops (at night.)", "Trams rest."], id="brackets"),
        pytest.param("They stop. “Why?” asked Bo.", ["They stop.", "“Why?” asked Bo."], id="quote_begins"),
        pytest.param(
            "- one line\n- another line\n\nThe end.", ["- one line", "- another line", "The end."], id="bullets"
        ),
        pytest.param("see lantern.example for more. ok", ["see lantern.example for more. ok"], id="lower_case_goes_on"),
        pytest.param("Über alles. Änderung folgt.", ["Über alles.", "Änderung folgt."], id="accented_capital"),
        pytest.param("  Spaces around.   Twice.  ", ["Spaces around.", "Twice."], id="spaces"),
        pytest.param("no mark at all", ["no mark at all"], id="no_mark"),
        pytest.param("", [], id="empty"),
        pytest.param(" \n\t\n ", [], id="blank"),
    ],
)
def test_text_is_cut_into_sentences(text: str, parts: list[str]) -> None:
    assert list(sentences(text)) == parts


PIECES = st.sampled_from(
    [
        "We propose a kettle that outperforms every pot by 12%.",
        "However, tea remains widely drunk.",
        "Results show gains of 3.5 points over the best pot",
        "it improves on Falk et al. by a lot.",
        "Compared to owls, e.g. barn owls, trams achieve 4x.",
        "Kettles, described by Falk et al.",
        "Is this better than a tram?",
        "“We show that birds achieve more,” they said.",
        "- a bullet line that improves 20 things",
        "Code is available at https://lantern.example/code.",
        "(We demonstrate this (twice).) Trams improve.",
        "这是一个没有空格的句子。",
        "Plan B.",
        "In this work we introduce trams of class C.",
        "A. B. C.",
        "...",
        "long " * 130 + "sentence.",
    ]
)
TEXTS = st.lists(st.tuples(PIECES, st.sampled_from([" ", "\n", "  ", "\n\n", "\r\n"])), max_size=8).map(
    lambda parts: "".join(piece + gap for piece, gap in parts)
)


@given(text=TEXTS | st.text(max_size=80))
def test_sentences_cover_the_text_in_order_and_stand_in_it(text: str) -> None:
    found = sentences(text)
    assert "".join("".join(found).split()) == "".join(text.split())
    assert all(sentence in text and sentence == sentence.strip() != "" for sentence in found)


@given(text=TEXTS | st.text(max_size=80))
def test_sentence_alone_is_one_sentence(text: str) -> None:
    assert all(sentences(sentence) == (sentence,) for sentence in sentences(text))


@given(title=PIECES, text=TEXTS)
def test_summary_is_whole_sentences_of_the_text(title: str, text: str) -> None:
    summary = extract(title, text)
    assert len(sentences(summary)) <= 2
    assert set(sentences(summary)) <= set(sentences(text))
    assert len(summary) <= 601


@given(title=PIECES, text=TEXTS)
def test_local_summary_passes_its_own_check(title: str, text: str) -> None:
    summary = extract(title, text)
    assert untraceable(summary, text) == ()
    assert repaired(summary, ()) == summary


ABSTRACTS = [
    pytest.param(
        "Waiting trams",
        "City trams have become essential to modern life. Existing timetables remain rigid despite recent progress. "
        "We propose a timetable that lets a tram wait when a bus is late. It was tried in one town for a month.",
        "We propose a timetable that lets a tram wait when a bus is late.",
        id="we_propose",
    ),
    pytest.param(
        "OwlEar",
        "Night birds hear what no microphone does. While sensors are cheap, they are widely misplaced. "
        "This paper presents OwlEar, a pair of uneven microphones that finds a mouse under snow. It is cheap.",
        "This paper presents OwlEar, a pair of uneven microphones that finds a mouse under snow.",
        id="this_paper_presents",
    ),
    pytest.param(
        "How kettles sing",
        "Kettles whistle, and nobody has asked them why. Many pots have been measured in recent years. "
        "In this work, we study the song of 40 kettles under a hood of glass. The hood was blown by hand.",
        "In this work, we study the song of 40 kettles under a hood of glass.",
        id="in_this_work",
    ),
    pytest.param(
        "Lemma cards",
        "Theorem provers gained attention early. However, a stuck prover says nothing about where it is stuck. "
        "To this end, we introduce cards on which a prover names the lemma that it misses. Cards are short.",
        "To this end, we introduce cards on which a prover names the lemma that it misses.",
        id="to_this_end",
    ),
    pytest.param(
        "Bridges that hum",
        "Stone bridges are critical to old towns. Their arches have been drawn for centuries. "
        "Here, we show that a bridge hums one note lower when a stone is loose. Masons knew this.",
        "Here, we show that a bridge hums one note lower when a stone is loose.",
        id="here_we_show",
    ),
    pytest.param(
        "Paddy watch",
        "Rice is grown by many people. Recently, satellites have become cheap while water has not. "
        "Our study describes a drought map of 300 paddies, drawn anew each morning. Farmers read it on paper.",
        "Our study describes a drought map of 300 paddies, drawn anew each morning.",
        id="our_study_describes",
    ),
    pytest.param(
        "Glimmer 2",
        "Small models have achieved a lot. Large ones remain expensive to run. "
        "Today we release Glimmer 2, a model of 3 billion weights that runs on a desk lamp. Thank you for reading.",
        "Today we release Glimmer 2, a model of 3 billion weights that runs on a desk lamp.",
        id="today_we_release",
    ),
    pytest.param(
        "Proof of the tea theorem",
        "The tea conjecture has been open since the first kettle. Partial answers are widely known. "
        "We prove that every cup cools before it is drunk when the talk is good. The proof is a page long.",
        "We prove that every cup cools before it is drunk when the talk is good.",
        id="we_prove",
    ),
    pytest.param(
        "A lamp that dims",
        "We describe our code and data at https://lantern.example/code. The lamp dims when its reader sleeps.",
        "The lamp dims when its reader sleeps.",
        id="links_are_asides",
    ),
]


@pytest.mark.parametrize(("title", "abstract", "contribution"), ABSTRACTS)
def test_contribution_is_preferred_to_background(title: str, abstract: str, contribution: str) -> None:
    assert extract(title, abstract) == contribution


def test_result_follows_the_contribution() -> None:
    text = (
        "Trams have been late for years. We propose a timetable that waits for the bus. Drivers liked it. "
        "Experiments in four towns reduced missed connections by 31%."
    )
    assert extract("Waiting trams", text) == (
        "We propose a timetable that waits for the bus. Experiments in four towns reduced missed connections by 31%."
    )


def test_summary_keeps_the_order_of_the_text() -> None:
    text = "Experiments in four towns improve arrivals by 31%. We propose that trams wait for a bus that is late."
    assert extract("Waiting trams", text) == text


def test_title_decides_between_plain_sentences() -> None:
    text = "The weather was mild all week. The stone bridge at Wrenford was closed. Nobody minded very much."
    assert extract("Stone bridge at Wrenford", text) == "The stone bridge at Wrenford was closed."


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        pytest.param("", "", id="empty"),
        pytest.param("Owls. Trams!", "", id="only_short_sentences"),
        pytest.param(
            "owls hear mice under snow without any mark", "owls hear mice under snow without any mark", id="no_marks"
        ),
        pytest.param("word " * 150, "", id="one_sentence_too_long_to_tell"),
    ],
)
def test_text_with_little_to_say(text: str, summary: str) -> None:
    assert extract("A title that is all there is", text) == summary


def test_lines_without_marks_are_not_run_together() -> None:
    text = "We present a kettle that sings a song\nresults show that it improves breakfast in 9 towns"
    assert extract("Kettle", text) == "We present a kettle that sings a song"


def test_offer_of_the_code_is_not_the_contribution() -> None:
    text = "We train an owl to sort letters by their smell. We release the letters and the code of the owl."
    assert extract("Letters", text).startswith("We train an owl")
