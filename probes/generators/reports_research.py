"""Reports of research: the figure that counts among those that do not, and the honest word on what was not measured."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

from probes.generators import Made
from probes.generators.names import people, places
from probes.generators.reporting import bullets, reported, table
from probes.generators.short import listed

METHODS = tuple("Lacewing Mistral Nettle Ochre Pollen Quartz Rowan Sorrel Tern Umber".split())
_POINTS = (
    ("how long training takes", "Training took {} hours."),
    ("how many people labelled the data", "The data were labelled by {} people."),
    ("how often two labellers agree", "Two labellers agreed in {} percent of the cases."),
    ("how much memory is needed", "The method needs {} GB of memory."),
    ("how many runs were averaged", "Figures are averages of {} runs."),
    ("how many examples were left out", "We left out {} examples."),
    ("how many languages were tried", "We tried {} languages."),
    ("how slow answers are", "An answer takes {} milliseconds."),
)
NOT_MEASURED = "We did not measure this"


def abstract(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a notebook in which a bug is found: results before it are void, of ``methods`` the first is ours."""
    ours, *others = dice.sample(METHODS, parameters["methods"])
    town, examples = places(dice, 1)[0], dice.randint(1200, 9800)
    void, *scores = dice.sample(range(401, 699), len(others) + 2)
    scores.sort(reverse=True)
    if dice.random() < 0.5:
        scores[:2] = scores[1::-1]
    best, told = others[0], dict(zip((ours, *others), (f"{one / 10:.1f}" for one in scores), strict=True))
    gap = f"{abs(scores[0] - scores[1]) / 10:.1f}"
    voided = f"{(void + 280) / 10:.1f}"
    lines = [
        f"Data: {examples} reports of ice on the river, written in {town}. Metric: accuracy in percent.",
        f"Entry 1. {ours} (ours) has {voided}. Wonderful!",
        "Entry 2. Oh no: part of the test reports stood in the training set. Entry 1 is void.",
        f"Entry 3, without the leak: {listed(f'{name} {told[name]}' for name in dice.sample(list(told), len(told)))}.",
        f"Entry 4. {dice.choice(others)} crashes on empty reports; we must look into that some day.",
    ]
    facts = [town, examples, ours, told[ours], best, told[best], gap]
    expected = {
        "derived": [gap],
        "has": facts,
        "together": [[ours, told[ours]]],
        "lacks": [voided, "wonderful", "void", *others[1:]],
    }
    return reported(lines, expected, (_abstract(facts), _abstract([*facts[:3], voided, *facts[4:]])), ours=ours)


def _abstract(facts: Sequence[object]) -> str:
    town, examples, ours, score, best, its, gap = facts
    return (
        f"Reports of ice on the river are read by people today. We present {ours}, a method that sorts them. On "
        f"{examples} reports from {town}, {ours} has an accuracy of {score} percent. The best other method, "
        f"{best}, has {its} percent: {gap} points lie between the two."
    )


def results(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw the log of runs, three for each of ``methods``; a failed run is repeated, and asked are medians."""
    methods = dice.sample(METHODS, parameters["methods"])
    scores = {one: dice.sample(range(30, 95), 3) for one in methods}
    while len({sorted(its)[1] for its in scores.values()}) < len(methods):
        scores = {one: dice.sample(range(30, 95), 3) for one in methods}
    seconds = {one: dice.randint(100, 999) for one in methods}
    lines = [f"{one}: score {score}" for one, its in scores.items() for score in its]
    lines += [f"{one}: crashed at score {dice.randint(5, 29)}, repeated" for one in methods[: parameters["crashes"]]]
    lines += [f"{one}: {its} seconds, all runs together" for one, its in seconds.items()]
    order = sorted(methods, key=lambda one: -sorted(scores[one])[1])
    columns = ("Method", "Median score", "Seconds")
    rows = [[one, sorted(scores[one])[1], seconds[one]] for one in order]
    best = [[one, max(scores[one]), seconds[one]] for one in order]
    expected = {"columns": list(columns), "rows": rows}
    return reported(dice.sample(lines, len(lines)), expected, (table(columns, rows), table(columns, best)))


def rebuttal(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw three reviews of ``points`` points, and an author's notes, which answer all but some of them."""
    count = parameters["points"]
    asked = dice.sample(_POINTS, count)
    values = dice.sample(range(13, 97), count)
    unknown = set(dice.sample(range(count), max(1, count // 3)))
    shares = [list(range(count))[start::3] for start in range(3)]
    lines = [
        f"Review {one} asks: {', '.join(asked[place][0] for place in dice.sample(share, len(share)))}."
        for one, share in enumerate(shares, 1)
    ]
    known = [f"Note: {asked[place][1].format(values[place])}" for place in range(count) if place not in unknown]
    lines += dice.sample(known, len(known))
    said = {
        place: f"{NOT_MEASURED}." if place in unknown else asked[place][1].format(values[place])
        for place in range(count)
    }
    sections = {f"Review {one}": _replied(share, unknown, values) for one, share in enumerate(shares, 1)}
    guess = {place: asked[place][1].format(values[place]) for place in range(count)}
    expected = {"headings": list(sections), "sections": sections}
    return reported(lines, expected, (_reply(shares, said), _reply(shares, guess)), sentence=f"{NOT_MEASURED}.")


def _replied(share: Sequence[int], unknown: set[int], values: Sequence[int]) -> dict[str, Any]:
    own = [[NOT_MEASURED if place in unknown else values[place]] for place in share]
    return {"any_order": own, "lacks": [] if unknown & set(share) else [NOT_MEASURED]}


def _reply(shares: Sequence[Sequence[int]], said: Mapping[int, str]) -> str:
    parts = (f"## Review {one}\n{bullets(said[place] for place in share)}" for one, share in enumerate(shares, 1))
    return "\n\n".join(parts)


def disagreement(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``papers`` on the same ``things``; on one of these, papers contradict each other."""
    authors = people(dice, parameters["papers"])
    things = dice.sample(("eels", "otters", "herons", "pikes", "newts", "swans", "crayfish"), parameters["things"])
    town = places(dice, 1)[0]
    counts = {one: dice.randint(100, 499) for one in things}
    odd, dissenter = dice.choice(things), dice.randrange(len(authors))
    other = dice.randint(500, 900)
    told = [f"{who} counted {listed(f'{counts[one]} {one}' for one in things)} at {town}." for who in authors]
    told[dissenter] = told[dissenter].replace(f"{counts[odd]} {odd}", f"{other} {odd}")
    majority = [who for place, who in enumerate(authors) if place != dissenter]
    expected = {
        "sections": {
            "Agreed": {"any_order": [[one, counts[one]] for one in things if one != odd], "lacks": [odd, *authors]},
            "Disputed": {
                "together": [[authors[dissenter], other], [*majority, counts[odd]]],
                "lacks": [one for one in things if one != odd],
            },
        },
    }
    agreed = bullets(f"{one}: {counts[one]}" for one in things if one != odd)
    disputed = f"{authors[dissenter]} counted {other} {odd}. {_and(majority)} counted {counts[odd]}."
    good = f"## Agreed\n{agreed}\n\n## Disputed\n{disputed}"
    bad = f"## Agreed\n{bullets(f'{one}: {counts[one]}' for one in things)}\n\n## Disputed\nNothing."
    return reported(told, expected, (good, bad))


def _and(names: Sequence[str]) -> str:
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def unanswered(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a questionnaire of ``asked`` questions for a machine whose papers answer only some."""
    fields = dice.sample(
        ("weight in kg", "height in cm", "power in watts", "noise in decibels", "price in euros", "age in years",
         "speed in turns a minute", "warranty in months"),
        parameters["asked"],
    )  # fmt: skip
    maker, rival = people(dice, 2)
    values = dict(zip(fields, dice.sample(range(20, 999), len(fields)), strict=True))
    blank = set(dice.sample(fields, max(2, len(fields) // 2)))
    told = [f"The press of {maker}: {one} {values[one]}." for one in fields if one not in blank]
    told += [f"The press of {rival}: {one} {dice.randint(1000, 1999)}." for one in dice.sample(fields, len(fields))]
    rows = [[one, "not stated" if one in blank else values[one]] for one in fields]
    filled = [[one, values[one]] for one in fields]
    columns = ("Property", "Value")
    expected = {"columns": list(columns), "rows": rows}
    written = (table(columns, rows), table(columns, filled))
    return reported(dice.sample(told, len(told)), expected, written, maker=maker, fields="; ".join(fields))
