"""What commands answer, within Slack's limits whatever titles and texts say."""

import pytest

from core.delivery import Post
from core.types import Item, SearchHit
from digests import slack_found
from tests.digests.hostile import EVERYTHING
from tests.servers.slack.schema import problems

LONG = "two words " * 3000


def item(text: str) -> Item:
    return Item("web:0", "post", text, "https://lantern.example/0", text)


def answers(text: str) -> list[Post]:
    hit = SearchHit(item(text), 0.5, (), text)
    return [
        slack_found.hits(text, [hit] * 40, [text]),
        slack_found.answer(text, [(text[:2000], [1, 2])] * 5, [item(text)] * 9, [text[:500]] * 3),
        slack_found.record(item(text), [("told by", text)] * 20),
        slack_found.saved([item(text)] * 90),
    ]


@pytest.mark.parametrize("text", ["Two owls", EVERYTHING, LONG, "x" * 9000])
def test_answers_are_valid_whatever_they_tell(text: str) -> None:
    for post in answers(text):
        assert problems([*map(dict, post.blocks)]) == []
        assert "<!" not in post.text
