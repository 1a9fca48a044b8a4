"""Cases as a model is shown them: each fenced, under letters of its own, among cases of ours that must come back right.

The order and the letters follow from all texts of a call together, so that no text can know its neighbours.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.identity import text_hash
from core.judged import Match
from core.types import Item, Subject
from triage.fencing import fenced, one_line
from triage.judging_answers import Entry

_TEXT_CHARS, _TITLE_CHARS = 2_000, 300
_LETTERS = "bcdfghjkmnpqrstvwxz"
_ID_LETTERS = 4
# Our own cases: the one must come back as worth reading, the other as nothing.
_LEAST_INSIDE, _MOST_OUTSIDE = 4, 2
_OUTSIDE = """kind: post
title: Winter hours of the bakery on the market square

From November the bakery opens at seven in the morning and closes at four in the afternoon. Bread with caraway is baked
on Thursdays, and the plum cake has come to its end for the season."""


@dataclass(frozen=True, slots=True)
class Case:
    """An item that may be of a subject, to be decided; ``match`` is why it is uncertain."""

    item: Item
    subject: str
    match: Match


@dataclass(frozen=True, slots=True)
class Seat:
    """A case in a call, by its letters; ``case`` is None for one of ours."""

    id: str
    text: str
    case: Case | None
    belongs: bool = False

    def stands(self, found: Mapping[str, Entry]) -> bool:
        """Tell whether a case of ours came back as it must."""
        entry = found.get(self.id)
        if entry is None or entry.belongs is not self.belongs:
            return False
        return entry.score >= _LEAST_INSIDE if self.belongs else entry.score <= _MOST_OUTSIDE


def seats(batch: Sequence[Case], subject: Subject) -> list[Seat]:
    """Return the cases of a call, with ours if there is more than one, in an order that no text can foresee."""
    given: list[tuple[str, Case | None, bool]] = [(told_of(case.item), case, False) for case in batch]
    if len(batch) > 1:
        given += [(_inside(subject), None, True), (_OUTSIDE, None, False)]
    seed = "\n".join(sorted(f"{case.item.id if case else ''} {text}" for text, case, _ in given))
    order = sorted(range(len(given)), key=lambda place: text_hash(f"{seed} {place}"))
    letters = _letters(seed)
    return [Seat(next(letters), *given[place]) for place in order]


def _letters(seed: str) -> Iterator[str]:
    """Yield ids of four letters without end, none twice, that follow from the seed."""
    given: set[str] = set()
    count = 0
    while True:
        count += 1
        digest = hashlib.sha256(f"{count} {seed}".encode(errors="replace")).digest()
        id_ = "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:_ID_LETTERS])
        if id_ not in given:
            given.add(id_)
            yield id_


def _inside(subject: Subject) -> str:
    about = one_line(" ".join([subject.description, ", ".join(subject.keywords)]), _TEXT_CHARS // 2)
    return (
        f"kind: paper\ntitle: {subject.name}: a new method, and a study of what it changes\n\n"
        f"We contribute to {subject.name}. {about} Our method improves clearly on the best earlier results, is tested "
        "on open data, and is released with its code."
    )


def wording(subject: Subject) -> str:
    """Return how a subject is worded, all that a ruling depends on of it."""
    told = {
        "name": subject.name,
        "description": subject.description,
        "keywords": ", ".join(subject.keywords),
        "leaves out": ", ".join(subject.not_words),
    }
    return "\n".join(f"{label}: {text}" for label, text in told.items() if text)


def as_told(shown: Sequence[Seat]) -> str:
    """Return what the model is told: every case, fenced, and which letters are to be answered."""
    cases = [f"id: {seat.id}\n{fenced('case', seat.text, _TEXT_CHARS)}" for seat in shown]
    ids = ", ".join(seat.id for seat in shown)
    return "\n\n".join([*cases, f"Submit {len(shown)} rulings, one for each of: {ids}"])


def told_of(item: Item) -> str:
    """Return what is told of an item, all of it text from outside."""
    facts = [f"{label}: {value}" for label, value in item.facts]
    head = [f"kind: {item.kind}", f"title: {item.title[:_TITLE_CHARS]}", *facts]
    return "\n".join([*head, "", item.text])[: 4 * _TEXT_CHARS]
