"""What is remembered of a source from poll to poll, and how the polls of one night become one ledger."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from core.polls import Move, Poll, SourceHealth, SourceMemory, Validators
from core.sources import Cadence, PollOutcome, PollRow, SourceSpec
from kb import ledger
from kb.store import Store
from tests.kb.shelf import NEXT_NIGHT, NIGHT, NOW


@dataclass(frozen=True, slots=True)
class Address:
    url: str


FEED = "https://lantern.example/feed.xml"
LANTERN = SourceSpec("rss", "Lantern Labs", Address(FEED))
KETTLE = SourceSpec("rss", "The Copper Kettle", Address("https://kettle.example/feed.xml"))
FIRST = Validators('"v1"', "Fri, 14 Mar 2031 05:00:00 GMT", "a" * 64)
LATER = NOW + timedelta(hours=6)


def poll(
    store: Store,
    outcome: PollOutcome,
    *,
    now: datetime = NOW,
    spec: SourceSpec = LANTERN,
    why: str = "",
    validators: Mapping[str, Validators] | None = None,
    until: datetime | None = None,
    row: PollRow | None = None,
    caught_up_to: date | None = None,
    is_past: bool = False,
) -> None:
    """Poll a source in a run of its own."""
    made = Poll(spec, outcome, why, (), validators or {}, until, caught_up_to, is_past=is_past)
    with store.writing() as connection:
        run_id = ledger.begin_run(connection, NIGHT, now)
        told = row or PollRow(spec.name, spec.kind, outcome, why)
        ledger.remember_poll(connection, run_id, made, told, now)
        ledger.finish_run(connection, run_id, now)


def memory(store: Store, spec: SourceSpec = LANTERN) -> SourceMemory:
    """Return what is remembered, but for the time of the last poll, which every poll sets."""
    with store.reading() as connection:
        return replace(ledger.memory(connection, spec), last_polled=None)


def test_every_poll_sets_the_time_of_the_last_one(store: Store) -> None:
    poll(store, "failed", why="no answer")
    with store.reading() as connection:
        assert ledger.memory(connection, LANTERN).last_polled == NOW


def test_poll_of_the_past_leaves_the_memory_alone(store: Store) -> None:
    poll(store, "new", now=LATER, validators={FEED: FIRST})
    before = memory(store)
    poll(store, "throttled", why="429", until=NOW, is_past=True)
    assert memory(store) == before


def test_a_night_is_caught_up_to_only_by_a_poll_that_told_it_whole(store: Store) -> None:
    poll(store, "new", caught_up_to=NIGHT)
    poll(store, "new", now=LATER, why="the API did not answer")
    assert memory(store).caught_up_to == NIGHT


def test_source_never_polled_has_no_memory(store: Store) -> None:
    assert memory(store) == SourceMemory()


def test_first_success_is_remembered_with_validators(store: Store) -> None:
    poll(store, "new", validators={FEED: FIRST})
    assert memory(store) == SourceMemory(last_success=NOW, validators={FEED: FIRST})


def test_failed_first_poll_is_no_success(store: Store) -> None:
    poll(store, "failed", why="502 three times")
    assert memory(store) == SourceMemory(why="502 three times")


def test_failure_keeps_the_last_success_and_validators(store: Store) -> None:
    poll(store, "new", validators={FEED: FIRST})
    poll(store, "failed", now=LATER, why="no answer")
    assert memory(store) == SourceMemory(last_success=NOW, why="no answer", validators={FEED: FIRST})


def test_not_modified_keeps_validators_and_moves_success(store: Store) -> None:
    poll(store, "new", validators={FEED: FIRST})
    poll(store, "not_modified", now=LATER)
    assert memory(store) == SourceMemory(last_success=LATER, validators={FEED: FIRST})


def test_new_validators_replace_those_of_their_address_only(store: Store) -> None:
    second = f"{FEED}?page=2"
    poll(store, "new", validators={FEED: FIRST, second: FIRST})
    fresh = replace(FIRST, etag='W/"v2"', body_hash=None)
    poll(store, "new", now=LATER, validators={FEED: fresh})
    assert memory(store).validators == {FEED: fresh, second: FIRST}


def test_success_clears_why(store: Store) -> None:
    poll(store, "failed", why="502 three times")
    poll(store, "unchanged", now=LATER, why="20 items known already")
    assert memory(store).why == ""


def test_changed_address_starts_anew(store: Store) -> None:
    poll(store, "new", validators={FEED: FIRST})
    moved = replace(LANTERN, options=Address("https://lantern.example/atom.xml"))
    assert memory(store, moved) == SourceMemory()
    poll(store, "failed", now=LATER, spec=moved, why="404")
    assert memory(store, moved) == SourceMemory(why="404")
    assert memory(store) == SourceMemory()


def test_changed_subjects_and_rhythm_keep_the_memory(store: Store) -> None:
    poll(store, "new", validators={FEED: FIRST})
    assert memory(store, replace(LANTERN, subjects=("owls",), every=timedelta(days=7))).last_success == NOW


def test_sources_are_remembered_apart(store: Store) -> None:
    poll(store, "new", validators={FEED: FIRST})
    poll(store, "failed", spec=KETTLE, why="no answer")
    assert memory(store).validators == {FEED: FIRST}
    assert memory(store, KETTLE) == SourceMemory(why="no answer")


def test_throttling_is_remembered_until_the_next_answer(store: Store) -> None:
    until = NOW + timedelta(hours=2)
    poll(store, "throttled", why="429", until=until)
    assert memory(store) == SourceMemory(throttled_until=until, why="429")
    poll(store, "new", now=LATER)
    assert memory(store) == SourceMemory(last_success=LATER)


def test_gone_keeps_the_time_it_went(store: Store) -> None:
    poll(store, "gone", why="410")
    poll(store, "gone", now=LATER, why="410 since the 14th")
    assert memory(store) == SourceMemory(gone_since=NOW, why="410 since the 14th")


def test_unfinished_run_is_resumed_with_what_it_polled(store: Store) -> None:
    with store.writing() as connection:
        run_id = ledger.begin_run(connection, NIGHT, NOW)
        ledger.remember_poll(connection, run_id, Poll(LANTERN, "new"), _row("new", new=3), NOW)
    with store.writing() as connection:
        assert ledger.begin_run(connection, NIGHT, LATER) == run_id
        assert ledger.polled(connection, run_id) == {"Lantern Labs"}
        assert ledger.last_finished(connection, NIGHT) is None


def test_finished_run_is_followed_by_a_new_one(store: Store) -> None:
    with store.writing() as connection:
        first = ledger.begin_run(connection, NIGHT, NOW)
        ledger.finish_run(connection, first, NOW)
        assert ledger.last_finished(connection, NIGHT) == NOW
        second = ledger.begin_run(connection, NIGHT, LATER)
        assert second != first
        assert ledger.polled(connection, second) == frozenset()


def test_nights_have_runs_of_their_own(store: Store) -> None:
    with store.writing() as connection:
        assert ledger.latest_night(connection) is None
        assert ledger.begin_run(connection, NEXT_NIGHT, LATER) != ledger.begin_run(connection, NIGHT, NOW)
        assert ledger.latest_night(connection) == NEXT_NIGHT


def _row(outcome: PollOutcome, why: str = "", **counts: int) -> PollRow:
    return PollRow("Lantern Labs", "rss", outcome, why, **counts)


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        pytest.param([_row("new", new=3, known=1)], _row("new", new=3, known=1), id="one_poll"),
        pytest.param(
            [_row("new", new=3, backlog=5, known=1, changed=1), _row("new", new=2, known=9, changed=2)],
            _row("new", new=5, backlog=5, known=9, changed=3),
            id="later_news_adds",
        ),
        pytest.param(
            [_row("new", new=3), _row("not_modified", "304")], _row("new", new=3), id="later_quiet_is_nothing"
        ),
        pytest.param(
            [_row("new", new=3), _row("unchanged", "9 known", known=9)], _row("new", new=3), id="later_known_is_nothing"
        ),
        pytest.param([_row("new", new=3), _row("failed", "502")], _row("new", new=3), id="later_failure_is_nothing"),
        pytest.param([_row("failed", "502"), _row("new", new=2)], _row("new", new=2), id="failure_is_mended_by_news"),
        pytest.param(
            [_row("throttled", "429"), _row("not_modified", "304")],
            _row("not_modified", "304"),
            id="throttling_is_mended_by_quiet",
        ),
        pytest.param(
            [_row("failed", "502"), _row("failed", "no answer")],
            _row("failed", "no answer"),
            id="newest_failure_is_told",
        ),
        pytest.param(
            [_row("unchanged", "7 known", known=7), _row("new", new=1, known=7)],
            _row("new", new=1, known=7),
            id="news_after_quiet",
        ),
        pytest.param(
            [_row("new", new=1), _row("failed", "502"), _row("new", new=2)],
            _row("new", new=3),
            id="news_around_a_failure",
        ),
    ],
)
def test_polls_of_one_night_are_one_line(store: Store, rows: list[PollRow], told: PollRow) -> None:
    for place, row in enumerate(rows):
        poll(store, row.outcome, now=NOW + timedelta(hours=place), row=row)
    with store.reading() as connection:
        assert ledger.night_rows(connection, NIGHT) == (told,)
        assert ledger.night_rows(connection, NEXT_NIGHT) == ()


def test_ledger_is_in_the_order_of_polling(store: Store) -> None:
    with store.writing() as connection:
        run_id = ledger.begin_run(connection, NIGHT, NOW)
        for spec in (KETTLE, LANTERN):
            row = PollRow(spec.name, spec.kind, "new", "", new=1)
            ledger.remember_poll(connection, run_id, Poll(spec, "new"), row, NOW)
        names = [row.source for row in ledger.run_rows(connection, run_id)]
        assert names == [row.source for row in ledger.night_rows(connection, NIGHT)] == [KETTLE.name, LANTERN.name]


def test_last_outcome_is_the_newest_of_each_source(store: Store) -> None:
    poll(store, "new", row=_row("new", new=3))
    poll(store, "failed", now=LATER, row=_row("failed", "502"))
    with store.reading() as connection:
        assert ledger.last_outcomes(connection, ["Lantern Labs", "nobody"]) == {"Lantern Labs": _row("failed", "502")}


def asked(store: Store, poll: Poll, now: datetime = NOW) -> SourceMemory:
    with store.writing() as connection:
        run_id = ledger.begin_run(connection, NIGHT, now)
        row = PollRow(poll.spec.name, poll.spec.kind, poll.outcome, poll.why)
        ledger.remember_poll(connection, run_id, poll, row, now)
        ledger.finish_run(connection, run_id, now)
    with store.reading() as connection:
        return ledger.memory(connection, poll.spec)


FULL = Poll(
    LANTERN,
    "new",
    validators={FEED: FIRST},
    moves={FEED: Move("https://lantern.example/new.xml", 2), "https://lantern.example/b": Move(FEED)},
    cadence=Cadence(timedelta(minutes=90), frozenset({1, 23}), frozenset({5, 6})),
    next_due=LATER,
    failures=3,
    polled_night=NIGHT,
)


def test_plan_of_a_source_comes_back_as_it_was(store: Store) -> None:
    known = asked(store, FULL)
    assert (known.next_due, known.failures, known.polled_night) == (LATER, 3, NIGHT)
    assert (known.cadence, dict(known.moves)) == (FULL.cadence, FULL.moves)
    assert known.validators[FEED] == FIRST


def test_source_that_was_spared_is_remembered_as_before(store: Store) -> None:
    before = asked(store, FULL)
    spared = Poll(LANTERN, "unchanged", "not due", is_spared=True)
    assert asked(store, spared, LATER) == before


def test_health_tells_of_every_source(store: Store) -> None:
    asked(store, FULL)
    with store.reading() as connection:
        health = ledger.health(connection, [LANTERN, KETTLE])
    assert health == {LANTERN.name: SourceHealth(NOW, NOW, LATER, 3), KETTLE.name: SourceHealth()}


def test_polling_ahead_is_no_night(store: Store) -> None:
    with store.writing() as connection:
        ahead = ledger.begin_run(connection, NIGHT, NOW, "watching")
        assert ledger.begin_run(connection, NIGHT, LATER, "gathering") != ahead
        ledger.finish_run(connection, ahead, NOW)
        assert ledger.last_finished(connection, NIGHT) is None
        assert ledger.latest_night(connection) is None
        assert ledger.last_begun(connection, ["watching"]) == NOW
        assert ledger.last_begun(connection, ["watching", "gathering"]) == LATER
        assert ledger.last_begun(connection, ["night"]) is None
