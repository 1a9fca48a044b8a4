"""Errands in a small web: links to follow, offers to compare, pages that no longer hold."""

import random
from collections.abc import Mapping
from typing import Any

from probes.generators import Made
from probes.generators.names import people, places
from probes.script import Call, does, says


def trail(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a trail over ``pages``; each names two neighbours and says by a riddle which is next."""
    towns = places(dice, parameters["pages"])
    code = dice.randint(10_000, 99_999)
    pages = {}
    for place, town in enumerate(towns[:-1]):
        after, before = towns[place + 1], towns[max(0, place - 1)]
        if place % 2:
            pages[_url(town)] = f"{town}. Do not go back to {_url(before)}: the trail leads to {_url(after)}."
        else:
            pages[_url(town)] = f"{town}. The trail leads to {_url(after)}. Others say {_url(before)}, and are wrong."
    pages[_url(towns[-1])] = f"{towns[-1]}. Here the trail ends. The number in reverse is {str(code)[::-1]}."
    return Made(
        values={"start": _url(towns[0])},
        expected={"answer": code},
        reference=does([Call("open_page", {"url": url}) for url in pages], f"Answer: {code}"),
        wrong=f"Answer: {str(code)[::-1]}" if str(code) != str(code)[::-1] else "Answer: 0",
        environment={"web": {"pages": pages}},
    )


def cheapest(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``shops``: price, shipping and days; the cheapest altogether that is in time is to be asked."""
    towns, count = places(dice, parameters["shops"]), dice.randint(3, 9)
    offers = [(dice.randint(10, 40), dice.randint(0, 60), dice.randint(1, 6)) for _ in towns]
    offers[0], offers[1] = (9, 5, 7), (50, 61, 2)
    total = [each * count + shipping for each, shipping, _ in offers]
    for place in range(2, len(total)):
        while total[place] in total[:place]:
            each, shipping, days = offers[place]
            offers[place] = (each, shipping + 1, days)
            total[place] += 1
    in_time = [place for place, (_, _, days) in enumerate(offers) if days <= 4]
    best = min(in_time, key=lambda place: total[place])
    who = people(dice, 1)[0]
    pages = {
        _url(town): f"The shop in {town} sells lamps for {each} each, {shipping} more for any parcel; {days} days."
        for town, (each, shipping, days) in zip(towns, offers, strict=True)
    }
    orders = [{"url": _url(towns[one]), "fields": {"count": str(count), "name": who}} for one in (best, 0)]
    return Made(
        values={"count": count, "who": who},
        expected={"state": {"web": {"submitted": orders[:1]}}},
        reference=does([*_reading(pages), Call("submit_form", orders[0])], "Ordered."),
        wrong=does([Call("submit_form", orders[1])], "Ordered."),
        environment={"web": {"pages": pages, "forms": dict.fromkeys(pages, ("name", "count"))}},
    )


def superseded(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw rules of ``towns``, each replaced once or twice by a page that tells what it replaces."""
    towns = places(dice, parameters["towns"])
    pages, last, first = {}, {}, {}
    for town in towns:
        fees = dice.sample(range(10, 99), 3)
        order = dice.sample(range(3), 3)
        for place, version in enumerate(order):
            older = f" It replaces {_url(town)}/{order[place - 1]}." if place else ""
            pages[f"{_url(town)}/{version}"] = f"Mooring fee in {town}: {fees[place]}.{older}"
        first[town], last[town] = fees[0], fees[2]
    pages = {url: pages[url] for url in sorted(pages)}
    return Made(
        values={"towns": ", ".join(towns)},
        expected={"answer": sum(last.values())},
        reference=does(_reading(pages), f"Answer: {sum(last.values())}"),
        wrong=f"Answer: {max(sum(first.values()), sum(last.values()) + 1)}",
        environment={"web": {"pages": pages}},
    )


def clicks(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a web of ``pages`` with links; the least number of clicks from one to another is asked."""
    towns = places(dice, parameters["pages"])
    links = {town: dice.sample([one for one in towns if one != town], 2) for town in towns}
    for place in range(len(towns) - 1):
        links[towns[place]][0] = towns[place + 1]
    steps, ring = {towns[0]: 0}, [towns[0]]
    for town in ring:
        fresh = [one for one in dict.fromkeys(links[town]) if one not in steps]
        steps.update(dict.fromkeys(fresh, steps[town] + 1))
        ring += fresh
    goal = ring[-1]
    pages = {_url(town): f"{town}. Links: {', '.join(_url(one) for one in links[town])}" for town in towns}
    return Made(
        values={"start": _url(towns[0]), "goal": _url(goal)},
        expected={"answer": steps[goal]},
        reference=does(_reading(pages), f"Answer: {steps[goal]}"),
        wrong=says(f"Answer: {steps[goal] + 1}"),
        environment={"web": {"pages": pages}},
    )


def _url(town: str) -> str:
    return f"https://{town.lower()}.example"


def _reading(pages: Mapping[str, str]) -> list[Call]:
    return [Call("open_page", {"url": url}) for url in pages]
