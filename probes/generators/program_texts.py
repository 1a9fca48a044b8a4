"""What models are hoped and feared to write, by what is asked: a program that is right, and one that nearly is."""

_WATCH = """
def $function(spans):
    free = [True] * $hours
    for begin, length in spans:
        for hour in range(begin, begin + length):
            free[hour % $hours] = False
    return sum(free)
"""
_WATCH_THAT_ENDS_AT_MIDNIGHT = """
def $function(spans):
    taken = set()
    for begin, length in spans:
        taken.update(range(begin, min(begin + length, $hours)))
    return $hours - len(taken)
"""
_CIRCLE = """
def $function(n):
    alive, at, step = list(range(1, n + 1)), 0, $first
    while len(alive) > 1:
        at = (at + step - 1) % len(alive)
        del alive[at]
        step += $grows
    return alive[0]
"""
_CIRCLE_OF_ONE_STEP = """
def $function(n):
    alive, at = list(range(1, n + 1)), 0
    while len(alive) > 1:
        at = (at + $first - 1) % len(alive)
        del alive[at]
    return alive[0]
"""
_PURSE = """
def $function(kinds, total):
    least = [0] + [None] * total
    for kind in kinds:
        before = list(least)
        for amount in range(total + 1):
            for count in range(1, $most + 1):
                rest = amount - count * kind
                if rest >= 0 and before[rest] is not None:
                    if least[amount] is None or before[rest] + count < least[amount]:
                        least[amount] = before[rest] + count
    return -1 if least[total] is None else least[total]
"""
_GREEDY_PURSE = """
def $function(kinds, total):
    used = 0
    for kind in sorted(kinds, reverse=True):
        count = min($most, total // kind)
        used, total = used + count, total - count * kind
    return used if total == 0 else -1
"""
_LEAPER = """
from collections import deque

def $function(wide, high, walls, end):
    seen = {tuple(wall) for wall in walls} | {(0, 0)}
    queue = deque([(0, 0, 0)])
    while queue:
        x, y, leaps = queue.popleft()
        if [x, y] == end:
            return leaps
        for a, b in (($far, $near), ($near, $far)):
            for dx in (a, -a):
                for dy in (b, -b):
                    place = ((x + dx) % wide, (y + dy) % high)
                    if place not in seen:
                        seen.add(place)
                        queue.append((*place, leaps + 1))
    return -1
"""
_LEAPER_WITH_EDGES = """
from collections import deque

def $function(wide, high, walls, end):
    seen = {tuple(wall) for wall in walls} | {(0, 0)}
    queue = deque([(0, 0, 0)])
    while queue:
        x, y, leaps = queue.popleft()
        if [x, y] == end:
            return leaps
        for dx in ($far, -$far):
            for dy in ($near, -$near):
                place = (x + dx, y + dy)
                if 0 <= place[0] < wide and 0 <= place[1] < high and place not in seen:
                    seen.add(place)
                    queue.append((*place, leaps + 1))
    return -1
"""
_NESTING = """
def $function(text):
    closes = {"(": ")", "[": "]", "<": ">"}
    best = 0
    for begin in range(len(text)):
        held = []
        for at in range(begin, len(text)):
            one = text[at]
            if one in closes:
                if one == "$shy" and one in held:
                    break
                held.append(one)
            elif not held or closes[held.pop()] != one:
                break
            if not held:
                best = max(best, at - begin + 1)
    return best
"""
_NESTING_OF_ANY_KIND = _NESTING.replace('if one == "$shy" and one in held', "if False")
_CALENDAR = """
def $function(first, last):
    months = $months

    def since_start(date):
        year, month, day = date
        before = year - 1
        long_ones = before // $every - before // $never
        days = before * sum(months) + long_ones + sum(months[:month - 1]) + day
        if month > $longer and year % $every == 0 and year % $never != 0:
            days += 1
        return days

    return since_start(last) - since_start(first)
"""
_CALENDAR_WITHOUT_LONG_YEARS = """
def $function(first, last):
    months = $months
    count = [year * sum(months) + sum(months[:month - 1]) + day for year, month, day in (first, last)]
    return count[1] - count[0]
"""
_TELLERS = """
def $function(count, said):
    kinds = ["knight", "knave", "fickle"]

    def ways(world):
        if world.count("fickle") > $fickle:
            return 0
        for speaker, of, what in said:
            if max(speaker, of) < len(world) and world[speaker] != "fickle":
                if (world[speaker] == "knight") != (world[of] == what):
                    return 0
        if len(world) == count:
            return 1
        return sum(ways(world + [kind]) for kind in kinds)

    return ways([])
"""
_TELLERS_WITHOUT_THE_FICKLE = _TELLERS.replace('["knight", "knave", "fickle"]', '["knight", "knave"]')
_MACHINE = """
def $function(tape):
    pile, skipping = [], False
    for order in tape:
        if skipping:
            skipping = False
        elif order.isdigit():
            pile.append(int(order) % $width)
        elif order == "skip":
            if pile:
                skipping = pile.pop() == 0
        elif order == "twin":
            pile.extend(pile[-1:])
        elif len(pile) >= 2:
            top, under = pile.pop(), pile.pop()
            if order == "swap":
                pile.extend([top, under])
            elif order == "add":
                pile.append((under + top) % $width)
            else:
                pile.append((under - top) % $width)
    return pile[-1] if pile else -1
"""
_MACHINE_THE_WRONG_WAY_ROUND = _MACHINE.replace("(under - top)", "(top - under)")

TEXTS = {
    "watch": (_WATCH, _WATCH_THAT_ENDS_AT_MIDNIGHT),
    "circle": (_CIRCLE, _CIRCLE_OF_ONE_STEP),
    "purse": (_PURSE, _GREEDY_PURSE),
    "leaper": (_LEAPER, _LEAPER_WITH_EDGES),
    "nesting": (_NESTING, _NESTING_OF_ANY_KIND),
    "calendar": (_CALENDAR, _CALENDAR_WITHOUT_LONG_YEARS),
    "tellers": (_TELLERS, _TELLERS_WITHOUT_THE_FICKLE),
    "machine": (_MACHINE, _MACHINE_THE_WRONG_WAY_ROUND),
}
