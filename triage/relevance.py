"""What is worth reading: the best stories of each subject are kept, everything else is dropped with a reason."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from core.types import Item, Match, Sighting, Story, Subject, Verdict
from triage.classify import FIT

_CROSS_LISTED = 0.03
_NO_TEXT = 0.05
_VOTES, _VOTES_CAP = 0.02, 0.1
_SIGHTING, _SIGHTINGS_CAP = 0.01, 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that fits a subject, with its relevance there."""

    item: Item
    story: Story
    match: Match
    relevance: float


def shortlist(
    subjects: Sequence[Subject],
    items: Mapping[str, Item],
    stories: Sequence[Story],
    matches: Mapping[str, Sequence[Match]],
    sightings: Mapping[str, Sequence[Sighting]],
) -> tuple[Verdict, ...]:
    """Return a verdict for every item under every subject that it fits, and one without subject where it fits none."""
    story_of = {item_id: story for story in stories for item_id in story.item_ids}
    verdicts = [_unfitting(item, matches.get(item.id, ()), subjects) for item in items.values()]
    judged = [verdict for verdict in verdicts if verdict]
    for subject in subjects:
        judged += _judge_subject(subject, _candidates(subject, items, story_of, matches, sightings))
    return tuple(judged)


def _unfitting(item: Item, matches: Sequence[Match], subjects: Sequence[Subject]) -> Verdict | None:
    if any(match.fits for match in matches):
        return None
    if not matches:
        return Verdict(item.id, None, "dropped", 0.0, "no subject is configured")
    nearest = matches[0]
    name = next((subject.name for subject in subjects if subject.slug == nearest.subject), nearest.subject)
    reason = (
        f"fits no subject well enough: {name} comes nearest, at {nearest.score:.2f} of {FIT:.2f} ({nearest.evidence})"
    )
    return Verdict(item.id, None, "dropped", nearest.score, reason)


def _candidates(
    subject: Subject,
    items: Mapping[str, Item],
    story_of: Mapping[str, Story],
    matches: Mapping[str, Sequence[Match]],
    sightings: Mapping[str, Sequence[Sighting]],
) -> list[Candidate]:
    found = [
        Candidate(item, story_of[item.id], match, _relevance(item, match, sightings.get(item.id, ())))
        for item in items.values()
        for match in matches.get(item.id, ())
        if match.subject == subject.slug and match.fits
    ]
    return sorted(found, key=lambda candidate: (-candidate.relevance, candidate.item.id))


def _relevance(item: Item, match: Match, sightings: Sequence[Sighting]) -> float:
    """Return the fit, raised by votes and by sources that tell of it too, lowered where it is only cross-listed."""
    votes = max((int(value) for s in sightings for label, value in s.facts if label == "votes"), default=0)
    crossed = bool(sightings) and all(sighting.announce_type != "new" for sighting in sightings)
    score = match.score + min(_VOTES * math.log2(1 + votes), _VOTES_CAP)
    score += _SIGHTING * min(max(len(sightings) - 1, 0), _SIGHTINGS_CAP)
    score -= _CROSS_LISTED * crossed + _NO_TEXT * (not item.text)
    return round(min(max(score, 0.0), 1.0), 3)


def _judge_subject(subject: Subject, candidates: Sequence[Candidate]) -> Iterator[Verdict]:
    """Keep the best ``max_items`` stories; a story's other items are kept with it, for it is told once."""
    ranks: dict[str, int] = {}
    for candidate in candidates:
        ranks.setdefault(candidate.story.id, len(ranks) + 1)
    for candidate in candidates:
        rank = ranks[candidate.story.id]
        if rank <= subject.max_items:
            reason = f"{candidate.match.evidence} ({_ordinal(rank)} of {len(ranks)} in {subject.name})"
            yield Verdict(candidate.item.id, subject.slug, "kept", candidate.relevance, _capitalised(reason))
        else:
            reason = f"ranked {rank} of {len(ranks)} in {subject.name}, which keeps {subject.max_items}"
            yield Verdict(candidate.item.id, subject.slug, "dropped", candidate.relevance, reason)


def _ordinal(number: int) -> str:
    teens = 10 < number % 100 < 14
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
