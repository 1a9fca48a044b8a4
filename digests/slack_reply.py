"""Answers a click or a command to the person alone, at the address that Slack gave with it.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

import http.client
import logging
from dataclasses import dataclass
from typing import Any

from core.delivery import Post
from core.errors import DeliveryUnclear

_TIMEOUT = 10
_QUIET = logging.getLogger("nightdesk.slack_reply")
_QUIET.addHandler(logging.NullHandler())
_QUIET.propagate = False


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered; ``thread`` is the head of the thread it stands in or "", ``replaces`` the answer before it."""

    post: Post
    thread: str = ""
    replaces: bool = False


def reply(url: str, answer: Reply) -> None:
    """Show an answer to one person. Raises DeliveryUnclear where it may not have been shown."""
    from slack_sdk.errors import SlackClientError
    from slack_sdk.webhook import WebhookClient

    try:
        given = WebhookClient(url, timeout=_TIMEOUT, retry_handlers=[], logger=_QUIET).send_dict(_body(answer))
    except (OSError, http.client.HTTPException, ValueError, SlackClientError) as error:
        raise DeliveryUnclear(f"no answer from Slack ({error})") from error
    if given.status_code != 200:
        raise DeliveryUnclear(f"Slack did not take an answer ({given.status_code})")


def _body(answer: Reply) -> dict[str, Any]:
    body: dict[str, Any] = {"response_type": "ephemeral", "replace_original": answer.replaces, "text": answer.post.text}
    body |= {"thread_ts": answer.thread} if answer.thread else {}
    return body | ({"blocks": [dict(block) for block in answer.post.blocks]} if answer.post.blocks else {})
