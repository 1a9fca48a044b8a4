"""Why an item is kept or dropped, as a sentence that a researcher accepts: the fit, what mattered most, the rank."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.types import Match, Subject
from triage.candidates import Candidate
from triage.lifts import NONE, Lift, named

# Beside the fit, a reason names the two things that matter most, and only what turns the odds by a quarter.
_TOLD_LIFTS, _WORTH_WORDS = 2, 0.22


@dataclass(frozen=True, slots=True)
class Rank:
    """A story's place among those of a subject; the first is 1."""

    place: int
    total: int

    def __str__(self) -> str:
        """Write it as ``3rd of 41``."""
        teens = 10 < self.place % 100 < 14
        ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(self.place % 10, "th")
        return f"{self.place}{ending} of {self.total}"


def kept(candidate: Candidate, subject: Subject, rank: Rank) -> str:
    """Say why an item is worth reading."""
    sureness = "Clearly" if candidate.match.band == "clear" else "May be"
    fits = f"{sureness} of {subject.name}: {candidate.match.evidence}"
    return f"{'; '.join([fits, *_telling(candidate.lifts)])} ({rank})"


def _telling(lifts: Sequence[Lift]) -> list[str]:
    worded = [lift for lift in lifts if lift.reason and abs(lift.size) >= _WORTH_WORDS]
    most = sorted(worded, key=lambda lift: -abs(lift.size))[:_TOLD_LIFTS]
    return [lift.reason for lift in worded if lift in most]


def outranked(candidate: Candidate, subject: Subject, rank: Rank) -> str:
    """Say that others are more relevant, and what speaks most against the item."""
    against = min(candidate.lifts, key=lambda lift: lift.size, default=NONE)
    spoken = f"; {against.reason}" if against.reason and against.size <= -_WORTH_WORDS else ""
    return f"ranked {rank} in {subject.name}, which keeps {subject.max_items}{spoken}"


def gave_way(rival: Candidate, subject: Subject, rank: Rank) -> str:
    """Say that an item was good enough, and which kept one tells much the same."""
    return f"ranked {rank} in {subject.name}, but close to {named(rival.item.title)}, which is kept"


def unsure(candidate: Candidate, subject: Subject) -> str:
    """Say that too little speaks for an item's being of a subject at all."""
    match = candidate.match
    return f"too unsure to be of {subject.name}, at {match.score:.2f} ({match.evidence})"


def refused(subject: Subject) -> str:
    """Say that a reader took an item out of a subject."""
    return f"you said that it is not of {subject.name}"


def unfitting(matches: Sequence[Match], subjects: Sequence[Subject]) -> str:
    """Say that an item fits no subject, and which comes nearest."""
    if not matches:
        return "it was matched with no subject" if subjects else "no subject is configured"
    nearest = matches[0]
    name = next((subject.name for subject in subjects if subject.slug == nearest.subject), nearest.subject)
    return f"fits no subject: {name} comes nearest, at {nearest.score:.2f} ({nearest.evidence})"
