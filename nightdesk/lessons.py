"""What a team teaches its desk: the examples of its configuration, and its readers' votes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection

from core.identity import text_hash
from core.types import Subject, Vote
from kb.engine import driver_of
from kb.items import get_items, seen_before, sightings_of
from kb.vector_rows import current_model, embedded_text, load_vectors
from kb.votes import all_votes
from nightdesk.named_item import names_an_item, possible_ids
from nightdesk.wiring import Desk
from triage.classify import Classifier, Example, Vectors, classifier_key, fit
from triage.taste import Voted


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is, or is not, of a subject: an item of the knowledge base, or a text of its own without a ``vector``."""

    title: str
    text: str
    is_positive: bool = True
    vector: Vectors | None = None
    item_id: str = ""


Lessons = Mapping[str, Sequence[Lesson]]
"""Lessons by subject."""


def votes_with_items(connection: Connection) -> tuple[Voted, ...]:
    """Return every vote with what is known of its item."""
    votes = all_votes(connection)
    ids = list(dict.fromkeys(vote.item_id for vote in votes))
    titles = {item_id: item.title for item_id, item in get_items(connection, ids).items()}
    vectors = dict(zip(*load_vectors(driver_of(connection), ids), strict=True))
    told = sightings_of(connection, ids)
    return tuple(
        Voted(
            vote,
            titles[vote.item_id],
            tuple(sighting.source for sighting in told.get(vote.item_id, ())),
            vectors.get(vote.item_id),
        )
        for vote in votes
    )


@dataclass(frozen=True, slots=True)
class Matcher:
    """What sorts items by subject; ``wording`` is the key of the configuration in it, ``taught`` that of the votes."""

    classifier: Classifier
    wording: str
    taught: str


@dataclass(frozen=True, slots=True)
class Taught:
    """What a desk was taught before a night; no item of the night itself is in it, so that it is the same again."""

    shown: Lessons
    voted: Lessons


def matcher_of(desk: Desk, taught: Taught) -> Matcher:
    """Return what sorts items by subject, fitted anew where the configuration or the votes changed.

    The embedding model is loaded with it.
    """
    model, shown, voted = desk.embedder.name, taught.shown, taught.voted
    subjects = desk.settings.subjects
    hints = {spec.name: spec.subjects for spec in desk.settings.sources if spec.subjects}
    wording = f"{classifier_key(subjects, hints, model)}-{_key(shown)}"
    together = {subject.slug: (*shown[subject.slug], *voted[subject.slug]) for subject in subjects}
    return Matcher(_classifier(desk, together, f"{wording}-{_key(voted)}"), wording, _key(voted))


def taught_before(desk: Desk, night: date) -> Taught:
    """Return the lessons of the configuration's examples and of the votes, of items that came before a night."""
    subjects = desk.settings.subjects
    with desk.store.reading() as connection:
        current = current_model(driver_of(connection))
        held = _Held(connection, night, current is None or current.name == desk.model_name)
        return Taught({subject.slug: _shown(held, subject) for subject in subjects}, _voted(held, subjects))


def missing_examples(desk: Desk) -> tuple[str, ...]:
    """Return the examples of the configuration that name an item which the knowledge base does not hold."""
    named = [example for subject in desk.settings.subjects for example in subject.examples if names_an_item(example)]
    with desk.store.reading() as connection:
        known = get_items(connection, {item_id for example in named for item_id in possible_ids(example)})
    return tuple(example for example in named if not known.keys() & set(possible_ids(example)))


@dataclass(frozen=True, slots=True)
class _Held:
    """The items that the knowledge base held before a night; of vectors of a former model no use is made."""

    connection: Connection
    night: date
    has_vectors: bool

    def lessons(self, ids: Iterable[str]) -> dict[str, Lesson]:
        """Return those of the items that were there, each as an example of something."""
        items = get_items(self.connection, seen_before(self.connection, dict.fromkeys(ids), self.night))
        if not self.has_vectors:
            return {item.id: Lesson(item.title, item.text, item_id=item.id) for item in items.values()}
        vectors = dict(zip(*load_vectors(driver_of(self.connection), list(items)), strict=True))
        return {
            item.id: Lesson(item.title, item.text, vector=vectors[item.id], item_id=item.id)
            for item in items.values()
            if item.id in vectors
        }


def _shown(held: _Held, subject: Subject) -> tuple[Lesson, ...]:
    """Return the examples of a configuration: items of the base by id or address, else texts of their own."""
    meant = {named: possible_ids(named) for named in subject.examples}
    known = held.lessons(item_id for ids in meant.values() for item_id in ids)
    texts = [Lesson(named, named) for named, ids in meant.items() if not names_an_item(named) and ids[0] not in known]
    return (*known.values(), *texts)


def _voted(held: _Held, subjects: Sequence[Subject]) -> Lessons:
    """Return what the votes teach of subjects; an item that is not useful may be of its subject all the same."""
    by_subject: dict[str, list[Lesson]] = {subject.slug: [] for subject in subjects}
    opinions = _opinions(all_votes(held.connection))
    known = held.lessons(item_id for item_id, _ in opinions)
    for (item_id, slug), given in opinions.items():
        agreed = given.count("useful") - given.count("wrong_subject")
        if agreed and slug in by_subject and item_id in known:
            by_subject[slug].append(replace(known[item_id], is_positive=agreed > 0))
    return by_subject


def _opinions(votes: Sequence[Vote]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for vote in sorted(votes, key=lambda vote: (vote.item_id, vote.subject, vote.voter)):
        found.setdefault((vote.item_id, vote.subject), []).append(vote.opinion)
    return found


def _key(lessons: Lessons) -> str:
    """Return the key of lessons; an item's is its id, so that what it says tomorrow changes nothing of tonight."""
    told = [(slug, one.item_id or one.text, one.is_positive) for slug, ones in sorted(lessons.items()) for one in ones]
    return text_hash(repr(told))[:16]


def _classifier(desk: Desk, lessons: Lessons, key: str) -> Classifier:
    """Return the classifier of the desk's subjects; what was fitted under ``key`` before is taken from its file."""
    subjects = desk.settings.subjects
    path = desk.data_dir / "models" / f"subjects-{key}.npz"
    try:
        return Classifier.from_bytes(path.read_bytes(), subjects)
    except (OSError, ValueError):
        fitted = fit(subjects, _examples(desk, lessons), desk.embedder.embed)
    for older in path.parent.glob("subjects-*.npz"):
        older.unlink(missing_ok=True)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_bytes(fitted.to_bytes())
    unfinished.replace(path)
    return fitted


def _examples(desk: Desk, lessons: Lessons) -> dict[str, tuple[Example, ...]]:
    bare = list(dict.fromkeys(_meant(one) for ones in lessons.values() for one in ones if one.vector is None))
    vectors = dict(zip(bare, desk.embedder.embed(bare), strict=True)) if bare else {}
    return {
        slug: tuple(
            Example(
                one.title,
                one.text,
                vectors[_meant(one)] if one.vector is None else one.vector,
                one.is_positive,
                one.item_id,
            )
            for one in ones
        )
        for slug, ones in lessons.items()
    }


def _meant(lesson: Lesson) -> str:
    return embedded_text(lesson.title, lesson.text) if lesson.item_id else lesson.text
