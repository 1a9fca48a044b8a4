"""Small programs to be written: what they must give is found here by trying everything, the references are quicker."""

import random
from collections.abc import Mapping, Sequence
from itertools import product
from string import Template
from typing import Any

from probes.generators import Made
from probes.generators.program_texts import TEXTS

_Case = list[Any]
_NAMES = ("solve", "answer", "compute", "result_of", "worked_out")


def _made(dice: random.Random, what: str, values: Mapping[str, Any], cases: Sequence[_Case]) -> Made:
    function = dice.choice(_NAMES)
    filled = {"function": function, **values}
    reference, wrong = (f"```python\n{Template(text).substitute(filled).strip()}\n```" for text in TEXTS[what])
    first, *_ = cases
    example = f"{function}({', '.join(repr(one) for one in first[0])}) gives {first[1]!r}"
    return Made({**filled, "example": example}, {"function": function, "cases": list(cases)}, reference, wrong)


def watch(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw watches on a round clock, some over its zero; asked are the hours that nobody has."""
    hours = dice.randint(*parameters["hours"])
    cases: list[_Case] = []
    for count in (2, 0, 1, 3, 4, 5, 6):
        spans = [[dice.randrange(hours), dice.randint(1, hours // 3)] for _ in range(count)]
        if count > 1:
            spans[0][0] = hours - 1
            spans[0][1] = max(2, spans[0][1])
        had = {(begin + step) % hours for begin, length in spans for step in range(length)}
        cases.append([[spans], hours - len(had)])
    return _made(dice, "watch", {"hours": hours, "last_hour": hours - 1}, cases)


def circle(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a counting-out whose step grows."""
    first, grows = dice.randint(2, 4), dice.randint(1, 3)
    sizes = [5, 1, 2, *dice.sample(range(6, parameters["most"]), 5)]
    return _made(dice, "circle", {"first": first, "grows": grows}, [[[n], _last_left(n, first, grows)] for n in sizes])


def _last_left(count: int, step: int, grows: int) -> int:
    ring = list(range(1, count + 1))
    while len(ring) > 1:
        for _ in range(step - 1):
            ring.append(ring.pop(0))
        ring.pop(0)
        step += grows
    return ring[0]


def purse(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw kinds of coins with so many of each; asked are the fewest that pay a sum."""
    most = dice.randint(2, parameters["most"])
    cases: list[_Case] = [[[[4, 3, 1], 6], 2]]
    while len(cases) < 9:
        kinds = dice.sample(range(2, 15), 3)
        total = dice.randint(5, 40)
        cases.append([[kinds, total], _fewest(kinds, total, most)])
    return _made(dice, "purse", {"most": most}, cases)


def _fewest(kinds: Sequence[int], total: int, most: int) -> int:
    counts = product(range(most + 1), repeat=len(kinds))
    pays = [sum(one) for one in counts if sum(k * n for k, n in zip(kinds, one, strict=True)) == total]
    return min(pays, default=-1)


def leaper(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a piece that leaps on a board whose edges meet; asked are the fewest leaps round the walls."""
    far, near = dice.choice(((2, 1), (3, 1), (3, 2)))
    cases: list[_Case] = []
    while len(cases) < 7:
        wide, high = dice.randint(4, parameters["side"]), dice.randint(4, parameters["side"])
        cells = list(product(range(wide), range(high)))
        end, *walls = dice.sample(cells[1:], 1 + len(cells) // 4)
        told = [list(wall) for wall in sorted(walls)]
        cases.append([[wide, high, told, list(end)], _leaps((wide, high), set(walls), end, (far, near))])
    return _made(dice, "leaper", {"far": far, "near": near}, cases)


def _leaps(size: tuple[int, int], walls: set[tuple[int, int]], end: tuple[int, int], leap: tuple[int, int]) -> int:
    """Widen what is reached in so many leaps until nothing is new."""
    steps = [(x * dx, y * dy) for x, y in (leap, leap[::-1]) for dx, dy in product((1, -1), repeat=2)]
    reached, count = {(0, 0)}, 0
    while end not in reached:
        wider = {((x + dx) % size[0], (y + dy) % size[1]) for x, y in reached for dx, dy in steps} - walls
        if wider <= reached:
            return -1
        reached, count = reached | wider, count + 1
    return count


def nesting(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw texts of brackets, of which one kind may not stand within itself; asked is the longest proper part."""
    shy = dice.choice("([<")
    cases: list[_Case] = [[["[<[]>]" if shy == "[" else "[(<([])>)]" if shy == "(" else "(<[<>]>)"], 0]]
    while len(cases) < 9:
        text = "".join(dice.choice("([<)]>") for _ in range(dice.randint(0, 6)))
        text += _proper(dice, parameters["depth"]) + "".join(dice.choice(")]>") for _ in range(dice.randint(0, 2)))
        cases.append([[text], 0])
    for case in cases:
        case[1] = _longest(case[0][0], shy)
    return _made(dice, "nesting", {"shy": shy, "close": _CLOSES[shy]}, cases)


_CLOSES = {"(": ")", "[": "]", "<": ">"}


def _proper(dice: random.Random, depth: int) -> str:
    if not depth:
        return ""
    opens = dice.choice("([<")
    return opens + _proper(dice, depth - 1) + _CLOSES[opens] + _proper(dice, dice.randrange(depth))


def _longest(text: str, shy: str) -> int:
    spans = [(a, b) for a in range(len(text)) for b in range(a + 1, len(text) + 1) if _is_proper(text[a:b], shy)]
    return max((b - a for a, b in spans), default=0)


def _is_proper(text: str, shy: str) -> bool:
    held: list[str] = []
    for one in text:
        if one in _CLOSES:
            if one == shy and shy in held:
                return False
            held.append(one)
        elif not held or _CLOSES[held.pop()] != one:
            return False
    return not held


def calendar(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw an invented calendar with long years and exceptions; asked are the days from one date to another."""
    months = [dice.randint(18, 33) for _ in range(dice.randint(4, 7))]
    every, never, longer = dice.randint(3, 5), dice.choice((2, 3)), dice.randint(1, len(months))
    rule = (months, every, every * never, longer)
    cases = [[[[1, 1, 1], [2, 1, 1]], sum(months)]]
    while len(cases) < 8:
        first = dice.randint(1, 30)
        years = sorted((first, first + dice.randint(0, parameters["years"])))
        dates = sorted([year, dice.randint(1, len(months)), dice.randint(1, 18)] for year in years)
        cases.append([dates, _days(dates[0], dates[1], rule)])
    values = {"months": months, "count": len(months), "every": every, "never": every * never, "longer": longer}
    return _made(dice, "calendar", values, cases)


def _days(first: Sequence[int], last: Sequence[int], rule: tuple[Sequence[int], int, int, int]) -> int:
    """Turn the leaves one by one."""
    months, every, never, longer = rule
    (year, month, day), count = first, 0
    while [year, month, day] != list(last):
        is_long = month == longer and year % every == 0 and year % never != 0
        day, count = day + 1, count + 1
        if day > months[month - 1] + is_long:
            month, day = month + 1, 1
        if month > len(months):
            year, month = year + 1, 1
    return count


def tellers(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw who says what of whom; asked is in how many ways each may be a knight, a knave or a fickle one."""
    fickle = dice.randint(1, 2)
    cases: list[_Case] = []
    while len(cases) < 7:
        count = dice.randint(2, parameters["people"])
        pairs = [[dice.randrange(count), dice.randrange(count), dice.choice(("knight", "knave", "fickle"))]
                 for _ in range(count + 1)]  # fmt: skip
        cases.append([[count, pairs], _ways(count, pairs, fickle)])
    return _made(dice, "tellers", {"fickle": fickle}, cases)


def _ways(count: int, said: Sequence[Sequence[Any]], fickle: int) -> int:
    worlds = product(("knight", "knave", "fickle"), repeat=count)
    return sum(world.count("fickle") <= fickle and all(_may_say(world, *one) for one in said) for world in worlds)


def _may_say(world: Sequence[str], speaker: int, of: int, what: str) -> bool:
    return world[speaker] == "fickle" or (world[speaker] == "knight") == (world[of] == what)


def machine(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw tapes of orders for a machine with a pile of numbers; asked is the top when it halts."""
    width = dice.choice((7, 11, 13, 17))
    cases: list[_Case] = [[[["5", "3", "take", "twin"]], 2]]
    while len(cases) < 9:
        orders = dice.choices(("twin", "swap", "add", "take", "skip"), k=parameters["orders"])
        tape = [str(dice.randrange(width)) if dice.random() < 0.4 else one for one in orders]
        cases.append([[["4", "9", *tape]], _halted(["4", "9", *tape], width)])
    return _made(dice, "machine", {"width": width, "top": width - 1}, cases)


def _halted(tape: Sequence[str], width: int) -> int:
    pile: tuple[int, ...] = ()
    at = 0
    while at < len(tape):
        order, at = tape[at], at + 1
        if order.isdigit():
            pile = (*pile, int(order) % width)
        elif order == "skip" and pile:
            at, pile = at + (pile[-1] == 0), pile[:-1]
        elif order == "twin" and pile:
            pile = (*pile, pile[-1])
        elif len(pile) > 1 and order in ("swap", "add", "take"):
            under, top = pile[-2:]
            pile = (
                pile[:-2]
                + {"swap": (top, under), "add": ((under + top) % width,), "take": ((under - top) % width,)}[order]
            )
    return pile[-1] if pile else -1
