"""What a click is about, looked up in the message as it was posted and in the night's digest."""

from dataclasses import dataclass

from sqlalchemy import Connection

from core.delivery import Receipt
from core.digest import DigestEntry
from digests.slack_actions import Answer, Told, answered, told_in
from digests.slack_events import Pressed, Reacted
from kb import judgements, outbox
from kb.items import get_items
from kb.store import Store
from nightdesk import stored_digest


@dataclass(frozen=True, slots=True)
class Meant:
    """The story that somebody answered to, and what they said of it."""

    answer: Answer
    told: Told


def pressed(store: Store, event: Pressed) -> Meant | None:
    """Return what a press means; None where the message is not known, or offers no such answer, or the item is gone."""
    with store.reading() as connection:
        parcel = outbox.find_posted(connection, Receipt(event.channel, event.ts))
        found = answered(parcel.post.blocks, event.action) if parcel else None
        return Meant(*found) if found and _is_kept(connection, found[1]) else None


def reacted(store: Store, event: Reacted) -> Told | None:
    """Return the story under which a reaction stands; None where the message tells none or several."""
    with store.reading() as connection:
        parcel = outbox.find_posted(connection, Receipt(event.channel, event.ts))
        stories = told_in(parcel.post.blocks) if parcel else ()
        return stories[0] if len(stories) == 1 and _is_kept(connection, stories[0]) else None


def told_at(store: Store, message: Receipt, row: str) -> Told | None:
    """Return the story whose row of buttons stands in a message, or None where it is not known or the item is gone."""
    with store.reading() as connection:
        parcel = outbox.find_posted(connection, message)
        stories = told_in(parcel.post.blocks) if parcel else ()
        return next((told for told in stories if told.block_id == row and _is_kept(connection, told)), None)


def _is_kept(connection: Connection, told: Told) -> bool:
    return told.story_id in get_items(connection, [told.story_id])


def entry_of(store: Store, told: Told) -> DigestEntry | None:
    """Return a story as its night's digest has it, or None where that is gone."""
    with store.reading() as connection:
        content = judgements.find_digest(connection, told.night)
    sections = stored_digest.load(content).sections if content else ()
    entries = (entry for section in sections if section.subject == told.subject for entry in section.entries)
    return next((entry for entry in entries if entry.story_id == told.story_id), None)
