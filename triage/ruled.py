"""What a model's rulings make of uncertain matches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.judged import Match, Ruling
from triage.calibration import CLEAR, OUT

# From a score of 0 to one of 10. Its ends are those of the clear band and of a good, not the best, clear match: what a
# model was talked into ranks below what plainly is of a subject.
_LEAST, _MOST, _HIGHEST = max(CLEAR, 0.6), 0.9, 10
_OUTSIDE = round(OUT - 0.01, 3)


@dataclass(frozen=True, slots=True)
class Ruled:
    """Matches by item, as ruled; ``unjudged`` are the items and subjects that a ruling was asked for in vain."""

    matches: Mapping[str, tuple[Match, ...]]
    unjudged: frozenset[tuple[str, str]]


def apply(matches: Mapping[str, Sequence[Match]], rulings: Iterable[Ruling]) -> Ruled:
    """Return the matches with the uncertain ones decided as ruled; what is not uncertain, or not ruled on, stays."""
    given = {(ruling.item_id, ruling.subject): ruling for ruling in rulings}
    after: dict[str, tuple[Match, ...]] = {}
    unjudged: set[tuple[str, str]] = set()
    for item_id, found in matches.items():
        ruled = [_ruled(match, given.get((item_id, match.subject))) for match in found]
        after[item_id] = tuple(sorted(ruled, key=lambda match: (not match.fits, -match.score, match.subject)))
        asked = [given.get((item_id, match.subject)) for match in found if match.band == "uncertain"]
        unjudged |= {(item_id, ruling.subject) for ruling in asked if ruling and ruling.belongs is None}
    return Ruled(after, frozenset(unjudged))


def _ruled(match: Match, ruling: Ruling | None) -> Match:
    if ruling is None or match.band != "uncertain":
        return match
    if ruling.belongs is None:
        return replace(match, evidence=f"{match.evidence}; not judged: {ruling.reason}")
    said = f"{ruling.model} says: {ruling.reason.removesuffix('.')}"
    if ruling.belongs:
        return Match(match.subject, probability(ruling.score), said, "clear")
    return Match(match.subject, min(match.score, _OUTSIDE), said, "out")


def probability(score: int) -> float:
    """Return the score of a match that a model said belongs, from its own of 0 to 10: evenly from 0.6 to 0.9."""
    return round(_LEAST + (_MOST - _LEAST) * min(max(score, 0), _HIGHEST) / _HIGHEST, 3)
