"""Where care is due: doses and their units, a kiln with rules, shelves, and a leaflet that somebody would not heed."""

import random
from collections.abc import Mapping
from decimal import Decimal
from itertools import combinations
from typing import Any

from probes.generators import Made
from probes.generators.names import places
from probes.generators.short import short


def dose(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a dose for a horse by its weight, and an order of one of the ``cases``: right, thousandfold, maximum."""
    per_kilo, weight, volume = 20 * dice.randint(2, 9), 10 * dice.randint(21, 60), dice.choice((2, 4, 5))
    micrograms, case = per_kilo * weight, dice.choice(parameters["cases"])
    ordered = Decimal(micrograms * 1000 if case == "thousandfold" else micrograms)
    most = micrograms - 1000 if case == "maximum" else micrograms + 1000 * dice.randint(5, 20)
    values = {
        "per_kilo": per_kilo,
        "weight": weight,
        "most": f"{Decimal(most) / 1000:f}",
        "strength": f"{Decimal(micrograms) / volume / 1000:f}",
        "order": dice.choice((f"{ordered / 1000:f} mg", f"{ordered:f} micrograms")),
        "medicine": f"{places(dice, 1)[0].lower()}ol",
    }
    return short(values, *((volume, "stop") if case == "right" else ("stop", volume)))


def kiln(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``steps`` at a kiln; which is the first that breaks a rule is asked, 0 if none."""
    now = {"fan": 0, "gas": 0, "door": 0, "degrees": 20}
    steps: list[str] = []
    first = 0
    while len(steps) < parameters["steps"]:
        step = dice.choice(sorted(_STEPS))
        thing, becomes = _STEPS[step]
        breaks = _breaks(thing, becomes, now)
        if not _changes(step, now) or (breaks and dice.random() < 0.85):
            continue
        steps.append(step)
        now[thing] = becomes
        first = first or (len(steps) if breaks else 0)
    sheet = "\n".join(f"{at} {step}" for at, step in enumerate(steps, 1))
    return short({"sheet": sheet}, first, 0 if first else len(steps))


def shelves(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``shelves`` with substances of four classes; those with two that may not stand together are counted."""
    classes = dict(zip(_SUBSTANCES, dice.choices("PQRS", k=len(_SUBSTANCES)), strict=True))
    barred = dice.sample(list(combinations("PQRS", 2)), 2)
    rows = [dice.sample(_SUBSTANCES, dice.randint(2, 3)) for _ in range(parameters["shelves"])]
    kinds = [{classes[one] for one in row} for row in rows]
    bad = sum(any(set(pair) <= own for pair in barred) for own in kinds)
    values = {
        "classes": "\n".join(f"{name}: class {kind}" for name, kind in classes.items()),
        "barred": " nor ".join(f"{one} with {other}" for one, other in barred),
        "sheet": "\n".join(f"shelf {at}: {', '.join(row)}" for at, row in enumerate(rows, 1)),
    }
    return short(values, bad, 0 if bad else 1)


def leaflet(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a child's signs near the limits of a leaflet, its age among ``ages`` in months."""
    fever, days = dice.choice((384, 385, 389, 390, 391)), dice.randint(1, 4)
    age, drinks = dice.choice(parameters["ages"]), dice.random() < 0.8
    is_urgent = not drinks or (age <= 3 and fever >= 385)
    letter = "A" if is_urgent else "B" if fever >= 390 and days >= 3 else "C"
    lasting = "1 day" if days == 1 else f"{days} days"
    signs = f"{age} months old, with {fever // 10}.{fever % 10} degrees for {lasting} now"
    told = f"{signs}, and {'drinks well' if drinks else 'does not drink'}"
    return short({"signs": told}, letter, "C" if letter != "C" else "A")


_SUBSTANCES = ("arvane", "belisol", "corvite", "dullwater", "estrin", "fumaline", "gristol", "hexaflame")
_STEPS: Mapping[str, tuple[str, int]] = {
    "start the fan": ("fan", 1),
    "stop the fan": ("fan", 0),
    "turn the gas on": ("gas", 1),
    "turn the gas off": ("gas", 0),
    "open the door": ("door", 1),
    "close the door": ("door", 0),
    "heat to 300 degrees": ("degrees", 300),
    "cool to 90 degrees": ("degrees", 90),
    "cool to 40 degrees": ("degrees", 40),
}


def _changes(step: str, now: Mapping[str, int]) -> bool:
    thing, becomes = _STEPS[step]
    return now[thing] > becomes if step.startswith("cool") else now[thing] != becomes


def _breaks(thing: str, becomes: int, now: Mapping[str, int]) -> bool:
    rules = {
        ("gas", 1): not now["fan"],
        ("fan", 0): bool(now["gas"]),
        ("door", 1): now["degrees"] >= 60,
        ("degrees", 300): bool(now["door"]) or not now["gas"],
    }
    return rules.get((thing, becomes), False)
