"""Errands in a calendar that is listed in no order and may overlap."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from probes.generators import Made
from probes.generators.names import people, places
from probes.script import Call, does

Event = dict[str, str]
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def free_slot(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a day with ``events`` that overlap; the first gap of ``minutes`` is to be taken."""
    day, length = dice.choice(_DAYS), parameters["minutes"]
    begins = [9 * 60 + 15 * dice.randrange(20) for _ in range(parameters["events"])]
    busy = [(540, 555), *((start, start + dice.choice((30, 45, 75))) for start in begins)]
    taken = [any(begin <= minute < end for begin, end in busy) for minute in range(24 * 60)]
    slot = next(minute for minute in range(540, 1440) if not any(taken[minute : minute + length]))
    events = _events([(day, *one) for one in dice.sample(busy, len(busy))], dice)
    new = {"title": "Review", **_at(day, slot, slot + length)}
    mistaken = {"title": "Review", **_at(day, slot - 15, slot - 15 + length)}
    return _made(
        events,
        {**events, "new-1": new},
        ([Call("list_events", {"day": day}), Call("add_event", new)], [Call("add_event", mistaken)]),
        {"day": day, "length": length},
    )


def swapped(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``events`` over the week; two change places, each keeps its own length."""
    events = _scattered(dice, parameters["events"])
    first, second = dice.sample(list(events), 2)
    changes = {}
    for one, other in ((first, second), (second, first)):
        start = _minute(events[other]["begins"])
        length = _minute(events[one]["ends"]) - _minute(events[one]["begins"])
        changes[one] = _at(events[other]["day"], start, start + length)
    moves = [Call("move_event", {"id": one, **change}) for one, change in changes.items()]
    return _made(
        events,
        {key: {**event, **changes.get(key, {})} for key, event in events.items()},
        (moves, moves[:1]),
        {"first": events[first]["title"], "second": events[second]["title"]},
    )


def clashes(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a day on which ``pairs`` of events clash; the shorter of each is to go. Touching is no clash."""
    day, spans = dice.choice(_DAYS), []
    for pair in range(parameters["pairs"]):
        start = 480 + 150 * pair
        spans += [(day, start, start + 60), (day, start + 60 - dice.choice((5, 15, 30)), start + 60 + 20)]
        spans += [(day, start + 80, start + 80 + dice.choice((20, 30)))]
    order = dice.sample(range(len(spans)), len(spans))
    events = _events([spans[one] for one in order], dice)
    shorter = [f"e{place}" for place, one in enumerate(order, 1) if one % 3 == 1]
    touching = [f"e{place}" for place, one in enumerate(order, 1) if one % 3]
    return _made(
        events,
        {key: one for key, one in events.items() if key not in shorter},
        tuple([Call("cancel_event", {"id": key}) for key in way] for way in (shorter, touching)),
        {"day": day},
    )


def delayed(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a day where one event begins ``late`` minutes later, and so does all that begins after it."""
    day, late = dice.choice(_DAYS), parameters["late"]
    starts = sorted(dice.sample(range(32, 72), parameters["events"]))
    events = _events([(day, 15 * one, 15 * one + 15) for one in dice.sample(starts, len(starts))], dice)
    pivot = next(key for key, one in events.items() if _minute(one["begins"]) == 15 * starts[2])
    behind = [key for key, one in events.items() if _minute(one["begins"]) >= 15 * starts[2]]
    after = {key: {**one, **_later(one, late)} if key in behind else one for key, one in events.items()}
    moves = [Call("move_event", {"id": key, **_later(events[key], late)}) for key in behind]
    mistaken = [move for move in moves if move.arguments["id"] != pivot]
    return _made(events, after, (moves, mistaken), {"day": day, "title": events[pivot]["title"], "late": late})


def _later(event: Event, minutes: int) -> Event:
    return _at(event["day"], _minute(event["begins"]) + minutes, _minute(event["ends"]) + minutes)


def _scattered(dice: random.Random, count: int) -> dict[str, Event]:
    starts = dice.sample(range(32, 72), count)
    return _events([(dice.choice(_DAYS), 15 * one, 15 * one + 15 + place) for place, one in enumerate(starts)], dice)


def _events(spans: Sequence[tuple[str, int, int]], dice: random.Random) -> dict[str, Event]:
    names = [f"{who} on {town}" for town in places(dice, 3) for who in people(dice, 20)]
    titles = dice.sample(names, len(spans))
    return {f"e{place}": {"title": titles[place - 1], **_at(*span)} for place, span in enumerate(spans, 1)}


def _at(day: str, begins: int, ends: int) -> Event:
    return {"day": day, "begins": f"{begins // 60:02}:{begins % 60:02}", "ends": f"{ends // 60:02}:{ends % 60:02}"}


def _minute(time: str) -> int:
    return int(time[:2]) * 60 + int(time[3:])


def _made(
    before: Mapping[str, Event],
    after: Mapping[str, Event],
    ways: Sequence[Sequence[Call]],
    values: Mapping[str, Any],
) -> Made:
    return Made(
        values=values,
        expected={"state": {"calendar": {"events": dict(after)}}},
        reference=does(ways[0], "Done."),
        wrong=does(ways[1], "Done."),
        environment={"calendar": {"events": dict(before)}},
    )
