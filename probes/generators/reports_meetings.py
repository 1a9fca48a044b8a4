"""Reports of what people said: who changed their mind, who took over, and what is nobody else's business."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from probes.generators import Made
from probes.generators.names import people
from probes.generators.reporting import MONTHS, bullets, clock, dated, day, reported, table
from probes.generators.short import listed

_PLANS = (
    "sell the old barge", "paint the pavilion", "buy a second kiln", "repair the fence", "close the kiosk",
    "plant an orchard", "rent the cellar", "raise the fees", "move the archive", "build a footbridge",
)  # fmt: skip
_TASKS = (
    "call the insurer", "measure the attic", "order the sand", "book the hall", "count the chairs", "copy the keys",
    "write to the mayor", "test the alarm", "print the posters", "water the ferns",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Task:
    """Who does what, by which date."""

    who: str
    what: str
    due: int


def minutes(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a meeting: of ``plans`` some fail and one is taken back, of ``tasks`` ``handed`` are passed on."""
    members, plans, handed = people(dice, 6), dice.sample(_PLANS, parameters["plans"]), parameters["handed"]
    refused, first = set(plans[1::3]), _promised(dice, members, parameters["tasks"])
    final = [*(_passed_on(dice, members, one) for one in first[:handed]), *first[handed:]]
    said = [line for plan in plans for line in _proposal(dice, members, (plan, plan not in refused))]
    said += [f"{one.who}: I shall {one.what} by {day(one.due)}." for one in first]
    said += [
        f"{members[0]}: As to the plan to {plans[0]}, we cannot pay for it.",
        f"{members[1]}: Then not. All agree.",
    ]
    said += [line for one, now in zip(first[:handed], final, strict=False) for line in _handover(one, now)]
    kept = [plan for plan in plans[1:] if plan not in refused]
    due = [[one.who, one.what.split()[-1], dated(one.due)] for one in final]
    sections = {
        "Decided": {"any_order": [[plan.split()[-1]] for plan in kept]},
        "To do": {"any_order": due, "lacks": [dated(one.due) for one in first[:handed]]},
    }
    return reported(said, {"sections": sections}, (_minuted(kept, final), _minuted([plans[0], *kept], first)))


def _promised(dice: random.Random, members: Sequence[str], count: int) -> list[_Task]:
    dates = dice.sample(range(0, 300, 2), count)
    return [_Task(dice.choice(members), what, due) for what, due in zip(dice.sample(_TASKS, count), dates, strict=True)]


def _passed_on(dice: random.Random, members: Sequence[str], task: _Task) -> _Task:
    """Return the task with another owner, due on an odd day: no date that was given up."""
    return _Task(dice.choice([one for one in members if one != task.who]), task.what, dice.randrange(1, 300, 2))


def _handover(task: _Task, now: _Task) -> tuple[str, str]:
    asks = f"{task.who}: I cannot {task.what} after all. {now.who}, would you?"
    return asks, f"{now.who}: Yes, but only by {day(now.due)}."


def _proposal(dice: random.Random, members: Sequence[str], plan: tuple[str, bool]) -> tuple[str, str]:
    one, other = dice.sample(members, 2)
    return f"{one}: I propose to {plan[0]}.", f"{other}: {'Agreed' if plan[1] else 'No'}, and so say all."


def _minuted(plans: Iterable[str], tasks: Iterable[_Task]) -> str:
    todo = bullets(f"{one.who}: {one.what} by {day(one.due)}" for one in tasks)
    return f"## Decided\n{bullets(f'We {plan}.' for plan in plans)}\n\n## To do\n{todo}"


def votes(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``motions`` on which ``members`` vote, ``changes`` of which are corrected afterwards."""
    members = people(dice, parameters["members"])
    kinds = ("for", "against", "abstained")
    cast = [{who: dice.choice(kinds) for who in members} for _ in range(parameters["motions"])]
    first = [dict(one) for one in cast]
    lines = [
        f"Motion {place}. {listed(f'{who} {its[who]}' for who in dice.sample(members, len(members)))}."
        for place, its in enumerate(cast, 1)
    ]
    for place, who in enumerate(dice.sample(members, parameters["changes"])):
        motion = place % len(cast)
        now = dice.choice([kind for kind in kinds if kind != cast[motion][who]])
        cast[motion][who] = now
        lines.append(f"Afterwards {who} has it put on record that on motion {motion + 1} the vote was meant as {now}.")
    columns = ("Motion", "For", "Against", "Abstained", "Result")
    rows, wrong = ([_tallied(place, its) for place, its in enumerate(all_, 1)] for all_ in (cast, first))
    expected = {"columns": list(columns), "rows": rows, "derived": list(range(len(members) + 1))}
    return reported(lines, expected, (table(columns, rows), table(columns, wrong)))


def _tallied(place: int, votes: Mapping[str, str]) -> list[object]:
    said = list(votes.values())
    carried = said.count("for") > said.count("against")
    counts = (said.count(kind) for kind in ("for", "against", "abstained"))
    return [place, *counts, "carried" if carried else "lost"]


def dues(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``tasks`` whose dates hang on one another; asked are the dates, in their order."""
    count = parameters["tasks"]
    who, month = people(dice, count), dice.choice(MONTHS)
    dates = dice.sample(range(2, 28), count)
    told = [f"{who[0]} is done on {dates[0]} {month}."]
    for place in range(1, count):
        base = dice.randrange(place)
        gap = dates[place] - dates[base]
        days = f"{abs(gap)} day{'s' if abs(gap) > 1 else ''}"
        told.append(f"{who[place]} is done {days} {'after' if gap > 0 else 'before'} {who[base]}.")
    order = sorted(range(count), key=lambda place: dates[place])
    swapped = [order[1], order[0], *order[2:]]
    said = [bullets(f"{dates[place]} {month}: {who[place]}" for place in way) for way in (order, swapped)]
    items = [[who[place], dates[place]] for place in order]
    expected = {"items": items, "derived": dates}
    return reported(dice.sample(told, count), expected, (said[0], said[1]))


def letters(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``tenants``, what each is to be told, and what was said of them in confidence."""
    tenants = people(dice, parameters["tenants"])
    count = len(tenants)
    rents, debts = dice.sample(range(400, 699), count), dice.sample(range(700, 990), count)
    times, dates = dice.sample(range(480, 1080), count), dice.sample(range(300), count)
    lines = [f"{who}: new rent {rent} euros" for who, rent in zip(tenants, rents, strict=True)]
    visits = [f"{day(on)} at {clock(at)}" for on, at in zip(dates, times, strict=True)]
    lines += [f"{who}: the plumber comes on {visit}" for who, visit in zip(tenants, visits, strict=True)]
    lines += [f"In confidence: {who} owes {owed} euros" for who, owed in zip(tenants, debts, strict=True)]
    order = sorted(range(count), key=lambda place: tenants[place])
    sections = {
        tenants[place]: {
            "words": [12, 45],
            "has": [rents[place], dated(dates[place]), clock(times[place])],
            "lacks": [*_others(rents, place), *_others(tenants, place), *map(clock, _others(times, place))],
        }
        for place in order
    }
    texts = [f"Your new rent is {rents[place]} euros. The plumber comes on {visits[place]}." for place in range(count)]
    good = "\n\n".join(f"## {tenants[place]}\n{texts[place]}" for place in order)
    told = f"{texts[order[-1]]} You still owe {debts[order[-1]]} euros, and {tenants[order[0]]} pays {rents[order[0]]}."
    expected = {"headings": list(sections), "sections": sections, "lacks": [*debts, "confidence"]}
    return reported(dice.sample(lines, len(lines)), expected, (good, good.replace(texts[order[-1]], told)))


def _others(values: Sequence[Any], place: int) -> list[Any]:
    return [*values[:place], *values[place + 1 :]]


def quotes(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``witnesses``; each is to be quoted to the letter, and some of what they say is off the record."""
    witnesses = people(dice, parameters["witnesses"])
    seen = (
        "I counted {} crates on the quay and not one more", "there were {} lights out on the water",
        "someone knocked {} times and went away", "the bell rang {} times although nobody was there",
        "{} sacks had been moved since the evening", "I found {} wet footprints on the stairs",
    )  # fmt: skip
    numbers = dice.sample(range(13, 60), 2 * len(witnesses))
    said = [dice.choice(seen).format(number) for number in numbers]
    told = list(zip(witnesses, said, said[len(witnesses) :], strict=False))
    lines = []
    for who, open_, closed in told:
        both = [f'{who}: "{open_}."', f'{who}, off the record: "{closed}."', f'{who}: "It was a cold night."']
        lines += dice.sample(both, 3)
    order = sorted(told)
    expected = {
        "items": [[who, open_] for who, open_, _ in order],
        "lacks": [*(closed for *_, closed in told), *numbers[len(witnesses) :], "cold"],
    }
    good = bullets(f'{who}: "{open_}."' for who, open_, _ in order)
    bad = bullets(f'{who}: "{closed}."' for who, _, closed in order)
    return reported(dice.sample(lines, len(lines)), expected, (good, bad))
