"""Listen to Slack while a block lasts: the socket, and the lines in which what it hears waits to be worked."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from core.delivery import Addressed
from core.errors import DeliveryError
from core.ports import Progress
from digests.sinks.slack import Options, Slack, open_sink
from digests.slack_answers import told
from digests.slack_events import Event, Pressed, Reacted, Typed
from digests.slack_reply import Reply, reply
from digests.slack_socket import Socket, SocketOptions
from nightdesk.ear.clicks import Clicks
from nightdesk.ear.commands import Commands
from nightdesk.ear.line import Line
from nightdesk.ear.state import Shown
from nightdesk.ear.told import reacted
from nightdesk.ear.voters import Voters
from nightdesk.wiring import Desk

BUSY = "Too much is asked of nightdesk at once, and this was left undone. Please try again in a minute."
_QUESTIONS = 20
PACE = 1.2
"""Slack takes some fifty updates of messages a minute."""
_ENDS_WITHIN = 1.5


@contextmanager
def listening(desk: Desk, tell: Progress) -> Iterator[None]:
    """Hear clicks while the block lasts, where the configuration has both tokens."""
    delivery = desk.settings.delivery
    options = delivery.sinks.get("slack")
    if not delivery.app_token or not isinstance(options, Options):
        yield
        return
    ear = Ear(desk, open_sink(options), tell)
    socket = Socket(SocketOptions(delivery.app_token, options.base_url), ear.take, tell)
    socket.open()
    try:
        yield
    finally:
        ends = time.monotonic() + _ENDS_WITHIN
        socket.stop()
        if not ear.close(ends - time.monotonic()):
            tell("stopped before everything that came from Slack was done")
        socket.close(max(0.0, ends - time.monotonic()))


class Ear:
    """Gives each event to the line that works it, or says to whoever sent it that there is no room."""

    def __init__(self, desk: Desk, slack: Slack, tell: Progress) -> None:
        """Begin to wait for events."""
        self._store, self._slack, self._tell = desk.store, slack, tell
        voters, shown = Voters(desk.settings.delivery, slack), Shown(desk.store, slack, tell, PACE)
        subjects = {subject.slug: subject.name for subject in desk.settings.subjects}
        clicks, commands = Clicks(desk.store, subjects, voters, shown, tell), Commands(desk, voters, tell)
        self._clicks: Line[Pressed | Reacted] = Line("slack-clicks", clicks.hear, shown.update)
        # A question that a model thinks about keeps no click waiting.
        self._commands: Line[Typed] = Line("slack-commands", commands.hear, size=_QUESTIONS)

    def take(self, event: Event) -> None:
        """Let an event wait for its turn."""
        is_taken = self._commands.take(event) if isinstance(event, Typed) else self._clicks.take(event)
        if not is_taken:
            self._refuse(event)

    def close(self, seconds: float) -> bool:
        """Work what was taken; return whether that was done in time."""
        ends = time.monotonic() + seconds
        are_worked = self._clicks.close(seconds)
        return self._commands.close(max(0.0, ends - time.monotonic())) and are_worked

    def _refuse(self, event: Event) -> None:
        self._tell("too much is clicked at once; somebody was asked to try again")
        try:
            if not isinstance(event, Reacted):
                reply(event.answer_to, Reply(told(BUSY)))
            elif reacted(self._store, event):
                self._slack.whisper(Addressed("", event.channel, told(BUSY)), event.user)
        except DeliveryError as error:
            self._tell(f"and was not told so: {error}")
