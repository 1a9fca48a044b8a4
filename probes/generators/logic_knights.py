"""Knights, who only tell the truth, and knaves, who only lie."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from probes.generators import Made
from probes.generators.names import people

_Kinds = tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one of them says: ``words``, and whether it is so when these are knights."""

    words: str
    holds: Callable[[_Kinds], bool]


def knights(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``people`` of them, one claim each, such that there is exactly one solution."""
    names = people(dice, parameters["people"])
    while True:
        claims = [_claim(dice, names, speaker) for speaker in range(len(names))]
        solutions = list(_solutions(claims))
        if len(solutions) == 1 and 0 < sum(solutions[0]) < len(names):
            break
    said = "\n".join(f'{name}: "{claim.words}"' for name, claim in zip(names, claims, strict=True))
    return Made(
        values={"names": ", ".join(names), "said": said},
        expected={"answer": _knights(names, solutions[0])},
        reference=f"Only one assignment agrees with all of them.\nAnswer: {_knights(names, solutions[0])}",
        wrong=f"The first one sounds honest.\nAnswer: {_knights(names, [not one for one in solutions[0]])}",
    )


def _knights(names: Sequence[str], kinds: Sequence[bool]) -> str:
    return ", ".join(sorted(name for name, kind in zip(names, kinds, strict=True) if kind))


def _solutions(claims: Sequence[_Claim]) -> Iterator[_Kinds]:
    """Yield every assignment under which knights, and they alone, say what is so."""
    for kinds in product((True, False), repeat=len(claims)):
        if all(claim.holds(kinds) == kind for claim, kind in zip(claims, kinds, strict=True)):
            yield kinds


def _claim(dice: random.Random, names: Sequence[str], speaker: int) -> _Claim:
    one, other = dice.sample([place for place in range(len(names)) if place != speaker], 2)
    count = dice.randint(1, len(names) - 1)
    are = "is a knight" if count == 1 else "are knights"
    return dice.choice([
        _Claim(f"{names[one]} is a knave.", lambda kinds: not kinds[one]),
        _Claim(f"{names[one]} and {names[other]} are of the same kind.", lambda kinds: kinds[one] == kinds[other]),
        _Claim(f"If {names[one]} is a knight, so is {names[other]}.", lambda kinds: not kinds[one] or kinds[other]),
        _Claim(f"Exactly {count} of us {are}.", lambda kinds: sum(kinds) == count),
    ])  # fmt: skip
