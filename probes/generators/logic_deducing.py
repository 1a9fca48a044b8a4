"""What was seen leaves one possibility: codes, squares, leagues, scales, foreheads, kin, dates."""

import random
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from itertools import permutations, product
from typing import Any

from probes.generators import Made
from probes.generators.names import PEOPLE, people
from probes.generators.short import listed, short

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def code(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a code of ``digits`` different digits, and guesses with their marks that leave it alone."""
    codes = list(permutations(parameters["alphabet"], parameters["digits"]))
    true, left, told = dice.choice(codes), codes, []
    while len(left) > 1:
        guess = dice.choice(left)
        if guess == true:
            continue
        marks = _marks(guess, true)
        left = [one for one in left if _marks(guess, one) == marks and one != guess]
        told.append(f"{''.join(guess)}: {marks[0]} in the right place, {marks[1]} in a wrong place")
    secret = "".join(true)
    return short({"guesses": "\n".join(told)}, secret, secret[::-1])


def _marks(guess: Sequence[str], secret: Sequence[str]) -> tuple[int, int]:
    placed = sum(one == other for one, other in zip(guess, secret, strict=True))
    return placed, len(set(guess) & set(secret)) - placed


def square(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a Latin square of ``size`` with as few cells given as leave one way; asked is a row."""
    size = parameters["size"]
    squares = _squares(size)
    true = dice.choice(squares)
    cells = [(row, column) for row in range(size) for column in range(size)]
    left, given = squares, []
    while len(left) > 1:
        row, column = dice.choice([cell for cell in cells if cell not in given])
        given.append((row, column))
        left = [one for one in left if one[row][column] == true[row][column]]
    asked = min(range(size), key=lambda row: sum(cell[0] == row for cell in given))
    told = "\n".join(" ".join(str(true[row][column]) if (row, column) in given else "." for column in range(size))
                     for row in range(size))  # fmt: skip
    answer = list(true[asked])
    return short({"square": told, "size": size, "row": asked + 1}, listed(answer), listed(answer[::-1]))


def _squares(size: int) -> list[tuple[tuple[int, ...], ...]]:
    rows = list(permutations(range(1, size + 1)))
    found: list[tuple[tuple[int, ...], ...]] = [()]
    for _ in range(size):
        found = [(*one, row) for one in found for row in rows
                 if all(a != b for above in one for a, b in zip(above, row, strict=True))]  # fmt: skip
    return found


def league(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a league of ``teams`` without draws, its table, and some games; asked is who won another."""
    names = people(dice, parameters["teams"])
    games = [(one, other) for at, one in enumerate(names) for other in names[at + 1 :]]
    while True:
        won = {game: dice.choice(game) for game in games}
        wins = [sum(winner == name for winner in won.values()) for name in names]
        known: list[tuple[str, str]] = dice.sample(games, parameters["known"])
        certain = _certain(names, games, (wins, {game: won[game] for game in known}))
        open_games = [game for game in games if game in certain and game not in known]
        if open_games and len(known) < len(games) - 2:
            break
    one, other = dice.choice(open_games)
    winner = won[one, other]
    table = listed(f"{name} {count}" for name, count in zip(names, wins, strict=True))
    told = listed(f"{won[game]} beat {game[0] if won[game] == game[1] else game[1]}" for game in known)
    return short({"table": table, "known": told, "one": one, "other": other}, winner, one if winner == other else other)


def _certain(
    names: Sequence[str], games: Sequence[tuple[str, str]], told: tuple[list[int], Any]
) -> set[tuple[str, str]]:
    """Return the games whose winner is the same in every season that has this table and these results."""
    wins, known = told
    free = [game for game in games if game not in known]
    seasons = [won for choice in product(*free) for won in [{**known, **dict(zip(free, choice, strict=True))}]
               if [list(won.values()).count(name) for name in names] == wins]  # fmt: skip
    return {game for game in games if len({won[game] for won in seasons}) == 1}


def scales(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw weighings among ``coins`` of which one is false, too heavy or too light; asked is which, and how."""
    letters = "ABCDEFGHIJKL"[: parameters["coins"]]
    true = (dice.choice(letters), dice.choice(("heavy", "light")))
    left = [(coin, how) for coin in letters for how in ("heavy", "light")]
    told = []
    while len(left) > 1:
        chosen = dice.sample(letters, 2 * dice.randint(1, len(letters) // 3))
        pans = chosen[: len(chosen) // 2], chosen[len(chosen) // 2 :]
        seen = _tilt(pans, true)
        fewer = [one for one in left if _tilt(pans, one) == seen]
        if len(fewer) < len(left):
            left = fewer
            told.append(f"{' '.join(pans[0])} against {' '.join(pans[1])}: {seen}")
    answer = f"{true[0]}, {true[1]}"
    return short({"coins": listed(letters), "told": "\n".join(told)}, answer,
                 f"{true[0]}, {'light' if true[1] == 'heavy' else 'heavy'}")  # fmt: skip


def _tilt(pans: tuple[Sequence[str], Sequence[str]], false: tuple[str, str]) -> str:
    coin, how = false
    if coin not in (*pans[0], *pans[1]):
        return "balance"
    return "the left pan goes down" if (coin in pans[0]) == (how == "heavy") else "the right pan goes down"


def foreheads(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw who has a mark on the forehead, and blind ones whom nobody counts on; asked is the round they know in."""
    count = parameters["people"]
    names = people(dice, count)
    marked = sorted(dice.sample(names, dice.randint(2, count - 1)))
    at_least = dice.randint(1, min(parameters["announced"], len(marked)))
    rounds = first_round(count, (len(marked), at_least))
    told = {"names": listed(names), "marked": listed(marked), "at_least": at_least, "count": count}
    return short(told, rounds, len(marked) + (len(marked) == rounds))


def first_round(count: int, marks: tuple[int, int]) -> int:
    """Return the round in which somebody first knows, by crossing out worlds; ``marks``: how many, told at least."""
    true, at_least = marks
    actual = (True,) * true + (False,) * (count - true)
    worlds = {world for world in product((True, False), repeat=count) if sum(world) >= at_least}
    for number in range(1, count + 2):
        if any(_knows(actual, who, worlds) for who in range(count)):
            return number
        worlds = {world for world in worlds if not any(_knows(world, who, worlds) for who in range(count))}
    raise ValueError("nobody ever knows")


def _knows(world: tuple[bool, ...], who: int, worlds: set[tuple[bool, ...]]) -> bool:
    return (*world[:who], not world[who], *world[who + 1 :]) not in worlds


def kin(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a tree of ``people``, told in pairs; asked is who the cousins of one are."""
    names = dice.sample(PEOPLE, 3 + parameters["children"] * 3)
    root, *rest = names
    parents = rest[: parameters["children"]]
    of = dict.fromkeys(parents, root)
    for name in rest[len(parents) :]:
        of[name] = dice.choice(parents)
    cousins = {
        name: [one for one in of if of[one] in parents and of[name] in parents and of[one] != of[name]] for name in of
    }
    asked = dice.choice([name for name in of if of[name] in parents])
    siblings = [one for one in of if of[one] == of[asked] and one != asked]
    facts = [f"{parent} is a parent of {child}." for child, parent in of.items()]
    answer = listed(sorted(cousins[asked])) or "nobody"
    mistaken = listed(sorted([*siblings, *cousins[asked]])) if siblings else listed(sorted(parents))
    return short({"facts": " ".join(dice.sample(facts, len(facts))), "asked": asked}, answer, mistaken)


def weekday(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a day told in a roundabout way, ``hops`` of them; asked is the day of the week a span later."""
    today = dice.randrange(7)
    offset, told = 0, "today"
    for _ in range(parameters["hops"]):
        step, words = dice.choice(
            ((1, "the day after"), (-1, "the day before"), (2, "two days after"), (-3, "three days before"))
        )
        offset, told = offset + step, f"{words} {told}"
    later = dice.randint(40, 400)
    answer = _DAYS[(today + later) % 7]
    values = {"told": told, "day": _DAYS[(today + offset) % 7], "later": later}
    return short(values, answer, _DAYS[(today + offset + later + (1 if offset % 7 == 0 else 0)) % 7])


def between(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw two dates ``years`` apart; asked is how often a weekday falls between, both included."""
    first = date(dice.randint(1996, 2019), dice.randint(1, 12), dice.randint(1, 28))
    last = first + timedelta(days=dice.randint(200, 365 * parameters["years"]))
    wanted = dice.randrange(7)
    count = sum((first + timedelta(days=step)).weekday() == wanted for step in range((last - first).days + 1))
    values = {
        "first": f"{first:%-d %B %Y}",
        "began": _DAYS[first.weekday()],
        "last": f"{last:%-d %B %Y}",
        "wanted": _DAYS[wanted],
    }
    return short(values, count, count + 1)


def overlap(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw how many of a group like each of ``things``; asked is how many like all of them at least."""
    count = dice.randint(60, 140)
    likes = [count - dice.randint(4, count // (parameters["things"] + 2)) for _ in range(parameters["things"])]
    things = dice.sample(("tea", "chess", "rain", "rowing", "opera", "figs"), len(likes))
    told = listed(f"{like} like {thing}" for like, thing in zip(likes, things, strict=True))
    least = sum(likes) - count * (len(likes) - 1)
    return short({"count": count, "told": told}, least, min(likes))
