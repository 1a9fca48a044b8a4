"""The line of votes under a story: put into the message as it was posted, where there is room."""

from typing import Any

from digests.compose import for_subject
from digests.slack_actions import told_in
from digests.slack_blocks import to_posts
from digests.slack_elements import context
from digests.slack_state import with_state
from tests.digests.night import digest_of
from tests.servers.slack.schema import problems

POSTED = [dict(block) for block in to_posts(for_subject(digest_of(), "planning"))[1].blocks]
(TOLD,) = told_in(POSTED)


def test_line_stands_under_the_row_and_nothing_else_changes() -> None:
    shown = [*with_state(POSTED, lambda _: {"useful": 2, "not_useful": 1})]
    line = context(["useful 2, not 1"])
    assert shown.index(line) == 1 + next(place for place, block in enumerate(shown) if block["type"] == "actions")
    shown.remove(line)
    assert shown == POSTED


def test_story_without_votes_has_no_line() -> None:
    assert [*with_state(POSTED, lambda _: {})] == POSTED


def test_line_is_left_out_where_a_message_is_full() -> None:
    full: list[dict[str, Any]] = [*POSTED, *[{"type": "divider"}] * (50 - len(POSTED))]
    shown = with_state(full, lambda _: {"useful": 1})
    assert [*shown] == full
    assert problems([*shown]) == []
