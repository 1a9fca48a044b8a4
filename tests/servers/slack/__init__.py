"""A Slack on loopback for tests, benchmarks and trying the product by hand."""

from tests.servers.slack.faults import (
    FAILED,
    FAILED_BUT_DONE,
    LOST,
    REFUSED,
    THROTTLED,
    Fault,
    by_chance,
    once,
)
from tests.servers.slack.schema import characters, problems, view_problems
from tests.servers.slack.server import Slack, loopback_slack
from tests.servers.slack.workspace import APP_TOKEN, BOT_SCOPES, BOT_TOKEN, Channel, Member, Workspace

__all__ = [
    "APP_TOKEN",
    "BOT_SCOPES",
    "BOT_TOKEN",
    "FAILED",
    "FAILED_BUT_DONE",
    "LOST",
    "REFUSED",
    "THROTTLED",
    "Channel",
    "Fault",
    "Member",
    "Slack",
    "Workspace",
    "by_chance",
    "characters",
    "loopback_slack",
    "once",
    "problems",
    "view_problems",
]
