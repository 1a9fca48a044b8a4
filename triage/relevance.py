"""What is worth reading: the best stories of each subject are kept, everything else is dropped with a reason.

An item's relevance under a subject is its fit, raised and lowered by what else is known of it (``triage.lifts``), by
what is new in it (``triage.novelty``), and by what readers' votes teach (``triage.taste``). Of the most relevant, those
are kept that do not tell the same (``triage.diversity``).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from core.earlier import Familiar
from core.judged import Match, Story
from core.types import Decision, Item, Subject, Verdict
from triage import reasons
from triage.candidates import Candidate, Candidates, Evidence, candidates
from triage.diversity import spread
from triage.novelty import known_model
from triage.reasons import Rank
from triage.taste import Voted


def shortlist(
    subjects: Sequence[Subject], items: Mapping[str, Item], stories: Sequence[Story], evidence: Evidence
) -> tuple[Verdict, ...]:
    """Return a verdict for every item under every subject that it fits, and one without subject where it fits none.

    ``items`` are a night's news by id, each in one of ``stories``.
    """
    judged = list(_unfitting(subjects, items, evidence.matches))
    ready = candidates(items, stories, evidence)
    for subject in subjects:
        judged += _judge_subject(subject, ready)
    return tuple(judged)


def _unfitting(
    subjects: Sequence[Subject], items: Mapping[str, Item], matches: Mapping[str, Sequence[Match]]
) -> Iterator[Verdict]:
    configured = {subject.slug for subject in subjects}
    for item_id in items:
        found = [match for match in matches.get(item_id, ()) if match.subject in configured]
        if not any(match.fits for match in found):
            score = found[0].score if found else 0.0
            yield Verdict(item_id, None, "dropped", score, reasons.unfitting(found, subjects))


def _judge_subject(subject: Subject, ready: Candidates) -> Iterator[Verdict]:
    fitting = ready.fitting.get(subject.slug, [])
    barred = _barred(subject, [item for item, _ in fitting], ready.evidence)
    for item_id, reason in barred.items():
        yield Verdict(item_id, subject.slug, "dropped", 0.0, reason)
    wanted = [(item, match) for item, match in fitting if item.id not in barred]
    ranked = ready.ranked(subject, wanted)
    sure = {candidate.story.id for candidate in ranked if candidate.is_sure}
    yield from _judge_ranked(subject, [candidate for candidate in ranked if candidate.story.id in sure])
    for candidate in ranked:
        if candidate.story.id not in sure:
            yield _verdict(candidate, "dropped", reasons.unsure(candidate, subject))


def _barred(subject: Subject, fitting: Sequence[Item], evidence: Evidence) -> dict[str, str]:
    """Return why items take no place whatever else speaks for them: readers refuse them, or only an offer is new."""
    refused = _refused(subject, evidence.votes)
    barred = {item.id: reasons.refused(subject, refused[item.id]) for item in fitting if item.id in refused}
    for item in fitting:
        before = known_model(item, evidence.familiar.get(item.id, Familiar()))
        if before:
            barred.setdefault(item.id, reasons.known_model(before))
    return barred


def _refused(subject: Subject, votes: Sequence[Voted]) -> dict[str, int]:
    """Return how many readers refuse each item that no more found useful there than said is not of the subject."""
    said = [voted.vote for voted in votes if voted.vote.subject == subject.slug]
    useful = Counter(vote.item_id for vote in said if vote.opinion == "useful")
    wrong = Counter(vote.item_id for vote in said if vote.opinion == "wrong_subject")
    return {item_id: count for item_id, count in wrong.items() if count >= useful[item_id]}


def _judge_ranked(subject: Subject, ranked: Sequence[Candidate]) -> Iterator[Verdict]:
    """Keep up to ``max_items`` stories, each standing as its best item does; its other items are kept with it."""
    best: dict[str, Candidate] = {}
    for candidate in ranked:
        best.setdefault(candidate.story.id, candidate)
    stories = list(best.values())
    choice = spread([story.odds for story in stories], [story.vector for story in stories], subject.max_items)
    places = {story_id: place for place, story_id in enumerate(best)}
    for candidate in ranked:
        place = places[candidate.story.id]
        rank = Rank(place + 1, len(stories))
        if place in choice.kept:
            yield _verdict(candidate, "kept", reasons.kept(candidate, subject, rank))
        elif place in choice.gave_way:
            yield _verdict(candidate, "dropped", reasons.gave_way(stories[choice.gave_way[place]], subject, rank))
        else:
            yield _verdict(candidate, "dropped", reasons.outranked(candidate, subject, rank))


def _verdict(candidate: Candidate, decision: Decision, reason: str) -> Verdict:
    return Verdict(candidate.item.id, candidate.match.subject, decision, candidate.relevance, reason)
