"""What a team teaches its desk: the examples of its configuration, and its readers' votes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from zipfile import BadZipFile

from sqlalchemy import Connection

from core.identity import text_hash
from core.types import Subject, Vote
from kb.items import get_items, sightings_of
from kb.vectors import embedded_text, load_vectors
from kb.votes import all_votes
from nightdesk.named_item import possible_ids
from nightdesk.wiring import Desk
from triage.classify import Classifier, Example, Vectors, classifier_key, fit
from triage.taste import Voted


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is, or is not, of a subject; ``vector`` is there where the knowledge base has the item."""

    title: str
    text: str
    is_positive: bool = True
    vector: Vectors | None = None


Lessons = Mapping[str, Sequence[Lesson]]
"""Lessons by subject."""


def votes_with_items(connection: Connection) -> tuple[Voted, ...]:
    """Return every vote with what is known of its item."""
    votes = all_votes(connection)
    ids = list(dict.fromkeys(vote.item_id for vote in votes))
    titles = {item_id: item.title for item_id, item in get_items(connection, ids).items()}
    vectors = dict(zip(*load_vectors(connection, ids), strict=True))
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


def matcher_of(desk: Desk) -> Matcher:
    """Return what sorts items by subject, fitted anew where the configuration or the votes changed.

    The embedding model is loaded with it.
    """
    model = desk.embedder.name
    shown, voted = _lessons_of(desk)
    subjects = desk.settings.subjects
    hints = {spec.name: spec.subjects for spec in desk.settings.sources if spec.subjects}
    wording = f"{classifier_key(subjects, hints, model)}-{_key(shown)}"
    together = {subject.slug: (*shown[subject.slug], *voted[subject.slug]) for subject in subjects}
    return Matcher(_classifier(desk, together, f"{wording}-{_key(voted)}"), wording, _key(voted))


def _lessons_of(desk: Desk) -> tuple[Lessons, Lessons]:
    """Return the lessons of the configuration's examples, and those of the votes."""
    subjects = desk.settings.subjects
    with desk.store.reading() as connection:
        shown = {subject.slug: tuple(_shown(connection, subject)) for subject in subjects}
        voted = _voted(connection, subjects)
    return shown, voted


def _shown(connection: Connection, subject: Subject) -> Iterator[Lesson]:
    """Yield the examples of a configuration: an item of the base by its id or address, else a text of its own."""
    meant = {named: possible_ids(named) for named in subject.examples}
    held = _as_lessons(connection, [item_id for ids in meant.values() for item_id in ids])
    for named, ids in meant.items():
        known = next((held[item_id] for item_id in ids if item_id in held), None)
        if known:
            yield known
        elif not names_an_item(named):
            yield Lesson(named, named)


def names_an_item(example: str) -> bool:
    """Tell whether an example is an id or address, not a text: one word with a colon, or an arXiv number."""
    return " " not in example.strip() and (":" in example or len(possible_ids(example)) > 1)


def _as_lessons(connection: Connection, ids: Iterable[str]) -> dict[str, Lesson]:
    """Return those of the items that the knowledge base has, each as an example of something."""
    items = get_items(connection, dict.fromkeys(ids))
    vectors = dict(zip(*load_vectors(connection, list(items)), strict=True))
    return {
        item.id: Lesson(item.title, embedded_text(item.title, item.text), vector=vectors.get(item.id))
        for item in items.values()
    }


def _voted(connection: Connection, subjects: Sequence[Subject]) -> Lessons:
    """Return what the votes teach of subjects; an item that is not useful may be of its subject all the same."""
    by_subject: dict[str, list[Lesson]] = {subject.slug: [] for subject in subjects}
    opinions = _opinions(all_votes(connection))
    known = _as_lessons(connection, [item_id for item_id, _ in opinions])
    for (item_id, slug), given in opinions.items():
        agreed = given.count("useful") - given.count("wrong_subject")
        if agreed and slug in by_subject:
            by_subject[slug].append(replace(known[item_id], is_positive=agreed > 0))
    return by_subject


def _opinions(votes: Sequence[Vote]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = {}
    for vote in sorted(votes, key=lambda vote: (vote.item_id, vote.subject, vote.voter)):
        found.setdefault((vote.item_id, vote.subject), []).append(vote.opinion)
    return found


def _key(lessons: Lessons) -> str:
    """Return the key of lessons: the same ones have the same."""
    told = {slug: [(one.title, one.text, one.is_positive) for one in ones] for slug, ones in sorted(lessons.items())}
    return text_hash(repr(told))[:16]


def _classifier(desk: Desk, lessons: Lessons, key: str) -> Classifier:
    """Return the classifier of the desk's subjects; what was fitted under ``key`` before is taken from its file."""
    subjects = desk.settings.subjects
    path = desk.data_dir / "models" / f"subjects-{key}.npz"
    try:
        return Classifier.from_bytes(path.read_bytes(), subjects)
    except (OSError, ValueError, KeyError, BadZipFile):
        fitted = fit(subjects, _examples(desk, lessons), desk.embedder.embed)
    for older in path.parent.glob("subjects-*.npz"):
        older.unlink(missing_ok=True)
    unfinished = path.with_suffix(".tmp")
    unfinished.write_bytes(fitted.to_bytes())
    unfinished.replace(path)
    return fitted


def _examples(desk: Desk, lessons: Lessons) -> dict[str, tuple[Example, ...]]:
    bare = list(dict.fromkeys(one.text for ones in lessons.values() for one in ones if one.vector is None))
    vectors = dict(zip(bare, desk.embedder.embed(bare), strict=True)) if bare else {}
    return {
        slug: tuple(
            Example(one.title, one.text, vectors[one.text] if one.vector is None else one.vector, one.is_positive)
            for one in ones
        )
        for slug, ones in lessons.items()
    }
