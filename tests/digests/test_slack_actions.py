from dataclasses import replace
from typing import Any

import pytest

from core.delivery import Post
from core.digest import DigestEntry
from core.types import BriefPoint
from digests.compose import for_subject
from digests.slack_actions import Answer, Told, answered, row, told_in
from digests.slack_answers import evidence, why
from digests.slack_blocks import to_posts
from tests.digests.hostile import EVERYTHING
from tests.digests.night import NIGHT, digest_of, with_text
from tests.servers.slack.schema import problems

FIRST = for_subject(digest_of(), "planning").sections[0].entries[0]
TOLD = Told(NIGHT, "planning", FIRST.story_id)
POSTED = to_posts(for_subject(digest_of(), "planning"))[1].blocks


def pressed(action_id: str, value: str = "", block_id: str = TOLD.block_id) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "block_id": block_id, "value": value or TOLD.value}


def chosen(value: str) -> dict[str, Any]:
    return {"type": "overflow", "action_id": "more", "block_id": TOLD.block_id, "selected_option": {"value": value}}


@pytest.mark.parametrize("answer", ["useful", "not_useful", "why", "evidence"])
def test_a_button_tells_the_answer_and_the_story(answer: Answer) -> None:
    assert answered(POSTED, pressed(answer)) == (answer, TOLD)


@pytest.mark.parametrize("answer", ["wrong_subject", "less_of_source", "save", "take_back"])
def test_the_menu_tells_the_answer_and_the_story(answer: Answer) -> None:
    assert answered(POSTED, chosen(answer)) == (answer, TOLD)


def test_a_forged_value_reaches_no_other_story() -> None:
    forged = Told(NIGHT, "planning", "story:web:99").value
    assert answered(POSTED, pressed("useful", forged)) == ("useful", TOLD)


@pytest.mark.parametrize(
    "action",
    [
        pytest.param(pressed("useful", block_id="story-0"), id="another_row"),
        pytest.param(pressed("delete"), id="another_button"),
        pytest.param(chosen("delete"), id="another_choice"),
        pytest.param({"action_id": "more", "block_id": TOLD.block_id}, id="no_choice"),
        pytest.param({}, id="nothing"),
    ],
)
def test_what_the_message_does_not_offer_says_nothing(action: dict[str, Any]) -> None:
    assert answered(POSTED, action) is None


def test_a_message_names_its_stories() -> None:
    assert told_in(POSTED) == (TOLD,)


def test_evidence_is_offered_where_there_is_some() -> None:
    plain = for_subject(digest_of(), "planning").sections[0].entries[1]
    assert "evidence" in [each["action_id"] for each in row(TOLD, FIRST)[0]["elements"]]
    assert "evidence" not in [each["action_id"] for each in row(TOLD, plain)[0]["elements"]]


def test_a_story_with_an_endless_id_has_no_buttons() -> None:
    assert row(Told(NIGHT, "planning", "x" * 2000), FIRST) == []


def said(post: Post) -> str:
    return str(post.blocks)


def test_evidence_quotes_the_source_of_each_point() -> None:
    shown = said(evidence(FIRST))
    assert "Each of 60 tasks ran 14 times." in shown
    assert "(not found in the source: worse)" in shown


def test_why_tells_the_reason_and_who_told() -> None:
    shown = said(why(FIRST))
    assert FIRST.reason in shown
    assert "'url': 'https://papers.example/0?from=2', 'text': 'Lantern Labs blog'" in shown
    assert "Asking twice" in why(FIRST).text


@pytest.mark.parametrize("text", [EVERYTHING, "two words " * 3_000, "x" * 30_000])
def test_an_answer_is_always_valid(text: str) -> None:
    entries: list[DigestEntry] = [e for s in with_text(digest_of(), text).sections for e in s.entries]
    for post in (answer(entry) for entry in entries for answer in (evidence, why)):
        assert problems([*map(dict, post.blocks)]) == []


def test_a_point_without_a_quote_is_shown_without_one() -> None:
    unquoted = replace(FIRST, points=(BriefPoint("matters", "A planner can tell when.", ""),))
    assert problems([*map(dict, evidence(unquoted).blocks)]) == []
    assert "A planner can tell when." in said(evidence(unquoted))
