"""Errands in a queue of tickets: rules to apply to each, with exceptions."""

import random
from collections.abc import Mapping
from typing import Any

from probes.generators import Made
from probes.generators.names import TEAMS, people
from probes.script import Call, does

Changes = dict[str, dict[str, str]]
_PARTS = ("printer", "badge", "heating", "lift")


def same_error(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``tickets`` with error codes; all but the first of a code are duplicates."""
    codes = [f"E-{dice.randint(100, 103)}" for _ in range(parameters["tickets"])]
    codes[-1] = codes[0]
    told = [f"It stopped{dice.choice((' again', '', ' at night'))}, the screen says {code}." for code in codes]
    first = {code: f"t{codes.index(code) + 1}" for code in codes}
    changes = {
        f"t{place}": {"status": "closed", "duplicate_of": first[code]}
        for place, code in enumerate(codes, 1)
        if first[code] != f"t{place}"
    }
    mistaken = {key: {"status": "closed"} for key in changes}
    return _made(told, changes, mistaken, {})


def owners(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``tickets`` for four parts with an owner each; what is urgent goes to the lead."""
    *own, lead = people(dice, 5)
    parts = [dice.choice(_PARTS) for _ in range(parameters["tickets"])]
    urgent = [dice.random() < 0.3 for _ in parts]
    urgent[0] = True
    told = [
        f"The {part} does not work.{' It is URGENT!' if is_so else ''}"
        for part, is_so in zip(parts, urgent, strict=True)
    ]
    by_part = dict(zip(_PARTS, own, strict=True))
    mistaken = {f"t{place}": {"owner": by_part[part]} for place, part in enumerate(parts, 1)}
    changes = {key: {"owner": lead} if urgent[int(key[1:]) - 1] else one for key, one in mistaken.items()}
    rules = ", ".join(f"{part}: {who}" for part, who in by_part.items())
    return _made(told, changes, mistaken, {"rules": rules, "lead": lead})


def priorities(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``tickets`` to be ranked by three rules, the first of which that holds decides."""
    facts = [(dice.randint(1, 60), dice.random() < 0.3, dice.randint(1, 9)) for _ in range(parameters["tickets"])]
    facts += [(55, True, 9), (45, False, 1)]
    told = [
        f"{count} people wait, {'there is a way round' if way else 'no way round'}, day {days}."
        for count, way, days in facts
    ]
    changes = {f"t{place}": {"priority": _priority(*fact)} for place, fact in enumerate(facts, 1)}
    mistaken = {f"t{place}": {"priority": _priority(fact[0], False, fact[2])} for place, fact in enumerate(facts, 1)}  # noqa: FBT003
    return _made(told, changes, mistaken, {})


def unblocked(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``tickets`` each blocked by earlier ones; what hangs on the bad one, however far, must wait."""
    count = parameters["tickets"]
    blocks = [sorted(dice.sample(range(place), min(place, dice.randint(0, 2)))) for place in range(count)]
    blocks[2], blocks[4], blocks[3] = [1], [2], []
    waits = {1}
    for place in range(2, count):
        if waits & set(blocks[place]):
            waits.add(place)
    told = [f"Needs: {', '.join(f't{one + 1}' for one in needs) or 'nothing'}." for needs in blocks]
    changes = {f"t{place + 1}": {"status": "waiting"} for place in sorted(waits)}
    near = {f"t{place + 1}": {"status": "waiting"} for place in range(count) if place == 1 or 1 in blocks[place]}
    return _made(told, changes, near, {"part": dice.choice(_PARTS)})


def _priority(count: int, has_way: bool, days: int) -> str:  # noqa: FBT001
    if has_way:
        return "low"
    if count >= 40:
        return "urgent"
    return "high" if days >= 7 else "normal"


def _made(told: list[str], changes: Changes, mistaken: Changes, values: Mapping[str, Any]) -> Made:
    titles = [f"Report {place} of the {TEAMS[place % len(TEAMS)]}" for place in range(1, len(told) + 1)]
    plain = {f"t{place}": {"title": titles[place - 1], "text": text} for place, text in enumerate(told, 1)}
    blank = {"status": "open", "owner": "", "priority": "normal", "duplicate_of": ""}
    after = {key: {**blank, **one, "comments": [], **changes.get(key, {})} for key, one in plain.items()}
    ways = [
        [
            Call("set_ticket", {"id": key, "field": name, "value": value})
            for key, fields in way.items()
            for name, value in fields.items()
        ]
        for way in (changes, mistaken)
    ]
    reading = [Call("read_ticket", {"id": key}) for key in plain]
    return Made(
        values=values,
        expected={"state": {"tickets": {"tickets": after}}},
        reference=does([*reading, *ways[0]], "Done."),
        wrong=does([*reading, *ways[1]], "Done."),
        environment={"tickets": {"tickets": plain}},
    )
