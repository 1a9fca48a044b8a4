"""Questions to which the sources may give no answer, or not one answer, or one that does not suit the house."""

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from probes.generators import Made
from probes.generators.names import PLACES, TEAMS, people, places
from probes.generators.short import short

_UNKNOWN = "cannot tell"
_WORKS = ("On Nets", "A Theory of Lamps", "Harbours", "The Slow Mill", "Of Tides", "Bridges and Rooks", "The Cold Kiln")


def older(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw who is older than whom of ``people``, with gaps; two of them are asked about."""
    ranked = people(dice, parameters["people"])
    said = [(one, other) for one, other in _chains(dice, ranked) if dice.random() < 0.9]
    first, second = dice.sample(ranked, 2)
    answer = "yes" if _reaches(said, first, second) else "no" if _reaches(said, second, first) else _UNKNOWN
    lines = [dice.choice((f"{one} is older than {other}.", f"{other} is younger than {one}.")) for one, other in said]
    dice.shuffle(lines)
    looks = "yes" if ranked.index(first) < ranked.index(second) else "no"
    values = {"sheet": "\n".join(lines), "first": first, "second": second}
    return short(values, answer, looks if answer == _UNKNOWN else _UNKNOWN)


def page_of(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``works`` with and without pages; a work near one that has them is asked about."""
    writers, titles = people(dice, parameters["works"]), dice.choices(_WORKS, k=parameters["works"])
    years = dice.sample(range(1950, 2020), len(writers))
    pages = [dice.randint(10, 400) for _ in writers]
    has = [dice.random() < 0.6 for _ in writers]
    lines = [
        f"{who}: {title}. {year}.{f' Pages {page} to {page + 9}.' if is_told else ''}"
        for who, title, year, page, is_told in zip(writers, titles, years, pages, has, strict=True)
    ]
    at = dice.randrange(len(lines))
    other = next((place for place in range(len(lines)) if has[place] and place != at), at)
    who, year = writers[at], years[at] + (1 if dice.random() < 0.2 else 0)
    is_there = has[at] and year == years[at]
    values = {"sheet": "\n".join(lines), "work": f"{who}: {titles[at]}, {year}"}
    near = pages[other] if other != at else pages[at] + 1
    return short(values, pages[at] if is_there else "not given", "not given" if is_there else near)


def gap_in_a_week(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw readings of ``days``, some perhaps missing; the total or the highest is asked where it is certain."""
    readings: list[int | None] = [dice.randint(20, 60) for _ in range(parameters["days"])]
    for at in dice.sample(range(len(readings)), dice.choice((0, 1))):
        readings[at] = None
    known = [one for one in readings if one is not None]
    is_whole = len(known) == len(readings)
    lines = [f"day {day}: {one if one is not None else 'gauge was off'}" for day, one in enumerate(readings, 1)]
    total = sum(known)
    guess = total if is_whole else total + round(total / len(known))
    values = {"sheet": "\n".join(lines)}
    return short(values, total if is_whole else _UNKNOWN, _UNKNOWN if is_whole else guess)


def bounds(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a bag with ``marbles``, some of unknown colour; least and greatest chances are asked."""
    count = parameters["marbles"]
    red, blue = dice.randint(1, count // 3), dice.randint(1, count // 3)
    low, high = Fraction(red, count), Fraction(count - blue, count)
    values = {"count": count, "red": red, "blue": blue, "rest": count - red - blue}
    middle = Fraction(low + high, 2)
    return short(values, f"{_ratio(low)} to {_ratio(high)}", f"{_ratio(middle)} to {_ratio(middle)}")


def best_offer(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``offers``, one of the house's own that is not the cheapest that will do."""
    names, need = dice.sample(TEAMS, parameters["offers"]), dice.randint(20, 60)
    offers = [(dice.randint(10, 90), price) for price in dice.sample(range(100, 900, 7), len(names))]
    offers[0], offers[1] = (need + 5, offers[0][1] + 900), (need + dice.randint(0, 3), offers[1][1])
    good = [at for at, (holds, _) in enumerate(offers) if holds >= need]
    best = min(good, key=lambda at: offers[at][1])
    rows = [f"{name}: {holds} litres, {price} euros" for name, (holds, price) in zip(names, offers, strict=True)]
    dice.shuffle(rows)
    return short({"sheet": "\n".join(rows), "own": names[0], "need": need}, names[best], names[0])


def one_more_town(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``towns`` with their mayors; a mayor of one of them, or of one that is not there, is asked for."""
    towns = places(dice, parameters["towns"])
    absent = dice.choice([town for town in PLACES if town not in towns])
    mayors = people(dice, len(towns))
    lines = [f"The mayor of {town} is {who}." for town, who in zip(towns, mayors, strict=True)]
    is_there = dice.random() < 0.5
    values = {"sheet": " ".join(lines), "town": towns[-1] if is_there else absent}
    return short(values, *((mayors[-1], _UNKNOWN) if is_there else (_UNKNOWN, mayors[0])))


def _chains(dice: random.Random, ranked: Sequence[str]) -> list[tuple[str, str]]:
    """Return pairs of an order, each person but the first below one of the two before."""
    return [(ranked[max(0, at - dice.randint(1, 2))], ranked[at]) for at in range(1, len(ranked))]


def _reaches(said: Sequence[tuple[str, str]], first: str, second: str) -> bool:
    below = {first}
    for one, other in said:  # Pairs stand in the order of the later one, so once is enough.
        if one in below:
            below.add(other)
    return second in below


def _ratio(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"
