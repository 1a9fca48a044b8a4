"""A vote as a person gives it: whose it is, and under which subjects it counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from core.errors import ConfigError
from core.ports import system_clock
from core.types import Item, Opinion, Vote
from digests.outside import plain_title
from kb import judgements
from kb.clicks import About, Click, microseconds, say_now, subjects_voted, withdraw_now
from nightdesk.machine import person
from nightdesk.named_item import named_item
from nightdesk.wiring import Desk

OPINIONS: dict[str, Opinion] = {"up": "useful", "down": "not_useful", "wrong": "wrong_subject"}
IN_WORDS: dict[Opinion, str] = {"useful": "useful", "not_useful": "not useful", "wrong_subject": "wrong subject"}


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a person says of an item: ``word`` is up, down or wrong; without ``subject`` all that it is of are meant."""

    item: str
    word: str
    subject: str | None = None
    voter: str | None = None
    note: str = ""


def cast(desk: Desk, ballot: Ballot) -> tuple[Item, tuple[Vote, ...]]:
    """Keep a vote under each subject that it is meant for; return the item and what was kept.

    Raises ConfigError when there is no such item, or it is not clear which subjects are meant.
    """
    item = named_item(desk.store, ballot.item)
    opinion, voter, at = OPINIONS[ballot.word], voter_of(ballot), microseconds(system_clock())
    with desk.store.writing() as connection:
        abouts = [About(voter, item.id, slug) for slug in _meant(desk, connection, item, ballot)]
        given = [say_now(connection, Click(about, opinion, at, said=ballot.note)) for about in abouts]
    return item, tuple(given)


def withdraw(desk: Desk, item: Item, ballot: Ballot) -> int:
    """Take back what a person said of an item, under one subject or all; return how many votes there were."""
    voter, at = voter_of(ballot), microseconds(system_clock())
    with desk.store.writing() as connection:
        voted = subjects_voted(connection, voter, item.id)
        meant = [slug for slug in voted if ballot.subject in (None, slug)]
        for slug in meant:
            withdraw_now(connection, About(voter, item.id, slug), at)
    return len(meant)


def in_words(desk: Desk, given: Sequence[Vote]) -> str:
    """Return what votes on one item say, and under which subjects."""
    names = _names(desk)
    return f"{IN_WORDS[given[0].opinion]} in {', '.join(names[vote.subject] for vote in given)}"


def known_subject(desk: Desk, slug: str) -> str:
    """Return a slug that a subject of the desk has.

    Raises ConfigError when none has.
    """
    names = _names(desk)
    if slug not in names:
        raise ConfigError(f"there is no subject {slug!r}; there are {', '.join(names) or 'none'}")
    return slug


def voter_of(ballot: Ballot) -> str:
    """Return whose vote it is: the named one's, else that of who sits before the machine."""
    if ballot.voter is not None and not ballot.voter.strip():
        raise ConfigError("--as needs a name")
    return ballot.voter or person()


def _names(desk: Desk) -> dict[str, str]:
    return {subject.slug: subject.name for subject in desk.settings.subjects}


def _meant(desk: Desk, connection: Connection, item: Item, ballot: Ballot) -> Sequence[str]:
    """Return the subjects that a vote is for: the named one, those that kept the item, or those that it fits."""
    names = _names(desk)
    if ballot.subject is not None:
        return [known_subject(desk, ballot.subject)]
    told = judgements.verdicts_on(connection, item.id)
    kept = [verdict.subject for _, verdict in told if verdict.decision == "kept" and verdict.subject in names]
    matches = judgements.matches_of(connection, [item.id]).get(item.id, ())
    found = list(dict.fromkeys(slug for slug in kept if slug)) or [
        match.subject for match in matches if match.fits and match.subject in names
    ]
    if not found:
        raise ConfigError(f"{plain_title(item.title)!r} is of no subject; say which with --subject: {', '.join(names)}")
    if ballot.word == "wrong" and len(found) > 1:
        raise ConfigError(f"it is in several subjects; say which is wrong with --subject: {', '.join(found)}")
    return found
