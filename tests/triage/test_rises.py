"""The exact test: against enumeration, and its false discoveries where nothing rises."""

import random
from itertools import product
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.rises import Stratum, chance, discoveries, least_chance


def enumerated(strata: list[Stratum]) -> float:
    """Return the chance by adding up every way in which the carrying items could have come."""
    ranges = [range(min(each.carrying, each.tonight) + 1) for each in strata]
    met = sum(each.carrying_tonight for each in strata)
    shares = (
        [
            comb(s.tonight, k) * comb(s.before, s.carrying - k) / comb(s.tonight + s.before, s.carrying)
            for s, k in zip(strata, way, strict=True)
        ]
        for way in product(*ranges)
        if sum(way) >= met
    )
    total = 0.0
    for share in shares:
        one = 1.0
        for each in share:
            one *= each
        total += one
    return total


@st.composite
def stratum(draw: st.DrawFn) -> Stratum:
    tonight, before = draw(st.integers(0, 6)), draw(st.integers(1, 20))
    return Stratum(tonight, before, draw(st.integers(0, tonight)), draw(st.integers(0, before)))


@given(st.lists(stratum(), min_size=1, max_size=3))
def test_the_chance_is_that_of_enumeration(strata: list[Stratum]) -> None:
    assert chance(strata) == pytest.approx(enumerated(strata), abs=1e-9)


@given(st.lists(stratum(), min_size=1, max_size=3))
def test_no_night_with_these_totals_has_a_lower_chance_than_the_least(strata: list[Stratum]) -> None:
    extreme = [Stratum(s.tonight, s.before, most := min(s.carrying, s.tonight), s.carrying - most) for s in strata]
    assert least_chance(strata) == pytest.approx(chance(extreme), abs=1e-9)
    assert chance(strata) >= least_chance(strata) - 1e-9


def test_a_known_value() -> None:
    assert chance([Stratum(4, 4, 4, 0)]) == pytest.approx(1 / 70)


def test_what_could_never_be_told_takes_nothing_from_the_others() -> None:
    assert discoveries([0.004, *[1.0] * 200], [1e-6, *[0.5] * 200], 0.1) == [0]
    assert discoveries([0.004, *[1.0] * 200], [1e-6] * 201, 0.1) == []


def test_the_procedure_steps_up() -> None:
    assert discoveries([0.045, 0.01, 0.9, 0.074], [1e-9] * 4, 0.1) == [1, 0, 3]
    assert discoveries([], [], 0.1) == []


def test_where_nothing_rises_few_nights_tell_anything() -> None:
    """At most one in ten tells something false: of 300, more than 45 would be 1 in 300."""
    chosen = random.Random(7)
    told = 0
    for _ in range(300):
        strata = [_drawn(chosen) for _ in range(60)]
        told += bool(discoveries([chance([s]) for s in strata], [least_chance([s]) for s in strata], 0.1))
    assert 0 < told <= 45


def _drawn(chosen: random.Random) -> Stratum:
    carrying = chosen.randint(3, 40)
    tonight = sum(place < 40 for place in chosen.sample(range(400), carrying))
    return Stratum(40, 360, tonight, carrying - tonight)
