"""Statements of which some are true: signs, boxes, formulas, cards, syllogisms."""

import random
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, product
from typing import Any

from probes.generators import Made
from probes.generators.names import people
from probes.generators.short import listed, short
from probes.proving.formula import parsed
from probes.proving.structure import Structure, holds

_COLOURS = ("red", "blue", "green", "amber", "grey", "violet")


def signs(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``doors`` with a sign each, ``true`` of which are true; one door has the lantern."""
    count, true = parameters["doors"], parameters["true"]
    while True:
        claims = [dice.choice(list(_sign_claims(count, door))) for door in range(count)]
        found = [place for place in range(count) if sum(place in where for _, where in claims) == true]
        if len(found) == 1 and len({where for _, where in claims}) == count:
            break
    told = "\n".join(f'Door {door + 1}: "{words}"' for door, (words, _) in enumerate(claims))
    return short({"signs": told, "count": count, "true": true}, found[0] + 1, (found[0] + 1) % count + 1)


def _sign_claims(count: int, door: int) -> list[tuple[str, frozenset[int]]]:
    """Return what a sign may say, with the doors that it allows."""
    every = frozenset(range(count))
    return [
        ("The lantern is behind this door.", frozenset({door})),
        ("The lantern is not behind this door.", every - {door}),
        *(
            (f"The lantern is behind door {a + 1} or door {b + 1}.", frozenset({a, b}))
            for a, b in combinations(every, 2)
        ),
        ("The lantern is behind a door with an odd number.", frozenset(range(0, count, 2))),
        ("The lantern is behind a door with an even number.", frozenset(range(1, count, 2))),
    ]


def models(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a formula in ``letters``; asked is how many assignments make it true."""
    letters = "PQRSTU"[: parameters["letters"]]
    total = 2 ** len(letters)
    while True:
        text = _formula_text(dice, list(letters), parameters["depth"])
        count = sum(holds(parsed(text), one) for one in _assignments(letters))
        if set(letters) <= set(text) and 2 < count < total - 2:
            return short({"formula": text, "letters": listed(letters)}, count, total - count + (2 * count == total))


def _formula_text(dice: random.Random, letters: list[str], depth: int) -> str:
    if not depth:
        return dice.choice(("", "not ")) + dice.choice(letters)
    left, last = (_formula_text(dice, letters, depth - 1) for _ in range(2))
    return f"({left} {dice.choice(('and', 'or', '->', '<->'))} {last})"


def _assignments(letters: str) -> list[Structure]:
    every = product((frozenset({()}), frozenset[tuple[int, ...]]()), repeat=len(letters))
    return [Structure((0,), dict(zip(letters, values, strict=True))) for values in every]


def value(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a formula and the truth of its letters; asked is what it comes to."""
    letters = "PQRST"
    text = _formula_text(dice, list(letters), parameters["depth"])
    chosen = dice.choice(_assignments(letters))
    told = listed(f"{letter} is {'true' if chosen.relations[letter] else 'false'}" for letter in letters)
    answer = holds(parsed(text), chosen)
    return short({"formula": text, "told": told}, str(answer).lower(), str(not answer).lower())


_SAID = ("Every {0} is a {1}.", "Some {0} is a {1}.", "No {0} is a {1}.", "Some {0} is not a {1}.")
_OPPOSITE = (3, 2, 1, 0)
_KINDS = ("zorp", "blicket", "wug", "dax", "fep", "toma", "quib", "lorp")


def syllogism(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``premises`` about kinds of things, and a conclusion that follows, is refuted, or is left open."""
    wanted, count = dice.choice("ABC"), parameters["premises"] + 1
    kinds = dice.sample(_KINDS, count)
    while True:
        links = [dice.sample((at, at + 1), 2) for at in range(count - 1)]
        claims = [(dice.randrange(4), *link) for link in [*links, dice.sample((0, count - 1), 2)]]
        if follows(claims, count) == wanted:
            break
    said = [_SAID[form].format(kinds[one], kinds[other]) for form, one, other in claims]
    told = {"premises": "\n".join(said[:-1]), "conclusion": said[-1]}
    return short(told, wanted, {"A": "C", "B": "C", "C": "A"}[wanted])


def follows(claims: Sequence[tuple[int, int, int]], kinds: int) -> str:
    """Return A when the last claim is true wherever the others are, B when false, C when open, "" when they clash."""
    *premises, (form, one, other) = claims
    can_be_so = _is_possible([*premises, (form, one, other)], kinds)
    can_be_otherwise = _is_possible([*premises, (_OPPOSITE[form], one, other)], kinds)
    return {(True, False): "A", (False, True): "B", (True, True): "C"}.get((can_be_so, can_be_otherwise), "")


def _is_possible(claims: Sequence[tuple[int, int, int]], kinds: int) -> bool:
    """Tell whether claims hold together: in the fullest world that the claims without ``some`` allow, if in any."""
    sorts = [
        sort
        for sort in product((False, True), repeat=kinds)
        if not any(form in (0, 2) and _speaks_of(form, sort[one], sort[other]) for form, one, other in claims)
    ]
    has_members = all(any(sort[kind] for sort in sorts) for kind in range(kinds))
    return has_members and all(
        any(_speaks_of(form, sort[one], sort[other]) for sort in sorts) for form, one, other in claims if form in (1, 3)
    )  # fmt: skip


def _speaks_of(form: int, is_one: bool, is_other: bool) -> bool:  # noqa: FBT001 - truth values
    """Tell whether a thing is of the sort that the claim demands, or forbids."""
    return is_one and is_other == (form in (1, 2))


def cards(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``cards`` with a colour and a number, and a rule; asked is which must be turned to test it."""
    trigger, other, third = dice.sample(_COLOURS, 3)
    limit = dice.randint(30, 60)
    words, breaks = _card_rule(dice, (trigger, other), limit)
    shown: list[Any] = [trigger, other, third, dice.randint(10, limit - 1), dice.randint(limit + 1, 90)]
    shown += [dice.randint(10, limit - 1), limit][: parameters["cards"] - 5]
    dice.shuffle(shown)
    turn = [at for at, face in enumerate(shown, 1) if _may_break(face, breaks, limit)]
    naive = [at for at, face in enumerate(shown, 1) if face == trigger or isinstance(face, int)]
    told = "\n".join(f"Card {at}: {face}" for at, face in enumerate(shown, 1))
    colours = listed(sorted({trigger, other, third}))
    return short({"cards": told, "rule": words, "colours": colours}, listed(turn), listed(naive))


def _card_rule(dice: random.Random, colours: tuple[str, str], limit: int) -> tuple[str, Callable[[str, bool], bool]]:
    """Return a rule, and the pairs of colour and highness that break it."""
    one, other = colours
    return dice.choice([
        (f"If the colour is {one}, the number is greater than {limit}.", lambda c, high: c == one and not high),
        (f"The colour is {one} only if the number is at most {limit}.", lambda c, high: c == one and high),
        (f"Unless the colour is {one}, the number is greater than {limit}.", lambda c, high: c != one and not high),
        (f"If the number is greater than {limit}, the colour is neither {one} nor {other}.",
         lambda c, high: high and c in (one, other)),
    ])  # fmt: skip


def _may_break(face: Any, breaks: Callable[[str, bool], bool], limit: int) -> bool:
    if isinstance(face, int):
        return any(breaks(colour, face > limit) for colour in _COLOURS)
    return any(breaks(face, is_high) for is_high in (True, False))


def boxes(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``boxes`` whose labels are all wrong, and what some were seen to hold; asked is what one holds."""
    things = dice.sample(("cloves", "nails", "lentils", "buttons", "beads", "acorns"), parameters["boxes"])
    wrongs = [order for order in _orders(len(things)) if all(at != one for at, one in enumerate(order))]
    true = dice.choice(wrongs)
    seen: list[int] = []
    while sum(all(order[at] == true[at] for at in seen) for order in wrongs) > 1:
        seen.append(dice.choice([at for at in range(len(things)) if at not in seen]))
    asked = dice.choice([at for at in range(len(things)) if at not in seen])
    told = listed(f"the box labelled {things[at]} holds {things[true[at]]}" for at in seen)
    values = {"labels": listed(things), "seen": told, "asked": things[asked], "names": listed(people(dice, 1))}
    return short(values, things[true[asked]], things[asked])


def _orders(count: int) -> list[tuple[int, ...]]:
    return [order for order in product(range(count), repeat=count) if len(set(order)) == count]
