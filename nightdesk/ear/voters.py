"""Whose word a click is: a person of the configuration, or a stranger under their own member id."""

from core.errors import DeliveryRefused
from digests.sinks.slack import Slack
from nightdesk.config_delivery import DeliverySettings, Person


class Voters:
    """The people of a configuration by their member ids; whoever is named by an address is looked up once."""

    def __init__(self, delivery: DeliverySettings, slack: Slack) -> None:
        """Look nobody up yet."""
        # Who is known by member id is found without Slack, whatever becomes of looking others up.
        self._people = sorted((one for one in delivery.people if one.slack), key=lambda one: "@" in one.slack)
        self._strangers_vote, self._slack = delivery.strangers_vote, slack
        self._members: dict[str, str] = {}

    def named(self, member: str) -> str | None:
        """Return by which name a member votes, or None where they do not.

        Raises DeliveryError where Slack cannot be asked who somebody is.
        """
        found = next((person.name for person in self._people if self._member_of(person) == member), None)
        return found or (member if self._strangers_vote else None)

    def _member_of(self, person: Person) -> str:
        if person.slack not in self._members:
            try:
                self._members[person.slack] = self._slack.member_of(person.slack)
            except DeliveryRefused:  # nobody has this address
                self._members[person.slack] = ""
        return self._members[person.slack]
