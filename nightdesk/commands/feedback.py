"""``feedback``: give, list and withdraw the votes that the next night learns from."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from core.errors import ConfigError
from core.ports import system_clock
from core.types import Item, Opinion, Vote
from digests.outside import plain_title
from kb import judgements
from kb.items import get_items
from kb.votes import all_votes, keep_vote, withdraw_votes
from nightdesk.config import find_config, load_config, person
from nightdesk.named_item import named_item
from nightdesk.output import print_json, print_table, say
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


def give(config: Path | None, ballot: Ballot, *, as_json: bool) -> None:
    """Keep a vote under each subject that it is meant for.

    Raises ConfigError when it is not clear which these are.
    """
    desk = Desk(load_config(find_config(config)))
    item = named_item(desk.store, ballot.item)
    opinion, voter, now = OPINIONS[ballot.word], _voter(ballot), system_clock()
    with desk.store.writing() as connection:
        subjects = _meant(desk, connection, item, ballot)
        given = [Vote(item.id, slug, opinion, voter, now.replace(microsecond=0), ballot.note) for slug in subjects]
        for vote in given:
            keep_vote(connection, vote)
    if as_json:
        print_json({"given": [_json(vote, item) for vote in given]})
        return
    names = ", ".join(_names(desk)[slug] for slug in subjects)
    say(f"{IN_WORDS[opinion]} in {names}: {plain_title(item.title)}; the next night learns from it")


def _voter(ballot: Ballot) -> str:
    if ballot.voter is not None and not ballot.voter.strip():
        raise ConfigError("--as needs a name")
    return ballot.voter or person()


def _names(desk: Desk) -> dict[str, str]:
    return {subject.slug: subject.name for subject in desk.settings.subjects}


def _meant(desk: Desk, connection: Connection, item: Item, ballot: Ballot) -> Sequence[str]:
    """Return the subjects that a vote is for: the named one, those that kept the item, or those that it fits."""
    names = _names(desk)
    if ballot.subject is not None:
        return _known(ballot.subject, names)
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


def _known(slug: str, names: dict[str, str]) -> Sequence[str]:
    if slug not in names:
        raise ConfigError(f"there is no subject {slug!r}; there are {', '.join(names) or 'none'}")
    return [slug]


def withdraw(config: Path | None, ballot: Ballot, *, as_json: bool) -> None:
    """Take back what a person said of an item.

    Raises ConfigError when there is nothing to take back.
    """
    desk = Desk(load_config(find_config(config)))
    item = named_item(desk.store, ballot.item)
    voter = _voter(ballot)
    with desk.store.writing() as connection:
        count = withdraw_votes(connection, item.id, voter, ballot.subject)
    if not count:
        raise ConfigError(f"{voter} has no vote on {plain_title(item.title)!r} to withdraw")
    if as_json:
        print_json({"withdrawn": count, "id": item.id, "voter": voter})
        return
    say(f"withdrawn: {count} vote{'s' * (count > 1)} of {voter} on {plain_title(item.title)}")


def votes(config: Path | None, subject: str | None, *, as_json: bool) -> None:
    """Print every vote, the latest first."""
    desk = Desk(load_config(find_config(config)))
    if subject is not None:
        _known(subject, _names(desk))
    with desk.store.reading() as connection:
        given = [vote for vote in reversed(all_votes(connection)) if subject in (None, vote.subject)]
        items = get_items(connection, {vote.item_id for vote in given})
    if as_json:
        print_json({"votes": [_json(vote, items[vote.item_id]) for vote in given]})
        return
    rows = [
        (vote.at.date(), vote.voter, vote.subject, IN_WORDS[vote.opinion], _told(vote, items[vote.item_id]))
        for vote in given
    ]
    print_table(f"{len(rows)} vote{'s' * (len(rows) != 1)}", ("given", "by", "subject", "says", "item"), rows)
    if not rows:
        say("no vote yet; `nightdesk feedback ITEM up` gives one")


def _told(vote: Vote, item: Item) -> str:
    return "\n".join(line for line in (plain_title(item.title), item.id, vote.note) if line)


def _json(vote: Vote, item: Item) -> dict[str, Any]:
    return asdict(vote) | {"at": vote.at.isoformat(), "title": item.title}
