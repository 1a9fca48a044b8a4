"""Every letter for Slack, held against the limits that the loopback Slack enforces."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.delivery import Post
from core.digest import Digest, DigestEntry
from core.types import BriefPoint
from digests.compose import for_subject, for_subjects
from digests.highlights import IN_FULL
from digests.slack_actions import told_in
from digests.slack_blocks import ONE_BY_ONE, to_builder_json, to_posts
from digests.slack_packing import MOST_ALTOGETHER
from tests.digests.hostile import EVERYTHING, TEXT, URL
from tests.digests.night import LEDGER, NOTE, SUBJECTS, TOLD, Told, digest_of, with_text
from tests.servers.slack.schema import MOST_BLOCKS, MOST_CHARACTERS, characters, problems

LONG_TITLE = " ".join(f"word{number}" for number in range(50))[:300]
SLUGS = [subject.slug for subject in SUBJECTS]


def many(number: int, text: str = "") -> Digest:
    """Return a night with so many kept stories, over all subjects, some under two of them."""
    told = tuple(
        Told(
            f"Story {place} {text}".strip(),
            tuple((SLUGS[(place + more) % 5], 1 / (2 + place + more), "a reason") for more in range(1 + place % 2)),
            f"What story {place} says {text}".strip(),
        )
        for place in range(number)
    )
    return digest_of(told)


def stories(posts: tuple[Post, ...]) -> list[str]:
    return [told.story_id for post in posts for told in told_in(post.blocks)]


def kept(digest: Digest) -> set[str]:
    return {entry.story_id for section in digest.sections for entry in section.entries}


def in_order(digest: Digest) -> list[str]:
    return [entry.story_id for section in digest.sections for entry in section.entries if entry.home is None]


def strings(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Yield every string of blocks with the name of its field."""
    if isinstance(value, dict):
        yield from (pair for name, part in value.items() for pair in strings(part, name))
    elif isinstance(value, list | tuple):
        yield from (pair for part in value for pair in strings(part, key))
    elif isinstance(value, str):
        yield key, value


def types(value: Any) -> set[str]:
    return {said for name, said in strings(value) if name == "type"}


def refused(posts: tuple[Post, ...]) -> list[str]:
    told = [line for post in posts for line in problems([*map(dict, post.blocks)])]
    told += ["too long" for post in posts if len(json.dumps(post.blocks, ensure_ascii=False)) > MOST_ALTOGETHER]
    told += ["refused" for post in posts if characters(post.blocks) > MOST_CHARACTERS]
    return told + ["says nothing aloud" for post in posts if not 0 < len(post.text) <= 3600]


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 24, 25, 500])
def test_a_night_of_any_size_is_valid_and_tells_each_story_once_in_order(number: int) -> None:
    digest = many(number)
    posts = to_posts(digest)
    assert refused(posts) == []
    assert stories(posts) == in_order(digest)
    assert set(stories(posts)) == kept(digest)
    assert len(kept(digest)) == number
    assert [post.in_thread for post in posts] == [False] + [True] * (len(posts) - 1)


def test_few_stories_stand_in_the_head_and_more_go_into_its_thread() -> None:
    assert len(to_posts(many(IN_FULL))) == 1
    assert [len(told_in(post.blocks)) for post in to_posts(digest_of(TOLD[:4]))] == [0, 1, 1, 1, 1]


def test_up_to_a_limit_a_message_tells_one_story_and_beyond_it_many() -> None:
    assert {len(told_in(post.blocks)) for post in to_posts(many(ONE_BY_ONE))[1:]} == {1}
    packed = to_posts(many(500))[1:]
    assert len(packed) < 500 / 4
    assert all(len(post.blocks) <= MOST_BLOCKS for post in packed)


@pytest.mark.parametrize("slugs", [["planning"], ["measuring", "speech"], ["speech"], SLUGS])
def test_a_selection_tells_what_its_subjects_keep_once(slugs: list[str]) -> None:
    digest = digest_of()
    chosen = for_subjects(digest, slugs)
    posts = to_posts(chosen)
    assert refused(posts) == []
    assert sorted(stories(posts)) == sorted(kept(chosen))
    wanted = [entry.story_id for s in digest.sections if s.subject in slugs for entry in s.entries]
    assert set(stories(posts)) == set(wanted)


def test_a_selection_without_the_home_tells_the_story_where_it_scores_highest() -> None:
    chosen = for_subjects(digest_of(), ["speech", "measuring"])
    homes = {entry.home for section in chosen.sections for entry in section.entries}
    assert homes == {None}
    assert for_subjects(digest_of(), SLUGS) == digest_of()


@example(EVERYTHING, "javascript:alert(1)")
@example(LONG_TITLE, "https://papers.example/")
@example("ابجد " * 60, "https://papers.example/")
@example("$\\alpha_{i_j}$ snake_case_name *bold* ~gone~ `code`", "https://papers.example/" + "a" * 3000)
@example("é" * 20_000, "https://papers.example/")
@example("a" + "\u0301" * 9_000, "https://papers.example/")
@example('"' * 12_000, "https://papers.example/")
@example("two words " * 3_000, "https://papers.example/")
@settings(max_examples=20, deadline=None)
@given(TEXT, URL)
def test_hostile_text_gives_valid_messages_that_ping_nobody(text: str, url: str) -> None:
    digest = with_addresses(with_text(digest_of(), text), url)
    posts = to_posts(digest)
    assert refused(posts) == []
    assert stories(posts) == in_order(digest)
    for post in posts:
        assert not types(post.blocks) & {"mrkdwn", "markdown", "user", "channel", "usergroup", "broadcast", "section"}
        assert not re.search(r"[<>]", post.text)
        assert all(said.startswith(("http://", "https://")) for name, said in strings(post.blocks) if name == "url")
        assert not any(said.get("emoji") for said in texts(post.blocks) if said["text"] not in LABELS)


LABELS = ("👍 Useful", "👎 Not useful", "Evidence", "Why here?")


def texts(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("type") == "plain_text":
            yield value
        yield from (text for part in value.values() for text in texts(part))
    elif isinstance(value, list | tuple):
        yield from (text for part in value for text in texts(part))


def with_addresses(digest: Digest, url: str) -> Digest:
    def led(entry: DigestEntry) -> DigestEntry:
        return replace(entry, url=url, told_by=tuple((name, url) for name, _ in entry.told_by))

    unjudged = tuple(replace(item, url=url) for s in digest.sections for item in s.unjudged) * 30
    sections = (replace(s, entries=tuple(map(led, s.entries)), unjudged=unjudged) for s in digest.sections)
    return replace(digest, sections=tuple(sections))


LETTERS = st.text(st.characters(categories=["L", "N", "So"]), max_size=60)


@settings(max_examples=30, deadline=None)
@given(st.lists(LETTERS, min_size=1, max_size=300))
def test_no_word_is_cut(words: list[str]) -> None:
    # Where a word of this text begins, it ends.
    digest = with_text(digest_of(), " ".join(f"«{word}»" for word in words))
    for post in to_posts(digest):
        for said in (post.text, *(said for _, said in strings(post.blocks))):
            assert not set("«»") & set(re.sub(r"«[^«»\s]*»", "", said))


def test_the_words_of_a_long_summary_are_all_there_in_order() -> None:
    summary = " ".join(f"number{place}" for place in range(3_000))
    posts = to_posts(digest_of((replace(TOLD[1], summary=summary),)))
    shown = " ".join(said for post in posts for name, said in strings(post.blocks) if name == "text")
    assert re.findall(r"number\d+", shown) == summary.split()


def head_of(digest: Digest, name: str = "") -> str:
    return " ".join(said for key, said in strings(to_posts(digest, name)[0].blocks) if key == "text")


def test_the_head_tells_the_day_the_counts_and_the_three_things() -> None:
    shown = head_of(for_subject(digest_of(), "planning"))
    assert "Planning and tool use · Friday, 14 March 2031" in shown
    assert "5 stories from 302 new items: 3 papers, 1 release, 1 post." in shown
    places = [shown.index(TOLD[place].title) for place in (0, 1, 2)]
    assert places == sorted(places)
    assert "We let a planner drop half of its notes after every tenth step." in shown
    assert "Success on the longest tasks" not in shown
    assert "New models and releases: " in shown


def test_the_head_has_the_name_that_a_letter_is_given() -> None:
    assert "For Ines · Friday, 14 March 2031" in head_of(digest_of(), "For Ines")


def test_the_head_is_loud_only_when_a_source_or_the_model_failed() -> None:
    assert "2 of 8 sources did not deliver" in head_of(digest_of())
    assert "Old Mill reading group: failed, https://oldmill.example/feed.xml answered 502" in head_of(digest_of())
    assert "did not deliver" not in head_of(digest_of(ledger=LEDGER[:6]))
    assert "emoji" in types(to_posts(digest_of())[0].blocks)
    calm = replace(digest_of(ledger=LEDGER[:6]), notes=())
    assert "emoji" not in types(to_posts(calm)[0].blocks)
    assert "emoji" in types(to_posts(replace(calm, notes=(NOTE,)))[0].blocks)


@pytest.mark.parametrize("number", [0, 2, 12])
def test_a_letter_ends_with_every_source(number: int) -> None:
    last = to_posts(many(number))[-1].blocks[-1]
    shown = " ".join(said for _, said in strings(last))
    assert last["type"] == "context"
    assert all(row.source in shown for row in LEDGER)
    assert shown.endswith("111 known, 40 backlog.")


def test_a_subject_without_a_story_of_its_own_is_named_in_the_head() -> None:
    shown = head_of(digest_of(TOLD[:4]))
    assert "What is for Measurement and benchmarks stands under other subjects." in shown
    assert "Nothing for Proofs and mathematics, Small models" in shown


def test_an_empty_night_says_why() -> None:
    (post,) = to_posts(digest_of(TOLD[-3:]))
    assert "Nothing was kept last night: 3 items came in and none was judged worth reading." in post.text


def test_a_story_told_under_another_subject_is_named_there_and_not_repeated() -> None:
    posts = to_posts(digest_of())
    shown = [said for post in posts for _, said in strings(post.blocks)]
    assert any(said == "5 kept, 1 not judged, 0 dropped, 2 of them told under another subject" for said in shown)
    assert any("also under Measurement and benchmarks" in said for said in shown)


def test_points_stand_in_the_story_and_doubts_beside_them() -> None:
    shown = " ".join(said for _, said in strings(to_posts(for_subject(digest_of(), "planning"))[1].blocks))
    assert "Limits:  text Loud failures were not worse.".replace(" text", "") in shown.replace(" text", "")
    assert "(not found in the source: worse)" in shown


def test_a_right_to_left_title_does_not_turn_what_stands_beside_it() -> None:
    shown = [said for post in to_posts(many(5, "שלום")) for _, said in strings(post.blocks) if "שלום" in said]
    assert shown
    assert all(said.count("\u2068") == said.count("\u2069") > 0 for said in shown)


def test_every_message_reads_aloud() -> None:
    head, first, *_ = to_posts(for_subject(digest_of(), "planning"))
    assert head.text.startswith("Planning and tool use · Friday, 14 March 2031: 5 stories from 302 new items")
    assert "To know: Asking twice" in head.text
    assert first.text.startswith("Asking twice: when an agent should repeat a tool call it already trusts. Agents that")


def test_angle_brackets_of_a_title_are_letters_aloud() -> None:
    assert "&lt;b&gt;bounded&lt;/b&gt; memory &amp; no" in " ".join(post.text for post in to_posts(digest_of()))


def test_the_same_digest_gives_the_same_messages() -> None:
    assert to_builder_json(digest_of()) == to_builder_json(digest_of())
    assert all(message.keys() == {"blocks"} for message in json.loads(to_builder_json(digest_of())))


def test_a_brief_of_many_points_is_valid() -> None:
    point = BriefPoint("new", "It is told at length. " * 200, "quoted")
    digest = digest_of((replace(TOLD[0], points=(point,) * 30),))
    assert refused(to_posts(digest)) == []
