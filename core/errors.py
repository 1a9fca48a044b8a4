"""What can go wrong, as one tree.

NightdeskError
├── ConfigError            the configuration, a path or the way of use is wrong (exit 2)
│   └── RecordingError     a recording cannot be read
├── StoreError             the knowledge base cannot be opened or written (exit 2)
├── EmbedderError          no embedding model is at hand (exit 2)
├── ModelError             one call of a language model failed; the item goes out without its words
│   ├── Passing            a moment later the same call may succeed
│   │   ├── ModelThrottled     asked to come back later (429)
│   │   ├── ModelUnreachable   no answer, or a server's own failure (5xx, timeouts, cuts)
│   │   └── ModelUnreadable    an answer came, but it is not what the protocol promises
│   ├── ModelRefused       the request is not accepted
│   ├── ModelClosed        nothing is answered until somebody acts: the key, the address, the model's name
│   │   └── NoBalance          the account is empty (MiniMax 1008)
│   └── BudgetSpent        the night's budget does not allow the call
├── DeliveryError          a letter did not go out; it stays pending
│   ├── DeliveryRefused        its reader is not there, or the message is not accepted: somebody must act
│   ├── SinkClosed             nothing goes out this way: the token, its scopes, the password
│   ├── DeliveryThrottled      asked to come back later
│   └── DeliveryUnclear        no clear answer came: the message may have arrived
└── SourceError            one source did not deliver; the night goes on
    ├── Throttled          asked to come back later (429, 503)
    ├── Unreachable        no answer, or none that is meant (5xx): a moment later there may be one
    ├── Gone               the source has ended (410)
    └── Unreadable         an answer came, but it is not what the source promises

A ``SourceError`` is a value as much as an exception: it travels in ``Outcome`` and ends in the ledger.
"""

from datetime import datetime


class NightdeskError(Exception):
    """The root: its text is fit to be shown to a person as it is."""


class ConfigError(NightdeskError):
    """The configuration or the way of use is wrong; the text names the file and key."""


class RecordingError(ConfigError):
    """A recording cannot be read; the text names the file and line."""


class StoreError(NightdeskError):
    """The knowledge base cannot be opened or written."""


class EmbedderError(NightdeskError):
    """No embedding model is at hand; the text says what to install."""


class ModelError(NightdeskError):
    """One call of a language model failed; the text says what to do."""


class Passing(ModelError):
    """A moment later the same call may succeed."""

    def __init__(self, why: str, *, wait: float | None = None, is_paid: bool = False) -> None:
        """Keep ``wait``, the seconds that the host asked for, and whether the call may have been paid for."""
        super().__init__(why)
        self.wait = wait
        self.is_paid = is_paid


class ModelThrottled(Passing):
    """The host asked to come back later."""


class ModelUnreachable(Passing):
    """No answer came, or a server's own failure."""


class ModelUnreadable(Passing):
    """An answer came, but it is not what the protocol promises."""


class ModelRefused(ModelError):
    """The request is not accepted; asking the same again changes nothing."""


class ModelClosed(ModelError):
    """Nothing is answered until somebody acts: the key, the address or the model's name is not accepted."""


class NoBalance(ModelClosed):
    """The account at the model's host is empty."""


class BudgetSpent(ModelError):
    """What is left of the night's budget does not allow the call."""


class DeliveryError(NightdeskError):
    """A letter did not go out; the text says why and is shown in the ledger."""


class DeliveryRefused(DeliveryError):
    """The reader is not there, or the message is not accepted; trying again changes nothing until somebody acts."""


class SinkClosed(DeliveryError):
    """Nothing goes out this way: the token, its scopes or the password are not accepted."""


class DeliveryThrottled(DeliveryError):
    """The sink asked to come back later; it has not taken the message."""

    def __init__(self, why: str, *, wait: float) -> None:
        """Keep ``wait``, in seconds."""
        super().__init__(why)
        self.wait = wait


class DeliveryUnclear(DeliveryError):
    """No clear answer came: the message may have arrived."""


class SourceError(NightdeskError):
    """One source did not deliver; the text says why and is shown in the ledger."""


class Throttled(SourceError):
    """The source asked to come back later."""

    def __init__(self, why: str, *, until: datetime | None) -> None:
        """Keep ``until``, an aware UTC time, or None when the source named none."""
        super().__init__(why)
        self.until = until


class Unreachable(SourceError):
    """No answer came, or a server's own failure: the same request may succeed in a moment."""


class Gone(SourceError):
    """The source has ended and is not asked again."""


class Unreadable(SourceError):
    """An answer came, but it is not what the source promises."""
