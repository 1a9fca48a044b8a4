"""Decide who gets which part of a digest, by which way, and when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from nightdesk.config_delivery import DeliverySettings, Person

if TYPE_CHECKING:
    from nightdesk.config import Settings


@dataclass(frozen=True, slots=True)
class SubjectDelivery:
    """What the table of a subject says of who is told: its channel, people by name, and the hour where it has one."""

    slug: str
    name: str
    channel: str
    people: tuple[str, ...]
    digest_at: time | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who gets a digest, and which: ``subjects`` are slugs in the order of the configuration.

    ``at`` is the hour in ``timezone``; None is the team's own. ``name`` is what people call the letter; ``topic`` tells
    apart what one reader gets twice, such as two subjects of one channel.
    """

    sink: str
    reader: str
    name: str
    subjects: tuple[str, ...]
    at: time | None
    timezone: ZoneInfo
    topic: str = ""


def recipients(settings: "Settings") -> tuple[Recipient, ...]:
    """Return everybody who is told, by the ways that are open."""
    everybody = (*_channels(settings), *_people(settings), *_feed(settings))
    return tuple(recipient for recipient in everybody if recipient.sink in settings.delivery.sinks)


def _channels(settings: "Settings") -> Iterator[Recipient]:
    for told in settings.told:
        if told.channel:
            only = (told.slug,)
            yield Recipient("slack", told.channel, told.name, only, told.digest_at, settings.timezone, told.slug)


def _people(settings: "Settings") -> Iterator[Recipient]:
    for person in settings.delivery.people:
        chosen = _chosen(person, settings.told)
        zone = person.timezone or settings.timezone
        for sink, reader in (("slack", person.slack), ("mail", person.email)):
            if reader and chosen:
                yield Recipient(sink, reader, person.name, chosen, person.digest_at, zone)


def _chosen(person: Person, told: Sequence[SubjectDelivery]) -> tuple[str, ...]:
    """Return the subjects that a person named, and those that name them."""
    return tuple(one.slug for one in told if one.slug in person.subjects or person.name in one.people)


def _feed(settings: "Settings") -> Iterator[Recipient]:
    if settings.delivery.feed:
        everything = tuple(told.slug for told in settings.told)
        yield Recipient("atom", settings.delivery.feed, "feed", everything, None, settings.timezone)


def unreached(told: Sequence[SubjectDelivery], delivery: DeliverySettings) -> Iterator[str]:
    """Yield a line on everybody who is named and gets nothing."""
    if "slack" not in delivery.sinks and any(one.channel for one in told):
        yield "[[subject]] channel: nothing is posted without a [slack] and its bot token"
    for person in delivery.people:
        if not _chosen(person, told):
            yield f"[[person]] {person.name}: has no subjects, and no subject names them; they get nothing"
        for sink, reader in (("slack", person.slack), ("mail", person.email)):
            if reader and sink not in delivery.sinks:
                yield f"[[person]] {person.name}: is not reached by {sink}; there is no working [{sink}]"
        if not person.slack and not person.email:
            yield f"[[person]] {person.name}: has neither slack nor email"
