"""People in a row, round a table, in houses: clues that leave one arrangement."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from probes.generators import Made
from probes.generators.names import people
from probes.generators.short import listed, short

_Row = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Clue:
    """``words``, and whether a row obeys them; ``row[k]`` is where the k-th person stands."""

    words: str
    holds: Callable[[_Row], bool]


def _leaving_one(dice: random.Random, clues: Sequence[_Clue], rows: Sequence[_Row]) -> list[_Clue]:
    """Return clues, in any order, that leave one of the rows; each of them is needed."""
    kept: list[_Clue] = []
    left = rows
    for clue in dice.sample(clues, len(clues)):
        fewer = [row for row in left if clue.holds(row)]
        if len(fewer) < len(left):
            kept, left = [*kept, clue], fewer
    for clue in list(kept):
        others = [one for one in kept if one is not clue]
        if sum(all(one.holds(row) for one in others) for row in rows) == 1:
            kept = others
    return kept


def queue(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``people`` in a queue."""
    names = people(dice, parameters["people"])
    rows = list(permutations(range(len(names))))
    true = dice.choice(rows)
    clues = _leaving_one(dice, [one for one in _queue_clues(names) if one.holds(true)], rows)
    order = [names[true.index(place)] for place in range(len(names))]
    told = "\n".join(f"- {clue.words}" for clue in clues)
    return short({"names": listed(names), "clues": told}, listed(order), listed([order[1], order[0], *order[2:]]))


def _queue_clues(names: Sequence[str]) -> list[_Clue]:
    found = []
    for one, a in enumerate(names):
        for other, b in enumerate(names):
            if one != other:
                found += _pair_clues((a, b), one, other)
    return found


def _pair_clues(called: tuple[str, str], one: int, other: int) -> list[_Clue]:
    a, b = called
    return [
        _Clue(f"{a} stands somewhere before {b}.", lambda row: row[one] < row[other]),
        _Clue(f"Exactly one person stands between {a} and {b}.", lambda row: abs(row[one] - row[other]) == 2),
        _Clue(f"{a} and {b} are not next to each other.", lambda row: abs(row[one] - row[other]) != 1),
        _Clue(f"{a} comes right after {b}.", lambda row: row[one] == row[other] + 1),
    ]  # fmt: skip


def table(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``people`` round a table; asked is who sits on somebody's left."""
    names = people(dice, parameters["people"])
    count = len(names)
    rows = [(0, *row) for row in permutations(range(1, count))]
    true = dice.choice(rows)
    clues = _leaving_one(dice, [one for one in _table_clues(names) if one.holds(true)], rows)
    asked = dice.randrange(count)
    left, right_side = (names[true.index((true[asked] + step) % count)] for step in (1, -1))
    told = "\n".join(f"- {clue.words}" for clue in clues)
    return short({"names": listed(names), "clues": told, "asked": names[asked]}, left, right_side)


def _table_clues(names: Sequence[str]) -> list[_Clue]:
    count, found = len(names), []
    for one, a in enumerate(names):
        for other, b in enumerate(names):
            if one != other:
                found += _round_clues((a, b), (one, other), count)
    return found


def _round_clues(called: tuple[str, str], pair: tuple[int, int], count: int) -> list[_Clue]:
    (a, b), (one, other) = called, pair
    return [
        _Clue(f"{a} is not a neighbour of {b}.", lambda row: (row[one] - row[other]) % count not in (1, count - 1)),
        _Clue(f"{a} sits two seats to the left of {b}.", lambda row: (row[one] - row[other]) % count == 2),
        _Clue(f"{a} sits three seats to the right of {b}.", lambda row: (row[other] - row[one]) % count == 3),
    ]


def houses(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a row of ``houses``, each with a person and a trade; asked is who has one trade."""
    count = parameters["houses"]
    names = people(dice, count)
    trades = dice.sample(("baker", "tanner", "potter", "weaver", "smith", "cooper"), count)
    rows = [(*one, *other) for one in permutations(range(count)) for other in permutations(range(count))]
    true = dice.choice(rows)
    clues = _leaving_one(dice, [one for one in _house_clues(names, trades) if one.holds(true)], rows)
    asked = dice.randrange(count)
    owner = names[true.index(true[count + asked])]
    other = next(name for name in names if name != owner)
    told = "\n".join(f"- {clue.words}" for clue in clues)
    values = {"names": listed(names), "trades": listed(trades), "clues": told, "trade": trades[asked], "count": count}
    return short(values, owner, other)


def _house_clues(names: Sequence[str], trades: Sequence[str]) -> list[_Clue]:
    called = [*names, *(f"the {trade}" for trade in trades)]
    found = []
    for one, a in enumerate(called):
        for other, b in enumerate(called):
            if one < other:
                found += _neighbour_clues((a, b), one, other)
    return found


def _neighbour_clues(called: tuple[str, str], one: int, other: int) -> list[_Clue]:
    first, b = called
    a = first[0].upper() + first[1:]
    return [
        _Clue(f"{a} and {b} live next door to each other.", lambda row: abs(row[one] - row[other]) == 1),
        _Clue(f"{a} lives somewhere to the left of {b}.", lambda row: row[one] < row[other]),
        _Clue(f"There are at least two houses between {a if first[0].isupper() else first} and {b}.",
              lambda row: abs(row[one] - row[other]) > 2),
    ]  # fmt: skip
