"""Fewest steps, earliest ends, winning moves: all found by looking at every way."""

import random
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache, partial
from itertools import combinations
from math import gcd
from typing import Any

from probes.generators import Made
from probes.generators.names import people
from probes.generators.short import listed, short


def fewest(start: Hashable, moves: Callable[[Any], Iterable[Hashable]], is_end: Callable[[Any], bool]) -> int | None:
    """Return the least number of moves from a state to an end, or None when none is reached."""
    seen, edge, steps = {start}, [start], 0
    while edge:
        if any(map(is_end, edge)):
            return steps
        edge = list(dict.fromkeys(after for state in edge for after in moves(state) if after not in seen))
        seen.update(edge)
        steps += 1
    return None


def jugs(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw jugs, and litres to be measured in one of them, in ``least`` steps or more."""
    while True:
        sizes = tuple(sorted(dice.sample(range(3, parameters["largest"] + 1), parameters["jugs"])))
        wanted = dice.randint(1, sizes[-1] - 1)
        steps = fewest((0,) * len(sizes), partial(_pourings, sizes), partial(_has, wanted))
        if gcd(*sizes) == 1 and steps is not None and steps >= parameters["least"]:
            return short({"sizes": listed(sizes), "wanted": wanted}, steps, steps + 2)


def _has(wanted: int, state: tuple[int, ...]) -> bool:
    return wanted in state


def _pourings(sizes: tuple[int, ...], state: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
    for one in range(len(state)):
        for amount in (0, sizes[one]):
            yield (*state[:one], amount, *state[one + 1 :])
        for other in range(len(state)):
            if one != other:
                moved, after = min(state[one], sizes[other] - state[other]), list(state)
                after[one], after[other] = state[one] - moved, state[other] + moved
                yield tuple(after)


def bridge(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``people`` with a time each who cross two at a time with one lamp; asked is the least total."""
    names = people(dice, parameters["people"])
    times = sorted(dice.sample(range(1, 25), len(names)))
    best = crossing(tuple(times))
    escorted = sum(times[1:]) + times[0] * (len(times) - 2)
    told = listed(f"{name} {time} min" for name, time in zip(names, times, strict=True))
    return short({"told": told}, best, escorted if escorted != best else best + times[0])


@cache
def crossing(near: tuple[int, ...], far: tuple[int, ...] = ()) -> int:
    """Return the least time in which all get over: pairs go, and one of those over there comes back."""
    if len(near) <= 2:
        return max(near)
    found = []
    for pair in combinations(near, 2):
        there = (*far, *pair)
        rest = [one for one in near if one not in pair]
        found += [max(pair) + back + crossing(tuple(sorted((*rest, back))), tuple(sorted(set(there) - {back})))
                  for back in there]  # fmt: skip
    return min(found)


def project(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``tasks`` with days and what must be done before; asked is the earliest end."""
    letters = "ABCDEFGHIJ"[: parameters["tasks"]]
    days = {letter: dice.randint(1, 9) for letter in letters}
    needs = {
        letter: sorted(dice.sample(letters[:at], min(at, dice.randint(0, 2)))) for at, letter in enumerate(letters)
    }
    ends: dict[str, int] = {}
    for letter in letters:
        ends[letter] = days[letter] + max((ends[one] for one in needs[letter]), default=0)
    after = {letter: f", after {' and '.join(needs[letter])}" if needs[letter] else "" for letter in letters}
    told = "\n".join(f"{letter}: {days[letter]} days{after[letter]}" for letter in letters)
    latest = max(ends.values())
    return short({"tasks": told}, latest, sum(days.values()) if sum(days.values()) != latest else latest + 1)


def heap(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a heap from which certain numbers may be taken; asked is the smallest first take that wins."""
    while True:
        takes = tuple(sorted(dice.sample(range(1, 10), parameters["takes"])))
        size = dice.randint(*parameters["size"])
        winning = [take for take in takes if take <= size and not wins(size - take, takes)]
        if winning and len(winning) < sum(take <= size for take in takes):
            mistaken = next(take for take in takes if take not in winning)
            return short({"size": size, "takes": listed(takes)}, winning[0], mistaken)


def wins(size: int, takes: tuple[int, ...]) -> bool:
    """Tell whether who is to take wins, where who cannot take loses."""
    won: list[bool] = []
    for count in range(size + 1):
        won.append(any(take <= count and not won[count - take] for take in takes))
    return won[size]


def heaps(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``heaps`` of which any number may be taken from one; asked is the only winning first move."""
    while True:
        sizes = [dice.randint(3, parameters["largest"]) for _ in range(parameters["heaps"])]
        total = 0
        for size in sizes:
            total ^= size
        moves = [(at, size - (size ^ total)) for at, size in enumerate(sizes) if size ^ total < size]
        if len(moves) == 1 and len(set(sizes)) == len(sizes):
            break
    (place, take) = moves[0]
    letters = "ABCDE"
    told = listed(f"heap {letters[at]} has {size}" for at, size in enumerate(sizes))
    return short({"told": told}, f"{letters[place]}, {take}", f"{letters[place]}, {sizes[place]}"
                 if take != sizes[place] else f"{letters[place]}, 1")  # fmt: skip


def ferry(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw animals, some pairs of which may not be left alone; asked is the fewest crossings of a small boat."""
    animals = dice.sample(("fox", "goose", "cat", "mouse", "dog", "hen", "wolf", "goat"), parameters["animals"])
    while True:
        bad = dice.sample(list(combinations(animals, 2)), parameters["pairs"])
        steps = fewest(
            (frozenset(animals), True),
            partial(_crossings, (animals, bad, parameters["seats"])),
            lambda state: not state[0],
        )
        if steps is not None:
            told = listed(f"the {one} and the {other}" for one, other in bad)
            return short({"animals": listed(animals), "pairs": told}, steps, steps + 2)


def _crossings(told: tuple[list[str], list[tuple[str, str]], int], state: Any) -> Iterable[Any]:
    """Yield what a crossing with some animals or none leads to, where no bad pair is left without the keeper."""
    animals, bad, seats = told
    near, is_here = state
    mine = near if is_here else frozenset(animals) - near
    loads = (frozenset(load) for count in range(seats + 1) for load in combinations(sorted(mine), count))
    for load in loads:
        if not any(set(pair) <= mine - load for pair in bad):
            yield (near - load if is_here else near | load), not is_here
