"""The items that fit a subject, each with all that speaks for and against it, ranked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from core.earlier import Familiar
from core.judged import Match, Story
from core.types import Item, Sighting, Subject
from triage.diversity import Vectors
from triage.lifts import NONE, Lift, announcement, attention, chance, fit, log_odds, substance
from triage.novelty import novelty
from triage.taste import Taste, Voted, source, unwanted

# Of uncertain matches, those are kept of which at least one in three is right.
_SURE_ENOUGH = 1 / 3


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What is known of a night's items, by their ids, and what readers said of items of this and other nights.

    ``vectors`` are unit vectors; ``familiar`` is what comes nearest among what was there before the night; ``unwanted``
    are the readers who want less of a source, by subject and source.
    """

    matches: Mapping[str, Sequence[Match]]
    sightings: Mapping[str, Sequence[Sighting]] = field(default_factory=dict)
    vectors: Mapping[str, Vectors] = field(default_factory=dict)
    familiar: Mapping[str, Familiar] = field(default_factory=dict)
    votes: Sequence[Voted] = ()
    unwanted: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """An item that fits a subject, with what lifts it there; ``odds`` is its relevance as log odds.

    ``is_sure`` tells whether it is clearly enough of the subject to be kept with nobody to decide.
    """

    item: Item
    story: Story
    match: Match
    lifts: tuple[Lift, ...]
    odds: float
    is_sure: bool
    vector: Vectors | None

    @property
    def relevance(self) -> float:
        """How much the item is worth reading under the subject, in [0, 1]."""
        return round(chance(self.odds), 4)

    @property
    def tasted(self) -> Lift:
        """What the votes on items like it lend to the item."""
        return self.lifts[0]


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """All that may be ranked on a night, made ready once for all subjects."""

    story_of: Mapping[str, Story]
    fitting: Mapping[str, list[tuple[Item, Match]]]
    """The items that are, or may be, of each subject, in the order in which they came."""
    paid: Mapping[str, float]
    """The attention paid to each item's story, in log odds."""
    lifts: Mapping[str, tuple[Lift, ...]]
    taste: Taste
    evidence: Evidence

    def ranked(self, subject: Subject, fitting: Sequence[tuple[Item, Match]]) -> list[Candidate]:
        """Return items under a subject, the most relevant first; of equally relevant ones, by id."""
        given = self.evidence
        vectors = {item.id: given.vectors[item.id] for item, _ in fitting if item.id in given.vectors}
        tasted, trusted = self.taste.lifts(subject.slug, vectors), self.taste.sources(subject.slug)
        found = []
        for item, match in fitting:
            told_by = [sighting.source for sighting in given.sightings.get(item.id, ())]
            by_source = (source(told_by, trusted), unwanted(told_by, given.unwanted.get(subject.slug, {})))
            lifts = (tasted.get(item.id, NONE), *self.lifts[item.id], *by_source)
            odds = fit(match) + sum(lift.size for lift in lifts)
            is_sure = self._is_sure(match, item, lifts[0])
            found.append(Candidate(item, self.story_of[item.id], match, lifts, odds, is_sure, vectors.get(item.id)))
        return sorted(found, key=lambda candidate: (-candidate.odds, candidate.item.id))

    def _is_sure(self, match: Match, item: Item, tasted: Lift) -> bool:
        """Tell whether an item is kept where no model decides; attention counts under the subject it fits best."""
        nearest = max(found.score for found in self.evidence.matches[item.id])
        paid = self.paid[item.id] if match.score == nearest else 0.0
        return match.band == "clear" or log_odds(match.score) + tasted.size + paid >= log_odds(_SURE_ENOUGH)


def candidates(items: Mapping[str, Item], stories: Sequence[Story], evidence: Evidence) -> Candidates:
    """Return a night's items ready to be ranked; each is in one story."""
    story_of = {item_id: story for story in stories for item_id in story.item_ids}
    paid = {story.id: _paid(story, evidence) for story in stories}
    lifts = {
        item_id: (*paid[story.id], *_own(items[item_id], evidence)) for story in stories for item_id in story.item_ids
    }
    attention = {item_id: sum(lift.size for lift in paid[story.id]) for item_id, story in story_of.items()}
    fitting: dict[str, list[tuple[Item, Match]]] = {}
    for item in items.values():
        for match in evidence.matches.get(item.id, ()):
            if match.fits:
                fitting.setdefault(match.subject, []).append((item, match))
    return Candidates(story_of, fitting, attention, lifts, Taste(evidence.votes), evidence)


def _paid(story: Story, evidence: Evidence) -> tuple[Lift, ...]:
    """Return what the attention paid to a story as a whole lends to each of its items."""
    return attention(sighting for item_id in story.item_ids for sighting in evidence.sightings.get(item_id, ()))


def _own(item: Item, evidence: Evidence) -> tuple[Lift, ...]:
    """Return what lifts an item by itself, under any subject."""
    return (
        novelty(item, evidence.familiar.get(item.id, Familiar())),
        announcement(evidence.sightings.get(item.id, ())),
        substance(item),
    )
