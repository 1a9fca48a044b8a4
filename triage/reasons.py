"""Why an item is kept or dropped, as a sentence that a researcher accepts: the fit, what mattered most, the rank."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.earlier import Earlier
from core.judged import Match
from core.types import Subject
from triage.candidates import Candidate
from triage.lifts import NONE, Lift, named
from triage.novelty import day_of

# Beside the fit, a reason names the two things that matter most, and only what turns the odds by a quarter.
_TOLD_LIFTS, _WORTH_WORDS = 2, 0.22
# What speaks for an item that is dropped is told from where a reader would ask: seven votes, or three further sites.
_WORTH_ALTHOUGH = 0.8
_EVIDENCE_PARTS = re.compile(r"; (?![^“”]*”)")
_EVIDENCE_VOTES = ("raised by votes on its like", "lowered by votes on its like")


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
    spoken = _telling(candidate.lifts)
    told = "; ".join([*_evidence(candidate, spoken), *spoken])
    return f"{sureness} of {subject.name}: {told} ({rank})"


def _evidence(candidate: Candidate, spoken: Sequence[str]) -> list[str]:
    """Return the parts of a match's evidence that ``spoken`` lifts do not say as well, or better."""
    parts = _EVIDENCE_PARTS.split(candidate.match.evidence)
    if candidate.tasted.reason in spoken:
        parts = [part for part in parts if part not in _EVIDENCE_VOTES]
    return [part for part in parts if not any(_names_the_same(part, reason) for reason in spoken)]


def _names_the_same(part: str, reason: str) -> bool:
    """Tell whether a part of the evidence is like an item that a lift names as well."""
    return part.startswith("like “") and named(part.removeprefix("like “").removesuffix("”")) in reason


def _telling(lifts: Sequence[Lift]) -> list[str]:
    worded = [lift for lift in lifts if lift.reason and abs(lift.size) >= _WORTH_WORDS]
    most = sorted(worded, key=lambda lift: -abs(lift.size))[:_TOLD_LIFTS]
    return [lift.reason for lift in worded if lift in most]


def outranked(candidate: Candidate, subject: Subject, rank: Rank) -> str:
    """Say that others are more relevant, what speaks most for the item all the same, and what most against it."""
    worded = [lift for lift in candidate.lifts if lift.reason]
    # Being like what was useful is no news where hundreds are; a vote on the item itself, or attention to it, is.
    pro = max(
        (lift for lift in worded if not lift.reason.startswith("like ")), key=lambda lift: lift.size, default=NONE
    )
    against = min(worded, key=lambda lift: lift.size, default=NONE)
    although = f", although {pro.reason}" if pro.size >= _WORTH_ALTHOUGH else ""
    spoken = f"; {against.reason}" if against.size <= -_WORTH_WORDS else ""
    return f"ranked {rank} in {subject.name}, which keeps {subject.max_items}{although}{spoken}"


def gave_way(rival: Candidate, subject: Subject, rank: Rank) -> str:
    """Say that an item was good enough, and which kept one tells much the same."""
    return f"ranked {rank} in {subject.name}, but close to {named(rival.item.title)}, which is kept"


def unsure(candidate: Candidate, subject: Subject) -> str:
    """Say that too little speaks for an item's being of a subject at all, and which votes lowered it."""
    tasted = candidate.tasted
    lowered = [tasted.reason] if tasted.reason and tasted.size <= -_WORTH_WORDS else []
    told = "; ".join([*_evidence(candidate, lowered), *lowered])
    return f"too unsure to be of {subject.name}, at {candidate.match.score:.2f} ({told})"


def refused(subject: Subject, readers: int) -> str:
    """Say how many readers took an item out of a subject."""
    return f"{readers} reader{'s' * (readers > 1)} said that it is not of {subject.name}"


def known_model(before: Earlier) -> str:
    """Say that a release offers a model that was there before."""
    return f"the model is known since {day_of(before.night)}; only its offer is new"


def unfitting(matches: Sequence[Match], subjects: Sequence[Subject]) -> str:
    """Say that an item fits no subject, and which comes nearest."""
    if not matches:
        return "it was matched with no subject" if subjects else "no subject is configured"
    nearest = matches[0]
    name = next((subject.name for subject in subjects if subject.slug == nearest.subject), nearest.subject)
    return f"fits no subject: {name} comes nearest, at {nearest.score:.2f} ({nearest.evidence})"
