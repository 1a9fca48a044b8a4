"""Records: what was read, counted or left undone, put in order, with what follows from it."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from probes.generators import Made
from probes.generators.names import TEAMS, people, places
from probes.generators.reporting import clock, reported, rising, table

_PARTS = ("boiler", "whistle", "brass plate", "second drum", "oil lamp", "belt", "governor", "gauge", "iron bed")
_RECIPE = (
    ("Stir {} grams of chalk into the water", 40), ("Sift in {} grams of sand", 130), ("Add {} drops of resin", 6),
    ("Pour in {} millilitres of vinegar", 25), ("Fold in {} spoons of starch", 3), ("Knead in {} grams of wax", 18),
    ("Press {} sheets of felt on it", 2), ("Sprinkle {} grams of salt on top", 7),
)  # fmt: skip


def obituary(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw the life of a machine, which lost ``parts`` of itself, each told by the years since the one before."""
    machine, keeper = f"{dice.choice(TEAMS)} engine", people(dice, 1)[0]
    parts = dice.sample(_PARTS, parameters["parts"])
    years = rising(dice, len(parts) + 2, range(1871, 1999))
    told = [f"Built in {years[0]}.", f"Silent since {years[-1]}.", f"{keeper} was with it to the end."]
    for place, part in enumerate(parts):
        gap = years[place + 1] - years[place]
        since = f"the {parts[place - 1]}" if place else "it was built"
        told.append(f"Lost the {part} {gap} year{'s' if gap > 1 else ''} after {since}.")
    expected = {
        "derived": years,
        "has": [machine, keeper, years[-1]],
        "order": [years[0], *parts],
        "together": [[part, year] for part, year in zip(parts, years[1:], strict=False)],
    }
    late = [years[0], *(one + 1 for one in years[1:-1]), years[-1]]
    good, bad = (_mourned(machine, keeper, parts, its) for its in (years, late))
    return reported(dice.sample(told, len(told)), expected, (good, bad), machine=machine)


def _mourned(machine: str, keeper: str, parts: Sequence[str], years: Sequence[int]) -> str:
    losses = " ".join(f"In {year} it lost its {part}." for part, year in zip(parts, years[1:], strict=False))
    return f"The {machine} was built in {years[0]}. {losses} It fell silent in {years[-1]}, and {keeper} wept."


def protocol(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a recipe of ``steps`` steps for some tiles, to be written for more; waiting does not grow."""
    steps = dice.sample(_RECIPE, parameters["steps"])
    tiles, factor = dice.choice((2, 4, 5)), dice.choice(parameters["factors"])
    waits = dice.sample(range(31, 90), len(steps))
    more = [amount * tiles * factor for _, amount in steps]
    less = [amount * tiles for _, amount in steps]
    expected = {
        "items": [[told.split()[-1], amount, wait] for (told, _), amount, wait in zip(steps, more, waits, strict=True)],
        "derived": [*more, *range(1, len(steps) + 1)],
    }
    good, bad, given = (
        _numbered(
            f"{told.format(amount)}; wait {wait} minutes." for (told, _), amount, wait in zip(steps, *way, strict=True)
        )
        for way in ((more, waits), (more, [wait * factor for wait in waits]), (less, waits))
    )
    return reported([f"For {tiles} tiles:", given], expected, (good, bad), tiles=tiles * factor)


def _numbered(lines: Iterable[str]) -> str:
    return "\n".join(f"{at}. {line}" for at, line in enumerate(lines, 1))


def bulletin(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw what ``stations`` read three times a day; asked are the highest and lowest of each, void ones aside."""
    stations = places(dice, parameters["stations"])
    read = {one: dice.sample(range(3, 30), 3) for one in stations}
    void = {one: dice.randint(41, 60) for one in dice.sample(stations, max(1, len(stations) // 3))}
    lines = [f"{one}, {when}: {its} degrees" for one in stations for when, its in zip(_WHEN, read[one], strict=True)]
    lines = dice.sample(lines, len(lines))
    lines += [f"{one}, noon: {its} degrees (read over the kettle, void)" for one, its in void.items()]
    order = sorted(stations)
    expected = {
        "order": order,
        "together": [[one, max(read[one]), min(read[one])] for one in order],
        "sentences": [len(order), len(order)],
    }
    highest = {one: max(its) for one, its in read.items()}
    good, bad = (
        " ".join(f"{one} had between {min(read[one])} and {its[one]} degrees." for one in order)
        for its in (highest, {**highest, **void})
    )
    return reported(lines, expected, (good, bad))


_WHEN = ("morning", "evening", "night")


def visitors(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw who came and went in a house of ``guests`` guests; asked is who was there at one time."""
    guests, asked = people(dice, parameters["guests"]), dice.randint(600, 900)
    came = {one: asked + dice.randint(-200, 60) for one in guests}
    went = {one: at + dice.randint(30, 240) for one, at in came.items()}
    came.update(zip(guests, (asked - 90, asked - 60, asked + 1), strict=False))
    went.update(zip(guests, (asked, asked + 1, asked + 30), strict=False))
    moves = [*((at, f"{one} comes") for one, at in came.items()), *((at, f"{one} goes") for one, at in went.items())]
    there, nearly = (
        [[one, clock(came[one]), clock(went[one])] for one in sorted(guests) if came[one] <= asked < went[one] + late]
        for late in (0, 1)
    )
    columns = ("Guest", "Came", "Went")
    expected = {"columns": list(columns), "rows": there}
    written = (table(columns, there), table(columns, nearly))
    return reported([f"{clock(at)} {told}" for at, told in sorted(moves)], expected, written, at=clock(asked))
