"""Reports on a night of operations: what was corrected, taken over or done must not be told as it first stood."""

import random
from collections.abc import Mapping
from typing import Any

from probes.generators import Made
from probes.generators.names import TEAMS, people, places
from probes.generators.reporting import bullets, clock, dated, day, reported, rising, table

_OPEN = (
    "the fan of rack {n} is loud", "ticket {n} waits for an answer", "tape {n} is full", "badge {n} is lost",
    "door {n} does not lock", "lamp {n} flickers", "printer {n} has no toner", "sensor {n} is silent",
)  # fmt: skip
_EVENTS = (
    "starts the pumps", "opens the sluice", "reads the gauges", "calls the harbour", "changes the fuse",
    "locks the gate", "feeds the boiler", "writes the log", "checks the seals", "rings the bell",
)  # fmt: skip


def review(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw an incident whose first count is corrected later, among ``noise`` lines of routine; it may pass midnight."""
    team, (fixer, buyer), towns = dice.choice(TEAMS).title(), people(dice, 2), places(dice, parameters["noise"])
    stop, counted, fixed, corrected = rising(dice, 4, range(parameters["from"], parameters["from"] + 170))
    first, jobs, moved, due = dice.randint(200, 400), dice.randint(410, 900), dice.randint(20, 190), dice.randrange(300)
    lines = [
        (stop, f"queue {team} stops: its disk is full"),
        (counted, f"{first} jobs of {team} counted as failed"),
        (fixed, f"{fixer} moves {moved} GB away; queue {team} runs again"),
        (corrected, f"count corrected by {fixer}: {jobs} jobs failed, the first count left out those that waited"),
        (corrected + 9, f"{buyer} will order a larger disk by {day(due)}"),
        *((stop + 7 * place, f"backup of {town} ends, no errors") for place, town in enumerate(towns)),
    ]
    still = fixed - stop
    expected = {
        "derived": [still],
        "lacks": [first, *towns],
        "sections": {
            "What happened": {"has": [clock(stop), team, "disk"], "lacks": [buyer]},
            "Effect": {"has": [jobs, still]},
            "Next steps": {"together": [[buyer, dated(due)]], "lacks": [fixer]},
        },
    }
    right = _reviewed((clock(stop), team, fixer, moved), f"{jobs} jobs", still, f"{buyer} will order", day(due))
    wrong = _reviewed((clock(stop), team, fixer, moved), f"{first} jobs", still, f"{fixer} will order", day(due))
    return reported([f"{clock(at)} {told}" for at, told in sorted(lines)], expected, (right, wrong))


def _reviewed(happened: tuple[str, str, str, int], failed: str, still: int, orders: str, due: str) -> str:
    at, team, fixer, moved = happened
    return f"""
## What happened
At {at} the queue {team} stopped because its disk was full. {fixer} moved {moved} GB away, and the queue ran again.

## Effect
The queue stood still for {still} minutes, and {failed} failed.

## Next steps
- {orders} a larger disk by {due}.
"""


def handover(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``cases``, of which some are closed and ``moved`` have got another owner; the rest are handed over."""
    count, moved = parameters["cases"], parameters["moved"]
    owners = people(dice, count + moved)
    numbers = dice.sample(range(100, 999), count)
    told = [one.format(n=number) for one, number in zip(dice.sample(_OPEN, count), numbers, strict=True)]
    closed = set(dice.sample(range(moved, count), (count - moved) // 2))
    now = [owners[count + place] if place < moved else owners[place] for place in range(count)]
    notes = [f"{what}; {owners[place]} looks after it" for place, what in enumerate(told)]
    later = [f"{owners[count + place]} takes {_thing(told[place])} over from {owners[place]}" for place in range(moved)]
    later += [f"{_thing(told[place])}: done, says {owners[place]}" for place in closed]
    lines = [*dice.sample(notes, count), *dice.sample(later, len(later))]
    kept = [place for place in range(count) if place not in closed]
    expected = {
        "any_order": [[numbers[place], now[place]] for place in kept],
        "lacks": [*(numbers[place] for place in closed), *owners[:moved]],
    }
    good = bullets(f"{_capital(told[place])}: {now[place]}." for place in kept)
    bad = bullets(f"{_capital(told[place])}: {owners[place]}." for place in kept)
    stamps = rising(dice, len(lines), range(1320, 1800))
    return reported([f"{clock(at)} {line}" for at, line in zip(stamps, lines, strict=True)], expected, (good, bad))


def _thing(told: str) -> str:
    return " ".join(told.split()[: next(at for at, word in enumerate(told.split()) if word.isdigit()) + 1])


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def timeline(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``events``, some told by the minutes since another, over midnight; asked is a table in order of time."""
    count = parameters["events"]
    who, what = people(dice, count), dice.sample(_EVENTS, count)
    times = rising(dice, count, range(1360, 1360 + 150))
    told = [f"At {clock(times[0])} {who[0]} {what[0]}."]
    for place in range(1, count):
        if place % 3 == 0:
            told.append(f"At {clock(times[place])} {who[place]} {what[place]}.")
        else:
            base = dice.randrange(place)
            told.append(f"{times[place] - times[base]} minutes after {who[base]}, {who[place]} {what[place]}.")
    rows = [[clock(times[place]), who[place], what[place]] for place in range(count)]
    swapped = [rows[0], rows[2], rows[1], *rows[3:]]
    columns = ("Time", "Who", "What")
    expected = {"derived": [row[0] for row in rows], "rows": rows, "columns": list(columns)}
    return reported(dice.sample(told, count), expected, (table(columns, rows), table(columns, swapped)))


def notice(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw an outage to be told to customers: ``inside`` names of people and machines must not come out."""
    towns, staff = places(dice, 2), people(dice, parameters["inside"])
    machines = [f"{dice.choice(TEAMS)}-{dice.randint(11, 99)}" for _ in staff]
    down, up = rising(dice, 2, range(60, 300))
    hit, orders = dice.randint(120, 980), dice.randint(30, 90)
    looks = enumerate(zip(staff, machines, strict=True), 1)
    lines = [
        f"{clock(down)} orders from {towns[0]} fail; {towns[1]} is not touched",
        *(f"{clock(down + 5 * place)} {who} looks at {machine}" for place, (who, machine) in looks),
        f"{clock(up)} orders from {towns[0]} work again, says {staff[0]}; it was {staff[-1]}'s patch on {machines[0]}",
        f"{hit} customers saw an error; {orders} orders were paid but not sent, they go out on the next day",
        "no data of customers were lost",
    ]
    expected = {
        "has": [clock(down), clock(up), towns[0], hit, orders],
        "lacks": [*staff, *machines, "patch"],
    }
    report = (
        f"Between {clock(down)} and {clock(up)}, orders from {towns[0]} failed, and {hit} customers saw an error. "
        f"All works again. {orders} orders were paid but not sent; they go out on the next day. No data were lost."
    )
    return reported(
        lines, expected, (report, f"{report} The cause was a patch on {machines[0]}, which {staff[0]} took back.")
    )
