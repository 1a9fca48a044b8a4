"""Show on a message how its stories were voted on: the messages that changed wait, and each is written once for all.

A message is composed of what was posted, so that nothing of it changes but the lines of the votes.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from core.delivery import Addressed, Receipt
from core.errors import DeliveryError, DeliveryThrottled, DeliveryUnclear
from core.ports import Progress
from digests.sinks.slack import Slack
from digests.slack_actions import Told
from digests.slack_state import with_state
from kb import outbox
from kb.store import Store
from kb.votes import votes_on

_TRIES = 5


@dataclass(slots=True)
class Shown:
    """The messages whose lines are not what the votes say; ``pace`` is how many seconds lie between two updates."""

    store: Store
    slack: Slack
    tell: Progress
    pace: float
    clock: Callable[[], float] = time.monotonic
    _changed: dict[Receipt, int] = field(default_factory=dict)
    _next: float = 0.0

    def mark(self, receipt: Receipt) -> None:
        """Let a message be written anew when its turn comes."""
        self._changed[receipt] = 0

    def update(self) -> float | None:
        """Write one message if it is time; return after how many seconds to come again, None when all are written."""
        if self._changed and self.clock() >= self._next:
            self._write(next(iter(self._changed)))
        return max(0.0, self._next - self.clock()) if self._changed else None

    def _write(self, receipt: Receipt) -> None:
        tries = self._changed.pop(receipt)
        self._next = self.clock() + self.pace
        try:
            self._show(receipt)
        except DeliveryThrottled as error:
            self._changed[receipt], self._next = tries, self.clock() + error.wait
        except DeliveryUnclear as error:
            self._try_again(receipt, tries + 1, error)
        except DeliveryError as error:
            self.tell(f"votes are not shown on a message in {receipt.place}: {error}")

    def _try_again(self, receipt: Receipt, tries: int, error: DeliveryError) -> None:
        if tries < _TRIES:
            self._changed[receipt] = tries
        else:
            self.tell(f"votes are not shown on a message in {receipt.place}: {error}")

    def _show(self, receipt: Receipt) -> None:
        with self.store.reading() as connection:
            parcel = outbox.find_posted(connection, receipt)
        if parcel is not None:
            post = replace(parcel.post, blocks=with_state(parcel.post.blocks, self._tally))
            self.slack.change(Addressed(parcel.key, receipt.place, post), receipt.id)

    def _tally(self, told: Told) -> Counter[str]:
        with self.store.reading() as connection:
            return Counter(vote.opinion for vote in votes_on(connection, told.story_id, told.subject))
