from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.identity import content_hash
from core.polls import Known, Novelty, Poll
from core.sources import PollOutcome, SourceSpec
from core.types import Item
from feeds.decide import MAX_CHANGES, decide, ledger_row, recognised, with_gone
from tests.feeds.desk import FRIDAY, item, poll_of

OPENS = FRIDAY.opens


def novelty_of(one: Item, known: dict[str, Known] | None = None, *, first: bool = False) -> Novelty:
    (decided,) = decide(poll_of(one, first=first), known or {}, FRIDAY)
    return decided.novelty


FIRST_POLL: dict[str, tuple[datetime | None, Novelty]] = {
    "within the window": (OPENS + timedelta(hours=3), "news"),
    "as the window opens": (OPENS, "news"),
    "a second before the window": (OPENS - timedelta(seconds=1), "backlog"),
    "date only on the day the window opens": (datetime(2031, 3, 13, tzinfo=UTC), "news"),
    "date only on the day before": (datetime(2031, 3, 12, tzinfo=UTC), "backlog"),
    "a second past midnight is a time": (datetime(2031, 3, 13, 0, 0, 1, tzinfo=UTC), "backlog"),
    "unknown time": (None, "backlog"),
}


@pytest.mark.parametrize("name", FIRST_POLL)
def test_first_poll_tells_news_from_backlog(name: str) -> None:
    announced, novelty = FIRST_POLL[name]
    assert novelty_of(item("a", announced=announced), first=True) == novelty


@pytest.mark.parametrize("announced", [None, OPENS, datetime(2001, 1, 1, tzinfo=UTC)])
def test_later_poll_calls_everything_unseen_news(announced: datetime | None) -> None:
    assert novelty_of(item("a", announced=announced)) == "news"


@pytest.mark.parametrize("first", [True, False])
def test_stored_item_told_the_same_is_known(first: bool) -> None:  # noqa: FBT001 - a column of the matrix
    told = item("a")
    assert novelty_of(told, {"a": Known(content_hash(told))}, first=first) == "known"


def test_stored_item_told_otherwise_is_changed() -> None:
    assert novelty_of(item("a", title="A lamp"), {"a": Known(content_hash(item("a")))}) == "changed"


def past(one: Item, known: dict[str, Known]) -> Novelty:
    (decided,) = decide(replace(poll_of(one), is_past=True), known, FRIDAY)
    return decided.novelty


def test_poll_of_the_past_changes_nothing() -> None:
    assert past(item("a", title="A lamp"), {"a": Known(content_hash(item("a")))}) == "known"


@pytest.mark.parametrize(("announced", "novelty"), [(OPENS, "news"), (OPENS - timedelta(seconds=1), "backlog")])
def test_poll_of_the_past_calls_news_what_is_in_its_window(announced: datetime, novelty: Novelty) -> None:
    assert past(item("a", announced=announced), {}) == novelty


def test_stored_item_first_told_by_this_source_is_known() -> None:
    assert novelty_of(item("a"), {"a": Known(None)}) == "known"


def test_hash_is_that_of_the_content_told_now() -> None:
    told = item("a", title="A lamp")
    (decided,) = decide(poll_of(told), {"a": Known("old")}, FRIDAY)
    assert decided.hash == content_hash(told)


def test_repeated_id_counts_once_and_the_first_telling_wins() -> None:
    poll = poll_of(item("a", "first"), item("b"), item("a", "second"))
    assert [(one.item.id, one.item.title) for one in decide(poll, {}, FRIDAY)] == [("a", "first"), ("b", "A lantern")]


ITEMS = st.lists(
    st.builds(item, st.sampled_from("abcdef"), st.sampled_from(("x", "y")), announced=st.none() | st.just(OPENS))
)
STORED = st.dictionaries(st.sampled_from("abcdef"), st.builds(Known, st.none() | st.just(content_hash(item("a", "x")))))


@given(ITEMS, STORED, st.booleans())
def test_ledger_numbers_sum_to_the_distinct_items(items: list[Item], stored: dict[str, Known], first: bool) -> None:  # noqa: FBT001
    poll = poll_of(*items, first=first)
    row = ledger_row(poll, decide(poll, stored, FRIDAY))
    assert row.new + row.backlog + row.known + row.changed == len({one.id for one in items})
    assert row.known + row.changed == len({one.id for one in items} & set(stored))


@given(ITEMS, STORED, st.booleans())
def test_a_ledger_row_without_news_says_why(items: list[Item], stored: dict[str, Known], first: bool) -> None:  # noqa: FBT001
    row = ledger_row(poll_of(*items, first=first), decide(poll_of(*items, first=first), stored, FRIDAY))
    assert (row.outcome == "new") == (row.new > 0)
    assert row.new or row.why or not items


@pytest.mark.parametrize("outcome", ["not_modified", "empty_by_schedule", "throttled", "gone", "failed"])
def test_other_outcomes_pass_into_the_ledger_as_they_are(outcome: PollOutcome) -> None:
    row = ledger_row(Poll(SourceSpec("rss", "Lantern Labs", None), outcome, "because"), ())
    assert (row.source, row.kind, row.outcome, row.why) == ("Lantern Labs", "rss", outcome, "because")


def test_edited_items_are_told_in_the_ledger() -> None:
    poll = poll_of(item("a", "x"), item("b"))
    row = ledger_row(poll, decide(poll, {"a": Known("old"), "b": Known(None)}, FRIDAY))
    assert (row.outcome, row.why) == ("unchanged", "1 items edited in place; 1 items known already")


@pytest.mark.parametrize(("changes", "novelty"), [(0, "changed"), (MAX_CHANGES - 1, "changed"), (MAX_CHANGES, "known")])
def test_what_changes_by_itself_is_told_only_so_often(changes: int, novelty: Novelty) -> None:
    known = {"a": Known(content_hash(item("a")), changes)}
    assert novelty_of(item("a", title="A lamp"), known) == novelty


@pytest.mark.parametrize(
    ("why", "titles", "told"),
    [
        ("", (), ""),
        ("", ("Glimmer 1",), "1 no longer listed: Glimmer 1"),
        ("HTTP 404", tuple("abcde"), "HTTP 404; 5 no longer listed: a, b, c and 2 more"),
    ],
)
def test_ledger_names_what_is_gone(why: str, titles: tuple[str, ...], told: str) -> None:
    row = ledger_row(replace(poll_of(item("a")), why=why), ())
    assert with_gone(replace(row, why=why), titles).why == told


@pytest.mark.parametrize(
    ("known", "guids", "recognised_as"),
    [
        ({}, {}, "new"),
        ({}, {"g": "old"}, "old"),
        ({"old": Known("h")}, {"g": "old"}, "old"),
        ({"new": Known("h")}, {"g": "old"}, "new"),
        ({}, {"": "old", "other": "old"}, "new"),
    ],
)
def test_item_at_a_new_address_is_known_by_its_sources_own_id(
    known: dict[str, Known], guids: dict[str, str], recognised_as: str
) -> None:
    (one,) = recognised([replace(item("new"), guid="g")], known, guids)
    assert one.id == recognised_as


@pytest.mark.parametrize(("announced", "novelty"), [(None, "backlog"), (OPENS, "news")])
def test_address_that_answers_for_the_first_time_has_a_backlog(announced: datetime | None, novelty: Novelty) -> None:
    poll = replace(poll_of(item("a", announced=announced), item("b")), unfamiliar=frozenset({"a"}))
    assert [one.novelty for one in decide(poll, {}, FRIDAY)] == [novelty, "news"]
