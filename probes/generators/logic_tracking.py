"""What is where in the end: cups, walks, cubes, lamps, rewriting, inheritance of rules."""

import random
from collections.abc import Mapping
from typing import Any

from probes.generators import Made
from probes.generators.names import people
from probes.generators.short import listed, short

_THINGS = ("coin", "thimble", "pebble", "dice", "bead", "key", "ring", "cork")
_HEADINGS = ((0, 1), (1, 0), (0, -1), (-1, 0))


def swaps(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``swaps`` among ``people``, some of them told by what is held; asked is what one holds in the end."""
    names = people(dice, parameters["people"])
    held = dict(zip(names, dice.sample(_THINGS, len(names)), strict=True))
    began, told = listed(f"{name} has the {thing}" for name, thing in held.items()), []
    start = dict(held)
    for _ in range(parameters["swaps"]):
        one, other = dice.sample(names, 2)
        who = dice.choice((other, f"whoever has the {held[other]}"))
        told.append(f"- {one} swaps with {who}.")
        held[one], held[other] = held[other], held[one]
    asked = dice.choice(names)
    mistaken = next(thing for thing in (start[asked], *held.values()) if thing != held[asked])
    return short({"began": began, "swaps": "\n".join(told), "asked": asked}, held[asked], mistaken)


def walk(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a walk of ``legs``, with turns; asked is the square and heading it ends in."""
    x = y = heading = 0
    told, words = [], {1: "turn right", -1: "turn left", 2: "turn round"}
    for _ in range(parameters["legs"]):
        turn, steps = dice.choice((1, -1, 2)), dice.randint(1, 9)
        is_back = dice.random() < parameters["backwards"]
        told.append(f"{words[turn]}, go {steps} {'backwards' if is_back else 'forwards'}")
        heading = (heading + turn) % 4
        dx, dy = _HEADINGS[heading]
        x, y = (x - dx * steps, y - dy * steps) if is_back else (x + dx * steps, y + dy * steps)
    faces = ("north", "east", "south", "west")[heading]
    return short({"walk": "; ".join(told)}, f"{x}, {y}, {faces}", f"{y}, {x + 1}, {faces}")


def cube(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a cube rolled ``rolls`` times; asked is the colour on top."""
    colours = dice.sample(("red", "blue", "green", "white", "black", "amber"), 6)
    faces = dict(zip(("top", "bottom", "north", "south", "east", "west"), colours, strict=True))
    began = listed(f"{side} {colour}" for side, colour in faces.items())
    rolls = [dice.choice(("north", "south", "east", "west")) for _ in range(parameters["rolls"])]
    for roll in rolls:
        faces = _rolled(faces, roll)
    return short({"faces": began, "rolls": listed(rolls)}, faces["top"], faces["bottom"])


def _rolled(faces: dict[str, str], to: str) -> dict[str, str]:
    """Return the faces after a roll: what was on top is on the side rolled to."""
    back = {"north": "south", "south": "north", "east": "west", "west": "east"}[to]
    return {**faces, to: faces["top"], "bottom": faces[to], back: faces["bottom"], "top": faces[back]}


def lamps(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw passes over ``lamps``, each toggling the multiples of a number; asked is how many burn."""
    count = parameters["lamps"] + dice.randint(0, 9)
    steps = sorted(dice.sample(range(2, 12), parameters["passes"]))
    burning = sum(sum(lamp % step == 0 for step in steps) % 2 for lamp in range(1, count + 1))
    touched = sum(any(lamp % step == 0 for step in steps) for lamp in range(1, count + 1))
    return short({"count": count, "steps": listed(steps)}, burning, touched + (touched == burning))


def rewriting(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a text of ``letters`` to be rewritten by rules that shorten it; asked is where that ends."""
    rules = [("ab", "c"), ("bc", "a"), ("ca", "b"), ("aa", "b"), ("bb", "c"), ("cc", "a")]
    chosen = dice.sample(rules, 4)
    text = "".join(dice.choice("abc") for _ in range(parameters["letters"]))
    told = "\n".join(f"{at}. {old} becomes {new}" for at, (old, new) in enumerate(chosen, 1))
    end = _rewritten(text, chosen)
    return short({"text": text, "rules": told}, end, end + "a")


def _rewritten(text: str, rules: list[tuple[str, str]]) -> str:
    while rule := next(((old, new) for old, new in rules if old in text), None):
        text = text.replace(*rule, 1)
    return text


def policies(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``rules`` with exceptions, the last that fits winning; asked is who may come in."""
    tests = {"carries a parcel": 1, "wears a badge": 2, "is a guest": 4, "came by boat": 8}
    words = list(tests)
    rules = [(dice.sample(words, dice.choice((1, 1, 2))), dice.random() < 0.5) for _ in range(parameters["rules"])]
    names = people(dice, 6)
    has = {name: {word for word in words if dice.random() < 0.5} for name in names}
    admitted = [name for name in names if _admits(rules, has[name])]
    told = [f"{at}. Who {' and '.join(test)} {'comes in' if is_let else 'stays out'}."
            for at, (test, is_let) in enumerate(rules, 1)]  # fmt: skip
    facts = [f"{name}: {listed(sorted(has[name])) or 'none of these'}" for name in names]
    others = [name for name in names if name not in admitted]
    return short({"rules": "\n".join(told), "facts": "\n".join(facts)}, listed(sorted(admitted)) or "nobody",
                 listed(sorted(others)) or "nobody")  # fmt: skip


def _admits(rules: list[tuple[list[str], bool]], has: set[str]) -> bool:
    return next((is_let for test, is_let in reversed(rules) if set(test) <= has), False)
