"""Trends: what rises is told, what only looks like it is not, and nothing else changes what is told."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.types import Item, ItemKind
from triage.trends import MIN_NIGHTS, MOST_TOLD, Sourced, rising

NIGHT = date(2031, 3, 14)
FILLERS = "heather kettle bridge viaduct owl barley lantern harbour thistle saddle anvil orchard".split()
Nights = dict[date, list[Sourced]]


def paper(number: int, title: str, author: str = "", *, kind: ItemKind = "paper", text: str = "") -> Item:
    name = f"{title}-{number}".replace(" ", "-")
    address = f"https://parchment.example/{name}"
    return Item(name, kind, title, address, text, authors=(author or f"Author {number}",))


def night_of(count: int, carrying: int, term: str = "moss gardens", source: str = "cs.XA") -> list[Sourced]:
    """Return this many papers of a source, the first of which carry the term."""
    titles = [f"On {term} and {FILLERS[n % 12]}" if n < carrying else f"Of {FILLERS[n % 12]}" for n in range(count)]
    return [(source, paper(number, title)) for number, title in enumerate(titles)]


def nights(before: int, *, usual: int = 1, tonight: int = 14, source: str = "cs.XA") -> Nights:
    """Return nights of 60 papers, of which ``usual`` carry the term, and last a night with ``tonight`` of them."""
    past = {NIGHT - timedelta(days=day): night_of(60, usual, source=source) for day in range(1, before + 1)}
    return {**{day: named(told, day) for day, told in past.items()}, NIGHT: night_of(60, tonight, source=source)}


def named(told: Sequence[Sourced], day: date) -> list[Sourced]:
    return [(source, paper(n, item.title, f"{day} {n}")) for n, (source, item) in enumerate(told)]


def terms(by_night: Nights, night: date = NIGHT) -> list[str]:
    return [trend.term for trend in rising(night, by_night)]


def test_a_term_that_rises_is_told_with_its_nights() -> None:
    (trend,) = rising(NIGHT, nights(10))
    assert (trend.term, trend.count, trend.usual, trend.nights) == ("moss gardens", 14, 1.0, 10)
    assert trend.series[0] == (NIGHT - timedelta(days=10), 1)
    assert trend.series[-1] == (NIGHT, 14)
    assert all(item.title.startswith("On moss gardens") for item in trend.items)
    assert len(trend.items) == 3


@pytest.mark.parametrize(
    "by_night",
    [
        pytest.param({}, id="no_night"),
        pytest.param({NIGHT: night_of(60, 14)}, id="first_night"),
        pytest.param(nights(MIN_NIGHTS - 1), id="too_few_nights"),
        pytest.param(nights(10, usual=0, tonight=3), id="three_mentions"),
        pytest.param(nights(30, usual=20, tonight=38), id="less_than_twice_as_many"),
        pytest.param(nights(10) | {NIGHT: []}, id="nothing_tonight"),
        pytest.param(
            nights(10) | {NIGHT - timedelta(days=20): named(night_of(60, 14), date(2031, 1, 1))}, id="as_many_before"
        ),
        pytest.param(
            nights(10) | {NIGHT: [(s, paper(n, i.title, "One Group")) for n, (s, i) in enumerate(night_of(60, 14))]},
            id="one_group_of_authors",
        ),
        pytest.param(
            nights(10) | {NIGHT: [(s, paper(n, i.title, kind="release")) for n, (s, i) in enumerate(night_of(60, 14))]},
            id="releases",
        ),
    ],
)
def test_what_is_no_trend(by_night: Nights) -> None:
    assert terms(by_night) == []


def test_five_nights_are_enough() -> None:
    assert terms(nights(MIN_NIGHTS)) == ["moss gardens"]


def test_a_rise_is_counted_over_all_sources() -> None:
    by_night = nights(10, tonight=7)
    for day, told in nights(10, tonight=8, source="cs.XB").items():
        by_night[day] = by_night[day] + [(source, paper(n, f"{i.title} again")) for n, (source, i) in enumerate(told)]
    (trend,) = rising(NIGHT, by_night)
    assert (trend.count, trend.usual) == (15, 2.0)


def test_a_new_source_makes_no_trend() -> None:
    by_night = nights(10, tonight=1)
    by_night[NIGHT] += night_of(60, 40, term="fern hedges", source="cs.XB")
    assert terms(by_night) == []


def test_a_source_that_tells_more_than_usual_makes_no_trend() -> None:
    by_night = nights(10, tonight=1)
    for day in by_night:
        count = 60 if day == NIGHT else 4
        by_night[day] += named(night_of(count, count // 2, term="fern hedges", source="cs.XB"), day)
    assert terms(by_night) == []


def test_phrases_of_the_same_items_are_one_trend() -> None:
    by_night = nights(10, tonight=0)
    by_night[NIGHT] += [("cs.XA", paper(n, f"Moss garden walls with fern {n % 2 * 'hedges'}")) for n in range(100, 114)]
    (trend,) = rising(NIGHT, by_night)
    assert trend.count == 14
    assert trend.term == "moss garden walls"
    assert "fern" in trend.related
    assert "moss garden" not in trend.related


def test_at_most_five_are_told() -> None:
    by_night = nights(10, tonight=0)
    names = "moss fern lichen gorse sedge bracken rush".split()
    by_night[NIGHT] += [("cs.XA", paper(n, f"On {name}")) for n, name in enumerate(names * 12, 100)]
    assert len(terms(by_night)) == MOST_TOLD


def test_text_from_outside_that_stands_in_texts_alone_is_no_subject() -> None:
    by_night = nights(10, tonight=0)
    by_night[NIGHT] += [("cs.XA", paper(n, f"Of {FILLERS[n % 12]}", text="Fern hedges.")) for n in range(100, 114)]
    assert terms(by_night) == []


def test_what_two_titles_have_is_no_subject() -> None:
    by_night = nights(10, tonight=0)
    titles = ["On fern hedges", "Of fern hedges", *[f"Of {name}" for name in FILLERS]]
    by_night[NIGHT] += [("cs.XA", paper(n, title, text="Fern hedges.")) for n, title in enumerate(titles, 100)]
    assert terms(by_night) == []


def test_later_nights_change_nothing() -> None:
    by_night = nights(10)
    after = {NIGHT + timedelta(days=1): night_of(60, 60), NIGHT + timedelta(days=2): night_of(60, 0)}
    assert rising(NIGHT, by_night | after) == rising(NIGHT, by_night)


@settings(max_examples=15, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 20))
def test_neither_the_order_of_items_nor_of_nights_changes_anything(chosen: random.Random, tonight: int) -> None:
    by_night = nights(8, tonight=tonight)
    days = chosen.sample(sorted(by_night), len(by_night))
    shuffled = {day: chosen.sample(by_night[day], len(by_night[day])) for day in days}
    assert rising(NIGHT, shuffled) == rising(NIGHT, by_night)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 30), st.integers(0, 3))
def test_what_is_told_is_at_least_four_twice_the_usual_and_a_record(tonight: int, usual: int) -> None:
    for trend in rising(NIGHT, nights(10, usual=usual, tonight=tonight)):
        assert trend.count >= max(4, 2 * trend.usual)
        assert trend.count > max(count for _, count in trend.series[:-1])


def test_papers_dealt_to_nights_at_random_tell_hardly_anything() -> None:
    chosen = random.Random(11)
    told = sum(bool(terms(_dealt(chosen))) for _ in range(60))
    assert told <= 12


def _dealt(chosen: random.Random) -> Nights:
    by_night: Nights = {}
    for day in range(9):
        titles = [f"On {chosen.choice(FILLERS)} with {chosen.choice(FILLERS)}" for _ in range(40)]
        by_night[NIGHT - timedelta(days=day)] = [("cs.XA", paper(day * 100 + n, t)) for n, t in enumerate(titles)]
    return by_night
