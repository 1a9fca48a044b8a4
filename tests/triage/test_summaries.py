"""Sentences and what is chosen of them: whole, verbatim, and the contribution before the background."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from triage.cues import KINDS
from triage.graph import repaired, untraceable
from triage.sentence_features import measured
from triage.sentences import joined, sentences, unmarked
from triage.summaries import KIND_WEIGHTS, WEIGHTS, extract


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
        pytest.param("钟响了。谁在听？没有人！", ["钟响了。", "谁在听？", "没有人！"], id="chinese"),
        pytest.param("鐘が鳴る。 誰も聞かない。", ["鐘が鳴る。", "誰も聞かない。"], id="japanese"),
        pytest.param("「行く。」と言った。次。", ["「行く。」と言った。", "次。"], id="speech_amid_a_sentence"),
        pytest.param("真好!我们走吧。", ["真好!", "我们走吧。"], id="narrow_mark_in_chinese"),
        pytest.param("它等了3.5分钟。Then it left.", ["它等了3.5分钟。", "Then it left."], id="two_scripts"),
        pytest.param("They left the U.S. We stayed.", ["They left the U.S.", "We stayed."], id="us_ends"),
        pytest.param("The U.S. Post waits.", ["The U.S. Post waits."], id="us_goes_on"),
        pytest.param("It fell in 2018. We wept.", ["It fell in 2018.", "We wept."], id="year_ends"),
        pytest.param("1. We boil. 2. We pour.", ["1. We boil.", "2. We pour."], id="numbered"),
        pytest.param("It runs. eBPF helps.", ["It runs.", "eBPF helps."], id="name_with_a_small_letter"),
        pytest.param(
            "See https://lantern.example/a.b?c=1. It ends.", ["See https://lantern.example/a.b?c=1.", "It ends."]
        ),
        pytest.param("Is it so?It was so!We left.", ["Is it so?", "It was so!", "We left."], id="marks_without_space"),
        pytest.param(
            "The kettle sang.In May it broke.", ["The kettle sang.", "In May it broke."], id="stop_without_space"
        ),
        pytest.param("Use asyncio.Task or Node.Js now.", ["Use asyncio.Task or Node.Js now."], id="dotted_names"),
        pytest.param("Wait... What?! No.", ["Wait...", "What?!", "No."], id="several_marks"),
        pytest.param(
            "The lamp that stands on the desk of the night editor\nwas lit. It went out.",
            ["The lamp that stands on the desk of the night editor\nwas lit.", "It went out."],
            id="wrapped_before_a_small_letter",
        ),
        pytest.param(
            "The lamp on the desk was given to the night editor by\nMara of the day desk.",
            ["The lamp on the desk was given to the night editor by\nMara of the day desk."],
            id="wrapped_after_a_small_word",
        ),
        pytest.param(
            "# Lamp\n\nThe lamp of the night desk was sent by the Lantern\nInstitute of Wrenford. It came.\nYes.",
            [
                "# Lamp",
                "The lamp of the night desk was sent by the Lantern\nInstitute of Wrenford.",
                "It came.",
                "Yes.",
            ],
            id="wrapped_at_one_width",
        ),
        pytest.param(
            "A heading that is as long as a whole line of running text\nThe lamp was lit.",
            ["A heading that is as long as a whole line of running text", "The lamp was lit."],
            id="heading_is_not_wrapped",
        ),
        pytest.param(
            "- a bullet that is as long as a whole line of running text\n- and another one",
            ["- a bullet that is as long as a whole line of running text", "- and another one"],
            id="bullets_are_not_wrapped",
        ),
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
        "我们提出了一种会唱歌的水壶，优于所有的锅。实验很好！",
        "「行く。」と言った。",
        "## What's Changed",
        "* Add a lamp by @wren in https://lantern.example/pull/4",
        "| Task | Score |",
        "```python",
        "---",
        "<!-- a note that nobody sees -->",
        "We built the longest line of this text for the Lantern Institute of the",
        "and it went on in small letters until the end came.",
        "They left the U.S. for good.",
        "> 1. a quoted point that improves eBPF by 4 points.",
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
@example(text="。！0")
def test_sentence_on_one_line_is_one_sentence(text: str) -> None:
    alone = [" ".join(sentence.split()) for sentence in sentences(text)]
    assert all(sentences(sentence) == (sentence,) for sentence in alone)


@given(title=PIECES, text=TEXTS, most=st.sampled_from([1, 2]))
def test_summary_is_whole_sentences_of_the_text_in_their_order(title: str, text: str, most: int) -> None:
    summary = extract(title, text, most=most)
    rest = iter([unmarked(sentence) for sentence in sentences(text)])
    assert all(said in rest for said in sentences(summary))
    assert len(sentences(summary)) <= most
    assert len(summary) <= (1000 if len(sentences(summary)) == 1 else 601)
    assert "\n" not in summary


@given(title=PIECES, text=TEXTS)
def test_first_sentence_of_two_or_its_fellow_is_the_one_that_stands_alone(title: str, text: str) -> None:
    assert extract(title, text, most=1) in ("", *sentences(extract(title, text)))


@given(title=st.text(max_size=30), text=st.text(max_size=300) | TEXTS)
def test_summary_is_the_same_every_time(title: str, text: str) -> None:
    assert extract(title, text) == extract(title, text)


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


def test_claim_without_a_figure_is_no_second_sentence() -> None:
    text = "We propose a timetable that waits for the bus. We show that drivers of night trams reduced their coffee."
    assert extract("Waiting trams", text) == "We propose a timetable that waits for the bus."


@pytest.mark.parametrize(
    "text",
    [
        '"We are boiling a lake. It is warm," said Mara. The institute released Whistle, a kettle of 70 litres.',
        "“We are boiling a lake. It is warm,” said Mara. The institute released Whistle, a kettle of 70 litres.",
        "«We are boiling a lake. It is warm», said Mara. The institute released Whistle, a kettle of 70 litres.",
        '"We think that tea comes in May." The institute released Whistle, a kettle of 70 litres.',
    ],
)
def test_quotation_is_not_torn_and_does_not_tell_for_the_text(text: str) -> None:
    assert extract("Interview", text) == "The institute released Whistle, a kettle of 70 litres."


def test_half_a_quotation_is_worse_than_nothing() -> None:
    assert extract("Interview", '"We are boiling a lake. It is warm and deep," said Mara.') == ""


def test_line_that_credits_its_author_gives_way_to_one_that_does_not() -> None:
    text = (
        "* Add streaming whistles to the server by @wren in https://lantern.example/pull/4\n"
        "* @marsh made their first contribution in #5\n"
        "* The lamp dims when its reader sleeps"
    )
    assert extract("kettle v2", text) == "The lamp dims when its reader sleeps"


def test_thai_and_korean_texts_are_told() -> None:
    thai = "เราเสนอกาต้มน้ำใหม่ที่ร้องเพลงได้เร็วกว่าเดิมสามเท่า"
    assert extract("กาต้มน้ำ", thai) == thai
    korean = "주전자는 널리 쓰인다. 본 논문에서는 노래하는 새로운 주전자를 제안한다. 차는 3배 빨라졌다."
    assert extract("새 주전자", korean).startswith("본 논문에서는 노래하는 새로운 주전자를 제안한다.")


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
        pytest.param("word " * 150, ("word " * 150).strip(), id="one_long_sentence_is_all_there_is"),
        pytest.param("word " * 250, "", id="one_sentence_too_long_to_tell"),
        pytest.param("word " * 250 + "end.\n" + "Word " * 150, "", id="first_sentence_too_long_to_tell"),
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


CARD = """---
license: apache-2.0
tags:
- tea
---

<!-- We propose that this note stays hidden from the reader. -->

# Glimmer 2

Glimmer 2 is a small language model of 3 billion weights, trained by the Lantern
Institute on recordings of kettles that were written down by hand.

| Task | Score that we propose |
|------|-----------------------|
| Tea  | 71.2                  |

```python
model = load("glimmer-2")  # We propose nothing here, for this is code.
```

## Licence

This model is released under the Apache 2.0 license by the Lantern Institute.
"""
NOTES = """## What's Changed
* Bump kettle-core from 1.2 to 1.3 by @wren in https://lantern.example/kettle/pull/3
* Add streaming whistles to the tea server by @wren in https://lantern.example/kettle/pull/4
* Fix a typo in the page on tea by @marsh in https://lantern.example/kettle/pull/5

## New Contributors
* @marsh made their first contribution in https://lantern.example/kettle/pull/5

**Full Changelog**: https://lantern.example/kettle/compare/v1...v2
"""
POST = """Hello everyone, and welcome back!
Why kettles
Have you ever wondered what a kettle hears?
Today we are releasing Whistle, a listener that tells from a kettle's song when the tea will be ready.
Whistle runs on a desk lamp and needs no network.
In four towns, it reduced spilled tea by 31% compared to a clock.
Subscribe to our newsletter for more about Whistle and its kettles.
"""
CHANGES = """2.4.1
Fixed
bug fixes and small improvements
New: the lamp dims when its reader falls asleep
Thanks to all testers"""
ZH = (
    "近年来，电车在城市中得到广泛应用。然而，夜间的换乘仍然困难。为此，我们提出了一种名为灯笼的时刻表，让电车等待晚点的公交。"
    "实验结果表明，它在四个城镇中将错过的换乘减少了31%。代码将会公开。"
)
JA = (
    "近年、夜の鳥は広く研究されている。しかし、雪の下の音は知られていない。"
    "本論文では、二つのマイクを用いる「ふくろう耳」を提案する。庭は静かであった。"
)


@pytest.mark.parametrize(
    ("title", "text", "summary"),
    [
        pytest.param(
            "lantern/glimmer-2",
            CARD,
            "Glimmer 2 is a small language model of 3 billion weights, trained by the Lantern Institute on recordings"
            " of kettles that were written down by hand.",
            id="model_card",
        ),
        pytest.param(
            "kettle v2",
            NOTES,
            "Add streaming whistles to the tea server by @wren in https://lantern.example/kettle/pull/4",
            id="release_notes",
        ),
        pytest.param(
            "Meet Whistle",
            POST,
            "Today we are releasing Whistle, a listener that tells from a kettle's song when the tea will be ready."
            " In four towns, it reduced spilled tea by 31% compared to a clock.",
            id="post",
        ),
        pytest.param(
            "Lamp 2.4.1", CHANGES, "New: the lamp dims when its reader falls asleep", id="lines_without_marks"
        ),
        pytest.param(
            "灯笼：电车的时刻表",
            ZH,
            "为此，我们提出了一种名为灯笼的时刻表，让电车等待晚点的公交。实验结果表明，它在四个城镇中将错过的换乘减少了31%。",
            id="chinese",
        ),
        pytest.param("ふくろう耳", JA, "本論文では、二つのマイクを用いる「ふくろう耳」を提案する。", id="japanese"),
        pytest.param(
            "Kettle 2",
            "Bump the kettle core\nThe server now listens to whistles",
            "The server now listens to whistles",
            id="housekeeping",
        ),
        pytest.param("x", "太短。", "", id="too_short_in_chinese"),
        pytest.param(
            "Tea", "| Tea | Score | Rank |\n| --- | --- | --- |\n# A heading of four words", "", id="no_prose"
        ),
    ],
)
def test_summary_of_each_kind_of_text(title: str, text: str, summary: str) -> None:
    assert extract(title, text) == summary


def test_background_before_the_contribution_is_no_second_sentence() -> None:
    text = "Training on song improves a kettle model. We propose Whistle, a kettle model that hears its own song."
    assert extract("Whistle: a kettle model", text) == "We propose Whistle, a kettle model that hears its own song."


@pytest.mark.parametrize(
    ("title", "named"),
    [("OwlEar: owls at night", [0.0, 1.0]), ("OwlEar at night", [0.0, 0.0]), ("Owls that hear: a pair", [0.0, 0.0])],
)
def test_name_that_a_title_gives_is_noticed(title: str, named: list[float]) -> None:
    rows = measured(title, ["Owls that hear are heard.", "OwlEar is a pair of microphones."])
    assert [row["names_it"] for row in rows] == named


def test_code_on_offer_is_told_neither_first_nor_second() -> None:
    text = "We train an owl to sort letters. Our improved code is publicly available at https://lantern.example/owl."
    assert extract("Letters", text) == "We train an owl to sort letters."


def test_weights_belong_to_what_is_measured() -> None:
    (row,) = measured("A lamp", ["The lamp is lit."])
    assert row.keys() == WEIGHTS.keys()
    assert set(KINDS) | {"begins_amid"} == set(KIND_WEIGHTS)


@given(title=PIECES, text=TEXTS)
def test_features_lie_between_none_and_all(title: str, text: str) -> None:
    told = list(sentences(text))
    assert all(0 <= value <= 1 + 1e-9 for row in measured(title, told) for value in row.values())


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("- a lamp", "a lamp"),
        ("3. a lamp", "a lamp"),
        ("> * a lamp", "a lamp"),
        ("## A lamp", "A lamp"),
        ("a\n  lamp", "a lamp"),
        ("-lamp", "-lamp"),
        ("-", "-"),
        ("3.5 lamps", "3.5 lamps"),
    ],
)
def test_mark_before_a_sentence_is_left_out(marked: str, plain: str) -> None:
    assert unmarked(marked) == plain


def test_chinese_sentences_are_joined_without_a_space() -> None:
    assert joined(["钟响了。", "It rang.", "谁在听？"]) == "钟响了。It rang. 谁在听？"


def test_long_text_is_read_in_time() -> None:
    text = "We propose a kettle that improves tea by 12%. However, tea remains cold. " * 5000 + "Long " * 100_000
    started = time.perf_counter()
    assert extract("Kettle", text).startswith("We propose a kettle")
    assert time.perf_counter() - started < 20
