"""Reports in a tight form: given words, given letters, given lengths, and the facts all the same."""

import random
from collections.abc import Mapping
from typing import Any

from probes.generators import Made
from probes.generators.names import people, places
from probes.generators.reporting import clock, dated, day, reported
from probes.generators.short import listed

_JARGON = (
    ("flumming", "closing the sluice"), ("gorrels", "floats"), ("the brack", "the pump out of use"),
    ("the upper pannet", "the upper basin"), ("quillings", "readings by hand"), ("thremming", "filling the cans"),
    ("the droveman", "the keeper on duty"), ("skarning", "cleaning the screens"),
)  # fmt: skip
_FACTS = (
    "gulls were counted", "nets were mended", "lamps were lit", "ropes were cut", "crates came in", "guests stayed",
    "oars were lost", "bells were cast", "stoves were sold", "letters were sent", "kegs were tapped", "geese flew past",
)  # fmt: skip
_WORDS = "ANCHOR BEACON CANDLE FATHOM MORTAR RAFTER HARBOUR LANTERN PEBBLES SAPLING WALNUTS".split()
_OPENERS = {
    "A": "All told,", "B": "By the way,", "C": "Certainly,", "D": "During the night,", "E": "Early on,",
    "F": "Further,", "G": "Generally well,", "H": "Here,", "I": "In all,", "L": "Later,", "M": "Meanwhile,",
    "N": "Next,", "O": "Of note,", "P": "Punctually,", "R": "Recently,", "S": "So far,", "T": "Then", "U": "Up to now,",
    "W": "Without trouble,",
}  # fmt: skip
_NOUNS = "bulls crabs cups drums ducks gulls hens kegs lamps logs mills nuts pots rugs ships stamps".split()


def plain_words(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a note in the language of a waterworks, ``terms`` of it, with its glossary."""
    terms = dice.sample(_JARGON, parameters["terms"])
    who, town, count = people(dice, 1)[0], places(dice, 1)[0], dice.randint(13, 90)
    date, at = dice.randrange(300), clock(dice.randint(300, 1300))
    subjects = listed(word for word, _ in terms)
    note = f"Note of {who}, {town}, {day(date)}, {at}: {count} entries, on {subjects}."
    lines = [note, *(f'Glossary: "{word}" means {meant}.' for word, meant in dice.sample(terms, len(terms)))]
    expected = {
        "has": [who, town, dated(date), at, count, *(meant.removeprefix("the ") for _, meant in terms)],
        "lacks": [word.removeprefix("the ") for word, _ in terms],
    }
    good, bad = (
        f"On {day(date)} at {at}, {who} noted {count} entries in {town}. The entries are on {listed(told)}."
        for told in ([meant for _, meant in terms], [word for word, _ in terms])
    )
    return reported(lines, expected, (good, bad))


def headline(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw what happened at a fair, with ``gossip`` that is not news; asked are headline and lead."""
    (mayor, winner, *others), town = people(dice, 2 + parameters["gossip"]), places(dice, 1)[0]
    thing, date = dice.choice(("pumpkin", "turnip", "marrow", "cabbage")), dice.randrange(300)
    kilos, guests = dice.randint(91, 260), dice.randint(1000, 4000)
    lines = [
        f"The {thing} of {winner} weighs {kilos} kg",
        f"The fair was in {town} on {day(date)}",
        f"{guests} guests came",
        f"{mayor}, the mayor, handed over the prize",
        *(f"{one} wore a new hat" for one in others),
    ]
    sections = {
        "Headline": {"words": [3, 8], "has": [thing, winner]},
        "Lead": {"words": [12, 30], "sentences": [1, 1], "has": [winner, thing, kilos, town, dated(date), mayor]},
    }
    won = f"handed the prize to {winner} for a {thing} of {kilos} kg."
    lead = f"At the fair in {town} on {day(date)}, {mayor}, the mayor, {won}"
    good = f"## Headline\n{winner} wins with giant {thing}\n\n## Lead\n{lead}"
    bad = f"{good} It was a great day for {guests} guests."
    expected = {"headings": list(sections), "sections": sections, "lacks": [*others, "hat", guests]}
    return reported(dice.sample(lines, len(lines)), expected, (good, bad))


def acrostic(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a word of ``letters`` letters and as many facts; one sentence begins with each of its letters."""
    word = dice.choice([one for one in _WORDS if len(one) == parameters["letters"]])
    told = dice.sample(_FACTS, len(word))
    numbers = dice.sample(range(13, 99), len(word))
    facts = [f"{number} {fact}" for number, fact in zip(numbers, told, strict=True)]
    expected = {"initials": word, "together": [fact.split()[:2] for fact in facts]}
    good = " ".join(f"{_OPENERS[letter]} {fact}." for letter, fact in zip(word, facts, strict=True))
    bad = " ".join(f"Today {fact}." for fact in facts)
    return reported(facts, expected, (good, bad), word=word, count=len(word))


def missing_letter(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw ``things`` that were counted; none of them has the ``letter`` that the report may not have."""
    letter = parameters["letter"]
    nouns = dice.sample([one for one in _NOUNS if letter not in one], parameters["things"])
    numbers = dice.sample(range(13, 99), len(nouns))
    lines = [f"{number} {noun}" for number, noun in zip(numbers, nouns, strict=True)]
    good = " ".join(f"I saw {line}." if letter == "e" else f"We see {line}." for line in lines)
    bad = f"At the end of the day there were quite a lot of things to report: {' and '.join(lines)}."
    expected = {"without": letter, "together": [line.split() for line in lines], "sentences": [len(lines)] * 2}
    return reported(lines, expected, (good, bad), letter=letter, count=len(lines))


def two_lengths(dice: random.Random, parameters: Mapping[str, Any]) -> Made:
    """Draw a find at the beach; told twice, once in ``short`` words at most."""
    (finder, keeper), town = people(dice, 2), places(dice, 1)[0]
    thing, date = dice.choice(("anchor", "canoe", "cannon", "statue")), dice.randrange(300)
    at, years, metres = clock(dice.randint(300, 1300)), dice.randint(150, 900), dice.randint(2, 9)
    lines = [
        f"{finder} found it at {at} on {day(date)}, on the beach of {town}",
        f"It is an old {thing}, {years} years old",
        f"It lay {metres} metres deep",
        f"{keeper} keeps it now",
    ]
    facts = [finder, thing, town, dated(date), years]
    short = f"On {day(date)}, {finder} found a {thing}, {years} years old, in {town}."
    long = (
        f"On {day(date)} at {at}, {finder} walked along the beach of {town} and found what nobody had looked for: "
        f"an old {thing}, {years} years old. It lay {metres} metres deep. It is now with {keeper}, who keeps it "
        "until somebody has decided where it is to stand."
    )
    sections = {
        "In short": {"words": [8, parameters["short"]], "has": facts},
        "At length": {"words": [40, 75], "has": [*facts, at, keeper, metres]},
    }
    good, bad = (f"## In short\n{one}\n\n## At length\n{long}" for one in (short, long))
    return reported(dice.sample(lines, len(lines)), {"headings": list(sections), "sections": sections}, (good, bad))
