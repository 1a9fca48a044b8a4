"""What reports are held against, computed a second way from the sources alone, as a reader has them."""

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import permutations
from statistics import median
from typing import Any

import pytest

from probes.generators import Made
from probes.generators import reports_figures as figures
from probes.generators import reports_meetings as meetings
from probes.generators import reports_nights as nights
from probes.generators import reports_records as records
from probes.generators import reports_releases as releases
from probes.generators import reports_research as research
from probes.generators.reporting import dated, day

SEEDS = range(8)


def sources(made: Made) -> list[str]:
    return str(made.values["sources"]).splitlines()


def medians(lines: list[str]) -> list[list[Any]]:
    scores, seconds = defaultdict(list), {}
    for line in lines:
        if found := re.fullmatch(r"(\w+): score (\d+)", line):
            scores[found[1]].append(int(found[2]))
        elif found := re.match(r"(\w+): (\d+) seconds", line):
            seconds[found[1]] = int(found[2])
    order = sorted(scores, key=lambda one: -median(scores[one]))
    return [[one, median(scores[one]), seconds[one]] for one in order]


def tally(lines: list[str]) -> list[list[Any]]:
    votes: dict[str, dict[str, str]] = {}
    for line in lines:
        if found := re.match(r"Motion (\d+)\. (.*)\.", line):
            votes[found[1]] = dict(re.findall(r"(\w+) (for|against|abstained)", found[2]))
        elif found := re.match(r"Afterwards (\w+) .* motion (\d+) the vote was meant as (\w+)\.", line):
            votes[found[2]][found[1]] = found[3]
    counts = {motion: Counter(its.values()) for motion, its in votes.items()}
    return [
        [
            int(motion),
            its["for"],
            its["against"],
            its["abstained"],
            "carried" if its["for"] > its["against"] else "lost",
        ]
        for motion, its in counts.items()
    ]


def stock(lines: list[str]) -> list[list[Any]]:
    stores: dict[str, Counter[str]] = {}
    void = {found[1] for line in lines if (found := re.match(r"Slip (\d+) is cancelled", line))}
    for line in lines:
        if found := re.match(r"(\w+), opening: (.*)", line):
            stores[found[1]] = Counter({thing: int(count) for count, thing in re.findall(r"(\d+) (\w+)", found[2])})
        elif (found := re.match(r"Slip (\d+): (\d+) (\w+), (.*)", line)) and found[1] not in void:
            for word, sign in (("from", -1), ("to", 1), ("for", 1)):
                if end := re.search(rf"\b{word} (\w+)", found[4]):
                    stores[end[1]][found[3]] += sign * int(found[2])
    one, other = stores.values()
    return [[thing, one[thing], other[thing]] for thing in sorted(one)]


def inside(lines: list[str], at: str) -> list[list[Any]]:
    came: dict[str, str] = {}
    went: dict[str, str] = {}
    for line in lines:
        time, who, how = line.split()
        (came if how == "comes" else went)[who] = time
    return [[one, came[one], went[one]] for one in sorted(came) if came[one] <= at < went[one]]


def hosts(lines: list[str]) -> list[list[Any]]:
    low, high = (tuple(map(int, one.split("."))) for one in re.findall(r"\d+(?:\.\d+){2}", lines[-1]))
    found = (re.fullmatch(r"(\w+): \w+ ([\d.]+), kept by (\w+)", line) for line in lines[:-1])
    rows = [list(one.groups()) for one in found if one]
    return sorted(row for row in rows if low <= tuple(map(int, row[1].split("."))) < high)


def answers(lines: list[str]) -> list[list[Any]]:
    counts: Counter[str] = Counter()
    for line in lines:
        for answer, count in re.findall(r"(no answer|yes|no|perhaps) (\d+)", line):
            counts[answer] += int(count)
    asked = sum(counts[one] for one in ("yes", "no", "perhaps"))
    return [[one, counts[one], int(100 * counts[one] / asked + 0.5)] for one in ("yes", "no", "perhaps")]


Drawn = Callable[[random.Random], Made]
TABLES: list[tuple[Drawn, Callable[[Made], list[list[Any]]]]] = [
    (lambda dice: research.results(dice, {"methods": 7, "crashes": 4}), lambda made: medians(sources(made))),
    (lambda dice: meetings.votes(dice, {"motions": 4, "members": 8, "changes": 6}), lambda made: tally(sources(made))),
    (lambda dice: figures.ledger(dice, {"goods": 4, "moves": 20, "void": 5}), lambda made: stock(sources(made))),
    (lambda dice: figures.survey(dice, {"towns": 5}), lambda made: answers(sources(made))),
    (lambda dice: releases.advisory(dice, {"hosts": 20}), lambda made: hosts(sources(made))),
    (lambda dice: records.visitors(dice, {"guests": 15}), lambda made: inside(sources(made), made.values["at"])),
]


@pytest.mark.parametrize(("drawn", "computed"), TABLES)
@pytest.mark.parametrize("seed", SEEDS)
def test_tables_follow_from_the_sources(seed: int, drawn: Drawn, computed: Callable[[Made], list[list[Any]]]) -> None:
    made = drawn(random.Random(seed))
    assert computed(made) == made.expected["rows"]


@pytest.mark.parametrize("seed", SEEDS)
def test_steps_have_one_order(seed: int) -> None:
    made = releases.steps(random.Random(seed), {"steps": 6})
    told = "\n".join(sources(made))
    pairs = re.findall(r"Before you (?P<later>.*), (?P<first>.*)\.", told)
    pairs += re.findall(r"You may (.*) only once you did this: (.*)\.", told)
    things = re.findall(r"To (.*) takes", told)
    orders = [way for way in permutations(things) if all(way.index(first) < way.index(later) for later, first in pairs)]
    assert [list(way) for way in orders] == [[step for step, _ in made.expected["items"]]]


@pytest.mark.parametrize("seed", SEEDS)
def test_dates_follow_from_one_another(seed: int) -> None:
    made = meetings.dues(random.Random(seed), {"tasks": 9})
    told = "\n".join(sources(made))
    dates = {who: int(date) for who, date in re.findall(r"(\w+) is done on (\d+)", told)}
    gaps = re.findall(r"(\w+) is done (\d+) days? (after|before) (\w+)", told)
    while len(dates) < 9:
        for who, count, way, base in gaps:
            if base in dates:
                dates[who] = dates[base] + (int(count) if way == "after" else -int(count))
    assert made.expected["items"] == [[who, dates[who]] for who in sorted(dates, key=dates.__getitem__)]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_lies_a_tenth_above_the_plan_is_not_over_it(seed: int) -> None:
    made = figures.variances(random.Random(seed), {"lines": 12})
    read = [re.fullmatch(r"(\w+): planned (\d+) euros, spent (\d+)", line) for line in sources(made)]
    over: list[list[Any]] = [
        [one[1], int(one[3]) - int(one[2])] for one in read if one and 100 * int(one[3]) > 110 * int(one[2])
    ]
    exact = [one for one in read if one and 100 * int(one[3]) == 110 * int(one[2])]
    assert made.expected["items"] == sorted(over, key=lambda item: -item[1])
    assert len({excess for _, excess in over}) == len(over)
    assert exact


@pytest.mark.parametrize("seed", SEEDS)
def test_totals_include_what_was_corrected(seed: int) -> None:
    made = figures.sales(random.Random(seed), {"towns": 5, "months": 4, "corrected": 3})
    sold: dict[str, dict[str, int]] = {}
    for line in sources(made):
        if found := re.match(r"Correction: (\w+) sold (\d+) in (\w+)\.", line):
            sold[found[1]][found[3]] = int(found[2])
        else:
            sold[line.split(":")[0]] = {month: int(count) for month, count in re.findall(r"(\w+) (\d+)", line)}
    totals = {town: sum(its.values()) for town, its in sold.items()}
    order = sorted(totals, key=totals.__getitem__)
    assert len(set(totals.values())) == len(totals)
    assert made.expected["has"] == [sum(totals.values())]
    assert made.expected["together"] == [[order[-1], totals[order[-1]]], [order[0], totals[order[0]]]]


@pytest.mark.parametrize("seed", SEEDS)
def test_times_follow_from_one_another_over_midnight(seed: int) -> None:
    made = nights.timeline(random.Random(seed), {"events": 8})
    told = "\n".join(sources(made))
    times = {who: int(h) * 60 + int(m) for h, m, who in re.findall(r"At (\d\d):(\d\d) (\w+) ", told)}
    times = {who: at + (1440 if at < 720 else 0) for who, at in times.items()}
    gaps = re.findall(r"(\d+) minutes after (\w+), (\w+) ", told)
    while len(times) < 8:
        times.update({who: times[base] + int(gap) for gap, base, who in gaps if base in times})
    order = sorted(times, key=times.__getitem__)
    assert [row[1] for row in made.expected["rows"]] == order
    assert [row[0] for row in made.expected["rows"]] == [
        f"{times[who] // 60 % 24:02}:{times[who] % 60:02}" for who in order
    ]


def test_every_day_has_a_name_of_its_own() -> None:
    assert len({day(date) for date in range(308)}) == 308
    assert dated(31)[:2] == ["4 February", "February 4"]
