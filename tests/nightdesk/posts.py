"""Letters of invented content, and a round that delivers them to a loopback Slack without waiting."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from core.delivery import Letter, Post
from digests.sinks import Sink
from digests.sinks import slack as slack_sink
from kb.store import Store
from nightdesk.delivering import Patience, Round
from tests.servers.slack import BOT_TOKEN, Slack

NIGHT = date(2026, 10, 14)
NIGHTS = (NIGHT, NIGHT)
QUICK = Patience(attempts=8, settle=10.0, scale=0.01)


def letter(reader: str, posts: int = 4, topic: str = "") -> Letter:
    """A head and its replies, each saying whose it is and which."""
    words = [f"{reader} {topic} {place}" for place in range(posts)]
    told = (Post(text, (_section(text),), in_thread=place > 0) for place, text in enumerate(words))
    return Letter("slack", reader, NIGHT, tuple(told), topic, f"for {reader}")


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "plain_text", "text": text}}


def workspace_sink(base_url: str, token: str = BOT_TOKEN) -> slack_sink.Slack:
    return slack_sink.open_sink(slack_sink.Options(token, base_url))


def round_of(folder: Path, sinks: Mapping[str, Sink], **more: Any) -> Round:
    return Round(Store(folder / "nightdesk.db"), folder, sinks, **{"patience": QUICK, **more})


def told(slack: Slack, channel: str) -> list[str]:
    """Return the texts in a conversation, in order."""
    return [message["text"] for message in slack.messages(channel)]
