"""A team on a loopback Slack whose night was told to a channel: invented stories, delivered as they would be."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.delivery import Letter
from core.digest import Digest
from core.types import Item
from digests.compose import for_subject
from digests.sinks.slack import Options, open_sink
from digests.slack_actions import told_in
from digests.slack_blocks import to_posts
from kb.judgements import keep_digest
from kb.outbox import rows_of
from kb.votes import all_votes
from nightdesk import stored_digest
from nightdesk.config import load_config
from nightdesk.delivering import deliver
from nightdesk.wiring import Desk
from tests.digests.night import NIGHT, SUBJECTS, digest_of
from tests.kb.shelf import remember
from tests.nightdesk.posts import round_of
from tests.servers.slack import APP_TOKEN, BOT_TOKEN, Channel, Member, Slack, Workspace, loopback_slack

_CONFIG = """
data_dir = "var"
timezone = "UTC"
[slack]
bot_token_env = "NIGHTDESK_TEST_BOT"
app_token_env = "NIGHTDESK_TEST_APP"
base_url = "{base_url}"
{more}
[[person]]
name = "Ana"
slack = "{ana}"
subjects = ["planning"]
[[person]]
name = "Bo"
slack = "bo@team.example"
subjects = ["planning"]
"""


@dataclass(frozen=True)
class Team:
    """The desk, its workspace, and the messages of the night that tell one story each: (channel, ts) and story id."""

    desk: Desk
    slack: Slack
    channel: Channel
    ana: Member
    bo: Member
    stories: tuple[tuple[tuple[str, str], str], ...]

    def votes(self) -> dict[tuple[str, str], str]:
        """Return the opinions by voter and subject."""
        with self.desk.store.reading() as connection:
            return {(vote.voter, vote.subject): vote.opinion for vote in all_votes(connection)}

    def message(self, at: tuple[str, str]) -> dict[str, Any]:
        """Return a message as it stands now."""
        return next(told for told in self.slack.messages(at[0]) if told["ts"] == at[1])

    def answers(self) -> list[str]:
        """Return what was said to people alone."""
        return [told["text"] for told in self.slack.workspace.responses]


@contextmanager
def told_team(folder: Path, patch: pytest.MonkeyPatch, more: str = "") -> Iterator[Team]:
    """Give a team after a night that #planning was told of."""
    patch.setenv("NIGHTDESK_TEST_BOT", BOT_TOKEN)
    patch.setenv("NIGHTDESK_TEST_APP", APP_TOKEN)
    with loopback_slack(Workspace(second=0.0)) as slack:
        channel = slack.workspace.add_channel("planning")
        ana, bo = slack.workspace.add_member("ana"), slack.workspace.add_member("bo", "bo@team.example")
        desk = Desk(load_config(_configured(folder, slack, ana, more)))
        digest = digest_of()
        remember(desk.store, *_items(digest), night=NIGHT)
        with desk.store.writing() as connection:
            keep_digest(connection, NIGHT, stored_digest.dump(digest))
        yield Team(desk, slack, channel, ana, bo, _told(desk, slack, channel, digest))


def _configured(folder: Path, slack: Slack, ana: Member, more: str) -> Path:
    subjects = "".join(f'[[subject]]\nslug = "{one.slug}"\nname = "{one.name}"\n' for one in SUBJECTS)
    path = folder / "nightdesk.toml"
    path.write_text(_CONFIG.format(base_url=slack.base_url, ana=ana.id, more=more) + subjects, "utf-8")
    return path


def _items(digest: Digest) -> Iterator[Item]:
    entries = {entry.story_id: entry for section in digest.sections for entry in section.entries}
    for story_id, entry in entries.items():
        now = datetime(2031, 3, 13, 18, tzinfo=UTC)
        yield Item(story_id, entry.kind, entry.title, entry.url, entry.summary, published=now, announced=now)


def _told(desk: Desk, slack: Slack, channel: Channel, digest: Digest) -> tuple[tuple[tuple[str, str], str], ...]:
    posts = to_posts(for_subject(digest, "planning"))
    sink = open_sink(Options(BOT_TOKEN, slack.base_url))
    sink.pace = 0.0
    rounds = round_of(desk.data_dir, {"slack": sink})
    deliver(rounds, [Letter("slack", "#planning", NIGHT, posts, "planning", "Planning")], (NIGHT, NIGHT))
    rounds.store.close()
    with desk.store.reading() as connection:
        assert [row.state for row in rows_of(connection, NIGHT, NIGHT)] == ["sent"]
    return tuple(_stories(slack, channel))


def _stories(slack: Slack, channel: Channel) -> Iterator[tuple[tuple[str, str], str]]:
    for message in slack.messages(channel.id):
        told = told_in(message.get("blocks", ()))
        if len(told) == 1:
            yield (channel.id, message["ts"]), told[0].story_id
