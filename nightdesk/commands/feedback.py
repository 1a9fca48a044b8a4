"""``feedback``: give, list and withdraw the votes that the next night learns from."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.errors import ConfigError
from core.types import Item, Vote
from digests.outside import plain_title
from kb.items import get_items
from kb.votes import all_votes
from nightdesk import ballots
from nightdesk.ballots import IN_WORDS, Ballot, cast, in_words, known_subject, voter_of
from nightdesk.config import find_config, load_config
from nightdesk.named_item import named_item
from nightdesk.output import print_json, print_table, say
from nightdesk.wiring import Desk


def give(config: Path | None, ballot: Ballot, *, as_json: bool) -> None:
    """Keep a vote under each subject that it is meant for.

    Raises ConfigError when it is not clear which these are.
    """
    desk = Desk(load_config(find_config(config)))
    item, given = cast(desk, ballot)
    if as_json:
        print_json({"given": [_json(vote, item) for vote in given]})
        return
    say(f"{in_words(desk, given)}: {plain_title(item.title)}; the next night learns from it")


def withdraw(config: Path | None, ballot: Ballot, *, as_json: bool) -> None:
    """Take back what a person said of an item.

    Raises ConfigError when there is nothing to take back.
    """
    desk = Desk(load_config(find_config(config)))
    item = named_item(desk.store, ballot.item)
    voter, count = voter_of(ballot), ballots.withdraw(desk, item, ballot)
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
        known_subject(desk, subject)
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
