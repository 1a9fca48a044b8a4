"""What can go wrong, as one tree.

NightdeskError
├── ConfigError            the configuration, a path or the way of use is wrong (exit 2)
│   └── RecordingError     a recording cannot be read
├── StoreError             the knowledge base cannot be opened or written (exit 2)
├── EmbedderError          no embedding model is at hand (exit 2)
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
