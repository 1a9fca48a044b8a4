"""Decide what the morning desk is told of a night: which story under which subject, in which order, what was dropped.

A story is told in full once, under its *home*: the subject where it scores highest. Elsewhere it is a reference.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from core.digest import Digest, DigestEntry, DigestSection, DroppedItem, ItemCounts, Trend
from core.judged import Analysis, Story
from core.sources import PollRow
from core.types import Brief, Item, Sighting, Subject, Verdict

_NONE: Mapping[str, Any] = MappingProxyType({})
_BySubject = Mapping[str, Verdict]  # one story's best kept verdicts by subject slug, in the order of the subjects


def compose(  # noqa: PLR0913 - one argument per stage of the night whose result it tells
    night: date,
    *,
    subjects: Sequence[Subject],
    verdicts: Sequence[Verdict],
    stories: Sequence[Story],
    briefs: Mapping[str, Brief],
    items: Mapping[str, Item],
    sightings: Mapping[str, Sequence[Sighting]],
    ledger: Sequence[PollRow],
    counts: ItemCounts,
    trends: Sequence[Trend] = (),
    analyses: Mapping[str, Analysis] = _NONE,
    marks: Mapping[str, str] = _NONE,
    model: str = "",
    notes: Sequence[str] = (),
    unjudged: Collection[tuple[str, str]] = (),
) -> Digest:
    """Return the digest of a night; the order in which verdicts and stories come does not matter.

    ``briefs``, ``analyses`` and ``marks`` are by story id, ``items`` and ``sightings`` by item id. A mark says what a
    reader should know of how a story came here, ``notes`` what of the night; ``model`` is the one that writes briefs.
    ``unjudged`` are items and subjects (of ``subjects``) with a dropped verdict that is nobody's: where no story tells
    such an item, a list under the subject does.
    A KeyError names an item that a verdict or a story speaks of and ``items`` lacks, a ValueError a kept item that is
    in no story: it would be lost without a word. What was kept under a subject that is not among ``subjects`` is
    neither told nor listed as dropped.
    """
    kept_ids = {verdict.item_id for verdict in verdicts if verdict.decision == "kept"}
    _refuse_lost(kept_ids, stories)
    kept = _kept_by_story(subjects, verdicts, stories)
    told = [story for story in stories if story.id in kept]
    told_ids = {item_id for story in told for item_id in story.item_ids}
    entries = {
        story.id: replace(
            _tell(story, _home(kept[story.id]), items=items, sightings=sightings),
            **_written(briefs.get(story.id), model, marks.get(story.id, "")),
            analysis=analyses.get(story.id),
        )
        for story in told
    }
    judged = _highest_verdicts(subjects, verdicts)
    listed = [one for one in verdicts if (one.item_id, one.subject) in unjudged and one.item_id not in told_ids]
    sections = [_section(subject, verdicts, kept, entries) for subject in subjects]
    elsewhere = kept_ids | told_ids | {verdict.item_id for verdict in listed}
    return Digest(
        night=night,
        sections=tuple(_with_unjudged(section, listed, items) for section in sections),
        dropped=_dropped(
            [one for one in judged if one.item_id not in elsewhere], items, _dropped_by(subjects, verdicts)
        ),
        ledger=tuple(ledger),
        counts=counts,
        trends=tuple(trends),
        notes=tuple(notes),
    )


def for_subject(digest: Digest, slug: str) -> Digest:
    """Return the digest with one section alone, which then tells all of its entries in full."""
    return for_subjects(digest, (slug,))


def for_subjects(digest: Digest, slugs: Collection[str]) -> Digest:
    """Return the digest with some sections, and what was dropped under them.

    Each of their stories is told in full in one of them, as by ``compose``.
    """
    sections = [section for section in digest.sections if section.subject in slugs]
    if len(sections) == len(digest.sections):
        return digest
    homes = _homes(sections)
    dropped = tuple(item for item in digest.dropped if any(slug in slugs for slug in item.subjects))
    told = tuple(_rehomed(section, homes) for section in sections)
    return replace(digest, sections=told, dropped=dropped, is_part=True)


def _homes(sections: Sequence[DigestSection]) -> dict[str, str]:
    """Return the subject that tells each story: where it scores highest, of equal ones the first."""
    best: dict[str, float] = {}
    homes: dict[str, str] = {}
    for section in sections:
        for entry in section.entries:
            if entry.story_id not in best or entry.score > best[entry.story_id]:
                best[entry.story_id], homes[entry.story_id] = entry.score, section.subject
    return homes


def _rehomed(section: DigestSection, homes: Mapping[str, str]) -> DigestSection:
    def under(entry: DigestEntry) -> DigestEntry:
        home = homes[entry.story_id]
        return replace(entry, home=None if home == section.subject else home)

    return replace(section, entries=tuple(map(under, section.entries)))


def _refuse_lost(kept_ids: set[str], stories: Sequence[Story]) -> None:
    if lost := kept_ids.difference(*(story.item_ids for story in stories)):
        raise ValueError(f"kept, but in no story: {', '.join(sorted(lost))}")


def _kept_by_story(
    subjects: Sequence[Subject], verdicts: Sequence[Verdict], stories: Sequence[Story]
) -> dict[str, _BySubject]:
    """Return the best kept verdict of every story that is told; of equal scores the item nearer the lead speaks."""
    kept = {(verdict.item_id, verdict.subject or ""): verdict for verdict in verdicts if verdict.decision == "kept"}
    by_story = {story.id: _best_by_subject(story, subjects, kept) for story in stories}
    return {story_id: by_subject for story_id, by_subject in by_story.items() if by_subject}


def _best_by_subject(
    story: Story, subjects: Sequence[Subject], kept: Mapping[tuple[str, str], Verdict]
) -> dict[str, Verdict]:
    best: dict[str, Verdict] = {}
    for subject in subjects:
        of_story = [kept[item_id, subject.slug] for item_id in story.item_ids if (item_id, subject.slug) in kept]
        if of_story:
            best[subject.slug] = max(of_story, key=attrgetter("score"))
    return best


def _home(by_subject: _BySubject) -> Verdict:
    return max(by_subject.values(), key=attrgetter("score"))


def _tell(
    story: Story,
    home: Verdict,
    *,
    items: Mapping[str, Item],
    sightings: Mapping[str, Sequence[Sighting]],
) -> DigestEntry:
    """Return the story as its home tells it, without what was written of it."""
    lead = items[story.lead]
    return DigestEntry(
        story_id=story.id,
        kind=lead.kind,
        title=lead.title,
        url=lead.url,
        summary="",
        origin="local",
        reason=home.reason,
        score=home.score,
        authors=lead.authors,
        published=lead.published,
        facts=_facts([items[item_id] for item_id in story.item_ids]),
        told_by=_told_by([sighting for item_id in story.item_ids for sighting in sightings.get(item_id, ())]),
    )


def _written(brief: Brief | None, model: str, mark: str) -> dict[str, Any]:
    """Return the fields of an entry that tell what was written of its story, by whom, and why not by a model."""
    if brief is None:
        return {"mark": mark}
    by = f"summary by {model}" if brief.origin == "model" and model else ""
    # The particulars of a failure are the night's, or `why`'s: beside every story they would drown it.
    said = "; ".join(filter(None, (by, brief.why.partition(": ")[0], mark)))
    return {"summary": brief.summary, "origin": brief.origin, "points": brief.points, "mark": said}


def _facts(told: Sequence[Item]) -> tuple[tuple[str, str], ...]:
    first: dict[str, str] = {}
    for item in told:
        for label, value in item.facts:
            first.setdefault(label, value)
    return tuple(first.items())


def _told_by(sightings: Sequence[Sighting]) -> tuple[tuple[str, str], ...]:
    return tuple(dict.fromkeys((sighting.source, sighting.url) for sighting in sightings))


def _section(
    subject: Subject,
    verdicts: Sequence[Verdict],
    kept: Mapping[str, _BySubject],
    entries: Mapping[str, DigestEntry],
) -> DigestSection:
    here = [
        _entry_under(by_subject[subject.slug], _home(by_subject), entries[story_id])
        for story_id, by_subject in kept.items()
        if subject.slug in by_subject
    ]
    here.sort(key=lambda entry: (-entry.score, entry.story_id))
    dropped = {
        verdict.item_id for verdict in verdicts if (verdict.subject, verdict.decision) == (subject.slug, "dropped")
    }
    return DigestSection(subject.slug, subject.name, tuple(here), len(dropped))


def _with_unjudged(section: DigestSection, listed: Sequence[Verdict], items: Mapping[str, Item]) -> DigestSection:
    here = [verdict for verdict in listed if verdict.subject == section.subject]
    return replace(section, dropped=section.dropped - len(here), unjudged=_dropped(here, items))


def _entry_under(verdict: Verdict, home: Verdict, entry: DigestEntry) -> DigestEntry:
    if verdict.subject == home.subject:
        return entry
    return replace(entry, reason=verdict.reason, score=verdict.score, home=home.subject)


def _highest_verdicts(subjects: Sequence[Subject], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return one verdict per item: the highest, of equal ones that of the subject that comes first."""
    place = {subject.slug: number for number, subject in enumerate(subjects)}
    last = len(subjects)
    by_item: dict[str, Verdict] = {}
    for verdict in sorted(verdicts, key=lambda verdict: (-verdict.score, place.get(verdict.subject or "", last))):
        by_item.setdefault(verdict.item_id, verdict)
    return list(by_item.values())


def _dropped_by(subjects: Sequence[Subject], verdicts: Sequence[Verdict]) -> Mapping[str, tuple[str, ...]]:
    """Return by item the subjects that dropped it, in their order."""
    dropped = {(verdict.subject, verdict.item_id) for verdict in verdicts if verdict.decision == "dropped"}
    ids = {item_id for _, item_id in dropped}
    return {item_id: tuple(one.slug for one in subjects if (one.slug, item_id) in dropped) for item_id in ids}


def _dropped(
    verdicts: Sequence[Verdict], items: Mapping[str, Item], by: Mapping[str, tuple[str, ...]] = _NONE
) -> tuple[DroppedItem, ...]:
    def order(verdict: Verdict) -> tuple[float, str, str]:
        return -verdict.score, items[verdict.item_id].title, verdict.item_id

    ordered = ((items[verdict.item_id], verdict.reason) for verdict in sorted(verdicts, key=order))
    return tuple(DroppedItem(item.title, item.url, item.kind, why, by.get(item.id, ())) for item, why in ordered)
