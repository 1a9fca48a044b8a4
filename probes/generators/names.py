"""Invented names to draw from, so that no two runs tell of the same people."""

import random

PEOPLE = tuple(
    "Adira Bastian Calla Dorian Elva Ferrin Galya Hollis Ines Jorah Kestrel Lumi Marek Nilo Oriel Petra Quill Runa "
    "Soren Tamsin Ulric Vesna Wilder Xenia Yaro Zinnia".split()
)
PLACES = tuple(
    "Ashmere Brindle Corvale Dunmarsh Eastwick Fennholt Greywater Hallow Ironbridge Kelstow Larkspur Moorend "
    "Northsay Oxley Pinhallow Quarrel Reedmoor Saltby Thornwick Underhill Veldt Westering".split()
)
TEAMS = tuple("lantern harbour orchard quarry meadow foundry observatory granary lighthouse tannery".split())


def people(dice: random.Random, count: int) -> list[str]:
    """Return different people, at most 26."""
    return dice.sample(PEOPLE, count)


def places(dice: random.Random, count: int) -> list[str]:
    """Return different places, at most 22."""
    return dice.sample(PLACES, count)
