"""What generators of logic and proofs answer, computed a second way."""

import random
from itertools import product

import pytest

from probes.generators.logic_deducing import first_round
from probes.generators.logic_planning import crossing, wins
from probes.generators.logic_statements import follows
from probes.generators.logic_tracking import cube
from probes.proving.formula import parsed
from probes.proving.structure import Structure, holds
from probes.question import Question
from tests.probes.shipped import SHIPPED

THEOREMS = [one for one in SHIPPED if one.scorer == "deduction"]
_FORMS = ("all x (K{}(x) -> K{}(x))", "exists x (K{}(x) and K{}(x))", "not exists x (K{}(x) and K{}(x))",
          "exists x (K{}(x) and not K{}(x))")  # fmt: skip


def worlds(kinds: int, size: int) -> list[Structure]:
    every = product(product((False, True), repeat=kinds), repeat=size)
    return [
        Structure(
            tuple(range(size)),
            {f"K{at}": frozenset((n,) for n, one in enumerate(world) if one[at]) for at in range(kinds)},
        )
        for world in every
        if all(any(one[at] for one in world) for at in range(kinds))
    ]


def test_syllogisms_hold_in_every_small_world() -> None:
    every = worlds(3, 3)
    dice = random.Random(4)
    for _ in range(25):
        pairs = [dice.sample(pair, 2) for pair in ((0, 1), (1, 2), (0, 2))]
        claims = [(dice.randrange(4), one, other) for one, other in pairs]
        read = [parsed(_FORMS[form].format(one, other)) for form, one, other in claims]
        found = {holds(read[-1], world) for world in every if all(holds(one, world) for one in read[:-1])}
        allowed = {"A": {True}, "B": {False}, "C": {True, False}, "": set()}[follows(claims, 3)]
        assert found <= allowed


@pytest.mark.parametrize(
    ("times", "least"), [((1, 2, 5, 10), 17), ((1, 2), 2), ((1, 3, 4, 5), 14), ((2, 19, 20, 21), 64)]
)
def test_crossings_are_the_faster_of_two_ways(times: tuple[int, ...], least: int) -> None:
    assert crossing(times) == least


@pytest.mark.parametrize("size", range(30))
def test_a_heap_of_one_to_three_is_lost_at_multiples_of_four(size: int) -> None:
    assert wins(size, (1, 2, 3)) == (size % 4 != 0)


@pytest.mark.parametrize(("marks", "known"), [((3, 1), 3), ((4, 2), 3), ((2, 2), 1)])
def test_foreheads_are_known_one_round_for_each_that_is_not_announced(marks: tuple[int, int], known: int) -> None:
    assert first_round(6, marks) == known


def test_a_cube_rolled_round_shows_its_top_again() -> None:
    made = cube(random.Random(1), {"rolls": 0})
    assert f"top {made.expected['answer']}" in made.values["faces"]


@pytest.mark.parametrize("question", THEOREMS, ids=lambda one: one.id)
def test_theorems_are_true_in_every_small_structure(question: Question) -> None:
    told = question.instance(1).expected
    premises, goal = [parsed(one) for one in told["premises"]], parsed(told["goal"])
    text = " ".join((*told["premises"], told["goal"]))
    letters = sorted({letter for letter in text if letter.isupper()})
    ranks = {
        letter: 2 if f"{letter}(x, " in text or f"{letter}(y, " in text else int(f"{letter}(" in text)
        for letter in letters
    }
    places = {rank: list(product((0, 1), repeat=rank)) for rank in (0, 1, 2)}
    relations = [[frozenset(p for p, is_in in zip(places[ranks[one]], chosen, strict=True) if is_in)
                  for chosen in product((0, 1), repeat=len(places[ranks[one]]))] for one in letters]  # fmt: skip
    for chosen in product(*relations):
        world = Structure((0, 1), dict(zip(letters, chosen, strict=True)))
        assert holds(goal, world) or not all(holds(one, world) for one in premises)
