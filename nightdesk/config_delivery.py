"""The part of the configuration that says who is told, and by which way."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import Annotated, Literal, Protocol
from zoneinfo import ZoneInfo

from pydantic import Field, StringConstraints, field_validator

from digests.sinks import atom, mail, slack
from nightdesk.config_tables import ClockTime, Said, Table

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_Address = Annotated[str, StringConstraints(pattern=r"^[^@\s<>,;\"()]+@[^@\s<>,;\"()]+$")]


SinkOptions = slack.Options | mail.Options | atom.Options


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a selection of their own; a way by which they are not reached is "".

    Without a time zone or an hour the team's hold.
    """

    name: str
    slack: str
    email: str
    timezone: ZoneInfo | None
    digest_at: time | None
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeliverySettings:
    """Who is told by which way: ``sinks`` holds the options of each way that is open, by its name.

    ``owner`` hears in Slack of what fails, ``app_token`` lets clicks in, ``feed`` is the file that is written or "".
    ``strangers_vote`` tells whether clicks of people who are not in the configuration count.
    """

    people: tuple[Person, ...]
    sinks: Mapping[str, SinkOptions]
    owner: str
    app_token: str
    feed: str
    strangers_vote: bool = True


class SlackTable(Table):
    """``[slack]``: the workspace; ``owner`` is a member id or address, ``strangers`` are who is in no [[person]]."""

    bot_token_env: str | None = None
    app_token_env: str | None = None
    owner: str | None = None
    base_url: Annotated[str, StringConstraints(pattern=r"^https?://\S+/$")] = "https://slack.com/api/"
    strangers: Literal["count", "refuse"] = "count"


class MailTable(Table):
    """``[mail]``: the server that takes the digests."""

    host: Said
    sender: _Address
    port: int | None = Field(None, ge=1, le=65535)
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user_env: str | None = None
    password_env: str | None = None


class AtomTable(Table):
    """``[atom]``: the file that feed readers are pointed to."""

    file: Said = "digests.xml"


class PersonTable(Table):
    """``[[person]]``: somebody with a selection of their own."""

    name: Said
    slack: Said | None = None
    email: _Address | None = None
    timezone: str | None = None
    digest_at: ClockTime | None = None
    subjects: list[str] = []

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str | None) -> str | None:
        return known_zone(name) if name else name


class DeliveryTables(Protocol):
    """What a file says of delivery."""

    person: list[PersonTable]
    slack: SlackTable | None
    mail: MailTable | None
    atom: AtomTable | None


def known_zone(name: str) -> str:
    """Return the name of a time zone; raise ValueError where there is none."""
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {name!r}; use a name such as Europe/Paris") from error
    return name


def delivery_settings(tables: DeliveryTables, folder: Path) -> DeliverySettings:
    """Return who is told, and how; files of feeds stand in ``folder``."""
    return DeliverySettings(
        tuple(_person(table) for table in tables.person),
        dict(_sinks(tables, folder)),
        tables.slack.owner or "" if tables.slack else "",
        _secret(tables.slack.app_token_env) if tables.slack else "",
        tables.atom.file if tables.atom else "",
        tables.slack is None or tables.slack.strangers == "count",
    )


def _person(table: PersonTable) -> Person:
    return Person(
        table.name,
        table.slack or "",
        table.email or "",
        ZoneInfo(table.timezone) if table.timezone else None,
        time.fromisoformat(table.digest_at) if table.digest_at else None,
        tuple(table.subjects),
    )


def _sinks(tables: DeliveryTables, folder: Path) -> Iterator[tuple[str, SinkOptions]]:
    if tables.slack and (token := _secret(tables.slack.bot_token_env)):
        yield "slack", slack.Options(token, tables.slack.base_url)
    if tables.mail:
        server = tables.mail
        port = server.port or _PORTS[server.tls]
        user, password = _secret(server.user_env), _secret(server.password_env)
        yield "mail", mail.Options(server.host, port, server.sender, server.tls, user, password)
    if tables.atom:
        yield "atom", atom.Options(folder)


def _secret(name: str | None) -> str:
    return os.environ.get(name or "", "").strip()


def unset_secrets(tables: DeliveryTables) -> Iterator[str]:
    """Yield a line on each variable of the environment that is named and not set."""
    for table, keys in (
        (tables.slack, ("bot_token_env", "app_token_env")),
        (tables.mail, ("user_env", "password_env")),
    ):
        where = "slack" if table is tables.slack else "mail"
        for key in keys:
            name = getattr(table, key, None)
            if name and not _secret(name):
                yield f"[{where}] {key}: the environment variable {name} is not set"
    if tables.slack and not tables.slack.bot_token_env:
        yield "[slack] bot_token_env: is missing, so that nothing is posted"
