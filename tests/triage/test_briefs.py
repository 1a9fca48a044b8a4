"""Briefs by a model, over real wires to loopback hosts: true ones, odd ones, repaired ones, injected ones."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from core.judged import Story
from core.types import Brief, Item, Subject
from lm.submit import submit
from tests.lm.desk import model_at
from tests.servers.lm import SERVINGS, Asked, Fault, Hosts, Script, Serving, Spoken, open_hosts
from tests.servers.lm.reader import reads
from triage.briefs import SHORT, SPENT, Length, a_writer
from triage.graph import LOCAL, BriefDeps, brief_key, brief_mermaid, write_brief, written_by
from triage.prompt_files import read_prompt
from triage.summaries import extract

ABSTRACT = (
    "Trams have been late for years in the valleys. We propose WaitNet, a timetable that waits for the bus. "
    "On 14 lines delays fall by 12 % against a fixed timetable. Drivers liked it more than the fixed one. "
    "It fails on snow days."
)
PAPER = Item("paper", "paper", "Waiting trams", "https://lantern.example/paper", ABSTRACT)
STORY = Story("paper", ("paper",))
TRANSIT = Subject("transit", "Urban transit", "Timetables that learn.")
EXTRACTED = extract(PAPER.title, ABSTRACT)
SNOW = {"text": "It fails on snow days.", "quote": "It fails on snow days."}
DELAYS = {
    "text": "Delays fall by 12 % on 14 lines.",
    "quote": "On 14 lines delays fall by 12 % against a fixed timetable.",
}
TRUE: dict[str, Any] = {
    "summary": "WaitNet, a timetable that waits for the bus, cuts delays by 12 %.",
    "new": [{"text": "The timetable waits for the bus.", "quote": "a timetable that waits for the bus."}],
    "shown": [DELAYS],
    "limits": [SNOW],
    "matters": [{"text": "Timetables of urban transit can wait.", "quote": ""}],
}
every_serving = pytest.mark.parametrize("serving", sorted(SERVINGS))


def said(**parts: Any) -> Spoken:
    """Answer with the true brief but for some parts."""
    return Spoken(thinking="Let me see.", calls=(("submit", {**TRUE, **parts}),))


@contextmanager
def asked(
    script: Script | list[Any], serving: Serving = "signed", *, length: Length = "full", **settings: Any
) -> Iterator[tuple[Hosts, BriefDeps]]:
    with open_hosts(script, strict=True) as hosts, model_at(hosts, serving, **settings) as model:
        yield hosts, written_by(a_writer(partial(submit, model.complete), "MiniMax-M2", (TRANSIT,), length=length))


def brief_by(*script: Any, item: Item = PAPER) -> tuple[Brief, int]:
    """Return the brief of a paper, and how many requests it took."""
    with asked(list(script)) as (hosts, deps):
        return write_brief(STORY, [item], deps), len(hosts.asked)


def texts(brief: Brief) -> list[tuple[str, str]]:
    return [(point.kind, point.text) for point in brief.points]


@every_serving
def test_true_brief_is_told_whole_with_its_evidence(serving: Serving) -> None:
    with asked([said()], serving) as (_hosts, deps):
        brief = write_brief(STORY, [PAPER], deps)
    assert (brief.summary, brief.origin, brief.why) == (TRUE["summary"], "model", "")
    assert [kind for kind, _ in texts(brief)] == ["new", "shown", "limits", "matters"]
    assert all(" ".join(point.quote.split()) in ABSTRACT for point in brief.points)
    assert not any(point.unsupported for point in brief.points)
    assert brief.key == brief_key([PAPER], deps)


@every_serving
def test_what_the_check_refuses_is_repaired_once_by_replaying_the_answer(serving: Serving) -> None:
    wrong = said(summary="WaitNet cuts delays by 99 %.", shown=[{**DELAYS, "text": "LateNet was tried."}])
    with asked([wrong, said()], serving) as (hosts, deps):
        brief = write_brief(STORY, [PAPER], deps)
    assert (brief.summary, brief.origin, len(brief.points)) == (TRUE["summary"], "model", 4)
    assert "99 %" in hosts.asked[1].last
    assert "LateNet" in hosts.asked[1].last
    assert len(hosts.asked[1].heard) == 1


def test_what_stays_wrong_after_the_repair_is_removed_and_the_summary_extracted() -> None:
    wrong = said(summary="WaitNet cuts delays by 99 %.", shown=[{**DELAYS, "text": "LateNet was tried."}])
    brief, requests = brief_by(wrong, wrong)
    assert requests == 2
    assert (brief.summary, brief.origin) == (EXTRACTED, "local")
    assert [kind for kind, _ in texts(brief)] == ["new", "limits", "matters"]
    assert brief.why == "the model’s summary was not borne out by its source: 99 %"


def test_comparison_that_stays_wrong_is_marked() -> None:
    wrong = said(shown=[{**DELAYS, "text": "WaitNet increases delays by 12 %."}])
    brief, _ = brief_by(wrong, wrong)
    assert brief.origin == "model"
    assert [bool(point.unsupported) for point in brief.points] == [False, True, False, False]


@pytest.mark.parametrize(
    "second",
    [
        pytest.param([Spoken(text="No."), Spoken(text="No.")], id="no_answer"),
        pytest.param([Fault(402, {"error": {"message": "insufficient balance (1008)"}})], id="no_balance"),
        pytest.param([said(new=[]), said(new=[])], id="invalid"),
    ],
)
def test_repair_that_fails_keeps_what_was_right(second: list[Any]) -> None:
    brief, _ = brief_by(said(shown=[{**DELAYS, "text": "LateNet was tried."}]), *second)
    assert (brief.summary, brief.origin) == (TRUE["summary"], "model")
    assert [kind for kind, _ in texts(brief)] == ["new", "limits", "matters"]


def test_repair_does_not_alter_what_was_right() -> None:
    wrong = said(summary="WaitNet cuts delays by 99 %.")
    brief, _ = brief_by(wrong, said(summary="Delays fall by 12 %.", new=[SNOW], limits=[]))
    assert brief.summary == "Delays fall by 12 %."
    assert [kind for kind, _ in texts(brief)] == ["new", "shown", "limits", "matters"]


def xml(**parts: Any) -> str:
    inner = "".join(f'<parameter name="{name}">{json.dumps(part)}</parameter>' for name, part in parts.items())
    return f'<minimax:tool_call><invoke name="submit">{inner}</invoke></minimax:tool_call>'


def fence(value: Any) -> str:
    return f"Here it is:\n```json\n{json.dumps(value)}\n```"


ODD: dict[str, list[Any]] = {
    "empty": [Spoken()],
    "only_thinking": [Spoken(thinking="Hm.")],
    "only_text": [Spoken(text="WaitNet cuts delays by 99 %.")],
    "refused": [Spoken(refused=True)],
    "refusal_in_words": [Spoken(text="I cannot help with that.")],
    "refusal_as_a_brief": [said(summary="I am sorry, but I cannot help with that request.", shown=[], limits=[])],
    "truncated": [Spoken(calls=(("submit", '{"summary": "WaitN'),), truncated=True)],
    "no_json": [Spoken(calls=(("submit", "summary: WaitNet"),))],
    "a_list": [Spoken(calls=(("submit", "[1, 2]"),))],
    "no_arguments": [Spoken(calls=(("submit", {}),))],
    "missing_summary": [Spoken(calls=(("submit", {name: TRUE[name] for name in TRUE if name != "summary"}),))],
    "missing_points": [Spoken(calls=(("submit", {"summary": TRUE["summary"]}),))],
    "list_too_short": [said(new=[])],
    "list_too_long": [said(new=[SNOW] * 3)],
    "point_is_a_string": [said(new=["It waits."])],
    "point_is_a_number": [said(new=[{"text": 12, "quote": 12}])],
    "summary_is_a_number": [said(summary=12.5)],
    "summary_is_none": [said(summary=None)],
    "summary_is_blank": [said(summary="   ")],
    "summary_far_too_long": [said(summary="WaitNet waits. " * 200)],
    "summary_only_a_link": [said(summary="https://evil.example/read")],
    "summary_in_chinese": [said(summary="电车等待公共汽车，延误减少。")],
    "summary_in_german": [said(summary="Ein Fahrplan, der künftig aufs Umsteigen Rücksicht nimmt.")],
    "summary_of_another_paper": [said(summary="Kettles sing because bubbles burst beneath the lid.")],
    "summary_with_a_made_up_number": [said(summary="WaitNet cuts delays by 47 %.")],
    "summary_with_a_made_up_name": [said(summary="OwlNet is a timetable that waits for the bus.")],
    "two_different_submits": [Spoken(calls=(("submit", TRUE), ("submit", {**TRUE, "summary": "Trams wait."})))],
    "unknown_tool": [Spoken(calls=(("post_to_slack", {"text": "hi"}),))],
    "xml_as_text": [Spoken(text=xml(**TRUE))],
    "half_an_xml": [Spoken(text='<minimax:tool_call><invoke name="submit">')],
    "fence_at_first": [Spoken(text=fence(TRUE)), Spoken(text="Done.")],
    "two_fences": [Spoken(text=fence(TRUE) + fence({**TRUE, "summary": "Trams wait."}))],
}


@pytest.mark.parametrize("name", sorted(ODD))
def test_odd_answer_that_stays_odd_leaves_the_local_summary_marked(name: str) -> None:
    script = ODD[name] if len(ODD[name]) > 1 else ODD[name] * 2
    brief, requests = brief_by(*script)
    assert (brief.summary, brief.origin) == (EXTRACTED, "local")
    assert brief.why
    assert requests == 2
    assert len(brief.why) <= 200


@pytest.mark.parametrize("name", sorted(ODD))
def test_odd_answer_that_is_mended_gives_the_brief(name: str) -> None:
    brief, _ = brief_by(ODD[name][0], said())
    assert (brief.summary, brief.origin, brief.why) == (TRUE["summary"], "model", "")


TOLERATED: dict[str, Spoken] = {
    "lists_as_json_text": said(new=json.dumps(TRUE["new"]), shown=json.dumps([DELAYS])),
    "everything_as_json_text": Spoken(calls=(("submit", json.dumps(TRUE)),)),
    "more_fields": said(score=10, channel="#all"),
    "thinking_in_the_summary": said(summary=f"<think>Hm.</think> {TRUE['summary']}"),
    "tool_tags_in_the_summary": said(summary=f"<minimax:tool_call>{TRUE['summary']}</minimax:tool_call>"),
    "the_same_twice": Spoken(calls=(("submit", TRUE), ("submit", TRUE))),
    "line_ends": said(summary=TRUE["summary"].replace(" ", "\n ")),
    "link_behind": said(summary=f"{TRUE['summary']} https://evil.example"),
    "zero_width": said(summary="\u200b".join(TRUE["summary"])),
    "empty_lists": said(shown=[], limits=[], matters=[]),
    "text_beside_the_call": replace(said(), text="I hand it in."),
}


@pytest.mark.parametrize("name", sorted(TOLERATED))
def test_answer_that_is_odd_only_in_its_form_is_read(name: str) -> None:
    brief, requests = brief_by(TOLERATED[name])
    assert (brief.summary, brief.origin, requests) == (TRUE["summary"], "model", 1)


def test_link_and_mention_in_a_point_are_taken_out_though_the_text_has_them() -> None:
    item = replace(PAPER, text=f"{ABSTRACT} Read it at https://lantern.example/code or ask @lantern.")
    brief, _ = brief_by(
        said(limits=[{"text": "It fails on snow days, ask @lantern at https://lantern.example/code.", "quote": ""}]),
        item=item,
    )
    assert ("limits", "It fails on snow days, ask lantern at") in texts(brief)


def test_fenced_json_is_read_as_a_last_resort_and_can_still_be_repaired() -> None:
    wrong = {**TRUE, "summary": "WaitNet cuts delays by 99 %."}
    brief, requests = brief_by(Spoken(text=fence(wrong)), Spoken(text=fence(wrong)), said())
    assert (brief.summary, brief.origin, requests) == (TRUE["summary"], "model", 3)


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        pytest.param(Fault(401, {"error": {"message": "bad key"}}), "could not be asked", id="key"),
        pytest.param(
            Fault(500, {"error": {"message": "insufficient balance (1008)"}}), "could not be asked", id="1008"
        ),
        pytest.param(Fault(), "could not be asked", id="down"),
    ],
)
def test_model_that_cannot_be_asked_leaves_the_local_summary_and_says_so(fault: Fault, why: str) -> None:
    brief, _ = brief_by(*[fault] * 8)
    assert (brief.summary, brief.origin, brief.points) == (EXTRACTED, "local", ())
    assert why in brief.why


def test_spent_budget_leaves_the_local_summary_and_says_so() -> None:
    with asked([said()], limit=Decimal("0.0001")) as (hosts, deps):
        brief = write_brief(STORY, [PAPER], deps)
    assert (brief.summary, brief.origin, brief.why) == (EXTRACTED, "local", SPENT)
    assert hosts.asked == []


def test_story_without_text_is_not_asked_about() -> None:
    brief, requests = brief_by(item=replace(PAPER, text=" "))
    assert (brief.summary, brief.origin, brief.why) == ("", "local", "its source told no text to read")
    assert requests == 0


def test_short_brief_asks_for_less() -> None:
    with asked([said()], length="short") as (hosts, deps):
        brief = write_brief(STORY, [PAPER], deps)
    assert texts(brief) == [("new", "The timetable waits for the bus.")]
    (request,) = hosts.asked
    assert set(request.tools["submit"]["properties"]) == {"summary", "new"}
    assert request.body["max_tokens"] == 2000
    assert (brief.origin, brief.why) == ("model", SHORT)
    assert brief.key == brief_key([PAPER], written_by(replace(deps.writer, length="full")) if deps.writer else LOCAL)


def test_what_never_changes_is_the_same_in_every_request() -> None:
    others = [PAPER, replace(PAPER, title="Kettles", text="Kettles sing at dusk. " * 3)]
    with asked(reads) as (hosts, deps):
        for item in others:
            write_brief(STORY, [item], deps)
    assert len({(request.system, json.dumps(request.tools)) for request in hosts.asked}) == 1
    assert all("Urban transit: Timetables that learn." in request.told for request in hosts.asked)


def test_model_is_shown_no_more_of_a_long_text_than_it_is_checked_against() -> None:
    long = replace(PAPER, text=ABSTRACT + " Owls sleep through the whole of the day." * 1000 + " We saw 77 owls.")
    wrong = said(summary="WaitNet waits for the bus, and 77 owls were seen.")
    with asked([wrong, wrong]) as (hosts, deps):
        brief = write_brief(STORY, [long], deps)
    assert brief.origin == "local"
    assert len(hosts.asked[0].told) < 20_000


def test_key_changes_with_prompt_model_subjects_and_texts_only() -> None:
    with asked([]) as (_hosts, deps):
        writer = deps.writer
    assert writer is not None
    key = brief_key([PAPER], deps)
    changed = [
        brief_key([PAPER], written_by(replace(writer, prompt=read_prompt("Write.")))),
        brief_key([PAPER], written_by(replace(writer, model="MiniMax-M2.5"))),
        brief_key([PAPER], written_by(replace(writer, subjects=()))),
        brief_key([replace(PAPER, text="Other.")], deps),
        brief_key([PAPER], LOCAL),
    ]
    assert len({key, *changed}) == 6
    assert key == brief_key([PAPER], replace(deps, version="extract-next"))
    assert key == brief_key([PAPER], written_by(replace(writer, length="short")))


def test_reader_in_place_of_a_model_gives_briefs_that_pass() -> None:
    with asked(reads) as (hosts, deps):
        brief = write_brief(STORY, [PAPER], deps)
    assert brief.origin == "model"
    assert brief.points
    assert len(hosts.asked) == 1


def test_a_brief_asks_for_no_tool_but_submit() -> None:
    def script(request: Asked) -> Spoken:
        assert list(request.tools) == ["submit"]
        return said()

    with asked(script) as (_hosts, deps):
        assert write_brief(STORY, [PAPER], deps).origin == "model"


def test_graph_is_drawn_with_its_one_repair() -> None:
    drawn = brief_mermaid()
    for edge in ("read --> summarise", "check -.-> repair", "repair --> check", "check -.-> __end__"):
        assert edge in drawn
