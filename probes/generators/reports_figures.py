"""Reports that calculate: sums, shares and excesses from figures some of which are corrected or do not count."""

import random
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from probes.generators import Made
from probes.generators.names import people, places
from probes.generators.reporting import MONTHS, bullets, reported, table
from probes.generators.short import listed

GOODS = tuple(
    "anchors bricks candles drums fenders hinges kettles lanterns mugs nails oars pulleys ropes stoves".split()
)


def sales(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw sales by month of ``towns``, ``corrected`` of which are put right below."""
    towns, months = places(dice, parameters["towns"]), MONTHS[: parameters["months"]]
    sold = {town: [dice.randint(100, 990) for _ in months] for town in towns}
    for place, its in enumerate(sold.values()):
        its[0] += (place - sum(its)) % 10
    lines = [
        f"{town}: {listed(f'{month} {one}' for month, one in zip(months, sold[town], strict=True))}" for town in towns
    ]
    first = {town: sum(its) for town, its in sold.items()}  # no two alike modulo 10, nor when corrected
    for town in dice.sample(towns, parameters["corrected"]):
        at = dice.randrange(len(months))
        sold[town][at] += dice.choice((-90, 60, 300))
        lines.append(f"Correction: {town} sold {sold[town][at]} in {months[at]}.")
    total = {town: sum(its) for town, its in sold.items()}
    best, worst = max(towns, key=total.__getitem__), min(towns, key=total.__getitem__)
    expected = {
        "derived": [*total.values(), sum(total.values())],
        "has": [sum(total.values())],
        "together": [[best, total[best]], [worst, total[worst]]],
        "lacks": [town for town in towns if town not in (best, worst)],
    }
    good, bad = (
        f"All towns together sold {sum(its.values())} lamps. {best} sold the most, {its[best]} of them. "
        f"The fewest, only {its[worst]}, were sold in {worst}."
        for its in (total, {**first, best: first[best] + 1})
    )
    return reported(lines, expected, (good, bad))


def variances(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw plans and costs of ``lines``; some exceed the plan by more than a tenth, some by a tenth exactly."""
    goods = dice.sample(GOODS, parameters["lines"])
    plans = [10 * one for one in dice.sample(range(20, 99), len(goods))]
    excess = [plan // 10 - _less(dice, place, plan // 10) for place, plan in enumerate(plans)]
    lines = [
        f"{one}: planned {plan} euros, spent {plan + more}"
        for one, plan, more in zip(goods, plans, excess, strict=True)
    ]
    over = [place for place in range(len(goods)) if 10 * excess[place] > plans[place]]
    over.sort(key=lambda place: -excess[place])
    expected = {"items": [[goods[place], excess[place]] for place in over], "derived": excess}
    loose = [place for place in range(len(goods)) if 10 * excess[place] >= plans[place]]
    good, bad = (bullets(f"{goods[place]}: {excess[place]} euros" for place in way) for way in (over, loose))
    return reported(dice.sample(lines, len(lines)), expected, (good, bad))


def _less(dice: random.Random, place: int, tenth: int) -> int:
    """Return how much an excess is less than a tenth; where it is more, no two are alike modulo 12."""
    if place % 3 == 1:
        more = dice.randint(12, 99)
        return -(more + (place - tenth - more) % 12)
    return dice.randint(1, 9) + tenth * dice.randint(0, 1) if place else 0


def survey(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw the answers of a survey in ``towns``; whoever gave none does not count."""
    towns, answers = places(dice, parameters["towns"]), ("yes", "no", "perhaps")
    while True:
        counts = {town: {one: dice.randint(11, 90) for one in (*answers, "no answer")} for town in towns}
        sums = {one: sum(its[one] for its in counts.values()) for one in answers}
        shares = {one: Fraction(100 * its, sum(sums.values())) for one, its in sums.items()}
        if all(abs(one % 1 - Fraction(1, 2)) > Fraction(1, 10) for one in shares.values()):
            break
    everybody = sum(sum(its.values()) for its in counts.values())
    lines = [
        f"{town}: {listed(f'{one} {its[one]}' for one in dice.sample(list(its), 4))}" for town, its in counts.items()
    ]
    columns = ("Answer", "People", "Percent")
    rows = [[one, sums[one], round(shares[one])] for one in answers]
    wrong = [[one, sums[one], round(Fraction(100 * sums[one], everybody))] for one in answers]
    derived = [one for row in rows for one in row[1:]]
    expected = {"columns": list(columns), "rows": rows, "derived": derived}
    return reported(lines, expected, (table(columns, rows), table(columns, wrong)))


def weights(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``goods`` weighed in grams, kilograms, tonnes and sacks, all to be told in kilograms."""
    goods = sorted(dice.sample(GOODS, parameters["goods"]))
    lines, kilos, misread = [], [], []
    for place, one in enumerate(goods):
        number, each = dice.randint(11, 99), dice.choice((12, 15, 25))
        told, factor, wrong = (
            (f"{number / 10} tonnes", Fraction(100), Fraction(10)),
            (f"{number} sacks of {each} kg each", Fraction(each), Fraction(1)),
            (f"{number * 10} grams", Fraction(1, 100), Fraction(1, 10)),
            (f"{number} kg in crates, of which the crates are 2 kg", Fraction(number - 2, number), Fraction(1)),
        )[place % 4]
        lines.append(f"{one}: {told}")
        kilos.append(_decimal(number * factor))
        misread.append(_decimal(number * wrong))
    total = _decimal(sum(map(Fraction, kilos), Fraction(0)))
    columns = ("Goods", "kg")
    rows = [*([one, kilo] for one, kilo in zip(goods, kilos, strict=True)), ["Total", total]]
    wrong_rows = [*([one, kilo] for one, kilo in zip(goods, misread, strict=True)), ["Total", total]]
    expected = {"columns": list(columns), "rows": rows, "derived": [*kilos, total]}
    return reported(dice.sample(lines, len(lines)), expected, (table(columns, rows), table(columns, wrong_rows)))


def _decimal(value: Fraction) -> str:
    return f"{float(value):.2f}".rstrip("0").rstrip(".")


def ledger(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``moves`` of goods in and out of two stores and between them; ``void`` of them are cancelled."""
    goods, (one, other) = sorted(dice.sample(GOODS, parameters["goods"])), places(dice, 2)
    start = {(store, thing): dice.randint(300, 600) for store in (one, other) for thing in goods}
    lines = [
        f"{store}, opening: {listed(f'{start[store, thing]} {thing}' for thing in goods)}" for store in (one, other)
    ]
    moves = [_move(dice, (one, other), goods) for _ in range(parameters["moves"])]
    lines += [f"Slip {place}: {count} {thing}, {_way(stores)}" for place, (stores, thing, count) in enumerate(moves, 1)]
    void = dice.sample(range(len(moves)), parameters["void"])
    lines += [f"Slip {place + 1} is cancelled." for place in sorted(void)]
    valid = [move for place, move in enumerate(moves) if place not in void]
    columns = ("Goods", one, other)
    rows, wrong = (_closing(start, its, goods, (one, other)) for its in (valid, moves))
    expected = {"columns": list(columns), "rows": rows, "derived": [count for row in rows for count in row[1:]]}
    return reported(lines, expected, (table(columns, rows), table(columns, wrong)))


_Move = tuple[tuple[str, str], str, int]


def _move(dice: random.Random, stores: tuple[str, str], goods: Sequence[str]) -> _Move:
    ends = dice.sample((*stores, ""), 2)
    return (ends[0], ends[1]), dice.choice(goods), dice.randint(7, 29)


def _way(ends: tuple[str, str]) -> str:
    source, target = ends
    if not source:
        return f"bought for {target}"
    return f"from {source} to {target}" if target else f"sold from {source}"


def _closing(
    start: Mapping[tuple[str, str], int], moves: Sequence[_Move], goods: Sequence[str], stores: tuple[str, str]
) -> list[list[Any]]:
    stock = dict(start)
    for (source, target), thing, count in moves:
        for store, signed in ((source, -count), (target, count)):
            if store:
                stock[store, thing] += signed
    return [[thing, *(stock[store, thing] for store in stores)] for thing in goods]


def erratum(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a printed article of ``statements``, and the register that it should have followed."""
    towns = places(dice, parameters["statements"])
    mayors = dict(zip(towns, people(dice, len(towns)), strict=True))
    true = dict(zip(towns, dice.sample(range(1200, 1900), len(towns)), strict=True))
    misprinted = dice.sample(towns, max(1, len(towns) // 3))
    printed = {town: its + (dice.choice((-100, -9, 9, 100)) if town in misprinted else 0) for town, its in true.items()}
    article = [f"Printed: {mayors[town]} gave {town} its bridge in {year}." for town, year in printed.items()]
    register = [f"Register: {year}, bridge of {town}." for town, year in true.items()]
    order = [town for town in towns if town in misprinted]
    expected = {
        "items": [[town, printed[town], true[town]] for town in order],
        "lacks": [town for town in towns if town not in misprinted],
    }
    good = bullets(f"The bridge of {town} is of {true[town]}, not {printed[town]}." for town in order)
    bad = bullets(f"The bridge of {town} is of {true[town]}." for town in towns)
    return reported([*article, *dice.sample(register, len(register))], expected, (good, bad))
